"""The text that the speed benchmarks read, and the peers that they race."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from practicelib.files.data import data_path
from practicelib.text.splitting import split_lines, split_sentences
from practicelib.workflows.gold import read_gold

REAL = Path(__file__).resolve().parents[2] / "shared" / "real" / "unlabelled"
COMPOSED_BYTES = 6_700_000


def sentences() -> tuple[list[str], str]:
    """Sentences to tag and a line that says where they come from."""
    texts = [text for archive in sorted(REAL.glob("*.zip")) for text in _members(archive)]
    if texts:
        found = [sentence for text in texts for sentence in _split(text)]
        return found, f"{len(texts)} real government reports (not passed on)"
    pool = [
        sentence
        for file in sorted(data_path("labels/reports").glob("*.txt"))
        for sentence in _split(file.read_text(encoding="utf-8"))
    ]
    chooser = random.Random(6)
    found, size = [], 0
    while size < COMPOSED_BYTES:
        # Two halves of different sentences: few sentences of the text are alike.
        first, second = chooser.choice(pool), chooser.choice(pool)
        found.append(first[: len(first) // 2] + second[len(second) // 2 :])
        size += len(found[-1].encode())
    return found, "text composed from labels/reports (the real reports are not here)"


def _members(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        names = sorted(name for name in opened.namelist() if name.endswith(".txt"))
        return [opened.read(name).decode("utf-8") for name in names]


def _split(text: str) -> list[str]:
    return [
        text[start:end]
        for line in split_lines(text)
        for start, end in split_sentences(text, line.start, line.end)
    ]


def training_data() -> tuple[list[str], np.ndarray]:
    """Training sentences of the label folder and their labels (N, K)."""
    gold, _ = read_gold(data_path("labels"))
    train = gold.with_role("train")
    return list(train.texts), np.asarray(train.labels, int)


def sklearn_pipeline(tokenizer: Callable[[str], list[str]]) -> Any:
    """TF-IDF of words and pairs with one-vs-rest logistic regression, fitted on the labels."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline

    texts, labels = training_data()
    vectorizer = TfidfVectorizer(tokenizer=tokenizer, ngram_range=(1, 2), token_pattern=None)
    model = make_pipeline(vectorizer, OneVsRestClassifier(LogisticRegression(max_iter=1000)))
    return model.fit(texts, labels)


def fasttext_model(tokenizer: Callable[[str], list[str]], categories: list[str]) -> Any:
    """fastText with pairs of words, one-vs-all loss, fitted on the labels."""
    import fasttext

    texts, labels = training_data()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "train.txt"
        with file.open("w", encoding="utf-8") as stream:
            for text, row in zip(texts, labels, strict=True):
                names = [f"__label__{c}" for c, one in zip(categories, row, strict=True) if one]
                words = " ".join(tokenizer(text)).replace("\n", " ")
                stream.write(f"{' '.join(names or ['__label__none'])} {words}\n")
        return fasttext.train_supervised(str(file), wordNgrams=2, loss="ova", thread=1, verbose=0)
