"""The questions in a plain page, by keyboard, without a kernel."""

from playwright.sync_api import expect

import seegrad as sg


def test_a_choice_is_made_by_keyboard_and_keeps_the_focus(mount):
    page = mount(sg.ask("Which?", answer="b", choices=["a", "b"], why="Because `b`."))
    page.get_by_role("button", name="a", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("[aria-live]")).to_contain_text("Not so. PyTorch gives b.")
    expect(page.get_by_role("button", name="a", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("[aria-live]")).to_contain_text("Right.")
    expect(page.get_by_role("button", name="b", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    assert page.evaluate("models[0].get('answer')") == "b"


def test_a_value_is_typed_and_compared_and_keeps_the_focus(mount):
    page = mount(sg.ask("How many?", answer=[0, 4], wrong={"[0, 2]": "A factor `2` is missing."}))
    field = page.get_by_role("textbox", name="your prediction")
    field.fill("0 2")
    field.press("Enter")
    expect(page.locator("[aria-live]")).to_contain_text("A factor 2 is missing.")
    expect(field).to_be_focused()
    expect(field).to_have_value("0 2")
    field.fill("[0, 4]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-live]")).to_contain_text("Right.")
    expect(page.get_by_role("button", name="Compare")).to_be_focused()


def test_lines_are_put_in_order_by_keyboard(mount):
    made = sg.ask("Order?", lines=["b", "a", "c"], answer=lambda order: order == ["a", "b", "c"])
    page = mount(made)
    page.get_by_role("button", name="move up: a").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="move down: a")).to_be_focused()  # first: no way up
    assert page.locator("li code").all_text_contents() == ["a", "b", "c"]
    page.get_by_role("button", name="Compare").press("Enter")
    expect(page.locator("[aria-live]")).to_contain_text("Right.")
    assert page.evaluate("models[0].get('answer')") == "1,0,2"


def test_two_views_of_one_question_agree(mount):
    page = mount(sg.ask("Which?", answer="b", choices=["a", "b"]))
    page.evaluate("() => { show(0); }")
    page.get_by_role("button", name="b", exact=True).first.click()
    expect(page.locator(".sg-question.sg-right")).to_have_count(2)


def test_hostile_words_are_shown_as_text(mount):
    text = "<img src=x onerror='window.hacked=1'></script>"
    page = mount(sg.ask(text, answer="b", choices=[text, "b"], wrong={text: text}, why=text))
    page.get_by_role("button", name=text).click()
    expect(page.locator("[aria-live] p").first).to_have_text(text)
    assert page.locator(".sg img, .sg script").count() == 0
    assert page.evaluate("window.hacked") is None
