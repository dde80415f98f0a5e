"""Characters of a page put into the order of their lines."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicelib.text.formats.pdf_pieces import MOST, in_lines
from practicelib.text.reading import read_report
from tests.text.formats.pdf_maker import make_pdf

SIZE = 12.0
LINES = ["网格员每天到“两委”办公室报到。", "2016年起，12个单位共建社区，", "居民说：“这样好。”"]


@dataclass(frozen=True)
class Character:
    """What is asked of a character of pdfminer."""

    text: str
    x0: float
    y0: float
    size: float = SIZE

    @property
    def width(self) -> float:
        return self.size * (0.5 if self.text.isascii() or self.text in "“”" else 1.0)

    @property
    def height(self) -> float:
        return self.size

    @property
    def x1(self) -> float:
        return self.x0 + self.width

    @property
    def y1(self) -> float:
        return self.y0 + self.size

    def get_text(self) -> str:
        return self.text


def _line(text: str, left: float = 90.0, foot: float = 600.0) -> list[Character]:
    characters = []
    for one in text:
        characters.append(Character(one, left, foot))
        left = characters[-1].x1
    return characters


def _text(characters: list[Character]) -> str:
    return "".join(one.text for one in in_lines(characters, 1.5))


@given(st.lists(st.sampled_from("社区网格“”2016，。"), min_size=2, max_size=40), st.integers(0, 2))
def test_pieces_of_another_font_go_into_their_gaps(line: list[str], late: int) -> None:
    """Whatever part of a line is written last, it stands where it is seen."""
    text = "党员" + "".join(line)
    drawn = [_line(text, foot=600 - 20 * n) for n in range(3)]
    another = set("“”2016") if late else set()
    first = [one for row in drawn for one in row if one.text not in another]
    last = [one for row in drawn for one in row if one.text in another]
    assert _text(first + last) == text * 3
    if late == 2:
        assert _text(last + first) == text * 3


def test_columns_and_cells_stay_apart() -> None:
    """A gutter or the edges of cells between lines of one height keep them in the file's order."""
    left = [one for n, text in enumerate(LINES) for one in _line(text, 90, 600 - 20 * n)]
    edge = max(one.x1 for one in left)
    right = [one for n, text in enumerate(LINES) for one in _line(text, edge + 11, 600 - 20 * n)]
    assert _text(left + right) == "".join(LINES) * 2


def test_text_from_top_to_bottom_stays() -> None:
    """Columns of single characters, side by side, are no lines."""
    columns = [
        [Character(one, 500 - 14 * n, 700 - 12.5 * m) for m, one in enumerate("社区共建议事会")]
        for n in range(4)
    ]
    assert _text([one for column in columns for one in column]) == "社区共建议事会" * 4


@pytest.mark.parametrize("together", [True, False])
def test_what_is_printed_twice_is_read_once(together: bool) -> None:
    """Fake bold: each character, or the line, once more half a point beside; 一一 are two."""
    line = _line("一一对应，层层负责")
    twice = [Character(one.text, one.x0 + 0.5, one.y0) for one in line]
    drawn = [one for pair in zip(line, twice, strict=True) for one in pair]
    assert _text(drawn if together else line + twice) == "一一对应，层层负责"


def test_lines_that_lie_upon_each_other_are_not_mixed() -> None:
    """A stamp over a line of text stays a line of its own."""
    assert _text(_line("网格员走访居民") + _line("此件公开发布", left=94)) == (
        "网格员走访居民此件公开发布"
    )


def test_every_character_is_kept_wherever_it_stands() -> None:
    """None is lost or doubled, also where all lie in a heap; too many lines are refused."""
    chance = random.Random(5)
    for count in (0, 1, 60, 600):
        heap = [
            Character(chr(0x4E00 + n), chance.uniform(0, 90), chance.uniform(0, 90), size)
            for n in range(count)
            for size in [chance.uniform(1, 40)]
        ]
        assert sorted(_text(heap)) == sorted(one.text for one in heap)
    with pytest.raises(ValueError, match="more than"):
        in_lines([Character("一", 90, 20.0 * n) for n in range(MOST + 1)], 1.5)


def test_a_file_with_pieces_written_last(tmp_path: Path) -> None:
    """As a program draws what it takes from another font."""
    page = [
        (90.0, 700.0, 12.0, "街道与驻区单位签订"),
        (90.0, 680.0, 12.0, "居民议事会每月开会。"),
        (210.0, 700.0, 12.0, "协议。"),
        (198.0, 700.0, 12.0, "共"),
    ]
    (tmp_path / "a.pdf").write_bytes(make_pdf([page]))
    assert read_report(tmp_path / "a.pdf").text.startswith("街道与驻区单位签订共协议。居民")
