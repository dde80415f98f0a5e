"""The case table in the commands that read reports: columns, marks, and rows that do not fit."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from practicelib.files.data import data_path
from practicelib.files.tables import read_csv, write_csv
from practicelib.files.xlsx import read_xlsx
from tests.cli.conftest import Run

RENAMED = "甲区乙镇党委"
ADDED = ["place", "level", "year", "type", "source", "confirmed", "outcome"]


@pytest.fixture
def table(run: Run, seed_path: Path, tmp_path: Path) -> Path:
    """Six rows of the seed: the first is renamed and confirmed, all have a column of the user's."""
    path = tmp_path / "cases.csv"
    assert run("manifest", seed_path, "-o", path)[0] == 0
    rows = [dict(row) for _, row in read_csv(path)]
    for number, row in enumerate(rows):
        row["outcome"] = str(number)
    rows[0].update(unit=RENAMED, place="甲区", confirmed="confirmed")
    put(path, rows)
    return path


def put(path: Path, rows: list[dict[str, str]]) -> None:
    write_csv(path, list(rows[0]), [list(row.values()) for row in rows])


def change(path: Path, edit: Callable[[list[dict[str, str]]], None]) -> None:
    rows = [dict(row) for _, row in read_csv(path)]
    edit(rows)
    put(path, rows)


