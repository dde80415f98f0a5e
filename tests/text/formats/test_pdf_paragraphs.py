"""Lines of a PDF put together into paragraphs, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from practicelib.text.reading import read_report
from tests.text.formats.pdf_maker import Placed, make_pdf

TEXT = "网格员每天走访居民家庭了解困难情况并且记在本子上"
SIZE = 12.0
LEFT = 90.0
EDGE = LEFT + SIZE * len(TEXT)


def _read(folder: Path, *pages: list[Placed]) -> list[str]:
    (folder / "a.pdf").write_bytes(make_pdf(pages))
    return read_report(folder / "a.pdf").text.split("\n")


def _rows(texts: list[tuple[float, str]], top: float = 700.0, size: float = SIZE) -> list[Placed]:
    """Lines 20 points apart, each after its indent in characters."""
    return [(LEFT + size * x, top - 20 * n, size, text) for n, (x, text) in enumerate(texts)]


@pytest.mark.parametrize(("mark", "hang"), [("● ", 2), ("1. ", 3), ("（二）", 3)])
def test_an_item_goes_on_below_its_text(tmp_path: Path, mark: str, hang: int) -> None:
    """To the right of its bullet or number, in as many lines as it has."""
    rest = TEXT[:-hang]
    item = [(0.0, mark + rest), (hang, rest), (hang, "做到件件有回音。")]
    lines = _read(tmp_path, _rows([(0, TEXT), (0, "及时办理。"), *item, *item, (0, TEXT + "。")]))
    told = f"{mark}{rest}{rest}做到件件有回音。"
    assert lines == [f"{TEXT}及时办理。", told, told, TEXT + "。"]


def test_a_block_that_is_indented_as_a_whole(tmp_path: Path) -> None:
    """An item without a mark goes on at its own edge; a first line at the indent of others not."""
    inset = [(3, TEXT[3:]), (3, "做到件件有回音。")]
    first = [(2, TEXT[2:]), (0, "一户不落。")]
    title = [(2, TEXT[2:]), (2, TEXT[:-2]), (0, "一户不落。")]
    lines = _read(tmp_path, _rows([*first, *inset, *first, *title]))
    told = f"{TEXT[2:]}一户不落。"
    assert lines == [told, f"{TEXT[3:]}做到件件有回音。", told, TEXT[2:], f"{TEXT[:-2]}一户不落。"]


def test_a_first_line_that_is_as_short_as_it_is_indented(tmp_path: Path) -> None:
    """What comes next had no room in it: the two stand in the middle, one above the other."""
    first = (2.0, TEXT[2:-2])
    lines = _read(
        tmp_path, _rows([first, (0, "约”，" + TEXT[3:]), (0, "一户不落。"), (2, TEXT[2:])])
    )
    assert lines == [f"{TEXT[2:-2]}约”，{TEXT[3:]}一户不落。", TEXT[2:]]


def test_bullets_and_lines_of_contents_stand_alone(tmp_path: Path) -> None:
    """Although the line before is full."""
    contents = [TEXT[:14] + "………………" + end for end in (" 3", " 5", "12")]
    lines = _read(tmp_path, _rows([(0, line) for line in [*contents, TEXT, f"● {TEXT[:9]}"]]))
    assert lines == [*contents, TEXT, f"● {TEXT[:9]}"]


def test_titles_in_the_middle(tmp_path: Path) -> None:
    """A wrapped one is one line; a short one, a body's name and a date are lines of their own."""
    wide = [(LEFT, 760.0, 18.0, TEXT[:16]), (LEFT + 72, 736.0, 18.0, "工作总结材料汇编")]
    name = [
        (LEFT + 84, 700.0, SIZE, "江东县民政局办公室"),
        (LEFT + 90, 680.0, SIZE, "二〇一六年三月"),
    ]
    text = _rows([(0, TEXT), (0, "一户不落。")], top=640)
    assert _read(tmp_path, [*wide, *name, *text]) == [
        TEXT[:16] + "工作总结材料汇编",
        "江东县民政局办公室",
        "二〇一六年三月",
        f"{TEXT}一户不落。",
    ]
    named = (LEFT + 72, 736.0, 18.0, "中共江东县委员会")
    assert _read(tmp_path, [wide[0], named, *text])[:2] == [TEXT[:16], "中共江东县委员会"]


def test_cells_of_a_row_or_column_are_not_run_together(tmp_path: Path) -> None:
    """They are short, and stand beside one another."""
    cells = [(LEFT + 80 * n, y, SIZE, f"第{n}组") for y in (700.0, 680.0, 660.0) for n in range(4)]
    lines = _read(tmp_path, [*cells, *_rows([(0, TEXT), (0, "一户不落。")], top=620)])
    assert sorted(lines[:-1]) == sorted([f"第{n}组" for n in range(4)] * 3)
    assert lines[-1] == f"{TEXT}一户不落。"


