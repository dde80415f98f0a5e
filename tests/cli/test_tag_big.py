"""`practicelib tag` for big input: streams, processes, engines, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from practicelib.cli import big
from practicelib.cli.main import main
from practicelib.files.tables import read_csv, write_csv


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
    by_row = ("tag", str(rows), "--segment", "row")
    assert run(*by_row, "--stream", "-o", str(one)) == 0
    assert "3 rows (0 of them done before)" in capfd.readouterr().err
    assert run(*by_row, "--jobs", "2", "-o", str(two)) == 0
    assert one.read_bytes() == two.read_bytes()
    assert [row["n"] for row in read(one)] == [0, 1, 2]
    assert read(one)[0]["labels"] == ["grid_management"]
    assert run(*by_row, "--no-stream", "-o", str(two)) == 0
    # Without streaming a row without text is no report.
    for streamed, plain in zip((row for row in read(one) if row["text"]), read(two), strict=True):
        shared = ("text", "labels", "probabilities", "uncertain", "codebook", "model")
        assert {key: streamed[key] for key in shared} == {key: plain[key] for key in shared}


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


LONG = "网格员每天入户走访。居民议事会讨论加装电梯。\n一、选派干部\n选派干部到村任职。"
BODY = "沱河县柳林镇党委"


def table(folder: Path, ending: str) -> Path:
    """Two reports and an empty row, as a table of each kind that is streamed."""
    columns = {"编号": ["甲", "乙", "丙"], "标题": ["其一", "其二", ""],
               "单位": [BODY, "", ""], "正文": [LONG, "", "居民自治。"]}  # fmt: skip
    file = folder / f"in{ending}"
    lines = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if ending == ".jsonl":
        file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    elif ending == ".csv":
        write_csv(file, list(columns), [list(line.values()) for line in lines])
    else:
        arrow = pytest.importorskip("pyarrow")
        pytest.importorskip("pyarrow.parquet").write_table(arrow.table(columns), file)
    return file


@pytest.mark.parametrize("segment", ["sentence", "line", "row"])
@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_streamed_or_not_the_units_are_the_same(tmp_path: Path, ending: str, segment: str) -> None:
    """A row is a report, split into sentences or lines, or one sentence, whatever the way."""
    source = table(tmp_path, ending)
    plain, streamed = tmp_path / "plain.csv", tmp_path / "streamed.csv"
    options = ("--segment", segment)
    assert run("tag", str(source), *options, "-o", str(plain)) == 0
    assert run("tag", str(source), *options, "--stream", "-o", str(streamed)) == 0
    found = [row for _, row in read_csv(plain)]
    others = [row for _, row in read_csv(streamed)]
    if segment == "row":
        # Every row comes back, the empty one too, with its own columns and no other.
        assert [row["编号"] for row in others] == ["甲", "乙", "丙"]
        assert [row["正文"] for row in others if row["正文"]] == [row["text"] for row in found]
        return
    assert len(found) == {"sentence": 5, "line": 4}[segment]
    assert [{key: row[key] for key in found[0]} for row in others] == found
    assert [row["编号"] for row in others] == [*("甲" * (len(found) - 1)), "丙"]


def test_streamed_tables_in_other_encodings(tmp_path: Path) -> None:
    """GB18030 and a separator that is no comma, as in plain reading."""
    source = tmp_path / "in.csv"
    source.write_bytes(f"编号;正文\n1;{LONG[:10]}\n".encode("gb18030"))
    for options in ((), ("--encoding", "gbk")):
        output = tmp_path / "out.jsonl"
        assert run("tag", str(source), "--stream", *options, "-o", str(output)) == 0
        assert [(row["编号"], row["text"]) for row in read(output)] == [("1", LONG[:10])]
    assert run("tag", str(source), "--stream", "--encoding", "no", "-o", str(output)) == 1


def test_sentence_tables_are_not_split_unasked(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What has places of sentences already needs the word that its rows are sentences."""
    source = tmp_path / "in.csv"
    write_csv(source, ["start", "end", "text"], [["0", "3", "甲。"]])
    assert run("tag", str(source), "--stream", "-o", str(tmp_path / "out.csv")) == 1
    assert "--segment row says so" in capfd.readouterr().err
    assert run("tag", str(tmp_path), "--segment", "row", "--format", "csv") == 1


def test_a_faulty_report_does_not_stop_a_stream(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is named, the others are coded, and the exit code says so."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"%PDF-")
    (folder / "b.txt").write_text(LONG, encoding="utf-8")
    output = tmp_path / "out.jsonl"
    assert run("tag", str(folder), "--stream", "-o", str(output)) == 1
    assert "a.pdf" in capfd.readouterr().err
    assert [row["section"] for row in read(output)] == ["", "", "一、选派干部", "一、选派干部"]


def test_outputs_that_are_no_files(
    rows: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A folder is named as it was given; jobs below 1 are misuse."""
    assert run("tag", str(rows), "--format", "csv", "-o", str(tmp_path)) == 1
    assert f"practicelib: {tmp_path}: " in capfd.readouterr().err
    for jobs in ("0", "-1"):
        output = str(tmp_path / "out.csv")
        assert run("tag", str(rows), "--jobs", jobs, "-o", output) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_dask_takes_sentences(rows: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A cluster adds columns to rows; that each is one sentence is to be said."""
    assert run("tag", str(rows), "--dask", "tcp://127.0.0.1:1", "-o", "out") == 2
    assert "--segment row" in capfd.readouterr().err
