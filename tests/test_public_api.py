"""The list of public names is complete, importable and cheap."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import practicelib


def test_every_public_name_is_there() -> None:
    """`__all__`, the homes and the imports for type checkers name the same things."""
    assert sorted(practicelib.__all__) == practicelib.__all__
    for name in practicelib.__all__:
        assert getattr(practicelib, name).__name__ == name
    tree = ast.parse(Path(practicelib.__file__).read_text(encoding="utf-8"))
    typed = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("practicelib.")
        for alias in node.names
    }
    assert typed - {"__version__"} == set(practicelib.__all__)


def test_public_functions_have_docstrings() -> None:
    """Whatever a user can import says what it does."""
    for name in practicelib.__all__:
        assert getattr(practicelib, name).__doc__


def test_import_is_cheap() -> None:
    """`import practicelib` and `--help` load neither numpy nor scikit-learn."""
    code = (
        "import sys, practicelib\n"
        "from practicelib.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'numpy', 'sklearn', 'scipy', 'jieba'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("call", "how"),
    [
        (lambda: practicelib.load_tagger().tag_report("a.docx"), "read_report"),
        (lambda: practicelib.train("labels"), "adjudicate"),
        (lambda: practicelib.evaluate(practicelib.load_tagger(), "labels"), "adjudicate"),
        (lambda: practicelib.consistency("labels"), "read_codings"),
        (lambda: practicelib.adjudicate("labels"), "read_codings"),
        (lambda: practicelib.suspects("labels"), "read_codings"),
        (lambda: practicelib.profile(["a.docx"]), "tag_report"),
        (lambda: practicelib.compare(["a.docx"]), "tag_report"),
    ],
)
def test_a_file_where_its_content_is_wanted_is_refused(call: Any, how: str) -> None:
    """With the step that comes before."""
    with pytest.raises(TypeError, match=how):
        call()
