"""What the page of a notebook adds to it: anchors, short tracebacks, ways to run it."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx

from extensions.library import edition, is_notebook

WORDS = {  # what readers see
    "en": {
        "launch": "This page is a notebook. {download}, or open it in {places}.",
        "download": "Download it",
        "comma": ", ",
        "lab": "your JupyterLab",
        "lab hint": "works while make lab is running",
        "elsewhere": "runs on a machine of that service; needs the network",
        "exercise": "Exercises",  # how the title of an exercise becomes its solution's
        "solution": "Solutions",
        "behind": "These are the solutions. Have you tried? The exercises are {here}.",
        "here": "here",
        "cut": "(frames inside libraries left out)",
    },
    "zh": {
        "launch": "这一页是一个笔记本。你可以{download}，或者在{places} 中打开。",
        "download": "下载它",
        "comma": "、",
        "lab": "你自己的 JupyterLab",
        "lab hint": "需要 make lab 正在运行",
        "elsewhere": "在该服务的机器上运行，需要联网",
        "exercise": "练习",
        "solution": "解答",
        "behind": "这里是解答。你自己试过了吗？题目在{here}。",
        "here": "这里",
        "cut": "(省略库内部的调用)",  # the lexer of tracebacks knows ASCII brackets only
    },
}

MARKS = re.compile(r"^ *### (BEGIN|END) (SOLUTION|HIDDEN TESTS)\n?", re.MULTILINE)  # nbgrader's


def anchor(cell_id: str) -> str:
    """Return the name under which the page of a notebook can be entered at a cell."""
    return f"cell-{cell_id}"


def short(traceback: str, cut: str) -> str:
    """Return a traceback without the frames in files: the reader's cell and the message remain.

    Args:
        traceback: as the kernel gave it.
        cut: what is said in place of the frames.
    """
    frames = re.split(r"\n\n(?=\S)", traceback)
    kept = [f for f in frames if not f.startswith("File ")]
    if len(kept) < len(frames):
        kept.insert(-1, cut)
    return "\n\n".join(kept)


def launch_line(path: str, repository: str, words: dict[str, str]) -> str:
    """Return, as HTML, the ways to get a notebook or to open it."""
    where = quote(path)
    places = [
        (f"http://localhost:8888/lab/tree/{where}", words["lab"], words["lab hint"]),
        (
            f"https://colab.research.google.com/github/{repository}/blob/main/{where}",
            "Colab",
            words["elsewhere"],
        ),
        (
            f"https://mybinder.org/v2/gh/{repository}/main?urlpath=lab/tree/{where}",
            "Binder",
            words["elsewhere"],
        ),
    ]
    links = [f'<a href="{html.escape(u)}" title="{hint}">{name}</a>' for u, name, hint in places]
    own = f'<a href="{quote(Path(path).name)}" download>{words["download"]}</a>'
    said = words["launch"].format(download=own, places=words["comma"].join(links))
    return f'<p class="launch">{said}</p>'


def behind_line(docname: str, words: dict[str, str]) -> str:
    """Return, as HTML, the way back from a page of solutions to its exercises."""
    back = "../" * docname.count("/") + docname.replace("solutions/", "exercises/", 1)
    link = f'<a href="{quote(back)}.html">{words["here"]}</a>'
    return f'<p class="behind">{words["behind"].format(here=link)}</p>'


def _furnish(app: Sphinx, doctree: nodes.document) -> None:
    docname = app.env.docname
    if not is_notebook(app, docname):
        return
    words = WORDS[edition(app)]
    path = Path(app.env.doc2path(docname))
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for node in doctree.findall(nodes.container):
        if node.get("nb_element") == "cell_code":
            node["ids"].append(anchor(cells[node["cell_index"]]["id"]))
    for block in doctree.findall(nodes.literal_block):
        if "traceback" in block["classes"]:
            block.rawsource = short(block.astext(), words["cut"])
            block.children = [nodes.Text(block.rawsource)]
    title = next(doctree.findall(nodes.title))
    lines = launch_line(path.relative_to(app.srcdir).as_posix(), app.config.repository, words)
    if docname.startswith("solutions/"):
        named = title.astext().replace(words["exercise"], words["solution"], 1)
        title.children = [nodes.Text(named)]
        lines += behind_line(docname, words)
    title.parent.insert(1, nodes.raw("", lines, format="html"))


def _leave_out_marks(app: Sphinx, docname: str, content: list[str]) -> None:
    """Take nbgrader's marks out of the solutions; in prose they would be headings."""
    if docname.startswith("solutions/"):
        notebook = json.loads(content[0])
        for cell in notebook["cells"]:
            cell["source"] = MARKS.sub("", "".join(cell["source"]))
        content[0] = json.dumps(notebook)


def _drop_kernel_state(app: Sphinx, doctree: nodes.document) -> None:
    """Leave out the widget state that MyST-NB stores for Jupyter's manager: pages do without."""
    getattr(app.env, "nb_metadata", {}).get(app.env.docname, {}).pop("js_files", None)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_config_value("repository", "", "env", str)
    app.connect("source-read", _leave_out_marks)
    app.connect("doctree-read", _furnish, priority=400)  # before Sphinx collects titles
    app.connect("doctree-read", _drop_kernel_state)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
