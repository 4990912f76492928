"""Where a notebook can be run: in the reader's own JupyterLab, on Colab, on Binder.

The last two take notebooks from a public repository on GitHub. A book that is built without its
address (`repository` in `conf.py`) does not link to them, and says why.
"""

from __future__ import annotations

import html
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from extensions.library import edition

WORDS = {  # what readers see
    "en": {
        "launch": "This page is a notebook. {download}, or open it in {places}.",
        "download": "Download it",
        "comma": ", ",
        "lab": "your JupyterLab",
        "lab hint": "works while make lab is running on this computer, at its usual port 8888",
        "elsewhere": "runs on a machine of that service; needs the network",
        "services": (
            "Colab and Binder run a notebook on a machine of theirs; the links at the top of each"
            " notebook lead there. Binder installs everything by itself, which takes some minutes."
            " On Colab, run this first, in a cell of its own:"
        ),
        "unknown": (
            "This copy of the book was built without the address of a public repository, so it"
            " has no links to Colab and Binder."
        ),
    },
    "zh": {
        "launch": "这一页是一个笔记本。你可以{download}，或者在{places} 中打开。",
        "download": "下载它",
        "comma": "、",
        "lab": "你自己的 JupyterLab",
        "lab hint": "需要 make lab 正在这台电脑上运行，用的是默认端口 8888",
        "elsewhere": "在该服务的机器上运行，需要联网",
        "services": (
            "Colab 和 Binder 在它们自己的机器上运行笔记本，每个笔记本顶上的链接会带你过去。"
            "Binder 会自己装好一切，要等几分钟。在 Colab 上，请先在单独的一个单元格里运行下面这行："
        ),
        "unknown": (
            "构建这一份书时，没有给出公开仓库的地址，所以这里没有通往 Colab 和 Binder 的链接。"
        ),
    },
}
LAB = "http://localhost:8888/lab/tree/{where}"
SERVICES = {
    "Colab": "https://colab.research.google.com/github/{repository}/blob/main/{where}",
    "Binder": "https://mybinder.org/v2/gh/{repository}/main?urlpath=lab/tree/{where}",
}
INSTALL = '%pip install "seegrad @ git+https://github.com/{repository}"'


def launch_line(path: str, repository: str, words: dict[str, str]) -> str:
    """Return, as HTML, the ways to get a notebook or to open it.

    Args:
        path: the notebook's place in the repository.
        repository: `owner/name` on GitHub, or '' if there is none.
        words: one language of `WORDS`.
    """
    where = quote(path)
    links = [(LAB.format(where=where), words["lab"], words["lab hint"])]
    if repository:
        links += [
            (url.format(repository=repository, where=where), name, words["elsewhere"])
            for name, url in SERVICES.items()
        ]
    made = [f'<a href="{html.escape(u)}" title="{hint}">{name}</a>' for u, name, hint in links]
    own = f'<a href="{quote(Path(path).name)}" download>{words["download"]}</a>'
    said = words["launch"].format(download=own, places=words["comma"].join(made))
    return f'<p class="launch">{said}</p>'


class Elsewhere(SphinxDirective):
    """Tells how to run a notebook on another machine, or why no link leads to one."""

    def run(self) -> list[nodes.Node]:
        """Return a paragraph, and the line that installs the package on Colab."""
        repository = self.config.repository
        words = WORDS[edition(self.env.app)]
        if not repository:
            return [nodes.paragraph("", words["unknown"])]
        line = INSTALL.format(repository=repository)
        return [
            nodes.paragraph("", words["services"]),
            nodes.literal_block(line, line, language="ipython"),
        ]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_config_value("repository", "", "env", str)
    app.add_directive("elsewhere", Elsewhere)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
