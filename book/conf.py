"""How the book is built; `make book` runs it with the repository as source directory."""

import os
import sys
from pathlib import Path

BOOK = Path(__file__).parent
ROOT = BOOK.parent
sys.path.insert(0, str(BOOK))

from extensions import library  # noqa: E402

# What the book is.
project = "Seeing Gradients"
author = "the Seeing Gradients authors"
project_copyright = f"2026 {author}; code MIT, prose and pictures CC BY 4.0"
language = "en"
# Where it is published: CI on GitHub sets the first, and links to Colab and Binder follow it.
repository = os.environ.get("GITHUB_REPOSITORY", "seeing-gradients/seeing-gradients")
owner, _, name = repository.partition("/")
html_baseurl = os.environ.get("BOOK_URL", f"https://{owner}.github.io/{name}/")

# What is read: the pages in this folder, and notebooks where they lie.
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "seegrad.book",
    "extensions.library",
    "extensions.mathematics",
    "extensions.cells",
    "extensions.glossary",
    "extensions.messages",
    "extensions.site",
]
include_patterns = ["book/*.md", *(f"{f}/{language}/**.ipynb" for f in library.SHELVES)]
exclude_patterns = [".*", "**/.*", "book/_build"]
templates_path = ["_templates"]

# Notebooks are executed, each once until it or the package changes.
nb_execution_mode = "cache"
nb_execution_cache_path = str(
    BOOK / "_build" / "executed" / library.fingerprint(ROOT, "seegrad/**/*.py", "requirements.lock")
)
nb_execution_excludepatterns = [f"exercises/{language}/*/*.ipynb"]  # for the reader to run
nb_execution_timeout = 120
nb_execution_raise_on_error = True
nb_merge_streams = True
nb_ipywidgets_js = {}
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"
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
