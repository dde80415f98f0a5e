"""Yes/no sheets: one column a category; what is blank, what is no, and what cannot be told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from practicelib.codebook.reading import read_codebook
from practicelib.errors import LabelError
from practicelib.files.xlsx import write_xlsx
from practicelib.labels.reading import read_codings
from tests.labels.folders import label_folder, write_csv

KEYS = ("co_building", "grid_management", "autonomy", "talent_selection")
NAMES = tuple(category.zh for category in read_codebook().categories)
ROWS = [
    ("s1", "甲", 1, 0, 0, 0, ""),
    ("s2", "乙", 0, 1, 1, 0, "疑"),
    ("s3", "丙", "", "", "", "", ""),
    ("s4", "丁", 0, 0, 0, 0, ""),
    ("s5", "戊", "", "", 1, "", ""),
]
CODES = [[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 1, 0]]


@pytest.mark.parametrize("names", [KEYS, NAMES])
def test_each_column_is_a_category_and_the_file_a_coder(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    """A note is passed over, a blank row was not coded, beside a yes a blank is a no."""
    columns = ("sentence", "text", *names, "备注")
    write_csv(tmp_path / "wang.csv", columns, ROWS)
    write_xlsx(tmp_path / "li.xlsx", {"sheet": (columns, ROWS)})
    table = read_codings([tmp_path / "wang.csv", tmp_path / "li.xlsx"])
    assert table.categories == KEYS
    assert [coder.name for coder in table.coders] == ["wang", "li"]
    assert [info.id for info in table.sentences] == ["s1", "s2", "s4", "s5"]
    assert np.array_equal(table.codes[:, 0, 0], CODES)
    assert np.array_equal(table.codes[:, 1, 0], CODES)


def test_a_sheet_without_any_yes_is_of_the_shipped_codebook(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ("sentence", *KEYS), [("s1", 0, 0, 0, 0)])
    write_csv(tmp_path / "b.csv", ("sentence", "labels"), [("s1", "")])
    table = read_codings([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert (table.categories, table.codes.tolist()) == (KEYS, [[[[0] * 4]] * 2])


def test_an_empty_list_of_labels_beside_the_columns_takes_nothing_away(tmp_path: Path) -> None:
    """As in the sheet of a sample to which a coder added columns."""
    columns = ("file", "start", "end", "labels", "inclusion", "seed", *KEYS)
    rows = [("a.txt", 0, 9, "", 1, 0, 0, 0, 1, 0), ("a.txt", 9, 12, "", 1, 0, *[""] * 4)]
    write_csv(tmp_path / "wang.csv", columns, rows)
    table = read_codings(tmp_path / "wang.csv")
    assert [info.id for info in table.sentences] == ["a.txt:0:9"]
    assert table.codes[0, 0, 0].tolist() == [0, 0, 1, 0]


def test_one_sheet_may_hold_several_coders(tmp_path: Path) -> None:
    rows = [("s1", coder, *cells) for coder, cells in (("a", "√×"), ("b", "××"))]
    rows = [(s, coder, *("是" if c == "√" else "否" for c in cells)) for s, coder, *cells in rows]
    folder = label_folder(tmp_path, {"a": [""] * 6})
    path = write_csv(tmp_path / "both.csv", ("sentence", "coder", "管水", "修路"), rows)
    table = read_codings(path, codebook=folder / "codebook.toml")
    assert [coder.name for coder in table.coders] == ["a", "b"]
    assert table.codes[0, :, 0].tolist() == [[1, 0], [0, 0]]


@pytest.mark.parametrize("yes", ["1", "１", "1.0", "TRUE", "是", "Yes", "√"])
@pytest.mark.parametrize("no", ["0", "０", "0.0", "FALSE", "否", "No", "×"])
def test_yes_and_no_as_people_and_programs_write_them(tmp_path: Path, yes: str, no: str) -> None:
    write_csv(tmp_path / "a.csv", ("sentence", *KEYS), [("s1", yes, no, no, yes)])
    assert read_codings(tmp_path / "a.csv").codes[0, 0, 0].tolist() == [1, 0, 0, 1]


@pytest.mark.parametrize(
    ("columns", "rows", "cause"),
    [
        (KEYS, [("s1", 1, 0, "", 0)], "2: a blank cell beside 0: autonomy"),
        (KEYS, [("s1", 1, "", "", ""), ("s2", "", "", "", "")], "3: no cell is filled in"),
        (
            KEYS,
            [("s1", 1, 0, 0, 0), ("s2", 1, 0, "也许", 0)],
            "3: neither 1 nor 0: autonomy '也许'",
        ),
        (KEYS[:3], [("s1", 1, 0, 0)], "1: one column a category, but none for talent_selection"),
        ((*KEYS[:3], "选人"), [("s1", 1, 0, 0, 1)], "1: the cells under 选人 say yes or no"),
        ((*KEYS, "治水"), [("s1", 1, 0, 0, 0, 1), ("s2", 1, 0, 0, 0, "?")], "1: .* under 治水 say"),
        (
            (*KEYS, "labels"),
            [("s1", 1, 0, 0, 0, "autonomy")],
            "1: codes in the column",
        ),
        (("党建", "治安"), [("s1", 1, 0)], "1: the cells under 党建, 治安 say yes or no"),
        ((*KEYS, "群众自治"), [("s1", 1, 0, 0, 0, 0)], "1: two columns are the same category"),
    ],
)
def test_what_cannot_be_told_is_refused(
    tmp_path: Path, columns: tuple[str, ...], rows: list[tuple[object, ...]], cause: str
) -> None:
    """With its line; a guess would be another coding."""
    path = write_csv(tmp_path / "wang.csv", ("sentence", *columns), rows)
    with pytest.raises(LabelError, match=cause):
        read_codings(path)
