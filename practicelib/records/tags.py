"""What comes out of tagging: categories, probabilities and evidence, sentence by sentence.

Axes: N sentences, K categories. Scores are kept as arrays for a whole batch; a `TaggedSentence`
is a light view of one row, so that tagging many sentences costs little per sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import NamedTuple, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from practicelib.records.cases import STATUS, Case
from practicelib.records.report import Report, Sentence
from practicelib.records.views import Viewable

IN_CHINESE = {
    "file": "文件", "part": "部分", "report": "材料", "unit": "单位", "section": "小节",
    "heading": "是否标题", "start": "起", "end": "止", "text": "句子",
    "labels": "类别", "uncertain": "存疑", "codebook": "编码本", "model": "模型",
    "place": "地点", "level": "层级", "year": "年份", "type": "文种", "source": "来源",
    STATUS: "是否确认",
}  # fmt: skip
"""What the columns of tag tables are called in tables for people."""


class _Span(NamedTuple):
    start: int
    end: int
    text: str
    weight: float


class Evidence(_Span):
    """A span of a sentence and what it adds to the decision value: `text[start:end]`.

    A tuple of start, end, text and weight; `kind`, beside it, is "word", "characters" or "pattern".
    """

    kind: str

    def __new__(
        cls, start: int, end: int, text: str, weight: float, kind: str = "word"
    ) -> Evidence:
        """A span of a kind."""
        found = super().__new__(cls, start, end, text, weight)
        found.kind = kind
        return found


@dataclass(frozen=True, slots=True)
class CategoryEvidence:
    """All that decided one category of one sentence.

    The weights of `spans`, plus `context` (what neighbours and headings add), plus `intercept`,
    add up to `decision` within 1e-9.
    """

    spans: Sequence[Evidence]
    context: float
    intercept: float
    decision: float

    def __iter__(self) -> Iterator[Evidence]:
        return iter(self.spans)

    def __len__(self) -> int:
        return len(self.spans)

    def strongest(self, n: int = 5) -> tuple[Evidence, ...]:
        """The n spans that add most to the decision, strongest first, positive ones only."""
        positive = [span for span in self.spans if span.weight > 0]
        return tuple(sorted(positive, key=lambda s: (-s.weight, s.start, s.end))[:n])


class Explainer(Protocol):
    """What can give the evidence of a text: a tagger."""

    def explain(self, text: str, context: SentenceContext) -> Mapping[str, CategoryEvidence]:
        """Evidence of every category, in codebook order."""
        ...

    def to_send(self) -> Explainer:
        """What gives the same evidence in another process, and is light to send there."""
        ...


@dataclass(frozen=True, slots=True)
class SentenceContext:
    """What stands around a sentence; empty where a text is tagged on its own."""

    heading: str = ""
    previous: str = ""
    is_heading: bool = False


NO_CONTEXT = SentenceContext()


@dataclass(frozen=True, slots=True, eq=False)
class Coding:
    """Who or what gave the tags: a model or a person, under which codebook.

    `category_names` maps key to (Chinese, English) names. `true_positives`, `false_positives`,
    `false_negatives`, `true_negatives` are counts per category, shape (K,), of the model's
    decisions out of fold on its training text; empty arrays where nothing was measured.
    """

    categories: tuple[str, ...]
    kind: str = "model"
    name: str = ""
    codebook: str = ""
    model: str = ""
    category_names: tuple[tuple[str, str], ...] = ()
    true_positives: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    false_positives: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    false_negatives: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    true_negatives: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def display_name(self, key: str, lang: str = "zh") -> str:
        """Name of a category for people, the key itself where no name is known."""
        if not self.category_names:
            return key
        return self.category_names[self.categories.index(key)][0 if lang == "zh" else 1]

    def _content(self) -> tuple[object, ...]:
        values = (getattr(self, one.name) for one in fields(self))
        return tuple(tuple(v.tolist()) if isinstance(v, np.ndarray) else v for v in values)

    def __eq__(self, other: object) -> bool:
        return self._content() == other._content() if isinstance(other, Coding) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._content())


class TagBatch(Sequence["TaggedSentence"]):
    """Scores of N sentences in arrays; a sequence of `TaggedSentence` views.

    `probabilities` (N, K) float64, `assigned` and `in_doubt` (N, K) bool.
    """

    __slots__ = (
        "assigned",
        "coding",
        "contexts",
        "explainer",
        "in_doubt",
        "probabilities",
        "texts",
    )

    def __init__(
        self,
        texts: Sequence[str],
        probabilities: NDArray[np.float64],
        assigned: NDArray[np.bool_],
        in_doubt: NDArray[np.bool_],
        coding: Coding,
        explainer: Explainer | None = None,
        contexts: Sequence[SentenceContext] | None = None,
    ) -> None:
        self.texts = texts
        self.probabilities = probabilities
        self.assigned = assigned
        self.in_doubt = in_doubt
        self.coding = coding
        self.explainer = explainer
        self.contexts = contexts

    def __reduce__(self) -> tuple[type[TagBatch], tuple[object, ...]]:
        """Pickled without the numbers of a saved model, which is loaded again where it is asked."""
        explainer = None if self.explainer is None else self.explainer.to_send()
        scores = self.probabilities, self.assigned, self.in_doubt
        return TagBatch, (self.texts, *scores, self.coding, explainer, self.contexts)

    def __copy__(self) -> TagBatch:
        return self._part(slice(None))

    def __deepcopy__(self, memo: dict[int, object]) -> TagBatch:
        """A copy in the same process keeps the model itself."""
        return TagBatch(
            self.texts[:],
            self.probabilities.copy(),
            self.assigned.copy(),
            self.in_doubt.copy(),
            self.coding,
            self.explainer,
            self.contexts,
        )

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, row: int) -> TaggedSentence: ...
    @overload
    def __getitem__(self, row: slice) -> TagBatch: ...
    def __getitem__(self, row: int | slice) -> TaggedSentence | TagBatch:
        if isinstance(row, slice):
            return self._part(row)
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        return TaggedSentence(self, row % len(self))

    def __iter__(self) -> Iterator[TaggedSentence]:
        return (TaggedSentence(self, row) for row in range(len(self)))

    def _part(self, rows: slice) -> TagBatch:
        return TagBatch(
            self.texts[rows],
            self.probabilities[rows],
            self.assigned[rows],
            self.in_doubt[rows],
            self.coding,
            self.explainer,
            None if self.contexts is None else self.contexts[rows],
        )


class TaggedSentence:
    """Tags of one sentence: a view of one row of a `TagBatch`."""

    __slots__ = ("_batch", "_row")

    def __init__(self, batch: TagBatch, row: int) -> None:
        self._batch = batch
        self._row = row

    def __reduce__(self) -> tuple[type[TaggedSentence], tuple[TagBatch, int]]:
        """Pickled with its own row only, not with all that were tagged along with it."""
        return TaggedSentence, (self._batch[self._row : self._row + 1], 0)

    @property
    def text(self) -> str:
        """The sentence as it was given."""
        return self._batch.texts[self._row]

    @property
    def labels(self) -> tuple[str, ...]:
        """Categories assigned, in codebook order; empty where there is none."""
        return self._keys(self._batch.assigned)

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Categories whose probability lies in the abstention band."""
        return self._keys(self._batch.in_doubt)

    @property
    def probabilities(self) -> dict[str, float]:
        """Calibrated probability of every category, each between 0 and 1."""
        row = self._batch.probabilities[self._row].tolist()
        return dict(zip(self._batch.coding.categories, row, strict=True))

    @property
    def evidence(self) -> Mapping[str, CategoryEvidence]:
        """Evidence by category, worked out when asked for; empty for a person's codes."""
        if self._batch.explainer is None:
            return {}
        return self._batch.explainer.explain(self.text, self.context)

    @property
    def context(self) -> SentenceContext:
        """What stood around the sentence when it was tagged."""
        contexts = self._batch.contexts
        return contexts[self._row] if contexts is not None else NO_CONTEXT

    def _keys(self, flags: NDArray[np.bool_]) -> tuple[str, ...]:
        categories = self._batch.coding.categories
        return tuple([categories[k] for k in np.flatnonzero(flags[self._row])])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TaggedSentence):
            return NotImplemented
        return (
            self.text == other.text
            and self.labels == other.labels
            and self.uncertain == other.uncertain
            and self.probabilities == other.probabilities
        )

    def __hash__(self) -> int:
        return hash((self.text, self.labels))

    def __repr__(self) -> str:
        return f"TaggedSentence({self.text!r}, labels={self.labels!r})"


@dataclass(frozen=True, slots=True)
class TaggedReport(Viewable):
    """A report with the tags of each of its sentences, a model's or a person's.

    `tags[i]` belongs to `report.sentences[i]`; both have length N. `case` is the report's row of
    a case table where one was given (`practices.cases.with_cases`).
    """

    report: Report
    tags: TagBatch = field(repr=False)
    case: Case | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if len(self.report.sentences) != len(self.tags):
            raise ValueError(
                f"{len(self.report.sentences)} sentences but tags of {len(self.tags)} sentences"
            )

    @property
    def coding(self) -> Coding:
        """Who or what gave the tags."""
        return self.tags.coding

    @property
    def assigned(self) -> NDArray[np.bool_]:
        """Categories assigned, shape (N, K)."""
        return self.tags.assigned

    def __iter__(self) -> Iterator[tuple[Sentence, TaggedSentence]]:
        return zip(self.report.sentences, self.tags, strict=True)

    def __len__(self) -> int:
        return len(self.tags)
