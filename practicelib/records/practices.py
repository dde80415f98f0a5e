"""What a profile and a comparison of practices hold: numbers, and where each comes from.

What is measured is reported emphasis: what reports say, never what was done.

Axes: U units, K categories, P pairs of units, S stances, Y years, W words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from practicelib.records.cases import Case
from practicelib.records.content import ByContent
from practicelib.records.tags import Coding, TaggedReport
from practicelib.records.views import Viewable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Estimand = Literal["these", "like-these"]
"""These reports (a census: only coding can err), or reports like these (they are a sample too)."""
ESTIMANDS: tuple[Estimand, ...] = get_args(Estimand)
Measure = Literal["sentences", "coded", "present"]
"""Share of sentences, share among coded sentences, share of reports with at least n sentences."""
MEASURES: tuple[Measure, ...] = get_args(Measure)

ONE_REPORT: Final = "one_report"
NO_SENTENCES: Final = "no_sentences"
NOT_CORRECTABLE: Final = "not_correctable"
NO_SAMPLE: Final = "no_sample"
NO_OVERLAP: Final = "no_overlap"
Reason = Literal["", "one_report", "no_sentences", "not_correctable", "no_sample", "no_overlap"]
"""Why there is no figure: a unit with one report says nothing of reports like it; no sentence to
count; presence in a report cannot be corrected sentence by sentence; no validation sentence was
drawn from the unit; units share no stratum to adjust by."""


@dataclass(frozen=True, eq=False)
class Estimates(ByContent):
    """Values with limits, each (U, K); NaN where there is none, and `reasons` (U,) then says why.

    `method` is "counted" (no sampling, limits equal the value), "cluster" (over reports),
    "design" (over the validation sample), "cluster+design", "band" (limits only: shares over
    stated ranges of the error rates) or "" (no limits). `variance` and `df` are what limits came
    from.
    """

    value: Floats
    low: Floats
    high: Floats
    method: str = ""
    reasons: tuple[Reason, ...] = ()
    variance: Floats = field(default_factory=lambda: np.zeros((0, 0)), repr=False)
    df: Floats = field(default_factory=lambda: np.zeros((0, 0)), repr=False)
    size: Floats = field(default_factory=lambda: np.zeros((0, 0)), repr=False)


@dataclass(frozen=True, eq=False)
class MeasureTable(ByContent):
    """One measure: as tagged (`raw`), and either `corrected` by a coded sample or a `band`.

    There is never a corrected table without a probability sample of the same sentences.
    `adjusted` holds Rogan-Gladen shares from the sample's sensitivity and specificity.
    """

    measure: Measure
    raw: Estimates
    corrected: Estimates | None = None
    adjusted: Estimates | None = None
    band: Estimates | None = None


@dataclass(frozen=True)
class Unit:
    """What is compared: its key values, its cases, and the numbers of its reports."""

    name: str
    key: tuple[str, ...]
    cases: tuple[Case, ...]
    reports: tuple[int, ...]
    sentences: int = 0
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence behind a number: report and sentence number, offsets, probability."""

    report: int
    sentence: int
    start: int
    end: int
    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of different reports that are the same or nearly so: (report, sentence) pairs."""

    members: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something that must be said beside the figures; `show` has the wording."""

    key: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ErrorRates(ByContent):
    """Sensitivity and specificity per category with limits, (K, 3): value, low, high.

    `source` is "sample" (the user's own coded sample), "model" (decisions out of fold on its
    training text) or "stated" (ranges that the user gave).
    `p_sensitivity` and `p_specificity` (K,) test whether they differ between units; NaN unknown.
    """

    sensitivity: Floats
    specificity: Floats
    source: str
    p_sensitivity: Floats
    p_specificity: Floats


@dataclass(frozen=True)
class Settings:
    """How figures were made; goes into every output and the replication bundle."""

    by: tuple[str, ...]
    estimand: Estimand
    headings: str = "with"
    least: int = 1
    duplicates: str = "flag"
    level: float = 0.95
    resamples: int = 4000
    seed: int = 0
    adjust: str = ""
    distance: str = "euclidean"