def tags_of(text: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_columns_stand_beside_each_sentence(run: Run, table: Path, seed_path: Path) -> None:
    """The table's unit and columns come along; tags and places stay, lead-ins have empty cells."""
    code, out, err = run("tag", seed_path, "--format", "csv", "--cases", table)
    assert code == 0
    assert "5 of 6 rows are guesses" in err
    found, plain = tags_of(out), tags_of(run("tag", seed_path, "--format", "csv")[1])
    assert list(found[0]) == [*plain[0], *ADDED]
    kept = [name for name in plain[0] if name != "unit"]
    assert [[row[name] for name in kept] for row in found] == [
        [row[name] for name in kept] for row in plain
    ]
    first = [row for row in found if row["unit"] == RENAMED]
    assert {(row["place"], row["confirmed"], row["outcome"]) for row in first} == {
        ("甲区", "confirmed", "0")
    }
    statuses = {(row["unit"] == "", row["confirmed"]) for row in found}
    assert statuses == {(True, ""), (False, "confirmed"), (False, "guessed")}


def test_every_format_has_them(run: Run, table: Path, seed_path: Path, tmp_path: Path) -> None:
    """JSONL, Parquet and both sheets of a workbook, in the order of the CSV."""
    options = ("tag", seed_path, "--cases", table, "-o")
    for ending in ("jsonl", "parquet", "xlsx"):
        assert run(*options, tmp_path / f"t.{ending}")[0] == 0
    lines = (tmp_path / "t.jsonl").read_text(encoding="utf-8").splitlines()
    objects = [json.loads(line) for line in lines]
    assert {tuple(row)[-len(ADDED) :] for row in objects} == {tuple(ADDED)}
    parquet = pytest.importorskip("pyarrow.parquet").read_table(tmp_path / "t.parquet")
    assert parquet.column_names[-len(ADDED) :] == ADDED
    outcomes = [row["outcome"] for row in objects]
    assert parquet.column("outcome").to_pylist() == outcomes
    assert [row["outcome"] for _, row in read_xlsx(tmp_path / "t.xlsx", "句子")] == outcomes
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["材料"]
    header, *rows = sheet.iter_rows(values_only=True)
    status = header.index("是否确认")
    assert [row[status] for row in rows] == [None, "confirmed", *["guessed"] * 5]


def test_guesses_are_marked_for_people(run: Run, table: Path, seed_path: Path) -> None:
    """The page and the table say of each report whether its row was confirmed."""
    page = run("tag", seed_path, "--cases", table, "--format", "html", "--lang", "en")[1]
    assert page.count("this row of the case table is guessed, not confirmed") == 5
    assert page.count("this row of the case table is confirmed") == 1
    assert page.count(" (guessed)</td>") == 5
    assert f"{RENAMED} · 27 sentences · place: 甲区 · outcome: 0" in page
    shown = run("tag", seed_path, "--cases", table, "--lang", "en")[1]
    assert f"{RENAMED}\n" in shown
    assert shown.count(" (guessed)\n") == 5
    assert "   place: 甲区, confirmed: confirmed, outcome: 0\n" in shown


def test_empty_cells(run: Run, table: Path, seed_path: Path) -> None:
    """In a guessed row the reader's guess stays, in a confirmed one nothing stands."""

    def empty(rows: list[dict[str, str]]) -> None:
        rows[0]["unit"] = rows[1]["unit"] = ""

    before = tags_of(run("tag", seed_path, "--format", "csv")[1])
    change(table, empty)
    after = tags_of(run("tag", seed_path, "--format", "csv", "--cases", table)[1])
    units = {
        number: {(a["unit"], b["unit"]) for a, b in zip(before, after, strict=True)
                 if b["outcome"] == number}
        for number in ("0", "1")
    }  # fmt: skip
    assert units == {"0": {("市教育卫生工作党委", "")}, "1": {("宝山区顾村镇党委",) * 2}}


@pytest.mark.parametrize("command", ["tag", "sample", "suggest", "compare"])
def test_what_does_not_fit_is_named_at_once(
    run: Run, table: Path, seed_path: Path, tmp_path: Path, command: str
) -> None:
    """A row without a report and a report without a row, in one go; nothing is written."""

    def spoil(rows: list[dict[str, str]]) -> None:
        rows[1] = {**rows[1], "file": "other.txt"}

    change(table, spoil)
    empty = tmp_path / "labels"
    empty.mkdir()
    (empty / "codebook.toml").write_bytes(data_path("labels/codebook.toml").read_bytes())
    output = tmp_path / "out.xlsx"
    options = {"sample": ("-n", 60), "suggest": ("--labels", empty)}.get(command, ())
    code, _, err = run(command, seed_path, "--cases", table, "-o", output, *options)
    assert code == 1
    assert "cases.csv:3: row fits no report that was given" in err
    assert "report has no row in the case table" in err
    assert not output.exists()


def test_columns_like_those_of_tags_are_refused(run: Run, table: Path, seed_path: Path) -> None:
    """A column of the user's cannot take the place of a category or of the text."""

    def add(rows: list[dict[str, str]]) -> None:
        for row in rows:
            row.update(text="x", autonomy="1")

    change(table, add)
    code, out, err = run("tag", seed_path, "--cases", table, "--format", "csv")
    assert (code, out) == (1, "")
    assert "named like columns of tags: text, autonomy" in err


@pytest.mark.parametrize("options", [["--stream"], ["--jobs", "2"], ["--dask", "tcp://x:1"]])
def test_streams_take_no_table(run: Run, table: Path, seed_path: Path, options: list[str]) -> None:
    """Rows are matched with all reports at once."""
    code, _, err = run("tag", seed_path, "--cases", table, "-o", "out.csv", *options)
    assert code == 2
    assert "--cases needs all reports at once" in err


def test_suggestions_spread_over_a_column(
    run: Run, table: Path, seed_path: Path, tmp_path: Path
) -> None:
    """With one value a report the picks are as by report; with one for all they differ."""
    empty = tmp_path / "labels"
    empty.mkdir()
    (empty / "codebook.toml").write_bytes(data_path("labels/codebook.toml").read_bytes())

    def picked(*options: object) -> list[str]:
        output = tmp_path / "next.xlsx"
        base = ("suggest", seed_path, "-n", 12, "--labels", empty, "-o", output)
        code, _, err = run(*base, *options)
        assert code == 0, err
        return [row["sentence"] for _, row in read_xlsx(output, "coding")]

    plain = picked()
    assert picked("--cases", table) == plain
    assert picked("--cases", table, "--by", "outcome") == plain

    def same(rows: list[dict[str, str]]) -> None:
        for row in rows:
            row["outcome"] = "1"

    change(table, same)
    assert picked("--cases", table, "--by", "outcome") != plain
    for options in (("--by", "place"), ("--by", "colour", "--cases", table)):
        assert run("suggest", seed_path, "--labels", empty, *options)[0] == 2


def test_rows_of_a_table_are_told_apart(run: Run, tmp_path: Path) -> None:
    """Reports with the same offsets in one file are known by their part."""
    source, table = tmp_path / "in.csv", tmp_path / "cases.csv"
    write_csv(source, ["标题", "正文"], [["甲", "我镇划分网格。"], ["乙", "我镇选派干部。"]])
    assert run("manifest", source, "-o", table)[0] == 0

    def place(rows: list[dict[str, str]]) -> None:
        assert [row["part"] for row in rows] == ["row 2", "row 3"]
        for row in rows:
            row["place"] = f"{row['title']}县"
        rows.reverse()

    change(table, place)
    code, out, err = run("tag", source, "--cases", table, "--format", "csv")
    assert code == 0, err
    assert [(row["report"], row["place"]) for row in tags_of(out)] == [
        ("甲", "甲县"),
        ("乙", "乙县"),
    ]


def test_a_column_named_like_a_formula_is_inert(
    run: Run, table: Path, seed_path: Path, tmp_path: Path
) -> None:
    """What the user's columns are called is no more run than what is in them."""
    name = "=cmd|' /C calc'!A0"
    change(table, lambda rows: [row.update({name: "1"}) for row in rows] and None)
    output = tmp_path / "o.csv"
    assert run("tag", seed_path, "--cases", table, "-o", output)[0] == 0
    header = next(csv.reader(output.read_text(encoding="utf-8-sig").splitlines()))
    assert "'" + name in header
    assert name not in header
