"""Tagging throughput beside what a user would pick instead, all in one run.

    python benchmarks/speed.py [--runs 5] [--quick] > benchmarks/results/speed.txt

Every row starts from the same UTF-8 text in memory, one sentence a line, and ends with labels and
probabilities in arrays (or what the row says). One thread each; time is that thread's CPU time, so
that other work on the machine does not count; rows are run in turn, five rounds. Slow rows get the
first part of the text. Ratios are of sentences a second, median over rounds with least and most.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
from pyarrow import parquet
from speed_text import fasttext_model, sentences, sklearn_pipeline
from threadpoolctl import threadpool_limits

import practicelib as pl
from practicelib.model.joined import JoinedTexts
from practicelib.workflows.streams import tag_table


@dataclass
class Row:
    """Something to measure: what it is, what runs, how much of the text it gets."""

    name: str
    run: Callable[[bytes], Any]
    most: int = 10**9
    seconds: list[float] = field(default_factory=list)
    clock: Callable[[], float] = time.thread_time


def measure(rows: list[Row], lines: list[str], runs: int) -> dict[str, np.ndarray]:
    """Sentences a second of each row, shape (runs,)."""
    rates: dict[str, list[float]] = {row.name: [] for row in rows}
    for number in range(runs + 1):
        for row in rows:
            part = lines[: row.most]
            content = "\n".join(part).encode()
            start = row.clock()
            row.run(content)
            seconds = row.clock() - start
            # The first round warms up: tables, dictionaries, machine code.
            if number:
                rates[row.name].append(len(part) / seconds)
    return {name: np.array(found) for name, found in rates.items()}


def split(content: bytes) -> list[str]:
    return content.decode("utf-8").split("\n")


def peers(categories: list[str], most: int) -> list[Row]:
    import logging

    import jieba
    import rjieba

    jieba.setLogLevel(logging.ERROR)
    slow, quick = sklearn_pipeline(jieba.lcut), sklearn_pipeline(rjieba.cut)

    def sklearn_of(model: Any) -> Callable[[bytes], Any]:
        def run(content: bytes) -> Any:
            probabilities = model.predict_proba(split(content))
            return probabilities, probabilities >= 0.5

        return run

    rows = [
        Row("scikit-learn + jieba", sklearn_of(slow), most // 10),
        Row("scikit-learn + rjieba", sklearn_of(quick), most // 4),
        Row("rjieba alone", lambda content: [rjieba.cut(line) for line in split(content)], most),
    ]
    try:
        model = fasttext_model(rjieba.cut, categories)
    except ImportError:
        print("fastText is not installed; its row is left out")
        return rows

    def fast(content: bytes) -> Any:
        lines = [" ".join(rjieba.cut(line)) + "\n" for line in split(content)]
        # The C++ call behind `predict`, which does not work with numpy 2.
        found = [model.f.predict(line, 4, 0.0, "strict") for line in lines]
        return [[p for p, _ in row] for row in found]

    return [*rows, Row("rjieba + fastText", fast, most)]


def ours(tagger: pl.Tagger, most: int, folder: Path) -> list[Row]:
    compiled, pure = tagger.with_engine("compiled"), tagger.with_engine("pure")

    def arrays(content: bytes) -> Any:
        batch = compiled.tag_batch(split(content))
        return batch.probabilities, batch.assigned

    def joined(content: bytes) -> Any:
        batch = compiled.tag_batch(JoinedTexts.lines(content))
        return batch.probabilities, batch.assigned

    def all_evidence(content: bytes) -> Any:
        tags = compiled.tag(split(content))
        return [[sum(s.weight for s in found) for found in tag.evidence.values()] for tag in tags]

    def evidence(content: bytes) -> Any:
        # What a page or a table asks for.
        tags = compiled.tag(split(content))
        return [[tag.evidence[key] for key in tag.labels] for tag in tags]

    def to_parquet(content: bytes) -> Any:
        source, target = folder / "in.parquet", folder / "out.parquet"
        if not source.exists():
            # Written in the round that warms up.
            parquet.write_table(pyarrow.table({"text": split(content)}), source)
        return tag_table(compiled, source, target)

    return [
        Row("practicelib: arrays", arrays, most),
        Row("practicelib: arrays, lines joined", joined, most),
        Row("practicelib: list(tagger.tag(texts))", lambda c: list(compiled.tag(split(c))), most),
        Row("practicelib: evidence of labels", evidence, most // 4),
        Row("practicelib: all evidence", all_evidence, most // 20),
        Row("practicelib: pure engine, arrays", lambda c: pure.tag_batch(split(c)), most // 10),
        Row("practicelib: Parquet to Parquet", to_parquet, most),
        Row("decoding UTF-8 alone", lambda content: content.decode("utf-8"), most),
    ]


def report(rates: dict[str, np.ndarray], bytes_each: float) -> list[str]:
    """The table as lines: rate, MB/s and ratios to the two peers."""
    bases = [name for name in ("scikit-learn + jieba", "rjieba + fastText") if name in rates]
    lines = [f"{'':38}{'sentences/s':>13}{'MB/s':>9}" + "".join(f"{'x ' + b:>34}" for b in bases)]
    for name, found in rates.items():
        line = f"{name:38}{np.median(found):13,.0f}{np.median(found) * bytes_each / 1e6:9.2f}"
        for base in bases:
            ratio = found / rates[base]
            spread = f"{np.median(ratio):,.1f} ({ratio.min():,.1f} to {ratio.max():,.1f})"
            line += f"{spread:>34}"
        lines.append(line)
    return lines


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a tenth of the text")
    options = parser.parse_args()
    threadpool_limits(1)
    lines, origin = sentences()
    lines = [line.replace("\n", " ") for line in lines]
    if options.quick:
        lines = lines[: len(lines) // 10]
    size = len("\n".join(lines).encode())
    print(f"{origin}: {len(lines):,} sentences, {size / 1e6:.2f} MB; {options.runs} runs")
    tagger = pl.load_tagger()
    with tempfile.TemporaryDirectory() as folder:
        rows = peers(list(tagger.categories), len(lines))
        rows += ours(tagger, len(lines), Path(folder))
        rates = measure(rows, lines, options.runs)
    print("\n".join(report(rates, size / len(lines))))


if __name__ == "__main__":
    main()
