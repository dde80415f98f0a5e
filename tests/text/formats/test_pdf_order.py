"""The reading order of boxes on a page, and lines that lie across columns."""

from __future__ import annotations

import random

from practicelib.text.formats.pdf_order import MOST, across_columns, reading_order

# Left, bottom, right, top: a title, two columns of three, a wide foot, two columns of one.
PAGE = [
    (90.0, 700.0, 520.0, 720.0),
    (90.0, 640.0, 290.0, 690.0),
    (90.0, 560.0, 290.0, 630.0),
    (90.0, 500.0, 290.0, 550.0),
    (320.0, 650.0, 520.0, 690.0),
    (320.0, 580.0, 520.0, 640.0),
    (320.0, 500.0, 520.0, 570.0),
    (90.0, 450.0, 520.0, 490.0),
    (90.0, 400.0, 290.0, 440.0),
    (320.0, 400.0, 520.0, 440.0),
]


def test_columns_between_wide_boxes() -> None:
    """Column by column, but what lies across both parts what is above from what is below."""
    for seed in range(20):
        mixed = list(range(len(PAGE)))
        random.Random(seed).shuffle(mixed)
        order = reading_order([PAGE[i] for i in mixed])
        assert [mixed[i] for i in order] == list(range(len(PAGE)))


def test_the_last_characters_of_a_paragraph() -> None:
    """They stand wholly to the left of the indented line that they follow, in either column."""
    page = [
        (55.0, 680.0, 295.0, 690.0),
        (34.0, 665.0, 54.0, 675.0),
        (55.0, 650.0, 295.0, 660.0),
        (34.0, 560.0, 275.0, 640.0),
        (337.0, 680.0, 578.0, 690.0),
        (316.0, 665.0, 336.0, 675.0),
        (337.0, 570.0, 578.0, 650.0),
    ]
    for seed in range(20):
        mixed = list(range(len(page)))
        random.Random(seed).shuffle(mixed)
        order = reading_order([page[i] for i in mixed], [10.0] * len(page))
        assert [mixed[i] for i in order] == list(range(len(page)))


def test_whatever_the_places_every_box_is_read_once() -> None:
    """Also boxes that lie on one another, and more than are ordered."""
    chance = random.Random(3)
    for count in (0, 1, 2, 30, MOST + 1):
        places = []
        for _ in range(count):
            left, bottom = chance.uniform(0, 500), chance.uniform(0, 700)
            wide, high = chance.uniform(0, 300), chance.uniform(0, 90)
            places.append((left, bottom, left + wide, bottom + high))
        assert sorted(reading_order(places)) == list(range(count))


def test_lines_across_columns() -> None:
    """Three rows side by side make columns; one line in two pieces does not."""
    rows = [(90.0, y, 290.0, y + 10) for y in (600.0, 580.0, 560.0)]
    beside = [(320.0, y, 520.0, y + 10) for y in (600.0, 580.0, 560.0)]
    title = (90.0, 640.0, 520.0, 650.0)
    assert across_columns([title, *rows, *beside]) == [True] + [False] * 6
    assert across_columns([title, *rows, beside[0]]) == [False] * 5
    assert across_columns([]) == []
