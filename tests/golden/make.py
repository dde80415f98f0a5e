"""Makes a golden model: a small one in the format of today, with what it must answer for ever.

Run once for each released format, never again for an old one:

    python -m tests.golden.make tests/golden/format-1
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from practicelib.files.data import data_path
from practicelib.files.tables import read_csv
from practicelib.model.classifier import MechanismClassifier
from practicelib.model.features import prepare
from practicelib.model.parameters import ModelParameters
from practicelib.model.storage import save_tagger
from practicelib.model.tagger import Tagger
from practicelib.records.codebook import Category, Codebook, Pattern
from practicelib.text.words import Segmenter, WordTable

BOOK = Codebook(
    "golden",
    (
        Category("joint", "共建", "joint", patterns=(Pattern("共建"), Pattern("结对", 0.5))),
        Category("grid", "网格", "grid", patterns=(Pattern("网格"), Pattern("包片[干部]"))),
    ),
    classes=(("PEOPLE", ("居民", "村民")),),
    masks=(Pattern("配电网格"),),
)
SIZE = 440
ASKED = 30


def few() -> tuple[list[str], np.ndarray, list[str]]:
    """Composed sentences with a trivial coding of two categories, and their reports."""
    rows = [row for _, row in read_csv(data_path("labels/sentences/reports-mixed.csv"))][:SIZE]
    texts = [row["text"] for row in rows]
    labels = np.array([["共建" in t or "结对" in t, "网格" in t] for t in texts], dtype=int)
    return texts, labels, [row["report"] for row in rows]


def small(parameters: ModelParameters, texts: list[str]) -> ModelParameters:
    """The same model with only those words in its table that its own sentences are cut into."""
    table = parameters.features.table
    segmenter = Segmenter(table)
    used: set[str] = set()
    for text in texts:
        normalised = prepare(text).text
        used |= {normalised[a:b] for a, b in segmenter.words(normalised)}
    pairs = [pair for pair in zip(table.words, table.frequencies, strict=True) if pair[0] in used]
    kept = WordTable(tuple(word for word, _ in pairs), tuple(number for _, number in pairs))
    return replace(parameters, features=replace(parameters.features, table=kept))


def small_tagger() -> Tagger:
    """The model fitted and cut down."""
    texts, labels, reports = few()
    fitted = MechanismClassifier(BOOK, min_df=3).fit(texts, labels, groups=np.array(reports))
    return Tagger(small(fitted.parameters_, texts))


def main(folder: Path) -> None:
    """Save the model and its answers to some sentences."""
    tagger = small_tagger()
    save_tagger(tagger, folder)
    texts, labels, _ = few()
    telling = [text for text, row in zip(texts, labels, strict=True) if row.any()]
    odd = ["", "。", "配电网格", "結對共建，網格員", "ＡＢＣ　１２", "网格员与村民结对共建"]
    asked = [*telling[:ASKED], *texts[:ASKED], *odd]
    answers = {
        "texts": asked,
        "decisions": tagger.decision_function(asked).tolist(),
        "probabilities": tagger.predict_proba(asked).tolist(),
        "labels": [list(tags.labels) for tags in tagger.tag(asked)],
    }
    text = json.dumps(answers, ensure_ascii=False, indent=1) + "\n"
    (folder / "answers.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
