"""The built book, as readers get it: from a folder of a server, from a disk, offline."""

import gzip
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from extensions import glossary
from extensions.library import FOLDERS
from playwright.sync_api import expect

import seegrad as sg
from seegrad.book import page_html
from seegrad.widgets import module
from tests import messages
from tests.browser import paper
from tests.browser.test_chinese import WORDS
from tests.notebooks import ROOT

MESSAGE = "grad can be implicitly created only for scalar outputs"
FOLDER = Path("some") / "folder"
CHINESE_KINDS = [  # one page of each kind: the rest is made like its twin
    f"zh/{name}.html"
    for name in ("index", "search", "glossary", "errors", "api", "notebooks/zh/02_first_gradient")
]
ALLOWED_LATIN = {"API", "seegrad", "while", "Sphinx", "Furo", "pradyunsg"}  # names, and a title


PUBLISHED = {"GITHUB_REPOSITORY": "someone/fork", "BOOK_URL": ""}
NOWHERE = {"GITHUB_REPOSITORY": "", "BOOK_URL": ""}


def build(root, out, language="en", builder="html", where=PUBLISHED):
    """Build an edition of the book of a checkout into `out`; return what Sphinx said."""
    made = subprocess.run(
        [sys.executable, "-m", "sphinx", "--fail-on-warning", "-b", builder, "-c", root / "book",
         "-d", out.parent / f"read-{language}", root, out],
        capture_output=True, text=True,
        env=os.environ | {"NO_COLOR": "1", "SEEGRAD_LANGUAGE": language} | where,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout + made.stderr


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Return the folder of a fresh build; what was executed for `make book` is used again."""
    out = tmp_path_factory.mktemp("book") / FOLDER
    out.parent.mkdir()
    build(ROOT, out)
    build(ROOT, out / "zh", "zh")
    shutil.move(out / "read-zh", out.parent)
    return out


@pytest.fixture(scope="session")
def server(site):
    """Serve the site from a folder below the root; return the address of its front page."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    root = site.parents[len(FOLDER.parts) - 1]
    made = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=root))
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}/{FOLDER.as_posix()}/"
    made.shutdown()
    made.server_close()


@pytest.fixture(params=["http", "file"])
def base(request, site, server):
    """Return the address of the site, once from a server and once from a disk."""
    return server if request.param == "http" else f"{site.as_uri()}/"


@pytest.fixture
def visit(chromium):
    """Return a function that opens a page for a new reader; at the end, nothing went wrong."""
    contexts, problems = [], []

    def only_here(route):
        if route.request.url.startswith(("http://127.0.0.1", "data:", "blob:", "file:")):
            route.continue_()
        else:
            problems.append(f"asked for {route.request.url}")
            route.abort()

    def failed(request):
        if request.failure != "net::ERR_ABORTED":  # the reader went on before it came
            problems.append(f"{request.url}: {request.failure}")

    def watch(page):
        page.on("pageerror", lambda e: problems.append(f"{page.url}: {e}"))
        page.on("requestfailed", failed)
        page.on("console", lambda m: problems.append(f"{page.url}: {m.type} {m.text}")
                if m.type in ("error", "warning") else None)  # fmt: skip
        page.on(
            "response",
            lambda r: problems.append(f"{r.status} {r.url}") if r.status >= 400 else None,
        )

    def make(url=None, **options):
        context = chromium.new_context(viewport={"width": 1300, "height": 1000}, **options)
        contexts.append(context)
        context.route("**/*", only_here)
        page = context.new_page()
        watch(page)
        if url:
            page.goto(url)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not problems


def pages(site):
    return sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))


def chapters(site, language="en"):
    return [p for p in pages(site) if p.startswith(f"{FOLDERS[language]}notebooks/")]


def both(site):
    return [*chapters(site), *chapters(site, "zh")]


def is_chinese(name):
    return name.startswith("zh/")


def twin_of(name):
    """Return the name of the page with the same words in the other language."""
    if is_chinese(name):
        return name.removeprefix("zh/").replace("/zh/", "/en/", 1)
    return f"zh/{name}".replace("/en/", "/zh/", 1)


