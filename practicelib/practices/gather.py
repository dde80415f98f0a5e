"""Tagged reports laid out as arrays, with the unit of each report.

Axes: N sentences, K categories, C reports, U units.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import expect
from practicelib.practices.case_matching import match_cases
from practicelib.practices.cases import UNKNOWN_VALUE, guess_cases, is_case
from practicelib.practices.duplicates import shared_passages
from practicelib.records.cases import REPORT, Case, CaseTable
from practicelib.records.practices import Note, Passage, Unit
from practicelib.records.tags import TaggedReport

Headings = Literal["with", "without", "only"]
HEADINGS: tuple[Headings, ...] = get_args(Headings)
Duplicates = Literal["flag", "first", "weight"]
DUPLICATES: tuple[Duplicates, ...] = get_args(Duplicates)
_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(\.[0-9]{1,15})?")


@dataclass(frozen=True)
class Gathered:
    """All sentences of all reports, in order.

    `report` (N,) numbers a sentence's report, `sentence` (N,) its place in it, `unit` (C,) the
    unit of a report; `weight` (N,) is 0 for what is left out (headings, repeated passages).
    """

    reports: tuple[TaggedReport, ...]
    units: tuple[Unit, ...]
    unit: NDArray[np.int64]
    report: NDArray[np.int64]
    sentence: NDArray[np.int64]
    assigned: NDArray[np.float64]
    probability: NDArray[np.float64]
    heading: NDArray[np.bool_]
    weight: NDArray[np.float64]
    passages: tuple[Passage, ...] = ()
    notes: tuple[Note, ...] = field(default=())

    @property
    def unit_of_sentence(self) -> NDArray[np.int64]:
        """Unit of every sentence, (N,)."""
        return self.unit[self.report]

    def values(self, column: str) -> list[str]:
        """What a column of the case table says of each report, "?" where it is empty, (C,)."""
        cases = {number: case for unit in self.units for number, case in _members(unit)}
        return [cases[c].value(column) or UNKNOWN_VALUE for c in range(len(self.reports))]


def _members(unit: Unit) -> Sequence[tuple[int, Case]]:
    return list(zip(unit.reports, unit.cases, strict=True))


def gather(
    tagged: TaggedReport | Sequence[TaggedReport],
    cases: CaseTable | None = None,
    *,
    by: str | Sequence[str] = REPORT,
    headings: Headings = "with",
    duplicates: Duplicates = "flag",
) -> Gathered:
    """Arrays of tagged reports; lead-ins are left out.

    `by` is a column of the case table, several of them, or "report". Without a case table one is
    guessed, and said to be. Raises ValueError where reports were tagged under different codebooks
    or by different coders, and for an unknown column; LabelError where rows and reports do not
    match.
    """
    every = [tagged] if isinstance(tagged, TaggedReport) else list(tagged)
    for one in every:
        expect(one, TaggedReport, "tag it first: tagger.tag_report(practicelib.read_report(file))")
    reports = tuple(t for t in every if is_case(t.report))
    if not reports:
        raise ValueError("no report with sentences was given")
    _check_same_coding(reports)
    table = cases or guess_cases(t.report for t in reports)
    rows = match_cases(table, [t.report for t in reports]) if cases else table.cases
    units, unit = _units(rows, table, columns_of(by, table))
    sizes = [len(t) for t in reports]
    report = np.repeat(np.arange(len(reports)), sizes)
    heading = np.array([s.heading for t in reports for s in t.report.sentences])
    texts = [s.text for t in reports for s in t.report.sentences]
    shared = shared_passages(texts, report.tolist())
    sentence = np.concatenate([np.arange(size) for size in sizes])
    weight = _heading_weight(heading, headings) * _passage_weight(len(texts), shared, duplicates)
    per_unit = np.bincount(unit[report], minlength=len(units)).tolist()
    return Gathered(
        reports,
        tuple(replace(u, sentences=size) for u, size in zip(units, per_unit, strict=True)),
        unit,
        report,
        sentence,
        np.concatenate([t.assigned for t in reports]).astype(float),
        np.concatenate([t.tags.probabilities for t in reports]),
        heading,
        weight,
        tuple(Passage(tuple((int(report[i]), int(sentence[i])) for i in m)) for m in shared),
        _notes(rows, shared, duplicates),
    )


def columns_of(by: str | Sequence[str], table: CaseTable | None) -> tuple[str, ...]:
    """The columns that `by` names, as the case table calls them."""
    known = table or CaseTable(())
    return tuple(known.column(name) for name in ((by,) if isinstance(by, str) else by))


def _check_same_coding(reports: Sequence[TaggedReport]) -> None:
    kinds = {(t.coding.kind, t.coding.name, t.coding.model, t.coding.codebook) for t in reports}
    if len({t.coding.categories for t in reports}) > 1 or len(kinds) > 1:
        raise ValueError(
            "reports were not all coded alike (another coder, model or codebook); a difference of"
            " units would be one of coders"
        )


def _units(
    rows: Sequence[Case], table: CaseTable, by: tuple[str, ...]
) -> tuple[list[Unit], NDArray[np.int64]]:
    """Units in the order of their keys, column by column: numbers by size, others as they come."""
    unknown = [key for key in by if key != REPORT and key not in table.columns]
    if unknown:
        known = ", ".join((REPORT, *table.columns))
        raise ValueError(f"no column {', '.join(unknown)} in the case table; there are {known}")
    members: dict[tuple[str, ...], list[int]] = {}
    for number, case in enumerate(rows):
        key = tuple(_key(case, column, number) for column in by)
        members.setdefault(key, []).append(number)
    unit = np.zeros(len(rows), np.int64)
    units = []
    ranks = [_ranks(values) for values in zip(*members, strict=True)]
    sorted_keys = sorted(members, key=lambda key: [r[v] for r, v in zip(ranks, key, strict=True)])
    for number, key in enumerate(sorted_keys):
        held = members[key]
        unit[held] = number
        own = tuple(rows[i] for i in held)
        name = own[0].name if by == (REPORT,) else " · ".join(key)
        guessed = any(not case.confirmed for case in own)
        units.append(Unit(name, key, own, tuple(held), guessed=guessed))
    return _distinct(units), unit


def _ranks(values: Iterable[str]) -> dict[str, tuple[bool, float]]:
    """Where each value stands among those of its column: whether it is no number, then its place.

    A table mostly names its units in an order that means something to whoever made it, so only
    numbers are put in one of ours.
    """
    different = dict.fromkeys(values)
    return {
        value: (False, float(value)) if _NUMBER.fullmatch(value) else (True, float(place))
        for place, value in enumerate(different)
    }


def _key(case: Case, column: str, number: int) -> str:
    return str(number) if column == REPORT else case.value(column) or UNKNOWN_VALUE


def _distinct(units: list[Unit]) -> list[Unit]:
    """Names made different: reports of one body get their titles, then their parts, then numbers.

    A part is the row of a table: whoever looks a report up finds it there.
    """
    names = [unit.name for unit in units]
    for tell in (_title, _part):
        counts = Counter(names)
        more = [
            tell(unit) if counts[name] > 1 else "" for unit, name in zip(units, names, strict=True)
        ]
        names = [f"{n} · {m}" if m not in ("", n) else n for n, m in zip(names, more, strict=True)]
    return [replace(unit, name=name) for unit, name in zip(units, _numbered(names), strict=True)]


def _title(unit: Unit) -> str:
    return unit.cases[0].title


def _part(unit: Unit) -> str:
    return unit.cases[0].part


def _numbered(names: Sequence[str]) -> list[str]:
    """Names that stand twice with a number behind the later ones."""
    taken: set[str] = set()
    last: dict[str, int] = {}
    found = []
    for base in names:
        name, number = base, last.get(base, 1)
        while name in taken:
            number += 1
            name = f"{base} ({number})"
        last[base] = number
        taken.add(name)
        found.append(name)
    return found


def _heading_weight(heading: NDArray[np.bool_], headings: Headings) -> NDArray[np.float64]:
    if headings not in HEADINGS:
        raise ValueError(f"headings must be one of {', '.join(HEADINGS)}, not {headings!r}")
    chosen = {"with": np.ones(len(heading), bool), "without": ~heading, "only": heading}
    return chosen[headings].astype(float)


def _passage_weight(
    n: int, shared: Sequence[Sequence[int]], duplicates: Duplicates
) -> NDArray[np.float64]:
    if duplicates not in DUPLICATES:
        raise ValueError(f"duplicates must be one of {', '.join(DUPLICATES)}, not {duplicates!r}")
    weight = np.ones(n)
    for members in shared:
        if duplicates == "first":
            weight[list(members)[1:]] = 0.0
        elif duplicates == "weight":
            weight[list(members)] = 1.0 / len(members)
    return weight


def _notes(rows: Sequence[Case], shared: Sequence[Any], duplicates: Duplicates) -> tuple[Note, ...]:
    notes = []
    guessed = sum(not case.confirmed for case in rows)
    if guessed:
        notes.append(Note("guessed", (str(guessed), str(len(rows)))))
    if shared:
        notes.append(Note(f"passages_{duplicates}", (str(len(shared)),)))
    return tuple(notes)
