"""Measures a tagger on labelled sentences that it was not trained on, beside baselines.

Axes: N sentences, K categories, B resamples.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.matcher import Matcher
from practicelib.errors import Fault, LabelError, TooFewLabelsError, expect
from practicelib.labels.checks import GOLD
from practicelib.labels.suggest import training_only
from practicelib.labels.twins import twins_across
from practicelib.measures.scores import (
    average_precision,
    bootstrap_f1,
    calibration_error,
    count_errors,
    coverage_curve,
    exact_match,
    f1,
    interval,
    macro_f1,
    mean_defined,
    micro_f1,
    precision,
    recall,
    reliability,
)
from practicelib.model.tagger import Tagger
from practicelib.records.codebook import Codebook
from practicelib.records.evaluation import Evaluation, LearningPoint, SystemScores, noted
from practicelib.records.labelled import LabelledSentences
from practicelib.workflows.training import (
    TrainingSettings,
    check_enough,
    learn,
    training_sentences,
    warn_of_folds,
)

LOG = logging.getLogger("practicelib.workflows")
RESAMPLES = 2000
MODEL = "model"
PATTERNS = "patterns alone"
PLAIN = "plain TF-IDF"
NOTHING = "always none"
NO_PATTERNS = "model without patterns"


def evaluate(
    tagger: Tagger,
    gold: LabelledSentences,
    *,
    training: LabelledSentences | None = None,
    on: str = "",
    quick: bool = False,
    seed: int = 0,
) -> Evaluation:
    """Scores of a tagger on the sentences of role test (all, where no sentence has that role).

    Beside it stand the baselines that need no training (patterns alone, always none) and, with
    the `training` sentences (those of role train, as `train` takes them), plain TF-IDF with
    logistic regression and the model without patterns, unless `quick`; those that rest on patterns
    are left out, and noted, where the codebook has none. Intervals come from `RESAMPLES` bootstrap
    resamples of whole reports; fewer than `FEW` of them are noted. A warning is logged for
    sentences that stand, nearly the same, among those that were trained on (the `training` ones, or
    those of role train in `gold`), and one as `train` logs it. Raises LabelError where a report was
    trained on, a source has both roles or the categories differ, and TooFewLabelsError for an empty
    set and for too little to train baselines on.
    """
    expect(gold, LabelledSentences, GOLD)
    chosen = gold.with_role("test") if "test" in set(gold.roles.tolist()) else gold
    _check(tagger, chosen)
    seen = gold.with_role("train") if training is None else training_sentences(training)
    _check_sources(seen, chosen)
    if set(seen.reports.tolist()) & set(tagger.parameters.facts.get("report_ids", ())):
        _warn_of_twins(seen, chosen)
    training = None if training is None or quick else seen
    if training is not None:
        _check_training(tagger, training)
        warn_of_folds(training, _settings(tagger).classifier["n_folds"])
    texts = chosen.texts
    probabilities = tagger.predict_proba(texts)
    systems = {MODEL: (probabilities, probabilities >= tagger.parameters.thresholds)}
    systems |= _baselines(tagger, texts, training, seed)
    return _scored(tagger, chosen, systems, on, seed)


def _check(tagger: Tagger, gold: LabelledSentences) -> None:
    if not len(gold):
        raise TooFewLabelsError(
            "there is no labelled sentence to measure on: name text with --on, or give a source of"
            " the label folder the role test (sources.csv)"
        )
    training_only(gold.sentences, "validation")
    if gold.categories != tagger.categories:
        raise LabelError(f"labels have {gold.categories}, the model {tagger.categories}")
    trained = set(tagger.parameters.facts.get("report_ids", ()))
    leaked = sorted(trained & set(gold.reports.tolist()))
    if leaked:
        cause = "the model was trained on this report; it cannot be measured there"
        raise LabelError([Fault(cause, value=report) for report in leaked])


def _check_sources(training: LabelledSentences, gold: LabelledSentences) -> None:
    """Refuse a source on both sides: whoever wrote one text is known from the other."""
    ours, theirs = ({s.source for s in part.sentences} - {""} for part in (training, gold))
    if shared := sorted(ours & theirs):
        cause = "the source has the role train and the role test; it cannot be measured there"
        raise LabelError([Fault(cause, value=source) for source in shared])


def _check_training(tagger: Tagger, training: LabelledSentences) -> None:
    """Refuse what baselines cannot be trained on before the work, not in the midst of it."""
    if training.categories != tagger.categories:
        raise LabelError(
            f"labels to train baselines on have {training.categories}, the model"
            f" {tagger.categories}"
        )
    try:
        check_enough(training)
    except TooFewLabelsError as cause:
        raise TooFewLabelsError(
            f"too little to train baselines on: {cause}; --quick leaves them out"
        ) from cause


def _warn_of_twins(training: LabelledSentences, gold: LabelledSentences) -> None:
    """Say how many sentences to measure on stand, nearly the same, among those of training."""
    border = len(training)
    here = np.arange(border + len(gold)) >= border
    twins = int(twins_across([*training.texts, *gold.texts], here)[border:].sum())
    if twins:
        LOG.warning(
            "%d of %d sentences to measure on are (nearly) those of training; the scores flatter",
            twins,
            len(gold),
        )


def _baselines(
    tagger: Tagger, texts: list[str], training: LabelledSentences | None, seed: int
) -> dict[str, tuple[NDArray[np.float64], NDArray[np.bool_]]]:
    codebook = tagger.parameters.codebook
    sums = Matcher(codebook).score(texts)
    none = np.zeros((len(texts), len(codebook.categories)))
    systems = {PATTERNS: (sums, sums >= 1.0 - 1e-9)} if has_patterns(codebook) else {}
    if training is not None:
        systems[PLAIN] = _plain(texts, training)
    if training is not None and has_patterns(codebook):
        bare = learn(training, without_patterns(codebook), settings=_settings(tagger), seed=seed)
        scores = bare.predict_proba(texts)
        systems[NO_PATTERNS] = (scores, scores >= bare.parameters.thresholds)
    systems[NOTHING] = (none, none.astype(bool))
    return systems


def has_patterns(codebook: Codebook) -> bool:
    """Whether some category has an indicator pattern."""
    return any(category.patterns for category in codebook.categories)


def without_patterns(codebook: Codebook) -> Codebook:
    """The codebook with no indicator pattern."""
    categories = tuple(replace(category, patterns=()) for category in codebook.categories)
    return replace(codebook, categories=categories, masks=())


def _settings(tagger: Tagger) -> TrainingSettings:
    facts = tagger.parameters.facts
    classifier = dict(facts["settings"])
    classifier["character_lengths"] = tuple(classifier["character_lengths"])
    return TrainingSettings(classifier, facts.get("source_weights", {}))


def _plain(
    texts: list[str], training: LabelledSentences
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What a user would build in ten lines: jieba, TF-IDF of words, logistic regression."""
    import warnings

    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    from practicelib.text.words import Segmenter, build_word_table

    segmenter = Segmenter(build_word_table())

    def words(text: str) -> list[str]:
        return [text[a:b] for a, b in segmenter.cut(text)]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        pipeline = make_pipeline(
            TfidfVectorizer(tokenizer=words, token_pattern=None, ngram_range=(1, 2)),
            OneVsRestClassifier(LogisticRegression(class_weight="balanced", max_iter=1000)),
        )
        pipeline.fit(training.texts, training.labels.astype(int))
        probabilities = np.asarray(pipeline.predict_proba(texts))
    return probabilities, probabilities >= 0.5