@dataclass(frozen=True, eq=False)
class PracticeProfile(ByContent, Viewable):
    """What the reports of each unit say, category by category.

    `counts` (U, K) are sentences with a category, `heading_counts` (U, K) the headings among them;
    `coded` (U,) have any category. `positions` (U, K) are mean places in the report, 0 first and 1
    last. `stances` (U, K, S) counts how many of the sentences carry each of `stance_names`, by the
    patterns of the codebook whose hash is `stance_book`.
    """

    units: tuple[Unit, ...]
    categories: tuple[str, ...]
    coding: Coding
    settings: Settings
    tables: tuple[MeasureTable, ...]
    counts: Floats
    heading_counts: Floats
    coded: Floats
    positions: Floats
    stances: Floats
    stance_names: tuple[str, ...]
    quotes: tuple[tuple[tuple[Quote, ...], ...], ...] = field(repr=False)
    passages: tuple[Passage, ...] = field(default=(), repr=False)
    notes: tuple[Note, ...] = ()
    errors: ErrorRates | None = None
    reports: tuple[TaggedReport, ...] = field(default=(), repr=False)
    stance_book: str = ""

    def table(self, measure: Measure) -> MeasureTable:
        """One measure's table; KeyError for a measure that is not there."""
        for table in self.tables:
            if table.measure == measure:
                return table
        raise KeyError(measure)


@dataclass(frozen=True, eq=False)
class Differences(ByContent):
    """First less second unit of each pair, in shares (times 100: percentage points).

    Arrays (P, K); limits hold together over all pairs and categories at the level of the settings,
    each at `each_level`. `p` is one by one, `holm` adjusted; NaN where there is no test.
    """

    pairs: Ints
    value: Floats
    low: Floats
    high: Floats
    p: Floats
    holm: Floats
    each_level: float
    method: str = ""


@dataclass(frozen=True, eq=False)
class Composition(ByContent):
    """How the units' sentences are spread over the values of a column, (U, values)."""

    column: str
    values: tuple[str, ...]
    reports: Ints
    sentences: Ints


@dataclass(frozen=True, eq=False)
class Strata(ByContent):
    """What shares were standardised by: values of `column` that every unit has (`used`), and not.

    `kept` (U,) are the sentences of each unit in reports with a used value; the others do not
    enter standardised shares.
    """

    column: str
    used: tuple[str, ...]
    dropped: tuple[str, ...]
    kept: Ints


@dataclass(frozen=True, eq=False)
class Similarity(ByContent):
    """Distances of units, (U, U), and the order in which like units stand together."""

    jensen_shannon: Floats
    shares: Floats
    distance: str
    order: Ints


@dataclass(frozen=True)
class DistinctiveWord:
    """A word that sets a unit apart within a category: log-odds over reports with limits.

    `reports` of the unit's `of` reports use it; `elsewhere` of `elsewhere_of` others do.
    """

    unit: int
    category: int
    word: str
    log_odds: float
    low: float
    high: float
    reports: int
    of: int
    elsewhere: int
    elsewhere_of: int


@dataclass(frozen=True, eq=False)
class Trend(ByContent):
    """Shares of sentences by year over all units, (Y, K), with the reports of each year (Y,).

    `recall_checked` says whether the coded sample covers every year; if not, a change over years
    may be a change of what the classifier finds.
    """

    years: tuple[str, ...]
    reports: Ints
    estimates: Estimates
    recall_checked: bool


@dataclass(frozen=True, eq=False)
class Comparison(ByContent, Viewable):
    """Units side by side: the profile, what sets them apart, and what must be said of it.

    `differences` and, with a coded sample, `corrected_differences` are of `measure`. `survives`
    (P, K) counts the measures (of those with limits) whose interval lies on the same side of 0;
    `same_sign` (P, K) those whose difference has the same sign. `standardised` are raw shares of
    `measure`, directly standardised over `strata`; None where nothing was to be standardised.
    """

    profile: PracticeProfile
    measure: Measure
    differences: Differences
    corrected_differences: Differences | None
    survives: Ints
    same_sign: Ints
    compositions: tuple[Composition, ...]
    standardised: Estimates | None
    similarity: Similarity
    words: tuple[DistinctiveWord, ...]
    trend: Trend | None
    notes: tuple[Note, ...] = ()
    strata: Strata | None = None
