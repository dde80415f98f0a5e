"""Rows of big tables: read as plain reading reads them, or refused; never passed over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from practicelib.errors import ReportError
from practicelib.text.reading import read_reports
from practicelib.workflows.windows import Reading, read_windows

LONG = "居民每天商定，主任知道。" * 6000
"""Of characters that Big5 has too."""


def texts(file: Path, size: int = 2, **reading: Any) -> list[str]:
    how = Reading(**{"column": None, **reading})
    return [text for window in read_windows(file, how, size=size) for text in window.texts]


def jsonl(folder: Path, *rows: dict[str, Any]) -> Path:
    file = folder / "in.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return file


@pytest.mark.parametrize("segment", [None, "row", "sentence"])
@pytest.mark.parametrize("size", [1, 2, 8])
def test_rows_of_another_text_column_are_refused(
    tmp_path: Path, size: int, segment: str | None
) -> None:
    """By line: plain reading would take another column for all, or the text would be lost."""
    first = {"正文": "甲。", "n": 1}
    for second, cause in (
        ({"text": "乙。"}, "'text' here and '正文' before"),
        ({"正文": "乙。", "text": "丙。"}, "'text' here and '正文' before"),
        ({"内容": "乙。"}, "'内容' here and '正文' before"),
        ({"n": 2}, "no text column"),
        ({"Text": "乙。", "text": "丙。"}, "'text' stands 2 times"),
    ):
        file = jsonl(tmp_path, first, first, second)
        with pytest.raises(ReportError, match=cause) as found:
            texts(file, size, segment=segment)
        assert found.value.line == 3
    file = jsonl(tmp_path, first, {"n": 2})
    with pytest.raises(ReportError, match="no column '正文'; there are n") as found:
        texts(file, size, segment=segment, column="正文")
    assert found.value.line == 2


def test_rows_of_other_columns_besides_are_taken(tmp_path: Path) -> None:
    """As in plain reading: other keys may come and go, and an empty text is one."""
    rows = {"n": 1, "正文": "甲。"}, {"正文": "乙。", "句子": "x"}, {"正文": None}, {"正文": "丙。"}
    file = jsonl(tmp_path, *rows)
    assert texts(file) == ["甲。", "乙。", "", "丙。"]
    assert texts(file, segment="sentence") == ["甲。", "乙。", "丙。"]
    plain = [s.text for report in read_reports(file) for s in report.sentences]
    assert plain == ["甲。", "乙。", "丙。"]


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "utf-16", "utf-8"])
@pytest.mark.parametrize("before", [0, 200_000], ids=["long row", "behind ASCII"])
def test_encodings_told_late(tmp_path: Path, encoding: str, before: int) -> None:
    """The first Chinese line ends, or only begins, beyond the first block that is read."""
    file = tmp_path / "in.csv"
    rows = "".join(f"{n},plain\n" for n in range(before // 12))
    file.write_bytes(f"n,text\n{rows}1,{LONG}\n2,{LONG[:9]}\n".encode(encoding))
    assert texts(file)[-2:] == [LONG, LONG[:9]]
    # A last line without an end, and a row alone.
    file.write_bytes(f"n,text\n{rows}1,{LONG}".encode(encoding))
    assert texts(file)[-1] == LONG
