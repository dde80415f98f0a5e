"""Tags sentences and reports with a fitted model; needs neither scikit-learn nor jieba.

Axes: N sentences, K categories.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import expect
from practicelib.files.hashing import hash_json
from practicelib.model.checks import in_windows, refuse_no_list
from practicelib.model.joined import JoinedTexts
from practicelib.model.parameters import ModelParameters
from practicelib.model.referred import ReferredModel
from practicelib.model.scoring import Scorer, check_engine
from practicelib.model.thresholds import abstention_band, sigmoid
from practicelib.records.report import Report
from practicelib.records.tags import (
    NO_CONTEXT,
    CategoryEvidence,
    Coding,
    SentenceContext,
    TagBatch,
    TaggedReport,
    TaggedSentence,
)

Floats = NDArray[np.float64]


class Tagger:
    """A model at work; threads may share it.

    `name` and `path` say where it was loaded from (empty: nowhere), `hash` identifies the model.
    `engine` is "auto", "pure" or "compiled" (extra `fast`): all give the same tags, "auto" takes
    the machine code where the amount of text repays its start.
    """

    def __init__(
        self,
        parameters: ModelParameters,
        *,
        name: str = "",
        hash: str = "",
        path: str = "",
        engine: str = "auto",
        scorer: Scorer | None = None,
    ) -> None:
        self.parameters = parameters
        self.name = name
        self.hash = hash
        self.path = path
        self.engine = check_engine(engine)
        self.scorer = scorer or Scorer(parameters, hash)
        self._coding = _coding(parameters, name, hash)
        self._origin = parameters, hash

    @property
    def categories(self) -> tuple[str, ...]:
        """Category keys in codebook order."""
        return self.parameters.categories

    @property
    def category_names(self) -> tuple[tuple[str, str], ...]:
        """Chinese and English name of each category, in the order of `categories`."""
        return self._coding.category_names

    @property
    def thresholds(self) -> dict[str, float]:
        """Probability from which each category is assigned."""
        return dict(zip(self.categories, self.parameters.thresholds.tolist(), strict=True))

    def with_thresholds(self, **thresholds: float) -> Tagger:
        """The same tagger with other thresholds; the abstention band moves along.

        It codes otherwise, so its hash is another one, the same for the same thresholds, and it has
        no error counts: they were measured at the thresholds of the model. With these again it is
        the model again. Raises ValueError for an unknown category or a threshold outside (0, 1).
        """
        unknown = sorted(set(thresholds) - set(self.categories))
        if unknown:
            raise ValueError(f"unknown categories: {', '.join(unknown)}")
        wrong = {key: value for key, value in thresholds.items() if not 0.0 < value < 1.0}
        if wrong:
            raise ValueError(f"thresholds must lie between 0 and 1: {wrong}")
        model, hash = self._origin
        new = np.array([thresholds.get(k, t) for k, t in self.thresholds.items()])
        if np.array_equal(new, model.thresholds):
            return self._like(model, hash, self.engine)
        changed = replace(
            model,
            thresholds=new,
            band=_moved_band(model, new),
            facts={**model.facts, "error_counts": {}},
        )
        return self._like(
            changed, hash_json({"model": hash, "thresholds": new.tolist()}), self.engine
        )

    def with_engine(self, engine: str) -> Tagger:
        """The same tagger on another engine: "auto", "pure" or "compiled"."""
        return self._like(self.parameters, self.hash, engine)

    def _like(self, parameters: ModelParameters, hash: str, engine: str) -> Tagger:
        like = Tagger(
            parameters,
            name=self.name,
            hash=hash,
            path=self.path,
            engine=engine,
            scorer=self.scorer,
        )
        like._origin = self._origin
        return like

    def decision_function(self, texts: Iterable[str]) -> Floats:
        """Decision values of N texts, shape (N, K).

        Raises TypeError for a single string, for a mapping or table, and for what is no string;
        MissingExtraError where the engine is "compiled" and numba is not installed.
        """
        refuse_no_list(texts)
        return self.scorer.decisions(texts, self.engine)

    def predict_proba(self, texts: Iterable[str]) -> Floats:
        """Calibrated probabilities of N texts, shape (N, K)."""
        parameters = self.parameters
        return sigmoid(parameters.slopes * self.decision_function(texts) + parameters.offsets)

    def tag_batch(
        self, texts: Iterable[str], contexts: Sequence[SentenceContext] | None = None
    ) -> TagBatch:
        """Tags of N texts with their scores as arrays; each text is taken as one sentence.

        The batch has a list of its own of the texts. Raises what `decision_function` raises.
        """
        refuse_no_list(texts)
        # Else a list changed later, or a Series with another index, would give other texts.
        own = texts if isinstance(texts, JoinedTexts) else list(texts)
        return self.batch_of(own, self.predict_proba(own), contexts)

    def batch_of(
        self,
        texts: Sequence[str],
        probabilities: Floats,
        contexts: Sequence[SentenceContext] | None = None,
    ) -> TagBatch:
        """The tags that follow from probabilities (N, K) which this model gave N texts."""
        parameters = self.parameters
        in_doubt = (probabilities >= parameters.band[:, 0]) & (
            probabilities < parameters.band[:, 1]
        )
        assigned = probabilities >= parameters.thresholds
        return TagBatch(texts, probabilities, assigned, in_doubt, self._coding, self, contexts)

    def tag(self, texts: Iterable[str]) -> list[TaggedSentence]:
        """Tags of texts, one each, in order; each text is taken as one sentence.

        Raises what `decision_function` raises.
        """
        return list(self.tag_batch(texts))

    def tag_stream(self, texts: Iterable[str], *, window: int = 8192) -> Iterator[TaggedSentence]:
        """Tags of texts, one each, in order, however many there are.

        No more than `window` texts are taken ahead, so memory stays flat. Raises what
        `decision_function` raises, and ValueError for a window below 1.
        """
        windows = in_windows(texts, window)
        return (tag for taken in windows for tag in self.tag_batch(taken))

    def tag_report(self, report: Report) -> TaggedReport:
        """Tags of all sentences of a report; raises TypeError for what is none."""
        expect(report, Report, "read it first: practicelib.read_report(file)")
        return TaggedReport(report, self.tag_batch([s.text for s in report.sentences]))

    def explain(
        self, text: str, context: SentenceContext = NO_CONTEXT
    ) -> Mapping[str, CategoryEvidence]:
        """Evidence of every category for a text, each worked out when it is asked for."""
        return self.scorer.explainer.explain(text)

    def to_send(self) -> Tagger | ReferredModel:
        """What gives the same evidence in another process: a saved model by its folder and hash."""
        return ReferredModel(self.path, self._origin[1]) if self.path else self


def _moved_band(model: ModelParameters, thresholds: Floats) -> Floats:
    """The band (K, 2) around other thresholds, as wide on the logit scale as the model's."""
    logits = np.log(model.band / (1.0 - model.band))
    widths = (logits[:, 1] - logits[:, 0]) / 2.0
    moved = np.stack([abstention_band(thresholds[[k]], w)[0] for k, w in enumerate(widths)])
    return np.where((thresholds == model.thresholds)[:, None], model.band, moved)


def _coding(parameters: ModelParameters, name: str, hash: str) -> Coding:
    counts = parameters.facts.get("error_counts", {})
    arrays = {
        key: np.array([counts[c][key] for c in parameters.categories], np.int64) if counts else None
        for key in ("true_positives", "false_positives", "false_negatives", "true_negatives")
    }
    return Coding(
        parameters.categories,
        "model",
        name,
        parameters.codebook.hash,
        hash,
        tuple((category.zh, category.en) for category in parameters.codebook.categories),
        **{key: value for key, value in arrays.items() if value is not None},
    )
