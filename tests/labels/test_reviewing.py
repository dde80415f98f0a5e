"""What `review` writes can be read again, or it writes nothing; no label on another sentence."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest

from practicelib.codebook.reading import read_codebook
from practicelib.errors import LabelError
from practicelib.files.data import data_path
from practicelib.files.hashing import hash_text
from practicelib.files.tables import csv_text, read_csv
from practicelib.labels import reviewing
from practicelib.labels.gold import SUPPORT
from practicelib.labels.interchange import write_exchange
from practicelib.labels.interchange_items import Exchange
from practicelib.labels.reading import read_codings
from practicelib.labels.reviewing import review
from practicelib.records.labelled import SentenceInfo
from practicelib.workflows.gold import read_gold

TEXTS = {
    "suggested:new:0": "网格员每周入户走访，问题当天上报。",
    "suggested:new:20": "驻区单位签订共建协议，形成长效机制。",
    "suggested:new:40": "村民小组召开议事会，商量停车问题。",
}
FIRST, SECOND, THIRD = TEXTS
Fill = Mapping[int, Mapping[str, str]]
"""Answers by row and column."""


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """A label folder with a codebook only."""
    root = tmp_path / "labels"
    root.mkdir()
    shutil.copy(data_path("labels/codebook.toml"), root / "codebook.toml")
    return root


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook of suggested sentences with answers."""

    def write(fill: Fill, texts: Mapping[str, str] = TEXTS, name: str = "next.xlsx") -> Path:
        book = read_codebook(None)
        infos = tuple(
            SentenceInfo(i, text, i.rpartition(":")[0], "train", "suggested")
            for i, text in texts.items()
        )
        names = tuple(category.zh for category in book.categories)
        path = tmp_path / name
        write_exchange(Exchange(infos, book.keys, names, codebook=book), path, "workbook")
        filled = openpyxl.load_workbook(path)
        sheet = filled["coding"]
        header = [cell.value for cell in sheet[1]]
        for row, cells in fill.items():
            for column, value in cells.items():
                sheet.cell(row, header.index(column) + 1).value = value
        filled.save(path)
        return path

    return write


def copied(path: Path, row: int, fill: Mapping[str, str]) -> Path:
    """The workbook with a row once more at its end, filled in otherwise."""
    book = openpyxl.load_workbook(path)
    sheet = book["coding"]
    header = [str(cell.value) for cell in sheet[1]]
    cells = dict(zip(header, (cell.value for cell in sheet[row]), strict=True))
    sheet.append([{**cells, **fill}[column] for column in header])
    book.save(path)
    return path


def state(root: Path) -> dict[str, bytes]:
    """All tables of a label folder."""
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*.csv")}


def test_an_id_stands_for_one_text(labels: Path, workbook: Callable[..., Path]) -> None:
    """Older ids of two files of one name are alike: the second file's sentence is refused."""
    both = {2: {"coder_A": "网格管理"}, 3: {"coder_A": "共建联建"}}
    review(workbook(both), labels, names={"coder_A": "wang"})
    before = state(labels)
    other = {FIRST: "街道选派干部驻村，群众表示满意。", SECOND: TEXTS[SECOND]}
    path = workbook({2: {"coder_B": "选人育人"}, 3: {"coder_B": "无"}}, other, "second.xlsx")
    with pytest.raises(LabelError, match="another text under this id") as error:
        review(path, labels, names={"coder_B": "li"})
    assert [(f.file, f.line, f.value) for f in error.value.faults] == [(str(path), 2, FIRST)]
    assert state(labels) == before
    # The same text under an id of the folder is the same sentence.
    done = review(workbook({2: {"coder_B": "无"}}), labels, names={"coder_B": "li"})
    assert (done.sentences, done.codings) == (0, {"li": 1})
    assert len(read_codings(labels).sentences) == 2


def test_a_folder_may_have_yes_no_sheets(labels: Path, workbook: Callable[..., Path]) -> None:
    """They are read by the folder's codebook; who coded in one has coded before."""
    review(workbook({2: {"coder_A": "网格管理"}}), labels, names={"coder_A": "wang"})
    columns = ("sentence", *read_codebook().keys)
    sheet = csv_text(columns, [(FIRST, 0, 1, 0, 0)])
    (labels / "codings" / "li.csv").write_text(sheet, encoding="utf-8")
    path = workbook({2: {"coder_A": "网格管理"}, 3: {"coder_A": "无"}}, name="second.xlsx")
    with pytest.raises(LabelError, match="'li' has coded it before"):
        review(path, labels, names={"coder_A": "li"})
    done = review(path, labels, names={"coder_A": "zhao"})
    assert (done.sentences, done.codings) == (1, {"zhao": 2})


@pytest.mark.parametrize(
    "extra", [{}, {"coder_A": "", "coder_B": "无"}, {"coder_A": ""}, {"coder_A": "无"}]
)
def test_a_row_stands_in_a_workbook_once(
    labels: Path, workbook: Callable[..., Path], extra: dict[str, str]
) -> None:
    """A copied row would give an id twice, and the whole folder could not be read."""
    path = copied(workbook({2: {"coder_A": "网格管理"}}), 2, extra)
    with pytest.raises(LabelError, match=r"next\.xlsx:5: the same sentence as in line 2"):
        review(path, labels)
    assert state(labels) == {}


