"""The package's own source: nothing in it can run what a file says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import practicelib

ROOT = Path(practicelib.__file__).parent


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


MODULES = _names(
    "pickle cPickle _pickle cloudpickle dill shelve marshal code codeop imp runpy pty"
    " telnetlib ftplib smtplib socket ssl urllib.request http.client requests httpx"
)
"""What runs or unpickles, and what would open a connection."""
BUILTINS = frozenset(["eval", "exec", "compile", "__import__", "breakpoint", "input"])
ATTRIBUTES = _names(
    "extractall extract system popen mktemp enable_paddle set_dictionary load_module"
    " read_pickle to_pickle unsafe_load full_load"
)
CALLS = _names(
    "yaml.load joblib.load joblib.dump numpy.load np.load np.save np.fromfile torch.load"
    " jieba.cut jieba.lcut jieba.initialize jieba.load_userdict jieba.add_word jieba.del_word"
    " jieba.dt jieba.Tokenizer warnings.resetwarnings"
)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return ""


def faults_of(source: str) -> Iterator[str]:
    """What of the above a module uses, with its line."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names if a.name in MODULES]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            full = [node.module or "", *(f"{node.module}.{a.name}" for a in node.names)]
            names = [name for name in full if name in MODULES or name in CALLS]
        elif isinstance(node, ast.Attribute):
            name = _name(node)
            names = [name] if node.attr in ATTRIBUTES or name in CALLS else []
        elif isinstance(node, ast.Name) and node.id in BUILTINS:
            names = [node.id]
        elif isinstance(node, ast.keyword):
            wrong = isinstance(node.value, ast.Constant) and node.value.value is True
            names = [str(node.arg)] if node.arg in ("allow_pickle", "shell") and wrong else []
        for name in names:
            yield f"line {getattr(node, 'lineno', 0)}: {name}"


def modules() -> list[Path]:
    """All modules of the package."""
    return sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_runs_what_a_file_says(path: Path) -> None:
    """No pickle, eval, exec, marshal, yaml.load or extractall, no shell, no jieba state."""
    assert not list(faults_of(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "source",
    [
        "import pickle", "from pickle import loads", "import marshal as m", "eval('1')",
        "exec(x)", "compile(s, '', 'exec')", "yaml.load(f)", "from yaml import load",
        "archive.extractall(p)", "np.load(f, allow_pickle=True)", "run(c, shell=True)",
        "import joblib\njoblib.load(f)", "jieba.dt.cut(t)", "jieba.cut(t)", "f = eval",
        "os.system(c)", "import urllib.request", "read(f, allow_pickle=True)",
    ],
)  # fmt: skip
def test_the_search_finds_what_it_looks_for(source: str) -> None:
    """A search that finds nothing anywhere would prove nothing."""
    assert list(faults_of(source))


def test_templates_escape() -> None:
    """Pages are made by one environment, and that one escapes; `|safe` marks own parts only."""
    environments = [p for p in modules() if "Environment(" in p.read_text(encoding="utf-8")]
    assert environments
    for path in environments:
        assert "autoescape" in path.read_text(encoding="utf-8"), path
