"""The list of public names is complete, importable and cheap."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

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
