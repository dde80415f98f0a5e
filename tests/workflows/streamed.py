"""A small saved model, texts, and rows of a file to stream them from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from practicelib.files.tables import read_csv
from practicelib.model.classifier import MechanismClassifier
from practicelib.model.storage import load_tagger, save_tagger
from practicelib.model.tagger import Tagger
from tests.model.conftest import few, fitted

__all__ = ["few", "fitted"]


@pytest.fixture(scope="module")
def small(fitted: MechanismClassifier, tmp_path_factory: pytest.TempPathFactory) -> Tagger:
    folder = tmp_path_factory.mktemp("small")
    save_tagger(Tagger(fitted.parameters_), folder)
    return load_tagger(folder)


@pytest.fixture(scope="module")
def texts(few: Any) -> list[str]:
    return [*few[0][:90], "", "=1+1", "“引号”，逗号\t和\u3000空格"]


@pytest.fixture
def rows(tmp_path: Path, texts: list[str]) -> Path:
    file = tmp_path / "in.jsonl"
    lines = [json.dumps({"id": n, "text": text}) for n, text in enumerate(texts)]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def read_output(file: Path) -> list[dict[str, Any]]:
    """The rows of an output of any kind."""
    if file.suffix == ".csv":
        return [row for _, row in read_csv(file)]
    if file.suffix == ".jsonl":
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    parquet = pytest.importorskip("pyarrow.parquet")
    return list(parquet.read_table(file).to_pylist())
