"""Draws the sentences that a person codes so that a model's counts can be corrected.

Strata are report or unit by what was predicted, no category included, and each sentence's chance of
being drawn is kept. Sentences picked because a model was unsure of them have no such chance, and
are refused.

Axes: N sentences, n drawn, H strata, K categories.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import TooFewLabelsError
from practicelib.records.tags import Coding, TaggedReport
from practicelib.records.validation import (
    NO_CATEGORY,
    SEVERAL,
    SampledSentence,
    Stratum,
    ValidationSample,
)

_LEAST = 2
_HALF = 0.5


def draw_sample(
    tagged: Sequence[TaggedReport], n: int, *, groups: Sequence[str] | None = None, seed: int = 0
) -> ValidationSample:
    """Draw n sentences of reports that one model tagged.

    Half of them where no category was predicted, for what was missed, the rest shared out evenly
    among the categories, and so again what small strata have not; within these, groups (one a
    report, or those given, one a report) get their part by size, and at least two sentences each.
    So more than n are drawn where strata are many; never more than there are. Lead-ins are left
    out. Rows come in random order, so that a coder cannot guess strata.

    Raises TooFewLabelsError for n below two, ValueError for reports tagged unlike each other or by
    a person.
    """
    reports = [t for t in tagged if t.report.kind == "report" and len(t)]
    coding = _coding(reports)
    if n < _LEAST:
        raise TooFewLabelsError(f"{n} sentences; at least {_LEAST} are needed")
    own = list(groups) if groups is not None else [t.report.name for t in reports]
    if len(own) != len(reports):
        raise ValueError(f"{len(own)} groups for {len(reports)} reports")
    if groups is None:
        own = [f"{name} #{number}" for number, name in enumerate(own, start=1)]
    strata = _strata(reports, own)
    drawn = allocate({key: len(rows) for key, rows in strata.items()}, n)
    generator = np.random.default_rng(seed)
    made: list[Stratum] = []
    sentences: list[SampledSentence] = []
    for number, (key, rows) in enumerate(strata.items()):
        made.append(Stratum(*key, len(rows), drawn[key]))
        chosen = generator.choice(len(rows), drawn[key], replace=False)
        sentences += [_sampled(reports, rows[i], number) for i in sorted(chosen.tolist())]
    order = generator.permutation(len(sentences)).tolist()
    ordered = tuple(sentences[i] for i in order)
    return ValidationSample(ordered, tuple(made), coding.categories, None, coding.model, seed)


def _coding(reports: Sequence[TaggedReport]) -> Coding:
    if not reports:
        raise TooFewLabelsError("no report with sentences was given")
    coding = reports[0].coding
    same = (coding.model, coding.categories)
    if any((t.coding.model, t.coding.categories) != same for t in reports):
        raise ValueError("the reports were not all tagged by one model")
    if coding.kind != "model":
        raise ValueError("a sample checks a model's tags; these are a person's")
    return coding


def _strata(
    reports: Sequence[TaggedReport], groups: Sequence[str]
) -> dict[tuple[str, str], list[tuple[int, int]]]:
    strata: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for number, (tagged, group) in enumerate(zip(reports, groups, strict=True)):
        for place, labels in enumerate(tags.labels for tags in tagged.tags):
            predicted = NO_CATEGORY if not labels else SEVERAL if len(labels) > 1 else labels[0]
            strata.setdefault((group, predicted), []).append((number, place))
    return dict(sorted(strata.items()))


def _sampled(
    reports: Sequence[TaggedReport], where: tuple[int, int], stratum: int
) -> SampledSentence:
    number, place = where
    report = reports[number].report
    sentence = report.sentences[place]
    return SampledSentence(
        report.source.file,
        sentence.start,
        sentence.end,
        sentence.text,
        stratum,
        report.name,
        report.section_title(sentence),
        report.sentences[place - 1].text if place else "",
        report.source.part,
    )


def allocate(sizes: Mapping[tuple[str, str], int], n: int) -> dict[tuple[str, str], int]:
    """How many to draw from each stratum (group, predicted): see `draw_sample`."""
    # Shared out as if of so many, no stratum keeps anything.
    low, high = 0, 2 * sum(sizes.values()) * (1 + len({name for _, name in sizes}))
    while low < high:
        middle = (low + high + 1) // 2
        if sum(_shared_out(sizes, middle).values()) <= n:
            low = middle
        else:
            high = middle - 1
    drawn, next_one = _shared_out(sizes, low), _shared_out(sizes, low + 1)
    left = n - sum(drawn.values())
    # Strata that are alike grow together: what is left over is not enough for all of them.
    for key in [key for key in sizes if next_one[key] > drawn[key]][: max(left, 0)]:
        drawn[key] += 1
    return drawn


def _shared_out(sizes: Mapping[tuple[str, str], int], n: int) -> dict[tuple[str, str], int]:
    """The parts of n sentences, each at least two and no more than its stratum has."""
    classes: dict[str, list[tuple[str, str]]] = {}
    for key in sizes:
        classes.setdefault(key[1], []).append(key)
    others = [name for name in classes if name != NO_CATEGORY]
    none = n * (_HALF if others else 1.0) if NO_CATEGORY in classes else 0.0
    result: dict[tuple[str, str], int] = {}
    for name, keys in classes.items():
        part = none if name == NO_CATEGORY else (n - none) / len(others)
        total = sum(sizes[key] for key in keys)
        for key in keys:
            wanted = round(part * sizes[key] / total)
            result[key] = min(sizes[key], max(_LEAST, wanted))
    return result


@dataclass(frozen=True)
class ExpectedPrecision:
    """What a sample would give: half widths of 95 % limits, (K,), as shares.

    `n` is what to ask `draw_sample` for, `drawn` what that draws. Limits hold for all reports
    together and for these reports (a census).
    """

    n: int
    drawn: int
    half_widths: NDArray[np.float64]


def expected_precision(
    tagged: Sequence[TaggedReport],
    n: int,
    *,
    precision: float = 0.75,
    missed: float = 0.02,
    groups: Sequence[str] | None = None,
) -> ExpectedPrecision:
    """Half widths to expect if `precision` of assigned categories are right and `missed` of the
    sentences without a category lack it wrongly: 1.96 root of sum N_h^2 (1 - f_h) s_h^2 / n_h / N^2
    (Cochran 1977, ch. 5), with s_h^2 = p (1 - p).
    """
    sample = draw_sample(tagged, n, groups=groups)
    sizes = np.array([s.size for s in sample.strata], float)
    drawn = np.array([s.drawn for s in sample.strata], float)
    widths = []
    for key in sample.categories:
        share = np.array([_error_share(s.predicted, key, precision, missed) for s in sample.strata])
        variance = sizes**2 * (1 - drawn / sizes) * share * (1 - share) / drawn
        widths.append(1.96 * np.sqrt(variance.sum()) / sizes.sum())
    return ExpectedPrecision(n, int(drawn.sum()), np.array(widths))


def _error_share(predicted: str, key: str, precision: float, missed: float) -> float:
    return 1.0 - precision if predicted in (key, SEVERAL) else missed


def needed_size(
    tagged: Sequence[TaggedReport], half_width: float, **assumed: Any
) -> ExpectedPrecision | None:
    """The smallest sample whose every half width is at most `half_width`; None if none is."""
    total = sum(len(t) for t in tagged if t.report.kind == "report")
    low, high = _LEAST, max(total, _LEAST)
    while low < high:
        middle = (low + high) // 2
        if expected_precision(tagged, middle, **assumed).half_widths.max() <= half_width:
            high = middle
        else:
            low = middle + 1
    found = expected_precision(tagged, low, **assumed)
    return found if found.half_widths.max() <= half_width else None
