"""Suggestions from files: every sentence can be picked, under an id of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from practicelib.files.data import data_path
from practicelib.files.tables import read_csv
from practicelib.labels.interchange import write_exchange
from practicelib.labels.interchange_items import Exchange
from practicelib.labels.reading import read_codings
from practicelib.labels.reviewing import review
from practicelib.model.storage import load_tagger
from practicelib.records.labelled import SUGGESTED
from practicelib.workflows.suggesting import suggest_from_files

TEXTS = {
    "first": "网格员每周入户走访群众。\n驻区单位签订了共建协议。\n",
    "second": "村民小组召开了议事会议。\n街道选派了干部驻村帮扶。\n",
}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two reports of one name, their sentences at the same places."""
    paths = [tmp_path / folder / "report.txt" for folder in TEXTS]
    for path, text in zip(paths, TEXTS.values(), strict=True):
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    return paths


def suggested(files: list[Path]) -> Exchange:
    """All sentences that can be picked."""
    return suggest_from_files(load_tagger(), files, 10)[0]


def test_files_of_one_name_have_ids_of_their_own(files: list[Path]) -> None:
    """No sentence of the second is passed over; a copy of a file adds nothing."""
    picked = suggested(files).sentences
    assert {s.text for s in picked} == {line for t in TEXTS.values() for line in t.split()}
    assert len({s.id for s in picked}) == len(picked) == 4
    assert [s.id for s in suggested(files).sentences] == [s.id for s in picked]
    shutil.copy(files[0], files[1])
    assert len(suggested(files).sentences) == 2


def test_their_codings_stay_apart(files: list[Path], tmp_path: Path) -> None:
    """Each label comes to its sentence, at its place, beside an id of the older form."""
    labels = tmp_path / "labels"
    (labels / "sentences").mkdir(parents=True)
    shutil.copy(data_path("labels/codebook.toml"), labels / "codebook.toml")
    for number, file in enumerate(files):
        exchange = suggested([file])
        path = tmp_path / f"{number}.xlsx"
        write_exchange(exchange, path, "workbook")
        book = openpyxl.load_workbook(path)
        column = [cell.value for cell in book["coding"][1]].index("coder_A") + 1
        for row in (2, 3):
            book["coding"].cell(row, column).value = ("网格管理", "共建联建")[number]
        book.save(path)
        review(path, labels, names={"coder_A": "wang"})
    table = read_codings(labels)
    grid = table.categories.index("grid_management")
    coded = {
        s.text: bool(c[grid]) for s, c in zip(table.sentences, table.codes[:, 0, 0], strict=True)
    }
    assert coded == {line: name == "first" for name, t in TEXTS.items() for line in t.split()}
    for s in table.sentences:
        assert s.source == SUGGESTED
        assert any(text[s.start : s.end] == s.text for text in TEXTS.values())


def test_ids_of_older_folders_stay(files: list[Path], tmp_path: Path) -> None:
    """What was brought in under an id without a hash is known, and is not suggested again."""
    root = tmp_path / "labels"
    (root / "codings").mkdir(parents=True)
    text = TEXTS["first"].split()[0]
    write_exchange(suggested(files), tmp_path / "next.xlsx", "workbook")
    book = openpyxl.load_workbook(tmp_path / "next.xlsx")
    rows = {row[4].value: row for row in book["coding"].iter_rows()}
    header = [cell.value for cell in book["coding"][1]]
    rows[text][0].value = f"{SUGGESTED}:report:0"
    rows[text][header.index("coder_A")].value = "网格管理"
    book.save(tmp_path / "next.xlsx")
    assert review(tmp_path / "next.xlsx", root).sentences == 1
    assert [row["id"] for _, row in read_csv(root / "sentences" / "suggested.csv")] == [
        f"{SUGGESTED}:report:0"
    ]
    coded = [s.text for s in read_codings(root).sentences]
    left = suggest_from_files(load_tagger(), files, 10, coded=coded)[0].sentences
    assert {s.text for s in left} == {x for t in TEXTS.values() for x in t.split()} - {text}
