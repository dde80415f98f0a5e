"""A label folder from reports: coded in a workbook, read back, adjudicated."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import practicelib as pl
from practicelib.errors import LabelError, PracticeError, ReportError
from practicelib.labels.folder import read_sentences
from practicelib.labels.interchange import exchange_of, read_exchange, write_exchange
from practicelib.labels.interchange_items import exchange_of_rows
from practicelib.labels.reading import read_uncoded
from practicelib.practices.case_matching import match_cases
from practicelib.practices.cases import guess_cases
from practicelib.workflows.preparing import prepare
from tests.labels.folders import CODEBOOK

TEXTS = {
    "east/甲.txt": "引水记\n三个村一起修了水渠。年底开了总结会。\n",
    "west/甲.txt": "修路记\r\n村口的路由各户轮流养护。\r\n大家都说好。\r\n",
    "乙.md": "# 一、水库\n\n水库清淤，路也通了。\n",
}


@pytest.fixture()
def reports(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        file = tmp_path / "in" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("gb18030"))
    (tmp_path / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    return tmp_path / "in"


def test_every_sentence_stands_in_the_folder(reports: Path, tmp_path: Path) -> None:
    """With its place in the text that the folder keeps; files of one name are two."""
    done = prepare([reports], tmp_path / "mine", tmp_path / "codebook.toml")
    faults: list[pl.errors.Fault] = []
    known = read_sentences(tmp_path / "mine", faults)
    assert not faults
    read = [(s.text, r.section_title(s)) for r in pl.read_reports(reports) for s in r.sentences]
    assert [info.text for info in known.sentences.values()] == [text for text, _ in read]
    assert (done.reports, done.sentences) == (3, len(read))
    assert len(set(known.sentences)) == len(read)
    assert {info.role for info in known.sentences.values()} == {"train"}


def test_the_compilation_keeps_its_reports(seed_path: Path, tmp_path: Path) -> None:
    """One text for all; a case table of the folder's own files fits its gold."""
    codebook = Path(pl.read_codebook.__globals__["data_path"]("labels")) / "codebook.toml"
    prepare([seed_path], tmp_path / "mine", codebook)
    assert [f.name for f in (tmp_path / "mine/reports").iterdir()] == ["seed.txt"]
    known = read_sentences(tmp_path / "mine", [])
    assert len({info.report for info in known.sentences.values()}) == 7


def test_from_reports_to_gold(reports: Path, tmp_path: Path) -> None:
    """The workbook that coders fill in is read by the folder's codebook, however they type."""
    root = tmp_path / "mine"
    prepare([reports], root, tmp_path / "codebook.toml")
    book = pl.read_codebook(root / "codebook.toml")
    write_exchange(
        exchange_of(read_uncoded(root, book), codebook=book), tmp_path / "a.xlsx", "workbook"
    )
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")
    rows = list(sheet["coding"].iter_rows(min_row=2))
    column = {cell.value: cell.column - 1 for cell in sheet["coding"][1]}
    for row in rows:
        said = "管水" if "水" in row[column["text"]].value else "无"
        row[column["coder_A"]].value = said
        row[column["coder_B"]].value = said.replace("管水", "Ｗａｔｅｒ")
    sheet.save(tmp_path / "a.xlsx")
    coded = exchange_of_rows(read_exchange(tmp_path / "a.xlsx", "workbook", book), book)
    write_exchange(coded, root / "codings" / "first.csv", "codings")
    table = pl.read_codings(root)
    gold = pl.adjudicate(table)
    assert pl.consistency(table, resamples=20).category("water").alpha.value == 1.0
    assert [bool(row[0]) for row in gold.labels] == ["水" in text for text in gold.texts]
    tagged = pl.tags_from_gold(gold, folder=root)
    files = pl.read_reports(root / "reports")
    matched = match_cases(guess_cases(files, root / "reports"), [one.report for one in tagged])
    assert sorted(case.file for case in matched) == sorted(
        Path(report.source.file).name for report in files
    )


def test_nothing_is_overwritten_and_faults_are_named(reports: Path, tmp_path: Path) -> None:
    """Sentences that are there, a codebook that is not, no report, an unreadable file."""
    with pytest.raises(LabelError, match="no codebook"):
        prepare([reports], tmp_path / "mine")
    with pytest.raises(ReportError, match="no"):
        prepare([tmp_path / "none"], tmp_path / "mine", tmp_path / "codebook.toml")
    assert not (tmp_path / "mine").exists()
    (reports / "bad.docx").write_bytes(b"no archive")
    refused: list[PracticeError] = []
    done = prepare([reports], tmp_path / "m", tmp_path / "codebook.toml", refused=refused.append)
    assert done.reports == 3 and "bad.docx" in str(refused[0])
    with pytest.raises(LabelError, match="already"):
        prepare([reports], tmp_path / "m", refused=refused.append)
