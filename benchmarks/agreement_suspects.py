"""Planted label errors found: precision at k beside cleanlab's, and beside a majority of coders.

    python benchmarks/agreement_suspects.py > benchmarks/results/agreement_suspects.txt

First part: gold labels of a sample of the project's sentences; in 5, 10 or 20 % of them one label
is removed (seven times in ten, where there is one) or added. Probabilities come from five folds of
logistic regression on character 1-2-grams, trained on the spoilt labels. Sentences are ranked by
their most suspected label; k is the number of planted errors. cleanlab ranks by its label quality
scores (its default) and by its list of label issues.

Second part, codings alone: five coders of different quality with 20 % missing, 5, 10 or 20 % of
codings spoilt; ranked are single codings, beside the margin of the majority (Dawid and Skene's
model weighs coders; the margin does not).
"""

from __future__ import annotations

import importlib.metadata
import warnings

import numpy as np
from cleanlab.multilabel_classification.filter import find_label_issues
from cleanlab.multilabel_classification.rank import get_label_quality_scores
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from practicelib.files.data import data_path
from practicelib.labels.gold import adjudicate
from practicelib.labels.reading import read_codings
from practicelib.measures.consensus import dawid_skene, share_of_votes
from practicelib.measures.label_errors import confident_errors

RATES = (0.05, 0.10, 0.20)
SEEDS = 5
SAMPLE = 3000
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def out_of_fold(features: sparse.csr_matrix, labels: Bools, seed: int) -> Floats:
    probabilities = np.zeros(labels.shape)
    for training, held_out in KFold(5, shuffle=True, random_state=seed).split(features):
        for k in range(labels.shape[1]):
            model = LogisticRegression(C=10.0, solver="liblinear", tol=1e-2)
            model.fit(features[training], labels[training, k])
            probabilities[held_out, k] = model.predict_proba(features[held_out])[:, 1]
    return probabilities


def spoil(labels: Bools, rate: float, rng: np.random.Generator) -> tuple[Bools, Bools]:
    spoilt, wrong = labels.copy(), np.zeros(len(labels), bool)
    for row in rng.choice(len(labels), int(rate * len(labels)), replace=False):
        on, off = np.flatnonzero(labels[row]), np.flatnonzero(~labels[row])
        remove = len(on) and (not len(off) or rng.random() < 0.7)
        column = rng.choice(on if remove else off)
        spoilt[row, column] = not labels[row, column]
        wrong[row] = True
    return spoilt, wrong


def precision_at(scores: Floats, wrong: Bools, k: int) -> float:
    return float(wrong[np.argsort(-scores, kind="stable")[:k]].mean())


def issues_first(labels: list[list[int]], probabilities: Floats, quality: Floats) -> Floats:
    """cleanlab's list of issues in its own order, the rest after it by quality."""
    listed = find_label_issues(labels, probabilities, return_indices_ranked_by="self_confidence")
    scores = 1.0 - quality
    scores[listed] = 2.0 + np.arange(len(listed), 0, -1)
    return scores


def with_probabilities() -> None:
    gold = adjudicate(read_codings(data_path("labels")))
    keep = np.random.default_rng(1).permutation(len(gold))[:SAMPLE]
    texts = [gold.texts[i] for i in keep]
    features = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=3).fit_transform(texts)
    print(f"{len(texts)} sentences, mean of {SEEDS} seeds; precision at k = planted errors (k / 2)")
    print("planted   practicelib     cleanlab scores  cleanlab issues   worst margin")
    for rate in RATES:
        rows = []
        for seed in range(SEEDS):
            labels, wrong = spoil(gold.labels[keep], rate, np.random.default_rng(seed))
            probabilities = out_of_fold(features, labels, seed)
            given = [np.flatnonzero(row).tolist() for row in labels]
            quality = get_label_quality_scores(given, probabilities)
            ours = confident_errors(labels, probabilities).suspicion.max(axis=1)
            ranked = (ours, 1.0 - quality, issues_first(given, probabilities, quality.copy()))
            k = int(wrong.sum())
            rows.append([precision_at(s, wrong, n) for s in ranked for n in (k, k // 2)])
        mean = np.mean(rows, axis=0)
        found = np.array(rows)
        margin = np.min(found[:, 0] - np.maximum(found[:, 2], found[:, 4]))
        cells = [f"{mean[i]:.3f} ({mean[i + 1]:.3f})" for i in (0, 2, 4)]
        print(f"{rate:6.0%}    " + "   ".join(cells) + f"   {margin:+.3f}")


def from_codings() -> None:
    print("\n10000 sentences, 5 coders (own errors 1 to 8 %), codings spoilt; precision at k")
    print("planted   practicelib   majority margin")
    for rate in RATES:
        rows = []
        for seed in range(SEEDS):
            rng = np.random.default_rng(seed)
            truth = rng.random((10_000, 1)) < 0.2
            own = np.array([0.01, 0.02, 0.03, 0.05, 0.08])
            # Spoilt codings fall on coders in proportion to how careless they are.
            errors = np.minimum(own + rate * 5 * own / own.sum(), 0.45)
            wrong = rng.random((10_000, 5)) < errors
            coded = (truth ^ wrong).astype(np.int8)
            missing = rng.random(coded.shape) < 0.2
            coded[missing] = -1
            wrong &= ~missing
            belief = dawid_skene(coded).posterior[:, None]
            votes = share_of_votes(coded)[:, None]
            k = int(wrong.sum())
            for_us, for_votes = (
                np.where(missing, -1.0, np.nan_to_num(np.where(coded == 1, 1.0 - p, p)))
                for p in (belief, votes)
            )
            rows.append([precision_at(s.ravel(), wrong.ravel(), k) for s in (for_us, for_votes)])
        mean = np.mean(rows, axis=0)
        print(f"{rate:6.0%}    {mean[0]:.3f}         {mean[1]:.3f}")


def main() -> None:
    warnings.simplefilter("ignore")
    packages = ("numpy", "scikit-learn", "cleanlab")
    print(", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages))
    with_probabilities()
    from_codings()


if __name__ == "__main__":
    main()
