"""A coded probability sample laid over gathered sentences.

Axes: N sentences, n sampled ones, K categories, H strata, U units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import Fault, LabelError
from practicelib.measures.quantify import (
    Design,
    design_variance,
    differential_error,
    pseudo_outcomes,
)
from practicelib.measures.shares import exact_limits, korn_graubard, ratio
from practicelib.practices.gather import Gathered
from practicelib.records.practices import ErrorRates
from practicelib.records.tags import Coding
from practicelib.records.validation import SampledSentence, ValidationSample

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ELSEWHERE = 2.0


@dataclass(frozen=True)
class Laid:
    """Rows (n,) of the sampled sentences, their codes (n, K) and the design they were drawn by."""

    rows: Ints
    codes: Floats
    design: Design

    @property
    def weights(self) -> Floats:
        """Sentences that each sampled one stands for, (n,)."""
        weights: Floats = 1.0 / self.design.inclusion
        return weights


def lay(sample: ValidationSample, gathered: Gathered) -> Laid:
    """Find the sampled sentences among those gathered.

    Raises LabelError for a sample that is not coded, that was drawn from other sentences or from
    another model's predictions, and for sentences that are not there, read otherwise or may be
    more than one of those gathered.
    """
    _check(sample, gathered)
    places = _Places(gathered)
    rows: dict[int, SampledSentence] = {}
    faults = []
    for sentence in sample.sentences:
        try:
            row = places.row_of(sentence)
        except ValueError as cause:
            faults.append(Fault(str(cause), sentence.file, value=_where(sentence)))
            continue
        if rows.setdefault(row, sentence) is not sentence:
            twice = f"the same sentence as {_where(rows[row])} of {rows[row].file}"
            faults.append(Fault(twice, sentence.file, value=_where(sentence)))
    if faults:
        raise LabelError(faults)
    names = [stratum.predicted for stratum in sample.strata]
    classes = {name: number for number, name in enumerate(dict.fromkeys(names))}
    design = Design(
        np.array([s.stratum for s in sample.sentences], np.int64),
        np.array([stratum.size for stratum in sample.strata], np.int64),
        np.array([classes[name] for name in names], np.int64),
    )
    assert sample.codes is not None
    return Laid(np.array(list(rows), np.int64), sample.codes.astype(float), design)


def _check(sample: ValidationSample, gathered: Gathered) -> None:
    coding = gathered.reports[0].coding
    if sample.codes is None:
        raise LabelError("the validation sample is not coded yet")
    if sample.categories != coding.categories:
        raise LabelError(f"sample has categories {sample.categories}, tags {coding.categories}")
    if sample.model != coding.model:
        raise LabelError(
            f"the sample was drawn from predictions of model {sample.model[:12]!r}, these are of"
            f" {coding.model[:12]!r}; the chances of being drawn do not fit"
        )
    frame = sum(stratum.size for stratum in sample.strata)
    if frame != len(gathered.report):
        raise LabelError(
            f"the sample was drawn from {frame} sentences, these reports have"
            f" {len(gathered.report)}; correct only what it was drawn from"
        )


class _Places:
    """Where the gathered sentences stand, so that a sampled one is found among them.

    Folders may have moved since a sample was drawn. So a file is the one of that name whose path
    agrees with the sampled one from its end on for longest.
    """

    def __init__(self, gathered: Gathered) -> None:
        self._files: dict[str, dict[str, tuple[str, ...]]] = {}
        self._rows: dict[tuple[str, int, int], list[tuple[str, str, int]]] = {}
        sources = [t.report.source for t in gathered.reports]
        for source in sources:
            path = _path(source.file)
            self._files.setdefault(path[-1], {})[source.file] = path
        sentences = (s for t in gathered.reports for s in t.report.sentences)
        for row, (number, s) in enumerate(zip(gathered.report.tolist(), sentences, strict=True)):
            own = self._rows.setdefault((sources[number].file, s.start, s.end), [])
            own.append((sources[number].part, s.text, row))

    def row_of(self, sentence: SampledSentence) -> int:
        """The row of a sampled sentence; raises ValueError with the reason where there is none."""
        place = (self._file_of(sentence.file), sentence.start, sentence.end)
        # A sheet of an older version does not say the part: then the text decides.
        own = [o for o in self._rows.get(place, []) if sentence.part in ("", o[0])]
        rows = [row for _, text, row in own if text == sentence.text]
        if not own:
            raise ValueError("sampled sentence is not in the reports")
        if not rows:
            raise ValueError("text has changed")
        if len(rows) > 1:
            raise ValueError(f"{len(rows)} sentences of these reports may be the sampled one")
        return rows[0]

    def _file_of(self, file: str) -> str:
        path = _path(file)
        near = {
            other: (_shared_end(path, own), path == own)
            for other, own in self._files.get(path[-1], {}).items()
        }
        nearest = max(near.values(), default=None)
        best = [other for other, how_near in near.items() if how_near == nearest]
        if len(best) > 1:
            raise ValueError(f"several files may be the sampled one: {', '.join(sorted(best))}")
        return best[0] if best else file


def _path(file: str) -> tuple[str, ...]:
    parts = file.replace("\\", "/").split("/")
    return (*(part for part in parts[:-1] if part not in ("", ".")), parts[-1])


def _shared_end(one: Sequence[str], other: Sequence[str]) -> int:
    """How many last members of two paths are the same."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _where(sentence: SampledSentence) -> str:
    part = f"{sentence.part}, " if sentence.part else ""
    return f"{part}{sentence.start}-{sentence.end} {sentence.text[:20]}"


