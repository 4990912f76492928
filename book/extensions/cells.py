"""What the page of a notebook adds to it: anchors, short tracebacks, whole outputs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx

from extensions import places
from extensions.library import edition, is_notebook

WORDS = {  # what readers see
    "en": {
        "show check": "Show the check",
        "hide check": "Hide the check",
        "exercise": "Exercises",  # how the title of an exercise becomes its solution's
        "solution": "Solutions",
        "behind": "These are the solutions. Have you tried? The exercises are {here}.",
        "here": "here",
        "cut": "(frames inside libraries left out)",
    },
    "zh": {
        "show check": "显示检查代码",
        "hide check": "收起检查代码",
        "exercise": "练习",
        "solution": "解答",
        "behind": "这里是解答。你自己试过了吗？题目在{here}。",
        "here": "这里",
        "cut": "(省略库内部的调用)",  # the lexer of tracebacks knows ASCII brackets only
    },
}

CLASSROOM = ("exercises/", "solutions/")
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


def behind_line(docname: str, words: dict[str, str]) -> str:
    """Return, as HTML, the way back from a page of solutions to its exercises."""
    back = "../" * docname.count("/") + docname.replace("solutions/", "exercises/", 1)
    link = f'<a href="{quote(back)}.html">{words["here"]}</a>'
    return f'<p class="behind">{words["behind"].format(here=link)}</p>'


def join_streams(outputs: nodes.Element) -> None:
    """Make one block of what a cell printed in several pieces; a line may go on in the next."""
    before = None
    for block in list(outputs.children):
        if not (isinstance(block, nodes.literal_block) and "stream" in block["classes"]):
            before = None
        elif before is not None and before["classes"] == block["classes"]:
            before.rawsource = before.astext() + block.astext()
            before.children = [nodes.Text(before.rawsource)]
            outputs.remove(block)
        else:
            before = block


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
        elif node.get("nb_element") == "cell_code_output":
            join_streams(node)
    for block in doctree.findall(nodes.literal_block):
        if "traceback" in block["classes"]:
            block.rawsource = short(block.astext(), words["cut"])
            block.children = [nodes.Text(block.rawsource)]
    title = next(doctree.findall(nodes.title))
    where = path.relative_to(app.srcdir).as_posix()
    lines = places.launch_line(where, app.config.repository, places.WORDS[edition(app)])
    if docname.startswith("solutions/"):
        named = title.astext().replace(words["exercise"], words["solution"], 1)
        title.children = [nodes.Text(named)]
        lines += behind_line(docname, words)
    title.parent.insert(1, nodes.raw("", lines, format="html"))


def _prepare_classroom(app: Sphinx, docname: str, content: list[str]) -> None:
    """Take nbgrader's marks out, which in prose would be headings; call a check by its name."""
    if docname.startswith(CLASSROOM) and is_notebook(app, docname):
        words, notebook = WORDS[edition(app)], json.loads(content[0])
        for cell in notebook["cells"]:
            cell["source"] = MARKS.sub("", "".join(cell["source"]))
            if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("grade"):
                cell["metadata"]["mystnb"] = {
                    f"code_prompt_{k}": words[f"{k} check"] for k in ("show", "hide")
                }
        content[0] = json.dumps(notebook)


def _shorten_list(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the numbered headings alone in the lists of exercises: not the closing."""
    if app.env.docname.startswith(CLASSROOM):
        for item in list(app.env.tocs[app.env.docname].findall(nodes.list_item)):
            if len(item) == 1 and not item.astext()[:1].isdigit():
                item.parent.remove(item)


def _drop_kernel_state(app: Sphinx, doctree: nodes.document) -> None:
    """Leave out the widget state that MyST-NB stores for Jupyter's manager: pages do without."""
    getattr(app.env, "nb_metadata", {}).get(app.env.docname, {}).pop("js_files", None)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", _prepare_classroom)
    app.connect("doctree-read", _furnish, priority=400)  # before Sphinx collects titles
    app.connect("doctree-read", _drop_kernel_state)
    app.connect("doctree-read", _shorten_list, priority=600)  # when Sphinx has collected them
    return {"parallel_read_safe": True, "parallel_write_safe": True}
