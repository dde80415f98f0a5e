"""Tables: what is written comes back, and no cell becomes a formula."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicelib.errors import LabelError, MissingExtraError
from practicelib.files.tables import (
    CELL_LIMIT,
    csv_text,
    jsonl_text,
    protect,
    read_csv,
    read_jsonl,
    unprotect,
    write_csv,
)
from practicelib.files.xlsx import XLSX_CELL_LIMIT, Figure, read_table, read_xlsx, write_xlsx

PAYLOADS = [
    f"{start}{rest}"
    for start in ("=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠")
    for rest in ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x","点")')
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_formulas_are_inert_and_come_back(tmp_path: Path, payload: str) -> None:
    """Thirty payloads: a leading apostrophe in the file, the same text after reading."""
    assert protect(payload) == "'" + payload
    write_csv(tmp_path / "t.csv", ["text"], [[payload]])
    assert read_csv(tmp_path / "t.csv")[0][1] == {"text": payload}
    cells = list(csv.reader(io.StringIO(csv_text([payload], []), newline="")))
    assert cells[0] == ["'" + payload]
    write_xlsx(tmp_path / "t.xlsx", {"sheet": (["text"], [[payload.replace("\r", "")]])})
    assert read_xlsx(tmp_path / "t.xlsx")[0][1]["text"].strip() == payload.replace("\r", "").strip()


@given(st.text())
def test_protection_is_undone(text: str) -> None:
    """`unprotect` gives back what `protect` was given, whatever the text."""
    assert unprotect(protect(text)) == text
    assert not protect(text).startswith(("=", "+", "@", "\t", "＝"))


def test_csv_opens_in_excel_and_knows_its_lines(tmp_path: Path) -> None:
    """A byte-order mark first; rows carry the line they begin on, also after a broken cell."""
    file = tmp_path / "t.csv"
    write_csv(file, ["a", "b"], [["甲\n乙", "1"], ["丙", "2"]])
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read_csv(file) == [(2, {"a": "甲\n乙", "b": "1"}), (4, {"a": "丙", "b": "2"})]


@pytest.mark.parametrize(
    ("content", "line", "cause"),
    [
        (b"", 0, "empty"),
        (b"\n\n", 0, "empty"),
        (b"\xff\xfe\xfd", 1, "not utf-16-le"),
        (b'a,b\n1,2\n"3,4\n5,6\n7,8\n', 3, "not CSV: unexpected end"),
        (b'a,b\n1,2\n"3"4,5\n', 3, "not CSV"),
        (b"a,wang,wang,b,b\n1,2,3,4,5\n", 1, "'wang' stands 2 times"),
        (b"a,b\n\n1\n2,3\n", 3, "fewer cells than columns: 1, not 2"),
        (b"a,b\n1,2,,3,\n", 2, "more cells than columns: 4, not 2"),
    ],
)
def test_damaged_csv_is_never_read_as_other_data(
    tmp_path: Path, content: bytes, line: int, cause: str
) -> None:
    """The line on which the fault begins; a quote that is never closed swallows nothing."""
    file = tmp_path / "t.csv"
    file.write_bytes(content)
    with pytest.raises(LabelError, match=cause) as caught:
        read_csv(file)
    assert caught.value.line == line


SHEET = "sentence;labels;text\r\ns1;共建联建;各方共建。\r\ns2;-;没有机制。\r\n;;\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_as_spreadsheets_save_it_is_read(tmp_path: Path, encoding: str, separator: str) -> None:
    """Whatever encoding and separator the system has; rows of empty cells are passed over."""
    file = tmp_path / "t.csv"
    file.write_bytes(SHEET.replace(";", separator).encode(encoding))
    assert read_csv(file) == [
        (2, {"sentence": "s1", "labels": "共建联建", "text": "各方共建。"}),
        (3, {"sentence": "s2", "labels": "-", "text": "没有机制。"}),
    ]


def test_too_few_letters_tell_no_encoding(tmp_path: Path) -> None:
    """A handful of names would be read as others, and nobody would know."""
    (tmp_path / "t.csv").write_bytes("sentence,马芳华,刘涛\ns0,autonomy,-\n".encode("gb18030"))
    with pytest.raises(LabelError, match="too little text"):
        read_csv(tmp_path / "t.csv")


@pytest.mark.parametrize(
    "text",
    [
        ",,\n\na,b,c\n1,2,3\n",
        "sep=;\na;b;c\n1;2;3\n",
        "a\tb\tc\n1\t2\t3\n",
        '"a",b,c\n1,2,3\n',
    ],
)
def test_what_stands_before_the_header_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    assert [row for _, row in read_csv(tmp_path / "t.csv")] == [{"a": "1", "b": "2", "c": "3"}]


@pytest.mark.parametrize("header", ["text (a, b, c)\tlabels", '"labels;joined;by",labels'])
def test_names_of_columns_may_hold_what_parts_others(tmp_path: Path, header: str) -> None:
    cells = "1\t2" if "\t" in header else "1,2"
    (tmp_path / "t.csv").write_text(f"{header}\n{cells}\n", encoding="utf-8")
    assert list(read_csv(tmp_path / "t.csv")[0][1].values()) == ["1", "2"]


@pytest.mark.parametrize(
    ("name", "cause"), [("鱿鲑鲈鲇鲫鲷中", "too little text"), ("é", "in no encoding")]
)
def test_an_encoding_in_doubt_is_refused(tmp_path: Path, name: str, cause: str) -> None:
    """What cannot be told is not guessed: a wrong guess would be other data."""
    file = tmp_path / "t.csv"
    file.write_bytes(f"a,b\n{name},1\n".encode("latin-1" if name == "é" else "gb18030"))
    with pytest.raises(LabelError, match=cause):
        read_csv(file)


def test_all_rows_that_do_not_fit_are_named(tmp_path: Path) -> None:
    """Also those after a quote that is out of place; a wrong separator names a bounded number."""
    file = tmp_path / "t.csv"
    file.write_text('a,b\n1\n2,3\n4,5,6\n"7"8,9\n', encoding="utf-8")
    with pytest.raises(LabelError) as caught:
        read_csv(file)
    assert [fault.line for fault in caught.value.faults] == [2, 4, 5]
    file.write_text("a,b\n" + "1;2\n" * 5000, encoding="utf-8")
    with pytest.raises(LabelError) as caught:
        read_csv(file)
    assert len(caught.value.faults) == 1000


def test_csv_as_people_have_it_is_read(tmp_path: Path) -> None:
    """Blank lines, rows of empty cells and notes beside the columns are no damage."""
    file = tmp_path / "t.csv"
    file.write_text("\na, b ,,\n\n1,2\n3,4,,\n  \n5,6,,,,\n7,8,x,y\n,,,\n", encoding="utf-8")
    assert read_csv(file) == [
        (4, {"a": "1", "b": "2"}),
        (5, {"a": "3", "b": "4"}),
        (7, {"a": "5", "b": "6"}),
        (8, {"a": "7", "b": "8", "": "x,y"}),
    ]


def test_a_workbook_with_a_column_twice_is_refused(tmp_path: Path) -> None:
    """The second would hide the first; columns without a name may be several."""
    file = tmp_path / "t.xlsx"
    write_xlsx(file, {"s": (["sentence", "wang", "wang"], [["s1", "a", "b"]])})
    with pytest.raises(LabelError, match="'wang' stands 2 times"):
        read_xlsx(file)
    write_xlsx(file, {"s": (["sentence", "", ""], [["s1", "a", "b"]])})
    assert read_xlsx(file) == [(2, {"sentence": "s1", "": "a,b"})]


def test_one_limit_holds_for_all_cells(tmp_path: Path) -> None:
    """Whatever the process has set before."""
    file = tmp_path / "t.csv"
    before = csv.field_size_limit(10)
    try:
        file.write_text(f"a\n{'长' * 210_000}\n", encoding="utf-8")
        assert len(read_csv(file)[0][1]["a"]) == 210_000
        file.write_text(f"a\n{'x' * (CELL_LIMIT + 1)}\n", encoding="utf-8")
        with pytest.raises(LabelError, match="field larger than field limit"):
            read_csv(file)
    finally:
        csv.field_size_limit(before)


def test_a_larger_limit_of_the_program_around_it_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ["a"], [["甲"]])
    before = csv.field_size_limit(2 * CELL_LIMIT)
    try:
        read_csv(path)
        assert csv.field_size_limit() == 2 * CELL_LIMIT
    finally:
        csv.field_size_limit(before)


def test_rows_of_a_sheet_have_the_numbers_that_people_see(tmp_path: Path) -> None:
    """Also where empty rows stand above the header."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in ([], [], ["sentence", "labels"], ["1", "网格"], [], ["2", "自治"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert [number for number, _ in read_xlsx(tmp_path / "a.xlsx")] == [4, 6]


