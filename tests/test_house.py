"""What the repository promises as a whole."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest

from tests.notebooks import ROOT

LAYERS = {  # module: what it may import, from the bottom up
    "fonts": set(),
    "language": {"fonts"},
    "collecting": set(),
    "graph": set(),
    "values": set(),
    "rules": set(),
    "formula": set(),
    "layers": {"graph"},
    "layout": {"graph", "layers"},
    "grouping": {"graph"},
    "picture": {"collecting", "graph", "values", "rules", "layout", "grouping"},
    "tracing": {"collecting", "graph", "values", "rules", "picture", "tracing"},
    "check": {"values", "tracing", "check"},
    "widgets": {"graph", "values", "rules", "formula", "picture", "grouping", "widgets"},
    "book": {"widgets"},
    "explore": {"graph", "values", "picture", "grouping", "tracing", "widgets", "explore"},
    "__init__": {"graph", "tracing", "widgets", "explore"},
}
SPOKEN = {
    "collecting": set(),
    "fonts": set(),
    "language": set(),
}  # all that stands above these may speak
TORCH = {"tracing", "explore", "check"}
TORCH_OWN = ("cuda-", "nvidia-", "triton")  # torch pins these itself where it brings them


def tracked():
    made = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / f for f in made.stdout.splitlines() if (ROOT / f).is_file()]


def imports(tree):
    """Yield what a module imports when it is loaded: not inside functions or for type checkers."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ({node.module} | {f"{node.module}.{a.name}" for a in node.names})


@pytest.mark.parametrize("file", sorted((ROOT / "seegrad").rglob("*.py")), ids=lambda p: p.stem)
def test_dependencies_run_one_way(file):
    part = file.relative_to(ROOT / "seegrad").parts[0].removesuffix(".py")
    found = set(imports(ast.parse(file.read_text(encoding="utf-8"))))
    ours = {m.split(".")[1] for m in found if m.startswith("seegrad.")}
    assert ours <= LAYERS[part] | SPOKEN.get(part, {"language"})
    assert part in TORCH or not any(m == "torch" or m.startswith("torch.") for m in found)


@pytest.mark.parametrize("file", sorted((ROOT / "seegrad").rglob("*.py")), ids=lambda p: p.stem)
def test_the_first_line_on_a_property_has_no_colon(file):
    """The book's API page would take what stands before it for the type."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and "property" in map(
            ast.unparse, node.decorator_list
        ):
            assert ": " not in ast.get_docstring(node).partition("\n")[0], node.name


def pinned():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return dict(row.split("==") for row in lines if row and not row.startswith("#"))


def test_the_lock_pins_every_version_and_torch():
    versions = pinned()
    assert versions["torch"] == "2.13.0"
    assert len(versions) > 100
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", v) for v in versions.values())


def test_the_lock_holds_all_that_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {n.lower().replace("_", "-") for n in pinned()}
    declared = [
        *project["dependencies"],
        *(r for extra in project["optional-dependencies"].values() for r in extra),
    ]
    for requirement in declared:
        name = re.split(r"[\[><=~]", requirement)[0].lower()
        assert name == "seegrad" or name in names, requirement


def test_what_is_installed_is_what_is_pinned():
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "freeze", "--exclude-editable"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    versions = {n.lower().replace("_", "-"): v for n, v in pinned().items()}
    for row in listed.splitlines():
        if "==" in row:
            name, version = row.split("==")
            name = name.lower().replace("_", "-")
            if not name.startswith(TORCH_OWN):
                assert versions.get(name) == version.split("+")[0], row


def test_the_conda_environment_matches_the_project():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python = re.search(r"- python=(\S+)", text)[1]
    assert python in ("3.11", "3.12", "3.13")
    assert project["requires-python"] == ">=3.11,<3.14"
    pip = re.findall(r"^ {6}- (.+)$", text, flags=re.MULTILINE)
    assert pip == ["-c requirements.lock", "-e .[lab]"]
    assert "lab" in project["optional-dependencies"]


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_is_short_and_its_example_true(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80
    program, shown = re.search(r"```python\n(.+?)```\n```text\n(.+?)```", text, re.DOTALL).groups()
    made = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert made.stdout == shown


@pytest.mark.parametrize(
    "name", ["README.md", "README.zh.md", "CONTRIBUTING.md", "book/teachers.md"]
)
def test_pages_name_only_what_exists(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("https://") or (ROOT / target).exists(), target
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, flags=re.MULTILINE)) <= targets


def test_no_path_of_a_machine_and_no_big_file_is_committed():
    for file in tracked():
        assert file.stat().st_size < 400_000, file
        if file.suffix not in (".mo", ".png", ".woff2"):
            text = file.read_text(encoding="utf-8")
            found = re.search(r"(?<![\w.~-])/(root|home|Users|work)/[a-z]", text)
            assert found is None or file.parent.name == "tests", (file, found)


def test_the_top_level_stays_small():
    assert len({f.relative_to(ROOT).parts[0] for f in tracked()}) <= 20
