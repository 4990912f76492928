"""How the book is built; `make book` runs it with the repository as source directory.

The environment variable SEEGRAD_LANGUAGE, "en" or "zh", chooses the edition.
"""

import os
import sys
from pathlib import Path

BOOK = Path(__file__).parent
ROOT = BOOK.parent
sys.path.insert(0, str(BOOK))

from extensions import library  # noqa: E402

# What the book is.
edition = os.environ.get("SEEGRAD_LANGUAGE", "en")
WORDS = {
    "en": {
        "language": "en",
        "project": "Seeing Gradients",
        "author": "the Seeing Gradients authors",
        "copyright": "2026 {author}; code MIT, prose and pictures CC BY 4.0",
        "show": "Show the code",
        "hide": "Hide the code",
    },
    "zh": {
        "language": "zh_CN",
        "project": "看见梯度",
        "author": "《看见梯度》的作者",
        "copyright": "2026 {author}；代码采用 MIT 许可，文字和图片采用 CC BY 4.0 许可",
        "show": "显示代码",
        "hide": "收起代码",
    },
}[edition]
language, project, author = WORDS["language"], WORDS["project"], WORDS["author"]
project_copyright = WORDS["copyright"].format(author=author)
# Where its source is on GitHub, and where it is published, if it is. CI on GitHub sets the first.
# Without it no page links to Colab or Binder; without an address there is no sitemap, and no page
# names a canonical address or what belongs to it.
repository = os.environ.get("GITHUB_REPOSITORY", "")
html_baseurl = library.address(os.environ.get("BOOK_URL", ""), repository, edition)

# What is read: the pages in this folder, and notebooks where they lie.
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "seegrad.book",
    "extensions.library",
    "extensions.mathematics",
    "extensions.places",
    "extensions.cells",
    "extensions.glossary",
    "extensions.messages",
    "extensions.search",
    "extensions.sections",
    "extensions.site",
    "extensions.theme",
    "extensions.twins",
]
include_patterns = [
    f"book/{library.FOLDERS[edition]}*.md",
    *(f"{f}/{edition}/**.ipynb" for f in library.SHELVES),
]
exclude_patterns = [".*", "**/.*", "book/_build"]
templates_path = ["_templates"]

WHAT_RUNS = ("seegrad/**/*.py", "seegrad/**/*.js", "seegrad/**/*.mo", "requirements.lock")
# Notebooks are executed, each once until it or the package changes.
nb_execution_mode = "cache"
nb_execution_cache_path = str(BOOK / "_build" / "executed" / library.fingerprint(ROOT, *WHAT_RUNS))
nb_execution_excludepatterns = [f"exercises/{edition}/*/*.ipynb"]  # for the reader to run
nb_execution_timeout = 120
nb_execution_raise_on_error = True
nb_merge_streams = False  # it would break lines; extensions.cells joins them
nb_ipywidgets_js = {}
nb_code_prompt_show = WORDS["show"]
nb_code_prompt_hide = WORDS["hide"]
myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 3
made_with = library.fingerprint(BOOK, "extensions/*.py", "glossary.toml")

# The API, from docstrings.
default_role = "code"
smartquotes = False  # messages and code are quoted as they are typed
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_typehints_format = "short"
napoleon_google_docstring = True
napoleon_numpy_docstring = False

# What it looks like. Every file comes from the build; search works from a disk, too.
html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_js_files = [("book.js", {"defer": "defer"})]
html_favicon = "_static/favicon.svg"
html_math_renderer = "mathml"
html_copy_source = False
html_show_search_summary = False  # a page that is opened from a disk may not fetch others
html_use_index = False
html_domain_indices = False
pygments_dark_style = "a11y-dark"
copybutton_selector = "div:not(.output) > div.highlight > pre"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_exclude = ".linenos, .gp, .go"
