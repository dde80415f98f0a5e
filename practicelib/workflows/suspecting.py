"""Carries labels to the model and its out-of-fold probabilities back, to find label errors.

Axes: N sentences, K categories.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.files.data import data_path
from practicelib.labels.gold import adjudicate
from practicelib.labels.suspects import suspects
from practicelib.model.classifier import MechanismClassifier
from practicelib.model.thresholds import sigmoid
from practicelib.records.codebook import Codebook
from practicelib.records.labelled import LabelledSentences, LabelTable
from practicelib.records.suspects import Suspects
from practicelib.text.words import read_domain_words
from practicelib.workflows.training import TrainingSettings


def out_of_fold(
    gold: LabelledSentences, codebook: Codebook, *, seed: int = 0
) -> NDArray[np.float64]:
    """Calibrated probabilities (N, K), each from a model that did not see the sentence's report.

    Raises TooFewLabelsError where there is too little to learn from.
    """
    # The shipped settings are for text of other sources; here models judge the very set.
    settings: dict[str, Any] = {
        **TrainingSettings().classifier,
        "priors": None,
        "word_scale": 1.0,
        "pattern_trust": 1.0,
    }
    words = read_domain_words(data_path("labels/dictionary.txt"))
    classifier = MechanismClassifier(codebook, domain_words=words, random_state=seed, **settings)
    classifier.fit(gold.texts, gold.labels, groups=gold.reports)
    parameters = classifier.parameters_
    probabilities: NDArray[np.float64] = sigmoid(
        parameters.slopes * classifier.out_of_fold_ + parameters.offsets
    )
    return probabilities


def suspects_with_model(
    table: LabelTable, codebook: Codebook, *, limit: int | None = None, seed: int = 0
) -> Suspects:
    """`suspects` of a table with out-of-fold probabilities of its majority labels.

    Sentences without a majority were not learned from and have no probability.
    """
    gold = adjudicate(table)
    place = {sentence.id: row for row, sentence in enumerate(table.sentences)}
    probabilities = np.full((len(table.sentences), len(table.categories)), np.nan)
    rows = [place[sentence.id] for sentence in gold.sentences]
    probabilities[rows] = out_of_fold(gold, codebook, seed=seed)
    return suspects(table, probabilities, limit=limit)
