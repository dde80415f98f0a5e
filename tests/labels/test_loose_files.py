"""Coding files read alone, without a label folder: whose codebook, whose codes, which sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from practicelib.errors import LabelError
from practicelib.files.xlsx import write_xlsx
from practicelib.labels.reading import read_codings
from practicelib.model.tagger import Tagger
from practicelib.show.tagged_rows import to_csv
from practicelib.text.reading import read_reports
from tests.labels.folders import write_csv


def test_labels_that_the_shipped_codebook_knows_are_its_categories(tmp_path: Path) -> None:
    """Whether they are written as keys or as names, and whatever the case; others stay."""
    for labels, categories in (("autonomy", 4), ("群众自治", 4), ("AUTONOMY", 4), ("修路;治水", 2)):
        path = write_csv(tmp_path / "a.csv", ("sentence", "a", "b"), [("s1", labels, "-")])
        table = read_codings(path)
        assert len(table.categories) == categories
        assert table.codes[0, 0, 0].sum() == (2 if ";" in labels else 1)
        assert bool(table.names) == (categories == 4)


ROWS = [("s1", "autonomy"), ("s2", "autonomy")]


@pytest.mark.parametrize("slip", ["grid_managment", "治水", "0"])
def test_a_slip_of_the_pen_is_no_category(tmp_path: Path, slip: str) -> None:
    """Beside labels that the shipped codebook knows."""
    path = write_csv(tmp_path / "a.csv", ("sentence", "a"), [*ROWS, ("s3", slip)])
    with pytest.raises(LabelError, match=f"4: .*unknown category '{slip}'.*or name a codebook"):
        read_codings(path)


def test_what_a_model_tagged_is_no_coding(tmp_path: Path, tagger: Tagger, seed_path: Path) -> None:
    """Its own table would be read as one more coder."""
    (tmp_path / "tags.csv").write_text(
        to_csv([tagger.tag_report(read_reports(seed_path)[1])]), encoding="utf-8"
    )
    with pytest.raises(LabelError, match="1: tagged by a model, not coded"):
        read_codings(tmp_path / "tags.csv")


@pytest.mark.parametrize("folder", ["", "codings"])
def test_loose_files_say_who_their_coders_are(tmp_path: Path, folder: str) -> None:
    """By a coders.csv beside them, or beside the folder codings/; it is no coding file."""
    home = tmp_path / folder
    home.mkdir(exist_ok=True)
    for coder in ("张三", "李四"):
        write_csv(home / f"{coder}.csv", ("sentence", "labels"), [("1", "a"), ("2", "")])
    assert {coder.kind for coder in read_codings(home).coders} == {"unknown"}
    rows = [("张三", "person"), ("李四", "person")]
    write_csv(tmp_path / "coders.csv", ("coder", "kind"), rows)
    assert [coder.kind for coder in read_codings(home).coders] == ["person", "person"]
    assert read_codings([home / "张三.csv", home / "李四.csv"]).coders[0].kind == "person"


def test_names_of_columns_in_a_workbook_may_have_spaces(tmp_path: Path) -> None:
    rows = [("s1", "甲", "x"), ("s1", "乙", ""), ("s2", "甲", ""), ("s2", "乙", "y")]
    write_xlsx(tmp_path / "a.xlsx", {"s": (("sentence ", "coder ", " labels"), rows)})
    table = read_codings(tmp_path / "a.xlsx")
    assert [coder.name for coder in table.coders] == ["甲", "乙"]
    assert table.codes[:, :, 0].tolist() == [[[1, 0], [0, 0]], [[0, 0], [0, 1]]]


def test_the_sheet_of_a_sample_may_have_a_column_a_coder(tmp_path: Path) -> None:
    """In place of its column of labels; what it notes of the draw is no coder."""
    columns = ("file", "start", "end", "text", "stratum", "size", "inclusion", "seed", "王", "李")
    rows = [("甲.txt", 0, 8, "句", "4838502e", 12, 0.3, 0, "群众自治", "-")]
    table = read_codings(write_csv(tmp_path / "both.csv", columns, rows))
    assert [coder.name for coder in table.coders] == ["王", "李"]
    assert table.codes[0, :, 0].tolist() == [[0, 0, 1, 0], [0, 0, 0, 0]]


def test_copies_of_a_sample_name_sentences_by_their_place(tmp_path: Path) -> None:
    """Two coders fill in the sheet of `practicelib sample`; a blank cell there is not coded."""
    columns = ("file", "start", "end", "text", "labels", "inclusion", "model", "seed")
    for coder, labels in (("wang", ("群众自治", "-", "")), ("li", ("autonomy", "", "-"))):
        rows = [
            ("甲.txt", 9 * i, 9 * i + 8, "句", label, 1, "m", 0) for i, label in enumerate(labels)
        ]
        write_csv(tmp_path / f"{coder}.csv", columns, rows)
    table = read_codings([tmp_path / "wang.csv", tmp_path / "li.csv"])
    assert [info.id for info in table.sentences] == ["甲.txt:0:8", "甲.txt:9:17", "甲.txt:18:26"]
    coded = (table.codes[:, :, 0] >= 0).all(axis=2)
    assert coded.tolist() == [[True, True], [True, False], [False, True]]


def test_names_that_differ_in_width_are_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a codebook the labels are the categories, however wide their brackets; said once."""
    rows = [
        ("1", "a", "技术（数字化）"),
        ("2", "a", "Ａ类"),
        ("1", "b", "技术(数字化)"),
        ("2", "b", "a类"),
    ]
    file = write_csv(tmp_path / "c.csv", ("sentence", "coder", "labels"), rows)
    table = read_codings(file)
    assert len(table.categories) == 2
    assert (table.codes[:, 0] == table.codes[:, 1]).all()
    assert len([r for r in caplog.records if "one category" in r.getMessage()]) == 2
