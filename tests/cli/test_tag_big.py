"""`practicelib tag` for big input: streams, processes, engines, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from practicelib.cli import big
from practicelib.cli.main import main


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "in.jsonl"
    texts = ["网格员每天入户走访。", "居民议事会讨论加装电梯。", ""]
    file.write_text("\n".join(json.dumps({"text": t, "n": n}) for n, t in enumerate(texts)))
    return file


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    return int(stop.value.code or 0)


def read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_stream(rows: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Rows keep their columns; --jobs gives the same bytes; what was done is said on stderr."""
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    assert run("tag", str(rows), "--stream", "-o", str(one)) == 0
    assert "3 rows (0 of them done before)" in capfd.readouterr().err
    assert run("tag", str(rows), "--jobs", "2", "-o", str(two)) == 0
    assert one.read_bytes() == two.read_bytes()
    assert [row["n"] for row in read(one)] == [0, 1, 2]
    assert read(one)[0]["labels"] == "grid_management"


def test_big_tables_are_streamed_unasked(rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not big.is_stream([str(rows)], "out.parquet", None, 1)
    monkeypatch.setattr(big, "BIG", 10)
    assert big.is_stream([str(rows)], "out.parquet", None, 1)
    assert big.is_stream([str(rows.parent)], "out.parquet", None, 1)
    assert not big.is_stream([str(rows)], "out.parquet", False, 1)
    assert not big.is_stream([str(rows)], "-", None, 1)
    assert not big.is_stream([str(rows), str(rows)], "out.csv", None, 1)


@pytest.mark.parametrize(
    "options", [["--stream"], ["--jobs", "2"], ["--dask", "tcp://127.0.0.1:1"]]
)
def test_refuses_stdout(rows: Path, options: list[str]) -> None:
    assert run("tag", str(rows), *options) == 2


def test_faulty_row_is_named(rows: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows.write_text('{"text": "甲"}\n{"text"', encoding="utf-8")
    assert run("tag", str(rows), "--stream", "-o", str(tmp_path / "out.csv")) == 1
    assert f"{rows}:2: not JSON" in capfd.readouterr().err