# ---------------------------------------------------------------- whole, wherever it is opened


def test_widgets_of_one_chinese_page_speak_chinese_whatever_the_reader_does(server, visit):
    """They share one script there, and each brings only its own sentences."""
    front = [m for m in messages.read("zh") if any(p.endswith(".js") for p, _ in m.locations)]
    told = [text for m in front for text in ([m.id] if isinstance(m.id, str) else m.id)]
    told = [text for text in told if re.search("[a-z]{3}", re.sub(r"{\w+}", "", text))]
    english = [re.sub(r"\\{\w+\\}", ".+", re.escape(text.strip())) for text in told]
    page = visit(f"{server}zh/notebooks/zh/05_detach.html")
    player = page.locator(".sg-player").first
    for _ in range(4):
        player.get_by_role("button", name="前进一步").click()
    player.get_by_role("button", name="表格").click()
    player.locator(".sg-node").first.dispatch_event("click")
    page.locator(".sg-cutter").nth(1).click()
    answer(page.locator(".sg-question").last)
    said = [text.strip() for text in page.evaluate(WORDS)]
    assert len(said) > 100
    assert [text for text in said if re.fullmatch("|".join(english), text)] == []


def test_every_page_loads_whole(site, base, visit):
    page = visit()
    assert len(pages(site)) >= 15
    for name in pages(site):
        page.goto(base + name)
        assert page.title()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        for picture in page.locator("article img").all():
            assert picture.get_attribute("alt"), name
            assert picture.evaluate("i => i.decode().then(() => i.naturalWidth > 0)")


