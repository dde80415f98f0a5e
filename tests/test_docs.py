"""The documentation cannot drift: every code block runs, every command and link is there."""

from __future__ import annotations

import ast
import doctest
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import practicelib as pl
from practicelib.cli.main import COMMANDS, group
from practicelib.files.data import data_path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SITE = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
PAGES = [page for page in SITE if not page.startswith("decisions/")]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^    (\S.*)$", re.MULTILINE)
RUN = ("bash", "python")
# Its blocks need a cluster or a bucket; the tests of the workflows run its Dask part.
ELSEWHERE = ("scale-out.md",)


def _blocks(page: str) -> list[tuple[str, str]]:
    return FENCE.findall((DOCS / page).read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that the pages speak of: the two Word files of the tutorial, a coding file."""
    monkeypatch.chdir(tmp_path)
    exec(_blocks("tutorial/en.md")[0][1], {})
    parts = [
        (data_path("labels/codings") / name).read_text(encoding="utf-8-sig")
        for name in ("seed-a.csv", "seed-b.csv")
    ]
    (tmp_path / "codings.csv").write_text(parts[0] + parts[1].partition("\n")[2], encoding="utf-8")
    return tmp_path


def _run_session(page: str, number: int, code: str) -> None:
    """A session with its output, as doctest reads it."""
    name = f"{page}, block {number}"
    test = doctest.DocTestParser().get_doctest(code, {}, name, page, 0)
    said: list[str] = []
    failed, _ = doctest.DocTestRunner().run(test, out=said.append)
    assert not failed, "".join(said)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if _blocks(page) and page not in ELSEWHERE]
)
def test_every_block_runs(page: str, folder: Path) -> None:
    """In order, in one folder; Python in one name space a block."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for number, (language, code) in enumerate(_blocks(page), start=1):
        if code.startswith(">>>"):
            _run_session(page, number, code)
        elif language == "python":
            exec(compile(code, f"{page}, block {number}", "exec"), {"__name__": "__main__"})
        elif language == "bash":
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", code],
                cwd=folder,
                env={**os.environ, "PATH": path},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{page}, block {number}: {done.stderr}"


def test_the_notebook_runs(folder: Path) -> None:
    """Cell by cell in one name space; what a cell ends in can show itself."""
    notebook = json.loads((DOCS / "tutorial/first-steps.ipynb").read_text(encoding="utf-8"))
    space: dict[str, object] = {"__name__": "__main__"}
    shown = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            *body, last = ast.parse("".join(cell["source"])).body
            exec(compile(ast.Module(body, []), "notebook", "exec"), space)
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), "notebook", "eval"), space)
                show = getattr(value, "_repr_html_", value.__repr__)
                assert show()
                shown += 1
            else:
                exec(compile(ast.Module([last], []), "notebook", "exec"), space)
    assert shown >= 5


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ELSEWHERE])
def test_blocks_are_marked(page: str) -> None:
    """A block is run, or of a language that cannot be; indented lines install or convert."""
    text = (DOCS / page).read_text(encoding="utf-8")
    assert {language for language, _ in _blocks(page)} <= {*RUN, "toml", "text", "ebnf", ""}
    for line in INDENTED.findall(FENCE.sub("", text)):
        allowed = ("pip install", "python3 -m venv", ". practice/", "options:", "members:")
        assert line.strip().startswith(allowed) or "--convert" in line, line


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Relative links name files that are there."""
    text = FENCE.sub("", (DOCS / page).read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)#]+?)\)", text):
        if not target.startswith(("http://", "https://")):
            assert (DOCS / page).parent.joinpath(target).exists(), target


def test_the_command_page_lists_all_commands() -> None:
    """Each command once, and no other."""
    text = (DOCS / "reference/command-line.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == sorted(COMMANDS)


def option_lists() -> str:
    """The options of each command as the page has them, from what `--help` says."""
    parts = []
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        context = click.Context(command, info_name=f"practicelib {name}")
        records = (
            option.get_help_record(context)
            for option in command.params
            if isinstance(option, click.Option) and option.name != "volume"
        )
        lines = (f"- `{record[0]}`: {' '.join(record[1].split())}" for record in records if record)
        usage = command.get_usage(context).removeprefix("Usage: ")
        parts.append("\n".join([f"### {name}\n\n`{usage}`\n", *lines, ""]))
    return "\n".join(parts)


def test_the_command_page_has_all_options() -> None:
    """As `--help` has them: the page is copied from it."""
    text = (DOCS / "reference/command-line.md").read_text(encoding="utf-8")
    assert option_lists() in text


def test_the_reference_names_all_that_is_public() -> None:
    """Every name of `practicelib` stands in a block of the page, or in a module shown whole."""
    text = (DOCS / "reference/python.md").read_text(encoding="utf-8")
    blocks = re.findall(
        r"^::: (\S+)(?:\n    options:\n      members: \[(.*)\])?", text, re.MULTILINE
    )
    shown = {target: members.split(", ") if members else [] for target, members in blocks}
    for name in pl.__all__:
        home = getattr(pl, name).__module__
        whole = home in shown and (not shown[home] or name in shown[home])
        assert whole or f"{home}.{name}" in shown, name


def test_the_site_lists_all_pages() -> None:
    """Every page is in the navigation of the site."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    missing = [page for page in SITE if f": {page}\n" not in text]
    assert not missing


@pytest.mark.skipif(importlib.util.find_spec("mkdocs") is None, reason="no site generator here")
def test_the_site_builds(tmp_path: Path) -> None:
    """Strictly: no broken link, no page outside the navigation."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "reference" / "python" / "index.html").stat().st_size > 20_000
