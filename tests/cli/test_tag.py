"""`practicelib tag`: what people and programs get, and what bad input does."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from practicelib.text.reading import read_reports


def test_jsonl_has_the_promised_keys(run, seed_path: Path) -> None:  # type: ignore[no-untyped-def]
    """151 sentences, six reports with their units, offsets that slice the file."""
    code, out, _ = run("tag", str(seed_path), "--format", "jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(rows) == 151
    assert len({(row["report"], row["unit"]) for row in rows if row["unit"]}) == 6
    assert list(rows[0]) == [
        "report", "unit", "section", "start", "end", "text", "labels", "probabilities",
        "uncertain", "evidence", "codebook", "model",
    ]  # fmt: skip
    text = seed_path.read_text(encoding="utf-8")
    for row in rows:
        assert text[row["start"] : row["end"]] == row["text"]
        for category, spans in row["evidence"].items():
            assert category in row["labels"] + row["uncertain"]
            assert len(spans) <= 5
            assert all(0 <= a < b <= len(row["text"]) for a, b, _ in spans)


def test_csv_opens_in_excel(run, seed_path: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A file with a byte-order mark; one row a sentence, one column a category."""
    target = tmp_path / "tags.csv"
    assert run("tag", str(seed_path), "-o", str(target))[0] == 0
    content = target.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) == 151
    assert {row["autonomy"] for row in rows} == {"0", "1"}


def test_table_names_reports_and_words(run, seed_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The table for people: units, category names in Chinese, or in English on request."""
    _, out, _ = run("tag", str(seed_path))
    for unit in ("徐汇区委", "宝山区顾村镇党委"):
        assert unit in out
    assert "共建" in out
    assert "\x1b[" not in out
    assert "co-building" in run("tag", str(seed_path), "--lang", "en")[1].lower()


def test_stdin_and_lines(run, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """`-` reads stdin; `--segment line` takes each line as one sentence."""
    stream = io.TextIOWrapper(io.BytesIO("网格员走访。好。\n第二行\n".encode()))
    monkeypatch.setattr("sys.stdin", stream)
    code, out, _ = run("tag", "-", "--segment", "line", "--format", "jsonl")
    assert code == 0
    assert [json.loads(line)["text"] for line in out.splitlines()] == ["网格员走访。好。", "第二行"]


def test_faulty_files_are_named_and_the_rest_done(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Exit code 1, one line a fault on stderr, the good file on stdout."""
    (tmp_path / "a.txt").write_text("网格员每天巡查。\n", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"")
    (tmp_path / "c.txt").write_bytes(b"\x00\x01\x02")
    code, out, err = run("tag", str(tmp_path), str(tmp_path / "no.txt"), "--format", "jsonl")
    assert code == 1
    assert len(out.splitlines()) == 1
    lines = err.strip().splitlines()
    assert len(lines) == 3
    assert all(line.startswith("practicelib: ") for line in lines)
    assert "b.txt: the file is empty" in err
    assert "no.txt: no such file" in err


def test_nothing_is_half_written(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Where no input could be read, no output file appears."""
    code, _, _ = run("tag", str(tmp_path / "no.txt"), "-o", str(tmp_path / "out.csv"))
    assert code == 1
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["tag"], 2, "Missing argument"),
        (["tag", "x.txt", "--format", "pdf"], 2, "Invalid value"),
        (["fly"], 2, "No such command"),
        (["tag", "x.txt", "--model", "/nowhere"], 1, "no model here"),
        (["tag", "x.txt", "--encoding", "klingon"], 1, "no such file"),
    ],
)
def test_misuse(run, arguments: list[str], code: int, message: str) -> None:  # type: ignore[no-untyped-def]
    """Usage errors give 2, refused inputs 1, each with one clear message."""
    found, _, err = run(*arguments)
    assert found == code
    assert message in err


def test_every_command_has_help() -> None:
    """`--help` of each command works and explains itself."""
    from practicelib.cli.main import COMMANDS, group

    for name in COMMANDS:
        result: Result = CliRunner().invoke(group, [name, "--help"])
        assert result.exit_code == 0, name
        assert len(result.output) > 200


def test_seed_reads_right(tagger, seed_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Each report shows the mechanism that its title announces."""
    found = {
        report.unit: tagger.tag_report(report).assigned.sum(axis=0).tolist()
        for report in read_reports(seed_path)
    }
    assert found["徐汇区委"][0] >= 8
    assert found["宝山区顾村镇党委"][3] >= 3
    assert found["嘉定区马陆镇大裕村党总支"][1] >= 1


def test_stdout_that_cannot_write_a_character(tmp_path: Path) -> None:
    """JSON stays JSON with every character; people are told what was escaped."""
    (tmp_path / "a.txt").write_text("网格员走访😀。", encoding="utf-8")
    command = [sys.executable, "-m", "practicelib", "tag", str(tmp_path / "a.txt")]
    environment = {**os.environ, "PYTHONIOENCODING": "gbk"}
    for form in ("jsonl", "table"):
        done = subprocess.run(
            [*command, "--format", form], env=environment, capture_output=True, check=True
        )
        out = done.stdout.decode("gbk")
        assert "\\ud83d\\ude00" in out
        assert b"stdout is in gbk, which cannot write 1 char" in done.stderr
        if form == "jsonl":
            assert json.loads(out)["text"] == "网格员走访😀。"


def test_a_blank_file_in_a_given_encoding_is_refused(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.txt").write_text("\u3000", encoding="utf-8")
    code, _, err = run("tag", str(tmp_path / "a.txt"), "--encoding", "utf-8")
    assert code == 1
    assert "only white space" in err
