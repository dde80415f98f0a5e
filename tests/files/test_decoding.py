"""Encodings of text files: what is found, how sure it is, and what is refused."""

from __future__ import annotations

import pytest

from practicelib.errors import ReportError
from practicelib.files.decoding import decode

TEXT = "我镇把全镇划分为三十二个网格，选派干部担任网格员。居民议事会每月召开一次，大家商量着办。\n"
TRADITIONAL = "我鎮選派幹部擔任網格員，居民議事會每月召開一次，大家的事大家商量著辦。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be"])
def test_a_file_that_was_cut_off_is_read_as_itself_or_not_at_all(encoding: str) -> None:
    """Wherever it was cut, no other text comes of it; inside a character it is refused."""
    text = TRADITIONAL if "big5" in encoding else TEXT
    content = text.encode(encoding)
    for size in range(12, len(content) + 1):
        try:
            whole = content[:size].decode(encoding)
        except UnicodeDecodeError:
            whole = ""
        try:
            found = decode(content[:size])
        except ReportError:
            assert not whole
        else:
            assert found.text == whole


def test_a_few_control_characters_are_no_binary_file() -> None:
    """Two of them, or one in a hundred characters; a NUL is too many, and its line is told."""
    assert decode(f"修渠\a，出工\b。{TEXT}".encode()).text.startswith("修渠\a")
    assert decode(("\a" + TEXT * 3).encode() * 10).encoding == "utf-8"
    assert decode("修渠\t出工\r\n\v\f\x1c\x1d\x1e养护。".encode()).margin == 1.0
    for text, line in (("修渠\a，\b\a出工。", 1), (f"{TEXT}\n修\0渠", 3)):
        with pytest.raises(ReportError, match="binary content") as caught:
            decode(text.encode())
        assert caught.value.line == line


def test_an_encoding_that_fails_names_the_line() -> None:
    content = TEXT.encode() * 2 + TEXT.encode("gb18030")
    with pytest.raises(ReportError, match=f"not utf-8 at byte {2 * len(TEXT.encode())}") as caught:
        decode(content, encoding="utf-8")
    assert caught.value.line == 3


def test_what_is_given_or_marked_is_sure() -> None:
    """What is guessed is less so."""
    assert decode(TEXT.encode("utf-8-sig")).margin == 1.0
    assert decode(TEXT.encode("gb18030"), encoding="gbk").margin == 1.0
    assert 0.3 < decode(TEXT.encode("gb18030")).margin < 1.0
