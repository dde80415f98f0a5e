"""Fuzzy memberships for fsQCA: calibrated by anchors that a person gives, with a reason for each.

A share of sentences is not a set membership: full, half and no membership are decided, and why.
Calibration is Ragin's (2008, ch. 5) direct method as the R package QCA does it (Dusa 2019, ch. 4):
the deviation from the crossover, scaled so that the anchors get log-odds of +/- log(0.95 / 0.05).

Files are what the R package QCA documents for `truthTable(data, outcome, conditions)`: "a data
frame containing calibrated causal conditions and an outcome", read in R with

    data <- read.csv("fuzzy.csv", row.names = 1)
    QCA::truthTable(data, outcome = "OUT", conditions = "GM, AU", show.cases = TRUE)

Base R reads the file in a test; the package QCA is run on it where it is installed.

Axes: U cases, K categories.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from practicelib.errors import Fault, LabelError
from practicelib.files.atomic import write_text
from practicelib.files.tables import csv_text, write_csv
from practicelib.records.practices import Estimates, Measure, PracticeProfile

Floats = NDArray[np.float64]
MECHANICAL = "mechanical"
_LOG_ODDS = math.log(0.95 / 0.05)
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,19}")
_SHIFT = 0.1
_AT_HALF = 5e-4
_TAIL = 1e-4


@dataclass(frozen=True)
class Anchors:
    """Where a set is fully out, at the crossover and fully in, in shares, and the reason for it.

    `exclusion` may lie above `inclusion`: such anchors fall, low shares are members (a set of
    having little of it), and the key file names that.
    """

    exclusion: float
    crossover: float
    inclusion: float
    rationale: str

    def __post_init__(self) -> None:
        rising = self.exclusion < self.crossover < self.inclusion
        if not rising and not self.exclusion > self.crossover > self.inclusion:
            raise ValueError("the crossover must lie between exclusion and inclusion")
        if not self.rationale.strip():
            raise ValueError("anchors need a rationale: say why full and no membership lie there")

    @property
    def falling(self) -> bool:
        """Whether low shares are members."""
        return self.exclusion > self.inclusion


def calibrate(values: ArrayLike, anchors: Anchors) -> Floats:
    """Memberships 0 to 1 of values; 0.05, 0.5 and 0.95 at the anchors; NaN stays NaN.

    As in QCA, memberships below 0.0001 are 0 and those above 0.9999 are 1.
    """
    x = np.asarray(values, float)
    up = np.sign(anchors.inclusion - anchors.crossover)
    toward = (x - anchors.crossover) * up
    full = abs(anchors.inclusion - anchors.crossover)
    out = abs(anchors.crossover - anchors.exclusion)
    odds = _LOG_ODDS * np.where(toward >= 0, toward / full, toward / out)
    membership: Floats = 1.0 / (1.0 + np.exp(-odds))
    membership = np.where(membership < _TAIL, 0.0, membership)
    return np.where(membership > 1.0 - _TAIL, 1.0, membership)


def mechanical_anchors(values: ArrayLike) -> Anchors:
    """Anchors at the 5 %, 50 % and 95 % quantiles, with a rationale that says they mean nothing.

    Raises ValueError where no value is a number and where the quantiles are not all different.
    """
    x = np.asarray(values, float)
    known = x[np.isfinite(x)]
    if not known.size:
        raise ValueError("no case has a share")
    low, middle, high = np.quantile(known, [0.05, 0.5, 0.95])
    if not low < middle < high:
        raise ValueError("the quantiles are not all different")
    return Anchors(
        float(low),
        float(middle),
        float(high),
        f"{MECHANICAL}: quantiles of these cases (5 %, 50 %, 95 %), no substantive reason",
    )


@dataclass(frozen=True)
class FuzzySet:
    """Memberships of U cases in one set, and how they would change.

    `low` and `high` are memberships at the ends of the share's interval (NaN where there is none);
    `shifted` (2, U) with all anchors moved down and up by a tenth of their range; `at_half` flags
    cases at exactly 0.5, which fsQCA cannot place in a row of the truth table.
    """

    name: str
    category: str
    anchors: Anchors
    membership: Floats
    low: Floats
    high: Floats
    shifted: Floats
    at_half: NDArray[np.bool_]
    mechanical: bool = False


@dataclass(frozen=True)
class FuzzyTable:
    """Sets beside the case-table columns that are joined as outcome and conditions."""

    cases: tuple[str, ...]
    sets: tuple[FuzzySet, ...]
    joined: tuple[tuple[str, tuple[float, ...]], ...] = ()
    outcome: str = ""
    measure: str = "sentences"
    figures: str = "raw"

    @property
    def mechanical(self) -> bool:
        """Whether any set was calibrated by quantiles."""
        return any(fuzzy.mechanical for fuzzy in self.sets)


def fuzzy_table(
    profile: PracticeProfile,
    anchors: Mapping[str, Anchors],
    *,
    names: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    outcome: str = "",
    measure: Measure = "sentences",
    mechanical: Sequence[str] = (),
) -> FuzzyTable:
    """Memberships of a profile's units, ready for R's package QCA.

    `anchors` by category key; categories in `mechanical` get quantiles and the stamp. `names` gives
    the ASCII column of a category (upper case; its key's initials by default), `columns` maps
    ASCII columns to case-table columns that hold memberships (0 to 1) already: outcome and further
    conditions. Corrected shares are used where there are any. Raises LabelError naming every
    category without anchors, every faulty name and every cell that is no membership.
    """
    table = profile.table(measure)
    best = table.corrected or table.raw
    faults = _name_faults(profile, anchors, names or {}, columns or {}, mechanical)
    sets: list[FuzzySet] = []
    for key in profile.categories:
        if key in anchors or key in mechanical:
            k = profile.categories.index(key)
            name = (names or {}).get(key) or default_name(key)
            sets.append(_set(name, key, best, k, anchors.get(key), faults))
    joined = [(name, _column(profile, column, faults)) for name, column in (columns or {}).items()]
    if outcome and outcome not in {*(columns or {}), *(s.name for s in sets)}:
        faults.append(Fault(f"the outcome {outcome!r} is no column of the table"))
    if faults:
        raise LabelError(faults)
    kind = "corrected" if table.corrected is not None else "raw"
    units = tuple(unit.name for unit in profile.units)
    return FuzzyTable(units, tuple(sets), tuple(joined), outcome, measure, kind)


def default_name(key: str) -> str:
    """Initials of a category key: GM for grid_management."""
    return "".join(part[:1] for part in key.split("_")).upper() or "X"


def _name_faults(
    profile: PracticeProfile,
    anchors: Mapping[str, Anchors],
    names: Mapping[str, str],
    columns: Mapping[str, str],
    mechanical: Sequence[str],
) -> list[Fault]:
    faults = []
    chosen = [key for key in profile.categories if key in anchors or key in mechanical]
    if not chosen:
        faults.append(
            Fault(
                "no anchors: give exclusion, crossover, inclusion and a rationale for each set,"
                " or ask for mechanical quantiles by name"
            )
        )
    unknown = [key for key in (*anchors, *names, *mechanical) if key not in profile.categories]
    faults += [Fault(f"unknown category {key!r}") for key in dict.fromkeys(unknown)]
    used = [names.get(key) or default_name(key) for key in chosen] + list(columns)
    for name in used:
        if not _NAME.fullmatch(name):
            faults.append(Fault("not an ASCII column name in capitals", value=name))
        if used.count(name) > 1:
            faults.append(Fault("a column name is given twice", value=name))
    return list(dict.fromkeys(faults))


def _set(
    name: str,
    key: str,
    found: Estimates,
    k: int,
    anchors: Anchors | None,
    faults: list[Fault],
) -> FuzzySet:
    share = found.value[:, k]
    chosen = anchors
    if chosen is None:
        try:
            chosen = mechanical_anchors(share)
        except ValueError as cause:
            faults.append(Fault(f"{cause}; give anchors", value=key))
            chosen = Anchors(0.0, 0.5, 1.0, MECHANICAL)
    step = _SHIFT * (chosen.inclusion - chosen.exclusion)
    moved = [_moved(chosen, by) for by in (-abs(step), abs(step))]
    membership = calibrate(share, chosen)
    # Counted shares have no interval, and one of no width would look certain.
    ends = (
        [share * np.nan] * 2 if found.method == "counted" else [found.low[:, k], found.high[:, k]]
    )
    limits = [calibrate(end, chosen) for end in ends]
    return FuzzySet(
        name,
        key,
        chosen,
        membership,
        np.fmin(*limits),
        np.fmax(*limits),
        np.stack([calibrate(share, other) for other in moved]),
        np.abs(membership - 0.5) < _AT_HALF,
        anchors is None,
    )


def _moved(anchors: Anchors, by: float) -> Anchors:
    low, middle, high = (point + by for point in _points(anchors))
    return Anchors(low, middle, high, anchors.rationale)


def _points(anchors: Anchors) -> tuple[float, float, float]:
    return anchors.exclusion, anchors.crossover, anchors.inclusion


def _column(profile: PracticeProfile, column: str, faults: list[Fault]) -> tuple[float, ...]:
    values = []
    for unit in profile.units:
        try:
            cells = {case.value(column) for case in unit.cases}
        except KeyError:
            faults.append(Fault(f"no column {column!r} in the case table", value=unit.name))
            return ()
        cell = next(iter(cells)) if len(cells) == 1 else ""
        try:
            value = float(cell)
        except ValueError:
            value = float("nan")
        if not 0.0 <= value <= 1.0:
            shown = " / ".join(sorted(cells))
            cause = f"column {column!r} of {unit.name} is not one membership between 0 and 1"
            faults.append(Fault(cause, value=shown))
        values.append(value)
    return tuple(values)


def fuzzy_rows(table: FuzzyTable) -> tuple[list[str], list[list[object]]]:
    """Columns and rows of the file for R: CASE (ASCII), the sets, the joined columns.

    Cases are numbered, because R's printing of Chinese row names depends on the locale; `key_rows`
    says which number is whom.
    """
    columns = ["CASE", *(s.name for s in table.sets), *(name for name, _ in table.joined)]
    rows: list[list[object]] = []
    for u in range(len(table.cases)):
        own = [round(float(s.membership[u]), 4) for s in table.sets]
        rows.append([f"C{u + 1:03d}", *own, *(values[u] for _, values in table.joined)])
    return columns, rows


def write_fuzzy(table: FuzzyTable, path: str | os.PathLike[str]) -> None:
    """Write the table for R (plain ASCII CSV) and beside it `<name>.key.csv` with the rest."""
    target = Path(path)
    write_text(target, csv_text(*fuzzy_rows(table)), encoding="ascii")
    write_csv(target.with_suffix(".key.csv"), *key_rows(table))


def key_rows(table: FuzzyTable) -> tuple[list[str], list[list[object]]]:
    """What each case and membership is: anchors, rationale, interval, shifted anchors, flags."""
    columns = [
        "CASE", "unit", "set", "category", "membership", "low", "high", "anchors_down",
        "anchors_up", "at_half", "exclusion", "crossover", "inclusion", "rationale", "figures",
        "calibration",
    ]  # fmt: skip
    rows: list[list[object]] = []
    for s in table.sets:
        for u, unit in enumerate(table.cases):
            numbers = (s.membership[u], s.low[u], s.high[u], s.shifted[0, u], s.shifted[1, u])
            rows.append(
                [
                    f"C{u + 1:03d}", unit, s.name, s.category,
                    *("" if not math.isfinite(v) else round(float(v), 4) for v in numbers),
                    int(s.at_half[u]), *_points(s.anchors), s.anchors.rationale,
                    f"{table.measure}, {table.figures}",
                    _calibration(s),
                ]
            )  # fmt: skip
    return columns, rows


def _calibration(fuzzy: FuzzySet) -> str:
    """Where the memberships come from; a set of having little must not be read as one of much."""
    if fuzzy.mechanical:
        return MECHANICAL
    return "by falling anchors: low shares are members" if fuzzy.anchors.falling else "by anchors"
