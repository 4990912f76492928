"""A real Chromium, and a real JupyterLab for it to open."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.still import HTML, PAGE, page_of
from tests.notebooks import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium():
    """Return a running browser; skip where none is installed, fail if one is required."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        reason = f"no Chromium was found (looked for {', '.join(NAMES)})"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)(reason)
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=path, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, request):
    """Return an empty page that reaches no other host; fail if it tried, or logged an error.

    `@pytest.mark.parametrize("page", [{...}], indirect=True)` gives other options.
    """
    options = {"viewport": {"width": 1300, "height": 1000}} | getattr(request, "param", {})
    made = chromium.new_page(**options)
    problems = []
    made.on("pageerror", lambda error: problems.append(str(error)))
    made.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)

    def only_here(route):
        if route.request.url.startswith(("http://127.0.0.1", "data:", "blob:", "file:")):
            route.continue_()
        else:
            problems.append(f"asked for {route.request.url}")
            route.abort()

    made.route("**/*", only_here)
    yield made
    made.close()
    assert not problems


@pytest.fixture
def mount(page):
    """Return a function that shows a widget in the page without a kernel.

    The page then has `models`, one a widget, and `show(k)`, which renders model k once more
    and returns its cleanup.
    """

    def shown(*widgets, theme="light"):
        page.route(PAGE, lambda route: route.fulfill(body=page_of(widgets, theme), **HTML))
        page.goto(PAGE)
        page.wait_for_function("window.ready")
        return page

    return shown


@pytest.fixture(scope="session")
def lab_folder(tmp_path_factory):
    """Return the folder that JupyterLab serves."""
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="session")
def lab(lab_folder):
    """Return the address of a JupyterLab that serves a copy of the notebooks."""
    base = lab_folder
    shutil.copytree(ROOT / "notebooks", base / "notebooks")
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    own = {
        f"JUPYTER{k}": str(base / k.lower()) for k in ("_CONFIG_DIR", "_DATA_DIR", "_RUNTIME_DIR")
    }
    own |= {f"JUPYTERLAB_{k}_DIR": str(base / k.lower()) for k in ("SETTINGS", "WORKSPACES")}
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}",
         "--expose-app-in-browser", "--IdentityProvider.token=", f"--ServerApp.root_dir={base}"],
        env=os.environ | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}/lab"
    for _ in range(120):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            break
        except OSError:
            time.sleep(0.5)
    yield address
    server.terminate()
    server.wait(20)