def test_narrow_pages_do_not_scroll_sideways(site, server, visit):
    page = visit()
    page.set_viewport_size({"width": 390, "height": 800})
    for name in pages(site):
        page.goto(server + name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_every_widget_is_alive_and_steps(site, base, visit):
    page, players, questions = visit(), 0, 0
    chinese = [] if base.startswith("file") else ["zh/index.html", *chapters(site, "zh")]
    for name in ["index.html", *chapters(site), *chinese]:
        page.goto(base + name)
        on = "前进一步" if is_chinese(name) else "one step on"
        assert page.locator(".sg-mount").count() == page.locator(".sg-mount.sg-alive").count() > 0
        for player in page.locator(".sg-mount[data-widget=player] .sg-player").all():
            said = player.locator(".sg-say").inner_text()
            player.get_by_role("button", name=on).click()
            expect(player.locator(".sg-say")).not_to_have_text(said)
            players += 1
        for explorer in page.locator(".sg-mount[data-widget=explorer]").all():
            assert change(explorer), name
        for question in page.locator(".sg-question").all():
            answer(question)
            expect(question.locator(".sg-verdict")).to_contain_text(
                re.compile("Right|Not so|对。|不是这样")
            )
            questions += 1
    assert players > 5 * (1 + bool(chinese))
    assert questions > 30 * (1 + bool(chinese))


def change(explorer):
    """Move the first control that there is; return whether the words or the picture changed."""
    before = explorer.locator(".sg-live").inner_html()
    control = explorer.locator(".sg-live").locator("input[type=range], [role=slider], button").first
    for key in ("Enter", "ArrowLeft", "ArrowRight"):
        control.press(key)
        if explorer.locator(".sg-live").inner_html() != before:
            return True
    return False


def answer(question):
    """Give some answer, right or wrong, whatever the kind of question."""
    if question.get_by_role("textbox").count():
        question.get_by_role("textbox").fill("12345")
        question.get_by_role("textbox").press("Enter")
    else:
        question.get_by_role("button").last.click()


def test_answers_and_steps_are_remembered_by_their_own_widget(server, visit):
    page = visit(f"{server}notebooks/en/02_first_gradient.html")
    question = page.locator(".sg-question", has_text="What is x.grad after y.backward()?").first
    question.get_by_role("textbox").fill("[0, 2, 4, 6]")
    question.get_by_role("textbox").press("Enter")
    player = page.locator(".sg-player").first
    player.get_by_role("button", name="one step on").click()
    player.get_by_role("button", name="one step on").click()

    page.reload()
    expect(question).to_contain_text("A factor 2 is missing")
    expect(player.get_by_role("slider")).to_have_value("2")
    assert page.locator(".sg-verdict:not(:empty)").count() == 1
    page.goto(server)
    expect(page.get_by_role("slider")).to_have_value("0")

    page.goto(f"{server}study.html")
    page.evaluate("localStorage.setItem('other', '1')")
    page.get_by_role("button", name="Forget my answers and steps").click()
    expect(page.get_by_role("status")).to_contain_text("Forgotten")
    assert page.evaluate("Object.keys(localStorage)") == ["other"]


def test_without_javascript_pictures_and_text_are_there(site, base, visit):
    page = visit(f"{base}index.html", java_script_enabled=False)
    expect(page.locator(".sg-paper svg")).to_be_visible()
    expect(page.get_by_text("The same as text")).to_be_visible()
    page.goto(base + chapters(site)[1])
    asked = page.locator(".sg-paper pre", has_text="Question: ").first
    expect(asked).to_be_visible()


def test_hostile_words_stay_words(visit, tmp_path):
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    question = sg.ask(hostile, answer=hostile, choices=[hostile, "\u202eabc"], why=hostile)
    shown = page_html("question", hostile, question.state(), question.text(), "")
    (tmp_path / "seegrad.js").write_text(module.script(), encoding="utf-8")
    (tmp_path / "page.html").write_text(
        '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Hostile</title>'
        f'<script defer src="seegrad.js"></script>{shown}',
        encoding="utf-8",
    )
    page = visit((tmp_path / "page.html").as_uri())
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.get_by_role("button", name="alert(1)").click()
    expect(page.locator(".sg-verdict")).to_contain_text(hostile)
    assert page.locator("img").count() == 0
    page.reload()
    expect(page.locator(".sg-verdict")).to_contain_text("Right")


def test_paper_shows_the_still_pictures(server, visit):
    page = visit(server)
    page.emulate_media(media="print")
    expect(page.locator(".sg-paper svg")).to_be_visible()
    expect(page.locator(".sg-live")).to_be_hidden()


# ---------------------------------------------------------------- finding things


def test_search_leads_from_a_message_to_its_cell(base, visit):
    page = visit(f"{base}index.html")
    field = page.get_by_role("textbox", name="Search")
    field.fill(MESSAGE)
    field.press("Enter")
    link = page.locator("#search-results li a").first
    expect(link).to_have_text(
        "When y is not a number › Can I call backward() on a vector?", timeout=10_000
    )
    link.click()
    page.wait_for_url("**/04_non_scalar_backward.html*#cell-backward-on-vector")
    cell = page.locator("#cell-backward-on-vector")
    expect(cell).to_be_in_viewport()
    expect(cell).to_contain_text(f"RuntimeError: {MESSAGE}")


def test_the_error_index_leads_to_the_cell(base, visit):
    page = visit(f"{base}errors.html")
    entry = page.locator(f"dt:has-text('{MESSAGE}') + dd")
    entry.get_by_role("link").first.click()
    expect(page.locator("#cell-backward-on-vector")).to_be_in_viewport()


def test_the_first_use_of_a_term_leads_to_the_glossary(base, visit):
    page = visit(f"{base}notebooks/en/01_computational_graph.html")
    links = page.locator("article a.term")
    targets = [a.get_attribute("href") for a in links.all()]
    assert len(targets) == len(set(targets)) > 10
    links.get_by_text("expression swell").click()
    expect(page.locator("#term-expression-swell")).to_contain_text("表达式膨胀")
    expect(page.locator("#term-expression-swell")).to_be_in_viewport()


@pytest.mark.parametrize("language", FOLDERS)
def test_every_term_of_a_chapter_is_linked_once(language, site):
    _, forms = glossary.pattern(language)
    for name in chapters(site, language):
        text = (site / name).read_text(encoding="utf-8")
        linked = re.findall(
            r'class="term reference internal" href="[./]*glossary\.html#([\w-]+)"', text
        )
        assert len(linked) == len(set(linked)) > 1, name
        bold = {b.lower() for b in re.findall(r"<strong>(?:<a [^>]+>)?([^<]+)", text)}
        assert {forms[b] for b in bold & set(forms)} <= set(linked), name


class Links(HTMLParser):
    """Collects the ids of a page and what it points to."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.targets = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for key, value in attrs:
            if key == "id":
                self.ids.append(value)
            elif key in ("href", "src") and value:
                self.targets.append((tag, value))


def test_all_links_and_anchors_lead_somewhere_and_every_page_is_reached(site):
    found = {p: Links((site / p).read_text(encoding="utf-8")) for p in pages(site)}
    inner = {p: set() for p in found}
    for name, links in found.items():
        assert len(links.ids) == len(set(links.ids)), name
        for tag, target in links.targets:
            address, anchor = urldefrag(target)
            if urlsplit(address).scheme:
                assert tag == "a" or 'rel="canonical"' in (site / name).read_text(), (name, target)
                continue
            file = (
                (site / name).parent / unquote(urlsplit(address).path) if address else site / name
            )
            assert file.is_file(), (name, target)
            to = file.resolve().relative_to(site).as_posix()
            if to in found and tag == "a":
                if is_chinese(to) == is_chinese(name):  # each edition is whole by itself
                    inner[name].add(to)
                if anchor:
                    assert unquote(anchor) in found[to].ids, (name, target)
    reached, ahead = set(), ["index.html", "zh/index.html"]
    while ahead:
        here = ahead.pop()
        if here not in reached:
            reached.add(here)
            ahead += inner[here]
    assert set(found) - reached == {"search.html", "zh/search.html"}


@pytest.mark.parametrize("language", FOLDERS)
def test_previous_and_next_go_through_the_chapters(language, site, server, visit):
    first, *more = chapters(site, language)
    page = visit(server + first)
    for name in more:
        page.locator("a.next-page").click()
        page.wait_for_url(f"**/{name}")


def test_a_published_page_names_its_address_and_the_places_to_run_it(site):
    for name in ("notebooks/en/05_detach", "zh/exercises/zh/05_detach/05_detach"):
        text = (site / f"{name}.html").read_text(encoding="utf-8")
        path = f"{name.removeprefix('zh/')}.ipynb"
        assert f'<link rel="canonical" href="https://someone.github.io/fork/{name}.html">' in text
        assert f"https://colab.research.google.com/github/someone/fork/blob/main/{path}" in text
        assert f"https://mybinder.org/v2/gh/someone/fork/main?urlpath=lab/tree/{path}" in text
        assert (ROOT / path).is_file()
    study = (site / "study.html").read_text(encoding="utf-8")
    assert "git+https://github.com/someone/fork" in study


def test_search_engines_find_every_page_and_its_picture(site):
    text = (site / "sitemap.xml").read_text(encoding="utf-8")
    listed = re.findall(r"<loc>(https://[^<]+?)</loc>", text)
    searches = {"search.html", "zh/search.html"}
    assert {u.split("/", 4)[4] for u in listed} == set(pages(site)) - searches
    begins = {"": "This book teaches", "zh/": "这本书讲自动微分"}
    for edition, first_words in begins.items():
        head = (site / edition / "index.html").read_text(encoding="utf-8")
        said = dict(re.findall(r'<meta property="og:([^"]+)" content="([^"]+)"', head))
        assert said["description"].startswith(first_words)
        assert (said["image:width"], said["image:height"]) == ("1200", "630")
        assert said["image:alt"]
        assert (site / said["image"].removeprefix("https://someone.github.io/fork/")).is_file()


# ---------------------------------------------------------------- two languages


def test_a_page_and_its_twin_lead_to_each_other_and_say_so(site):
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    for name in pages(site):
        text = (site / name).read_text(encoding="utf-8")
        there = twin_of(name)
        own, other = ("zh-CN", "en") if is_chinese(name) else ("en", "zh-CN")
        assert f'<html class="no-js" lang="{own}"' in text, name
        link = re.search(r'<a class="twin" href="([^"]+)" hreflang="([^"]+)"', text)
        assert (link is not None) == (site / there).is_file(), name
        if link:
            assert ((site / name).parent / link[1]).resolve() == site / there
            assert link[2] == other
        if link and not name.endswith("search.html"):
            named = dict(
                re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', text)
            )
            assert named[own].endswith(f"/{name}")
            assert named[other].endswith(f"/{there}")
            assert named["x-default"].endswith(f"/{name if own == 'en' else there}")
            assert f'hreflang="{own}" href="{named[own]}"' in sitemap


def test_the_reader_changes_the_language_and_comes_back(base, visit):
    page = visit(f"{base}notebooks/en/03_accumulation.html")
    page.get_by_role("link", name="中文").click()
    page.wait_for_url("**/zh/notebooks/zh/03_accumulation.html")
    expect(page.get_by_role("heading", level=1)).to_contain_text("梯度会累积")
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/notebooks/en/03_accumulation.html")


def test_search_finds_a_chinese_phrase(base, visit):
    page = visit(f"{base}zh/index.html")
    field = page.get_by_role("textbox", name="搜索")
    field.fill("梯度累积")
    field.press("Enter")
    found = page.locator("#search-results li a")
    expect(page.locator("#search-results h2")).to_have_text("搜索结果", timeout=10_000)
    titles = found.all_inner_texts()
    assert titles[0] == "术语表 › 梯度累积"
    pages = {t.partition(" › ")[0] for t in titles}
    assert "梯度会累积" in pages
    assert len(pages) < 10  # what speaks of gradients only is not among them
    heading = "梯度累积：把一大批数据分成小份"
    found.get_by_text(f"梯度会累积 › {heading}").click()
    page.wait_for_url("**/zh/notebooks/zh/03_accumulation.html#*")
    expect(page.get_by_role("heading", name=heading)).to_be_in_viewport()


def test_search_quotes_each_place_and_shows_solutions_last(server, visit):
    page = visit(f"{server}search.html")
    field = page.locator(".search-here").get_by_role("searchbox", name="Search")
    field.fill("Trying to backward through the graph")
    page.locator(".search-here").get_by_role("button", name="Search").click()
    places = page.locator("#search-results li")
    expect(places.first.locator("mark")).to_have_text(
        re.compile("^trying to backward through the graph$", re.IGNORECASE), timeout=10_000
    )
    kinds = [a.get_attribute("href").split("/")[0] for a in places.locator("a").all()]
    assert kinds.index("notebooks") < kinds.index("solutions")
    assert set(kinds[kinds.index("solutions") :]) == {"solutions"}
    for link in places.locator("a").all():
        assert "#" in link.get_attribute("href")


@pytest.mark.parametrize("query", ["<img src=x onerror=alert(1)>", "( [ \\", "zzzz qqqq"])
def test_search_bears_any_query(query, server, visit):
    page = visit(f"{server}index.html")
    page.get_by_role("textbox", name="Search").fill(query)
    page.get_by_role("textbox", name="Search").press("Enter")
    expect(page.locator("#search-results h2")).to_have_text("Search results", timeout=10_000)
    expect(page.locator(".search-summary")).to_have_text(re.compile(r"place|Nothing"))


def test_chinese_widgets_keep_their_language_when_they_are_moved(site, server, visit):
    page = visit()
    for name in chapters(site, "zh"):
        page.goto(server + name)
        for question in page.locator(".sg-question").all():
            answer(question)
        for explorer in page.locator(".sg-mount[data-widget=explorer]").all():
            change(explorer)
        for step in page.get_by_role("button", name="前进一步").all():
            step.press("Enter")
            step.press("Enter")
        said = page.evaluate("""() => {
          const widgets = [...document.querySelectorAll(".sg")];
          const parts = widgets.flatMap((w) => [...w.querySelectorAll("[aria-label], [title]")]);
          const names = parts.flatMap((e) => [e.ariaLabel, e.title]);
          return [...widgets.map((w) => w.textContent), ...names].filter(Boolean).join("\\n");
        }""")
        assert not set(
            re.findall(r"\b(?:forward|gradient|slope|changed|Pressed|arrives)\b", said)
        ), name


def test_who_searches_for_another_word_is_led_to_ours(base, visit):
    page = visit(f"{base}zh/index.html")
    field = page.get_by_role("textbox", name="搜索")
    field.fill("原地操作")
    field.press("Enter")
    found = page.locator("#search-results li a")
    expect(found).to_have_text(["术语表 › 就地操作"], timeout=10_000)
    found.click()
    entry = page.locator("#term-in-place-operation")
    expect(entry).to_contain_text("就地操作")
    expect(entry).to_contain_text("别处也写作：原地操作、原位操作")


def test_no_english_is_left_in_what_the_chinese_pages_say_around_their_text(site, server, visit):
    page = visit()
    for name in ("index.html", "search.html", "notebooks/zh/01_computational_graph.html"):
        page.goto(f"{server}zh/{name}")
        said = page.evaluate("""() => {
          const text = "article > *, .toc-tree, [lang=en], .copyright";
          document.querySelectorAll(text).forEach((e) => e.remove());
          const named = [...document.querySelectorAll("[aria-label], [title], [placeholder]")];
          const names = named.flatMap((e) => [e.ariaLabel, e.title, e.placeholder]);
          return [document.body.innerText, ...names].filter(Boolean).join("\\n");
        }""")
        left = set(re.findall(r"[A-Za-z_.]{3,}", said))
        assert left <= ALLOWED_LATIN, name


# ---------------------------------------------------------------- for everyone


# What is dark changes colours alone.
@pytest.mark.parametrize(
    ("scheme", "rules"), [("light", {}), ("dark", {"runOnly": ["color-contrast"]})]
)
def test_axe_finds_nothing_to_complain_about(scheme, rules, site, server, visit):
    page, axe, complaints = visit(color_scheme=scheme), Axe(), []
    for name in [*filter(lambda p: not is_chinese(p), pages(site)), *CHINESE_KINDS]:
        page.goto(server + name)
        made = axe.run(page, options=rules)
        complaints += [
            f"{name}: {v['id']}: {v['nodes'][0]['html'][:150]} ({len(v['nodes'])})"
            for v in made.response["violations"]
        ]
    assert not complaints


def test_dark_is_followed_and_can_be_chosen(server, visit):
    page = visit(server, color_scheme="dark")
    paper = "e => getComputedStyle(e).backgroundColor"
    player = page.locator(".sg-player")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    dark = player.evaluate(paper)
    toggle = page.locator(".theme-toggle:visible")
    for _ in range(3):
        toggle.click()
        if page.locator("body").get_attribute("data-theme") == "light":
            break
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert player.evaluate(paper) != dark


def test_copied_code_has_no_prompts(server, visit):
    page = visit(f"{server}api.html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    block = page.locator(".highlight", has_text=">>> with sg.record() as rec:").first
    block.hover()
    block.get_by_role("button").click()
    page.wait_for_function(
        "navigator.clipboard.readText().then(t => t.startsWith('with sg.record'))"
    )
    assert ">>>" not in page.evaluate("navigator.clipboard.readText()")


# ---------------------------------------------------------------- light and fast


@pytest.mark.parametrize(("part", "limit"), [("index", 400_000), ("chapters", 600_000)])
def test_a_first_visit_weighs_little(part, limit, site, server, visit):
    for name in ["index.html", "zh/index.html"] if part == "index" else both(site):
        sizes = {}
        page = visit()
        page.on(
            "response", lambda r, sizes=sizes: sizes.update({r.url: len(gzip.compress(r.body()))})
        )
        page.goto(server + name, wait_until="networkidle")
        assert sum(sizes.values()) < limit, (name, sorted(sizes.items(), key=lambda s: -s[1])[:5])


def test_the_first_player_is_there_at_once(server, visit):
    taken = []
    for _ in range(3):
        page = visit()
        start = time.monotonic()
        page.goto(f"{server}index.html", wait_until="commit")
        page.locator(".sg-player").wait_for()
        taken.append(time.monotonic() - start)
    assert min(taken) < 1.5, taken


# ---------------------------------------------------------------- paper


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["1.Thecomputationalgraph", f"RuntimeError:{MESSAGE}".replace(" ", "")]),
     ("zh", ["1.计算图", "梯度累积", f"RuntimeError:{MESSAGE}".replace(" ", "")])],
)  # fmt: skip
def test_the_whole_book_prints_with_words_that_can_be_found(language, words, site, visit, tmp_path):
    out = site.parent / f"paper-{language}"
    build(ROOT, out, language, "singlehtml")
    page = visit((out / "index.html").as_uri())
    found = paper.pages(page.pdf())
    assert len(found) > 100
    for word in words:
        assert any(word in text for text in found), word


# ---------------------------------------------------------------- building


PAGES = ("errors", "glossary", "study")


def small_book(root):
    """Make a checkout with a few pages; return a function that writes a notebook into it."""
    shutil.copytree(ROOT / "book", root / "book", ignore=shutil.ignore_patterns("_build", "*.md"))
    for name in PAGES:
        shutil.copy(ROOT / "book" / f"{name}.md", root / "book")
    (root / "book" / "exercises.md").write_text("# Exercises\n")
    listed = "\n".join((*PAGES, "exercises", "notebooks/en/01_one", "notebooks/en/02_two"))
    (root / "book" / "index.md").write_text(f"# Front\n\nWords.\n\n```{{toctree}}\n{listed}\n```\n")
    folder = root / "notebooks" / "en"
    folder.mkdir(parents=True)

    def write(name, code):
        book = nbformat.v4.new_notebook(
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"},
                      "language_info": {"name": "python"}},
            cells=[nbformat.v4.new_markdown_cell(f"# {name}"), nbformat.v4.new_code_cell(code)],
        )  # fmt: skip
        nbformat.write(book, folder / f"{name}.ipynb")

    write("01_one", "1 + 1")
    write("02_two", "2 + 2")
    return write


def test_a_book_without_an_address_has_no_link_that_leads_nowhere(tmp_path):
    small_book(tmp_path / "here")
    out = tmp_path / "out" / "html"
    needs_address = re.compile(
        r'<link rel="(?:canonical|alternate)"|"og:|twitter:|colab\.|mybinder'
    )

    build(tmp_path / "here", out)
    assert "<loc>https://someone.github.io/fork/study.html<" in (out / "sitemap.xml").read_text()
    assert needs_address.search((out / "notebooks" / "en" / "01_one.html").read_text())

    build(tmp_path / "here", out, where=NOWHERE)
    assert not (out / "sitemap.xml").exists()
    for page in out.rglob("*.html"):
        assert not needs_address.search(page.read_text(encoding="utf-8")), page.name
    notebook = (out / "notebooks" / "en" / "01_one.html").read_text()
    assert "http://localhost:8888/lab/tree/notebooks/en/01_one.ipynb" in notebook
    assert "built without the address" in (out / "study.html").read_text()


def test_only_changed_notebooks_are_executed_again(tmp_path):
    root = tmp_path / "here"
    write = small_book(root)

    def executed():
        said = build(root, tmp_path / "out" / "html")
        return sorted(set(re.findall(r"(\w+)\.ipynb: Executing notebook", said)))

    assert executed() == ["01_one", "02_two"]
    assert executed() == []
    write("02_two", "2 + 3")
    assert executed() == ["02_two"]
    page = (tmp_path / "out" / "html" / "notebooks" / "en" / "02_two.html").read_text()
    assert '<span class="mi">5</span>' in page or ">5\n" in page
    shutil.rmtree(tmp_path / "out")
    assert executed() == []
