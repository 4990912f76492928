// What these pages do beside the widgets: scrolling by keyboard, and forgetting.

// What is cut off can be scrolled by keyboard, too: code, outputs and formulas that are wider than the page.
const wide = () => document.querySelectorAll("article pre, .formula, .table-wrapper");

function offerScrolling() {
  for (const box of wide()) {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

addEventListener("resize", offerScrolling);
addEventListener("load", offerScrolling);
document.fonts.addEventListener("loadingdone", offerScrolling);
document.addEventListener("toggle", offerScrolling, true);
offerScrolling();

// A page that offers to forget answers and steps: what page.js keeps, and nothing else.
const forget = document.querySelector("button.forget");
if (forget) {
  forget.hidden = false;
  forget.addEventListener("click", () => {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith("seegrad:"));
    keys.forEach((key) => localStorage.removeItem(key));
    forget.nextElementSibling.textContent = forget.dataset.done;
  });
}
