"""From the label folder to a model on disk: what `practicelib train` does.

Axes: N sentences, K categories.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.reading import read_codebook
from practicelib.errors import LabelError, TooFewLabelsError, expect
from practicelib.files.data import data_path
from practicelib.files.hashing import hash_text
from practicelib.labels.checks import GOLD
from practicelib.labels.provenance import labelling_facts
from practicelib.labels.suggest import is_suggested
from practicelib.labels.twins import twins_across
from practicelib.measures.scores import count_errors
from practicelib.model.classifier import MechanismClassifier
from practicelib.model.tagger import Tagger
from practicelib.model.targets import folds_of
from practicelib.model.thresholds import sigmoid
from practicelib.records.codebook import Codebook
from practicelib.records.labelled import LabelledSentences
from practicelib.text.words import read_domain_words

LOG = logging.getLogger("practicelib.workflows")
LEAST_REPORTS = 5
LEAST_POSITIVES = 5
SOURCES_A_FOLD = 2


@dataclass(frozen=True)
class TrainingSettings:
    """Settings of the shipped model; `docs/decisions/` says how each was chosen.

    `classifier` are parameters of `MechanismClassifier`; `source_weights` multiply the weight of
    the sentences of a source, by its name in the column `source` of `sources.csv`.
    """

    classifier: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULT_CLASSIFIER))
    source_weights: Mapping[str, float] = field(default_factory=dict)


DEFAULT_CLASSIFIER: Mapping[str, Any] = {
    "min_df": 2,
    "character_lengths": (1, 2),
    "word_scale": 0.5,
    "pattern_scale": 0.1,
    "pattern_trust": 1.5,
    "C": 5.0,
    "class_weight": 0.5,
    "priors": 0.04,
    "n_folds": 5,
}


def train(
    gold: LabelledSentences,
    codebook: Codebook | str | os.PathLike[str] | None = None,
    *,
    settings: TrainingSettings | None = None,
    dictionary: str | os.PathLike[str] | None = None,
    seed: int = 0,
) -> Tagger:
    """Learn a tagger from the sentences of role train (all, where no sentence has a role).

    `codebook` and `dictionary` are the shipped ones by default. Raises LabelError where gold and
    codebook have other categories, and TooFewLabelsError naming every category with fewer than
    `LEAST_POSITIVES` sentences and a set of fewer than `LEAST_REPORTS` reports.
    """
    expect(gold, LabelledSentences, GOLD)
    settings = settings or TrainingSettings()
    tagger = learn(gold, codebook, settings=settings, dictionary=dictionary, seed=seed)
    warn_of_folds(training_sentences(gold), settings.classifier["n_folds"])
    return tagger


def learn(
    gold: LabelledSentences,
    codebook: Codebook | str | os.PathLike[str] | None = None,
    *,
    settings: TrainingSettings,
    dictionary: str | os.PathLike[str] | None = None,
    seed: int = 0,
) -> Tagger:
    """As `train`, without a warning: for baselines, of whose training set it was said before."""
    book = codebook if isinstance(codebook, Codebook) else read_codebook(_path(codebook))
    if gold.categories != book.keys:
        raise LabelError(f"labels have {gold.categories}, the codebook {book.keys}")
    chosen = training_sentences(gold)
    check_enough(chosen)
    words = read_domain_words(_path(dictionary) or data_path("labels/dictionary.txt"))
    classifier = MechanismClassifier(
        book, domain_words=words, random_state=seed, **settings.classifier
    )
    weights = _source_weights(chosen, settings.source_weights)
    groups = _groups(chosen, classifier.n_folds)
    classifier.fit(chosen.texts, chosen.labels, groups=groups, sample_weight=weights)
    facts = _facts(chosen, classifier, settings, seed) | labelling_facts(gold, chosen)
    return Tagger(replace(classifier.parameters_, facts=facts), name="trained")


def warn_of_folds(gold: LabelledSentences, n_folds: int) -> None:
    """Say how many sentences stand, nearly the same, in another fold, which tells of them."""
    folds = folds_of(_groups(gold, n_folds), n_folds)
    twins = int(twins_across(gold.texts, folds).sum())
    if twins:
        LOG.warning(
            "%d of %d sentences stand, nearly the same, in another fold of the training set;"
            " thresholds and calibration take the model for that much better",
            twins,
            len(gold),
        )


def training_sentences(gold: LabelledSentences) -> LabelledSentences:
    """The sentences of role train; all, where none has it."""
    return gold.with_role("train") if "train" in set(gold.roles.tolist()) else gold


def _path(path: str | os.PathLike[str] | None) -> Path | None:
    return None if path is None else Path(path)


def check_enough(gold: LabelledSentences) -> None:
    """Raise TooFewLabelsError naming all that there is too little of to train on."""
    reports = len(set(gold.reports.tolist()))
    causes = []
    if reports < LEAST_REPORTS:
        causes.append(f"{reports} reports; at least {LEAST_REPORTS} are needed")
    for key, count in zip(gold.categories, gold.labels.sum(axis=0).tolist(), strict=True):
        if count < LEAST_POSITIVES:
            causes.append(f"{key}: {count} sentences; at least {LEAST_POSITIVES} are needed")
    if causes:
        raise TooFewLabelsError("; ".join(causes))


def _groups(gold: LabelledSentences, n_folds: int) -> NDArray[Any]:
    """What stays together in a fold, (N,): sources where there are plenty, else reports.

    A source is one writer or archive. A model does better on other reports of a source that it
    learned from than it will on a new source; trust in the words, calibration and thresholds are
    to follow the latter.
    """
    sources = np.array([sentence.source for sentence in gold.sentences])
    return sources if len(set(sources.tolist())) >= SOURCES_A_FOLD * n_folds else gold.reports


def _source_weights(gold: LabelledSentences, weights: Mapping[str, float]) -> NDArray[np.float64]:
    return np.array([weights.get(sentence.source, 1.0) for sentence in gold.sentences])


def label_set_hash(gold: LabelledSentences) -> str:
    """Hash of ids, texts and labels of a gold set, independent of their order."""
    lines = sorted(
        f"{sentence.id}\t{hash_text(sentence.text)}\t{''.join('01'[int(v)] for v in row)}"
        for sentence, row in zip(gold.sentences, gold.labels, strict=True)
    )
    return hash_text("\n".join((*gold.categories, *lines)))


def _facts(
    gold: LabelledSentences,
    classifier: MechanismClassifier,
    settings: TrainingSettings,
    seed: int,
) -> dict[str, Any]:
    """Plain data about the training; no date and no version, so that rebuilding gives the same."""
    parameters = classifier.parameters_
    decided = sigmoid(parameters.slopes * classifier.out_of_fold_ + parameters.offsets)
    # Suggested sentences are no sample: shares are never corrected by errors on them.
    sampled = ~is_suggested(gold.sentences)
    counts = count_errors(gold.labels[sampled], (decided >= parameters.thresholds)[sampled])
    return {
        "sentences": len(gold),
        "reports": len(set(gold.reports.tolist())),
        "positives": dict(zip(gold.categories, gold.labels.sum(axis=0).tolist(), strict=True)),
        "label_set": label_set_hash(gold),
        "settings": {
            **settings.classifier,
            "character_lengths": list(parameters.features.character_lengths),
        },
        "report_ids": sorted(set(gold.reports.tolist())),
        "source_weights": dict(settings.source_weights),
        "seed": seed,
        "error_counts_from": "decisions out of fold on the training text",
        "error_counts": {
            key: {
                "true_positives": int(counts.tp[k]),
                "false_positives": int(counts.fp[k]),
                "false_negatives": int(counts.fn[k]),
                "true_negatives": int(counts.tn[k]),
            }
            for k, key in enumerate(gold.categories)
        },
    }
