"""Published reliability data; `.` is missing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.int64]


def item_rows(text: str, first: int = 0) -> Values:
    """One row an item, one digit a coder; digits start at `first`."""
    return np.array([[-1 if c == "." else int(c) - first for c in row] for row in text.split()])


def coder_rows(text: str) -> Values:
    """One row a coder."""
    return item_rows(text, 1).T


def pair_table(table: list[list[int]]) -> Values:
    """Values (N, 2) from a table of two coders."""
    cells = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    return np.array(cells)


def pair_sets(text: str) -> NDArray[np.int8]:
    """Codes (N, 2, K) from "12|1" rows; 0 is the empty set."""
    names = sorted(set(text) - set(" |0"))
    rows = [row.split("|") for row in text.split()]
    return np.array(
        [[[name in chosen for name in names] for chosen in row] for row in rows], np.int8
    )


# Krippendorff 2011, "Computing Krippendorff's alpha-reliability", section C.
K2011 = coder_rows("123321412... 1233224125.3 .3332342251. 12332441251.")
# The same in Gwet's raw4raters: the lone 3 of the last unit is the third rater's.
RAW4 = coder_rows("123321412... 1233224125.. .33323422513 12332441251.")
HK2007 = item_rows(
    "112.2 1101. 2333. .00.0 000.0 000.0 102.1 1.20. 222.2 2111. .100. 0000. 1222. 33223 111.1"
    " 111.1 212.2 1233. 1101. 000.0 0011. 00.00 2333. 0000. 12.22 0111. 00010 1212. 1122. 112.2"
    " 110.0 2121. 22.22 3222. 222.2 223.2 222.2 22.12 2222. 111.1"
)
FLEISS = item_rows(
    "444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333"
    " 144444 224445 333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224"
    " 111155 224444 133333 555555",
    1,
)
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
ARTSTEIN1 = [[20, 10], [20, 50]]
ARTSTEIN2 = [[46, 0, 0], [6, 32, 6], [0, 0, 10]]
GWET3 = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
EVEN = [[40, 9], [6, 45]]
SKEWED = [[80, 10], [5, 5]]
SETS11 = pair_sets("12|1 12|12 1|1 3|3 3|13 4|4 2|4 12|1 12|123 1|1 1|1")
SETS9 = pair_sets("0|0 A|0 A|A A|B AB|A AB|AC ABC|ABC C|AC C|AC")