def outcomes(values: Floats, codes: Floats, laid: Laid) -> Floats:
    """Design-adjusted outcomes (N, M) of predictions (N, M) and codes of the sampled (n, M)."""
    full = np.zeros_like(values)
    sampled = np.zeros(len(values), bool)
    inclusion = np.ones(len(values))
    full[laid.rows], sampled[laid.rows] = codes, True
    inclusion[laid.rows] = laid.design.inclusion
    return pseudo_outcomes(values, full, sampled, inclusion)


def sampled_rates(laid: Laid, gathered: Gathered, level: float) -> ErrorRates:
    """Sensitivity and specificity by design weights, with limits and a test between units.

    Limits come from the sampling variance of the linearised ratio (Cochran 1977, ch. 6).
    """
    guess, code, weight = gathered.assigned[laid.rows], laid.codes, laid.weights[:, None]
    unit = gathered.unit_of_sentence[laid.rows]
    found = []
    for hit, base in ((guess * code, code), ((1 - guess) * (1 - code), 1 - code)):
        rate = ratio((weight * hit).sum(axis=0), (weight * base).sum(axis=0))
        low, high = _rate_limits(rate, hit, base, laid, level)
        p = [
            _test(hit[:, k], base[:, k], weight[:, 0], unit, len(gathered.units))
            for k in range(code.shape[1])
        ]
        found.append((np.column_stack([rate, low, high]), np.array(p)))
    (sensitivity, p_sensitivity), (specificity, p_specificity) = found
    return ErrorRates(sensitivity, specificity, "sample", p_sensitivity, p_specificity)


def _rate_limits(
    rate: Floats, hit: Floats, base: Floats, laid: Laid, level: float
) -> tuple[Floats, Floats]:
    residual = hit - np.nan_to_num(rate) * base
    together = np.zeros(len(hit), np.int64)
    variance = design_variance(residual, together, 1, laid.design, pooled=False)[0]
    whole = (laid.weights[:, None] * base).sum(axis=0)
    n = base.sum(axis=0)
    return korn_graubard(rate, ratio(variance, whole**2), n, np.maximum(n - 1, 1), level)


def _effective(weights: Floats) -> Floats:
    """Kish's (1965) effective number: (sum w)^2 / sum w^2, 0 where there is no weight."""
    return np.nan_to_num(ratio(weights.sum(axis=0) ** 2, (weights**2).sum(axis=0)))


def _test(hit: Floats, base: Floats, weight: Floats, unit: Ints, n_units: int) -> float:
    trials, hits = np.zeros(n_units), np.zeros(n_units)
    for u in np.unique(unit):
        own = (unit == u) & (base > 0)
        if own.any():
            trials[u] = float(_effective(weight[own][:, None])[0])
            hits[u] = trials[u] * float((weight * hit)[own].sum() / weight[own].sum())
    return differential_error(hits, trials).p


def model_rates(coding: Coding, level: float) -> ErrorRates | None:
    """Rates from the counts that came with the model, with ranges; None without counts.

    They are of decisions out of fold on the model's training text, not on this one. So a range
    runs from twice to half the measured odds of an error, and over the exact limits where these
    are wider.
    """
    if not len(coding.true_positives):
        return None
    unknown = np.full(len(coding.categories), np.nan)
    rates: list[Floats] = []
    pairs: Sequence[tuple[Ints, Ints]] = (
        (coding.true_positives, coding.false_negatives),
        (coding.true_negatives, coding.false_positives),
    )
    for right, wrong in pairs:
        total = (right + wrong).astype(float)
        rate = ratio(right.astype(float), total)
        low, high = exact_limits(rate, total, level)
        low = np.minimum(low, _at_odds(rate, _ELSEWHERE))
        high = np.maximum(high, _at_odds(rate, 1.0 / _ELSEWHERE))
        rates.append(np.column_stack([rate, low, high]))
    return ErrorRates(rates[0], rates[1], "model", unknown, unknown)


def _at_odds(rate: Floats, factor: float) -> Floats:
    """The rate at which the odds of an error are `factor` times those of `rate`."""
    changed: Floats = rate / (rate + factor * (1.0 - rate))
    return changed