def test_a_note_does_not_cut_what_goes_on_overleaf(tmp_path: Path) -> None:
    """It follows the paragraph; one that is as high as the text is text."""
    body = _rows([(0, TEXT)] * 4)
    note = (LEFT, 120.0, 9.0, "1 数据来自统计局。")
    over = _rows([(0, "做到件件有回音。"), (2, TEXT[:9])])
    told = f"{TEXT * 4}做到件件有回音。"
    assert _read(tmp_path, [*body, note], over) == [told, "1 数据来自统计局。", TEXT[:9]]
    assert _read(tmp_path, [*body, note]) == [TEXT * 4, "1 数据来自统计局。"]
    last = _read(tmp_path, [*body, (LEFT, 120.0, SIZE, "1 数据来自统计局。")], over)
    assert last[:2] == [TEXT * 4, "1 数据来自统计局。"]


@pytest.mark.parametrize("mark", ["”", "）"])
def test_a_closing_mark_ends_no_sentence_overleaf(tmp_path: Path, mark: str) -> None:
    """A paragraph goes on after it unless a stop stands before it."""
    opens = "“" if mark == "”" else "（"
    for stop, count in (("", 1), ("。", 2)):
        last = f"{TEXT[:14]}{opens}{TEXT[: 8 - len(stop)]}{stop}{mark}"
        lines = _read(tmp_path, _rows([(0, TEXT), (0, last)]), _rows([(0, "的做法。"), (0, TEXT)]))
        assert len(lines) == count + 1


def test_a_last_line_below_a_table_or_an_indent(tmp_path: Path) -> None:
    """Where cells stand side by side, a short line still goes with the lines above it."""
    cells = [(LEFT + 130 * n, y, SIZE, f"第{n}组") for y in (600.0, 580.0, 560.0) for n in range(3)]
    lines = _read(tmp_path, [*_rows([(2, TEXT[2:]), (0, TEXT), (0, "子。")]), *cells])
    assert lines[0] == f"{TEXT[2:]}{TEXT}子。"
    lines = _read(tmp_path, _rows([(2, "走访居民。"), (2, TEXT[2:]), (0, "子。"), (2, "办理。")]))
    assert lines == ["走访居民。", f"{TEXT[2:]}子。", "办理。"]


@pytest.mark.parametrize(("form", "height"), [("— {} —", 90.0), ("{}/3", 90.0), ("第{}页", 740.0)])
def test_page_numbers_that_are_the_outermost_lines(
    tmp_path: Path, form: str, height: float
) -> None:
    """They may stand nearer to the text than a tenth of the page; a figure on one page is kept."""
    pages = [
        [*_rows([(0, TEXT), (0, "一户不落。")]), (280.0, height, SIZE, form.format(n))]
        for n in (1, 2)
    ]
    assert _read(tmp_path, *pages) == [f"{TEXT}一户不落。"] * 2
    assert form.format(1) in _read(tmp_path, pages[0])


def test_figures_side_by_side_are_no_page_numbers(tmp_path: Path) -> None:
    """A row of a table may be the last of a page, and stand in its margin."""
    row = [(LEFT + 130 * n, 60.0, SIZE, f"{n}2") for n in range(3)]
    lines = _read(tmp_path, [*_rows([(0, TEXT)]), *row], [*_rows([(0, TEXT)]), *row])
    assert [line for line in lines if line.isdigit()] == ["02", "12", "22"] * 2


def test_a_title_over_the_middle_column_comes_first(tmp_path: Path) -> None:
    """It is narrower than that column, and the first column stands wholly to its left."""
    columns = [
        (40.0 + 180 * c, 700.0 - 20 * n, SIZE, TEXT[c : c + 13]) for c in range(3) for n in range(4)
    ]
    title = (40.0 + 258 - 54, 760.0, 18.0, "一年工作回顾")
    assert _read(tmp_path, [*columns, title])[0] == "一年工作回顾"


def test_glyphs_for_several_characters(tmp_path: Path) -> None:
    """What a browser writes for a dash, and for f and i; and 户, whose radical NFKC knows as 戶."""
    page = [(LEFT, 700.0, SIZE, "走访⸺入⼾oﬃce")]
    (tmp_path / "a.pdf").write_bytes(make_pdf([page], font="embedded"))
    assert read_report(tmp_path / "a.pdf").text == "走访——入户office"
