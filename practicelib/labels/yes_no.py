"""Yes/no sheets: `sentence`, then one column a category with 1 or 0 in its cells.

One file a coder, or a column `coder`. A row of blank cells was not coded. Beside a 1 a blank cell
is a 0; beside a 0 it may have been forgotten and is a fault, as is a blank row in a sheet that has
no 0 at all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from practicelib.labels.names import key_of

YES = frozenset({"1", "1.0", "是", "yes", "true", "√", "✓"})
NO = frozenset({"0", "0.0", "否", "no", "false", "×", "✗"})


def cell_text(value: Any) -> str:
    """A cell of any table as text without white space around it; None is empty."""
    return "" if value is None else str(value).strip()


def _said(value: Any) -> str:
    # Full-width figures are the plain ones.
    return unicodedata.normalize("NFKC", cell_text(value)).lower()


def columns_of_categories(
    rows: Sequence[Mapping[str, Any]], own: Sequence[str], names: Mapping[str, str]
) -> dict[str, str]:
    """Columns of a yes/no sheet mapped to their category keys; empty for a sheet of another form.

    `own` are the columns that may hold codes; `names` maps whatever a category may be called to its
    key. Raises ValueError where cells say yes and no but a column is no category, two columns are
    the same one, or a category has none.
    """
    told = [name for name in own if _says_yes_or_no(rows, name)]
    found = {name: key for name in own if (key := key_of(name.strip(), names))}
    if not told and not found:
        return {}
    strange = [name for name in told if name not in found]
    if strange:
        raise ValueError(
            f"the cells under {', '.join(strange)} say yes or no, so these are no coders, but the"
            " codebook has no such category; name the codebook (--codebook)"
        )
    keys = list(found.values())
    if len(set(keys)) < len(keys):
        raise ValueError(f"two columns are the same category: {', '.join(found)}")
    without = [key for key in dict.fromkeys(names.values()) if key not in keys]
    if without:
        raise ValueError(f"one column a category, but none for {', '.join(without)}")
    return found


def _says_yes_or_no(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    cells = [said for row in rows if (said := _said(row.get(name)))]
    # Notes say other things; a column of codes may hold a doubt or two.
    return 2 * sum(cell in YES | NO for cell in cells) >= len(cells) > 0


def has_a_no(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> bool:
    """Whether some cell says no, so that a row of blank cells was left uncoded."""
    return any(_said(row.get(name)) in NO for row in rows for name in columns)


def labels_of(
    row: Mapping[str, Any], columns: Mapping[str, str], blank_is_uncoded: bool
) -> tuple[str, ...] | None:
    """The categories that a row says yes to; None where it was not coded.

    Raises ValueError for a cell that says neither yes nor no, and for blank cells in doubt.
    """
    cells = {name: _said(row.get(name)) for name in columns}
    strange = [f"{name} {cell!r}" for name, cell in cells.items() if cell not in YES | NO | {""}]
    if strange:
        raise ValueError(f"neither 1 nor 0: {', '.join(strange)}")
    blank = [name for name, cell in cells.items() if not cell]
    if len(blank) == len(cells):
        if blank_is_uncoded:
            return None
        raise ValueError("no cell is filled in: not coded, or no category? Write 0 for the latter")
    if blank and any(cell in NO for cell in cells.values()):
        raise ValueError(f"a blank cell beside 0: {', '.join(blank)}")
    return tuple(key for name, key in columns.items() if cells[name] in YES)