def test_cells_of_a_workbook_are_text(tmp_path: Path) -> None:
    """Whole numbers without a point, as people typed them; of several sheets the first, or the
    one that is named; rows of empty cells are passed over."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["a", "b"], [12.0, 2.5], [None, "0007"], [" ", None], [None, None], ["", -3]):
        book.active.append(row)
    book.create_sheet("里").append(["c"])
    book["里"].append(["'=1"])
    book.create_sheet("空")
    path = tmp_path / "a.XLSX"
    book.save(path)
    assert read_table(path) == [
        (2, {"a": "12", "b": "2.5"}),
        (3, {"a": "", "b": "0007"}),
        (4, {"a": " ", "b": ""}),
        (6, {"a": "", "b": "-3"}),
    ]
    assert read_xlsx(path, "里") == [(2, {"c": "=1"})]
    for sheet, cause in (("空", "the sheet is empty"), ("外", "not a readable workbook")):
        with pytest.raises(LabelError, match=cause):
            read_xlsx(path, sheet)


def test_what_no_cell_can_hold_is_marked(tmp_path: Path) -> None:
    """XML has no control characters; tabs and line breaks stay, and so do several sheets."""
    path = tmp_path / "a.xlsx"
    long = "长" * XLSX_CELL_LIMIT
    first = (["a", "b"], [["甲\x00\x1f乙\t丙\n丁", 3], [long, "=1"]])
    write_xlsx(path, {"一": first, "二": (["c"], [])})
    assert read_xlsx(path) == [
        (2, {"a": "甲\ufffd\ufffd乙\t丙\n丁", "b": "3"}),
        (3, {"a": long, "b": "=1"}),
    ]
    assert read_xlsx(path, "二") == []


@pytest.mark.parametrize(
    ("use", "module"),
    [(read_xlsx, "python_calamine"), (lambda path: write_xlsx(path, {}), "openpyxl")],
)
def test_workbooks_need_an_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use: Callable[[Path], object], module: str
) -> None:
    """Which one is said, and nothing is written."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=r'pip install "practicelib\[excel\]"'):
        use(tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_jsonl_comes_back(tmp_path: Path) -> None:
    """One object a line, Chinese readable, with the lines that the objects stand on."""
    rows = [{"渠": "甲\n乙\u2028丙", "a": None}, {"b": [1, 0.5, True]}]
    text = jsonl_text(rows)
    assert text == '{"渠": "甲\\n乙\u2028丙", "a": null}\n{"b": [1, 0.5, true]}\n'
    (tmp_path / "t.jsonl").write_text("\n" + text, encoding="utf-8-sig", newline="")
    assert read_jsonl(tmp_path / "t.jsonl") == [(2, rows[0]), (3, rows[1])]
    for content, cause in ((b"\xff", "not UTF-8"), (None, "No such file")):
        if content is not None:
            (tmp_path / "u.jsonl").write_bytes(content)
        with pytest.raises(LabelError, match=cause):
            read_jsonl(tmp_path / ("u.jsonl" if content else "none.jsonl"))


def test_bad_jsonl_names_its_line(tmp_path: Path) -> None:
    """Broken JSON and rows that are no objects."""
    file = tmp_path / "t.jsonl"
    for bad, cause in (("{", "not JSON"), ("[1]", "not a JSON object")):
        file.write_text(f'{{"a": 1}}\n\n{bad}\n', encoding="utf-8")
        with pytest.raises(LabelError, match=cause) as caught:
            read_jsonl(file)
        assert caught.value.line == 3


def test_over_long_cells_are_refused(tmp_path: Path) -> None:
    """XLSX would cut them in silence."""
    with pytest.raises(ValueError, match="does not fit"):
        write_xlsx(tmp_path / "t.xlsx", {"s": (["a"], [["长" * (XLSX_CELL_LIMIT + 1)]])})
    assert not (tmp_path / "t.xlsx").exists()


def test_csv_text_keeps_line_ends_in_cells() -> None:
    """Cells with any kind of line end are quoted and come back unchanged."""
    assert csv_text(["a"], [["x\ry"], ["z"]]) == 'a\r\n"x\ry"\r\nz\r\n'


def test_a_figure_is_a_number_in_a_workbook_and_text_elsewhere(tmp_path: Path) -> None:
    import openpyxl

    figure = Figure("96.3%", 0.963, "0.0%")
    write_xlsx(tmp_path / "f.xlsx", {"s": (["share", "text"], [[figure, "0.852"]])})
    cells = openpyxl.load_workbook(tmp_path / "f.xlsx")["s"][2]
    assert [(c.value, c.data_type, c.number_format) for c in cells[:1]] == [(0.963, "n", "0.0%")]
    assert cells[1].value == "0.852"
    assert csv_text(["share"], [[figure]]) == "share\r\n96.3%\r\n"
    assert read_xlsx(tmp_path / "f.xlsx")[0][1] == {"share": "0.963", "text": "0.852"}