def _scored(
    tagger: Tagger,
    gold: LabelledSentences,
    systems: Mapping[str, tuple[NDArray[np.float64], NDArray[np.bool_]]],
    on: str,
    seed: int,
) -> Evaluation:
    labels, reports = gold.labels, gold.reports
    assigned = {name: own for name, (_, own) in systems.items()}
    resampled = bootstrap_f1(labels, assigned, reports, RESAMPLES, seed)
    points = reliability(labels, systems[MODEL][0])
    return Evaluation(
        on,
        gold.categories,
        len(gold),
        len(np.unique(reports)),
        labels.sum(axis=0),
        np.array([len(np.unique(reports[labels[:, k]])) for k in range(labels.shape[1])]),
        tuple(
            _system(name, labels, scores, assigned, resampled, systems[MODEL][1])
            for name, (scores, assigned) in systems.items()
        ),
        np.column_stack([points.predicted, points.observed, points.sizes]),
        coverage_curve(labels, systems[MODEL][0], tagger.parameters.thresholds),
        tagger.parameters.codebook.hash,
        tagger.hash,
        names=tagger.category_names,
        notes=noted(len(np.unique(reports)), patterns=has_patterns(tagger.parameters.codebook)),
    )


def _system(
    name: str,
    labels: NDArray[np.bool_],
    scores: NDArray[np.float64],
    assigned: NDArray[np.bool_],
    resampled: Mapping[str, NDArray[np.float64]],
    by_model: NDArray[np.bool_],
) -> SystemScores:
    counts = count_errors(labels, assigned)
    macros = {key: mean_defined(values) for key, values in resampled.items()}
    is_probability = name not in (PATTERNS, NOTHING)
    return SystemScores(
        name,
        precision(counts),
        recall(counts),
        f1(counts),
        np.array([interval(column) for column in resampled[name].T]),
        average_precision(labels, scores),
        macro_f1(labels, assigned),
        np.array(interval(macros[name])),
        micro_f1(labels, assigned),
        exact_match(labels, assigned),
        calibration_error(labels, scores) if is_probability else float("nan"),
        macro_f1(labels, by_model) - macro_f1(labels, assigned),
        np.array(interval(macros[MODEL] - macros[name])),
    )


SHARES = (0.125, 0.25, 0.5, 1.0)


def learning_curve(
    tagger: Tagger, training: LabelledSentences, gold: LabelledSentences, *, seed: int = 0
) -> tuple[LearningPoint, ...]:
    """Macro-F1 on `gold` of the tagger's settings trained on growing shares of the reports.

    Reports are drawn in one seeded order, so that every set holds the smaller ones. Nothing is
    logged of sentences that stand twice: `evaluate` and `train` say it of the whole.
    """
    names = np.unique(training.reports)
    order = np.random.default_rng(seed).permutation(names)
    points = []
    for share in SHARES:
        chosen = training.select(np.isin(training.reports, order[: round(share * len(order))]))
        one = learn(chosen, tagger.parameters.codebook, settings=_settings(tagger), seed=seed)
        score = macro_f1(gold.labels, one.tag_batch(gold.texts).assigned)
        points.append(LearningPoint(len(np.unique(chosen.reports)), len(chosen), score))
    return tuple(points)
