"""What each kind of feature costs the compiled engine, beside scikit-learn + jieba in the same run.

    python benchmarks/speed_features.py [--runs 5] [--quick] > benchmarks/results/speed_features.txt

The engine is built from the shipped model without some of its features, so the same machine code
reads smaller tables. Time is the CPU time of one thread from UTF-8 in memory to labels and
probabilities in arrays, as in `speed.py`; the last row is what `speed.py` measures.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jieba
import numpy as np
from speed import Row, measure, split
from speed_text import sentences, sklearn_pipeline
from threadpoolctl import threadpool_limits

import practicelib as pl
from practicelib.model.parameters import ModelParameters
from practicelib.model.tagger import Tagger

PEER = "scikit-learn + jieba"
KINDS = {
    "segmentation alone": (False, False, False),
    "words and pairs": (True, False, False),
    "words, character n-grams": (True, True, False),
    "words, patterns": (True, False, True),
    "words, character n-grams, patterns": (True, True, True),
}


def stripped(
    parameters: ModelParameters, words: bool, characters: bool, patterns: bool
) -> ModelParameters:
    """The model without the kinds of features that are not wanted; the dictionary stays."""
    features, codebook = parameters.features, parameters.codebook
    sizes = [*features.sizes, sum(len(c.patterns) for c in codebook.categories)]
    wanted = np.repeat([words, characters, patterns], sizes)
    if not words:
        features = replace(features, word_terms=(), word_idf=np.zeros(0))
    if not characters:
        features = replace(features, character_terms=(), character_idf=np.zeros(0))
    if not patterns:
        bare = tuple(replace(category, patterns=()) for category in codebook.categories)
        codebook = replace(codebook, categories=bare, masks=())
    return replace(
        parameters,
        features=features,
        codebook=codebook,
        coefficients=parameters.coefficients[:, wanted],
    )


def tagging(tagger: Tagger) -> Callable[[bytes], Any]:
    compiled = tagger.with_engine("compiled")
    return lambda content: compiled.tag_batch(split(content)).probabilities


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a tenth of the text")
    options = parser.parse_args()
    threadpool_limits(1)
    jieba.setLogLevel(logging.ERROR)
    lines, origin = sentences()
    lines = [line.replace("\n", " ") for line in lines]
    if options.quick:
        lines = lines[: len(lines) // 10]
    parameters, model = pl.load_tagger().parameters, sklearn_pipeline(jieba.lcut)
    rows = [Row(PEER, lambda content: model.predict_proba(split(content)), len(lines) // 10)]
    rows += [
        Row(name, tagging(Tagger(stripped(parameters, *kinds)))) for name, kinds in KINDS.items()
    ]
    rates = measure(rows, lines, options.runs)
    each = sum(map(len, lines)) / len(lines)
    print(f"{origin}: {len(lines):,} sentences of {each:.1f} characters; {options.runs} runs")
    print(f"{'':38}{'ns/character':>14}{'x ' + PEER:>34}")
    for name, found in rates.items():
        ratio = found / rates[PEER]
        spread = f"{np.median(ratio):,.1f} ({ratio.min():,.1f} to {ratio.max():,.1f})"
        print(f"{name:38}{1e9 / np.median(found) / each:14.1f}{spread:>34}")


if __name__ == "__main__":
    main()