def test_two_columns_of_one_coder(labels: Path, workbook: Callable[..., Path]) -> None:
    """One name for two columns holds as long as they coded different sentences."""
    names = {"coder_A": "wang", "coder_B": "wang"}
    apart: Fill = {2: {"coder_A": "网格管理"}, 3: {"coder_B": "无"}}
    with pytest.raises(LabelError, match="'wang' codes 'suggested:new:20' twice") as error:
        review(workbook({**apart, 3: {"coder_A": "无", "coder_B": "无"}}), labels, names=names)
    assert error.value.line == 3
    assert state(labels) == {}
    assert review(workbook(apart), labels, names=names).codings == {"wang": 2}
    assert read_codings(labels).coders[0].name == "wang"


def test_codings_of_all_files_count(labels: Path, workbook: Callable[..., Path]) -> None:
    """Whoever coded a sentence in another file of the folder has coded it before."""
    review(workbook({2: {"coder_A": "网格管理"}}), labels, names={"coder_A": "wang"})
    (labels / "codings" / "wang.csv").rename(labels / "codings" / "first.csv")
    with pytest.raises(LabelError, match="'wang' has coded it before"):
        review(workbook({2: {"coder_A": "无"}}), labels, names={"coder_A": "wang"})


def test_a_coder_may_be_named_by_the_file_alone(
    labels: Path, workbook: Callable[..., Path]
) -> None:
    """Rows of a file without the column `coder` stay that coder's when rows are added."""
    review(workbook({2: {"coder_A": "网格管理"}}), labels, names={"coder_A": "wang"})
    file = labels / "codings" / "wang.csv"
    file.write_text(csv_text(["sentence", "labels"], [[FIRST, "无"]]), encoding="utf-8")
    review(workbook({3: {"coder_A": "共建联建"}}), labels, names={"coder_A": "wang"})
    assert [coder.name for coder in read_codings(labels).coders] == ["wang"]
    assert [row["coder"] for _, row in read_csv(file)] == ["wang", "wang"]
    file.write_text(csv_text(["sentence", "wang"], [[FIRST, "无"]]), encoding="utf-8")
    with pytest.raises(LabelError, match="without the columns sentence and labels"):
        review(workbook({3: {"coder_A": "共建联建"}}), labels, names={"coder_A": "wang"})


def test_decisions_are_of_coded_sentences(labels: Path, workbook: Callable[..., Path]) -> None:
    """Gold refuses a decision on a sentence that nobody coded; so does the review, by name."""
    alone: Fill = {2: {"coder_A": "无"}, 3: {"adjudicated": "共建联建"}}
    with pytest.raises(LabelError, match=r"nobody has coded it.*suggested:new:20"):
        review(workbook(alone), labels, by="zhao")
    assert state(labels) == {}
    review(workbook({**alone, 3: {"coder_A": "无", "adjudicated": "共建联建"}}), labels, by="zhao")
    assert len(read_gold(labels)[0]) == 2
    # Coded by another workbook before is coded too.
    review(workbook({2: {"adjudicated": "网格管理"}}), labels, by="zhao")
    assert len(read_gold(labels)[0]) == 2


def test_reviews_wait_for_each_other(
    labels: Path, workbook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second review that begins while the first is about to write loses nothing of either."""
    first = workbook({2: {"coder_A": "网格管理"}})
    second = workbook({3: {"coder_A": "共建联建"}}, name="second.xlsx")
    other = threading.Thread(target=review, args=(second, labels))
    write = reviewing.write_together

    def slowly(folder: Path, files: Mapping[str, bytes]) -> None:
        if not other.ident:
            other.start()
            other.join(timeout=3)
        write(folder, files)

    monkeypatch.setattr(reviewing, "write_together", slowly)
    review(first, labels)
    other.join()
    assert {s.id for s in read_codings(labels).sentences} == {FIRST, SECOND}


def test_a_folder_that_is_not_there(tmp_path: Path, workbook: Callable[..., Path]) -> None:
    """It is named, and not made."""
    with pytest.raises(LabelError, match="no such folder"):
        review(workbook({2: {"coder_A": "无"}}), tmp_path / "none")


def test_none_is_added_to_a_sheet_of_the_queue(labels: Path, workbook: Callable[..., Path]) -> None:
    """There a blank is "not decided yet": what was decided to be none can be read again."""
    header = ("sentence", "text", "labels", "by", "reason", "date", f"{SUPPORT}autonomy")
    rows = [("old:1", "旧句。", "autonomy", "wang", "核对", "", "1/2")]
    (labels / "decisions.csv").write_text(csv_text(header, rows), encoding="utf-8")
    (labels / "codings").mkdir()
    old = csv_text(("sentence", "labels"), [("old:1", "autonomy")])
    (labels / "codings/wang.csv").write_text(old, encoding="utf-8")
    (labels / "sentences").mkdir()
    place = ("old:1", "old", "0", "3", "旧句。", hash_text("旧句。"))
    columns = ("id", "report", "start", "end", "text", "sha256")
    (labels / "sentences/old.csv").write_text(csv_text(columns, [place]), encoding="utf-8")
    fill = {2: {"coder_A": "网格管理", "coder_B": "无", "adjudicated": "无"}}
    review(workbook(fill), labels, by="chen")
    gold = read_gold(labels)[0]
    found = {info.id: gold.labels[i].any() for i, info in enumerate(gold.sentences)}
    assert found == {"old:1": True, FIRST: False}
