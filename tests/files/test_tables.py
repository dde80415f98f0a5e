"""Tables: what is written comes back, and no cell becomes a formula."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicelib.errors import LabelError
from practicelib.files.tables import (
    XLSX_CELL_LIMIT,
    csv_text,
    protect,
    read_csv,
    read_jsonl,
    read_xlsx,
    unprotect,
    write_csv,
    write_xlsx,
)

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
    file.write_text("a\n1,2,3\n", encoding="utf-8")
    assert read_csv(file) == [(2, {"a": "1", "": "2,3"})]


@pytest.mark.parametrize(
    ("content", "cause"),
    [(b"", "empty"), (b"\xff\xfe\xfd", "not UTF-8"), (b'a\n"b', "unexpected end|empty|a")],
)
def test_bad_csv_is_an_error_or_text(tmp_path: Path, content: bytes, cause: str) -> None:
    """Undecodable and empty files are named; an unclosed quote loses nothing."""
    file = tmp_path / "t.csv"
    file.write_bytes(content)
    if b'"' in content:
        assert read_csv(file) == [(2, {"a": "b"})]
        return
    with pytest.raises(LabelError, match=cause):
        read_csv(file)


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
