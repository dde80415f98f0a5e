"""Learning curves: sentences chosen by `suggest` against sentences chosen at random.

Gold of the label folder is split by report into a pool and a held-out part. Both strategies start
from the same random sentences and get the same number a step; after each step a model is trained
with the shipped settings and measured on the held-out part. Writes the figures as CSV and the
curves as SVG beside this file:

    python benchmarks/suggest_simulation.py [--repeats 3] [--steps 8]
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from practicelib.files.data import data_path
from practicelib.labels.suggest import suggest
from practicelib.measures.scores import macro_f1
from practicelib.model.tagger import Tagger
from practicelib.records.codebook import Codebook
from practicelib.records.labelled import LabelledSentences
from practicelib.workflows.gold import read_gold
from practicelib.workflows.training import train

START, BATCH, POOL, HELD_OUT = 200, 100, 4000, 0.3
STRATEGIES = ("suggest", "random")
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--steps", type=int, default=8)
    options = parser.parse_args()
    gold, book = read_gold(data_path("labels"))
    every = gold.with_role("train")
    curves = {name: np.zeros((options.repeats, options.steps + 1)) for name in STRATEGIES}
    for repeat in range(options.repeats):
        pool, held_out = split(every, repeat)
        for name in STRATEGIES:
            curves[name][repeat] = curve(name, pool, held_out, book, options.steps, repeat)
            print(repeat, name, np.round(curves[name][repeat], 3), flush=True)
    RESULTS.mkdir(exist_ok=True)
    sizes = START + BATCH * np.arange(options.steps + 1)
    write_csv(sizes, curves)
    (RESULTS / "suggest-simulation.svg").write_text(figure(sizes, curves), encoding="utf-8")


def split(gold: LabelledSentences, seed: int) -> tuple[LabelledSentences, LabelledSentences]:
    """Pool and held-out part, split by report."""
    rng = np.random.default_rng(seed)
    reports = np.unique(gold.reports)
    held = rng.choice(reports, round(HELD_OUT * len(reports)), replace=False)
    outside = np.isin(gold.reports, held)
    inside = rng.permutation(np.flatnonzero(~outside))[:POOL]
    return gold.select(np.sort(inside)), gold.select(outside)


def curve(
    name: str,
    pool: LabelledSentences,
    held_out: LabelledSentences,
    book: Codebook,
    steps: int,
    seed: int,
) -> list[float]:
    """Macro-F1 on the held-out part after each step."""
    rng = np.random.default_rng(1000 + seed)
    coded = rng.permutation(len(pool))[:START]
    found = []
    for step in range(steps + 1):
        tagger = train(pool.select(np.sort(coded)), book, seed=seed)
        assigned = tagger.tag_batch(held_out.texts).assigned
        found.append(macro_f1(held_out.labels, assigned))
        if step < steps:
            coded = np.concatenate([coded, chosen(name, tagger, pool, coded, rng)])
    return found


def chosen(
    name: str,
    tagger: Tagger,
    pool: LabelledSentences,
    coded: NDArray[np.int64],
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """The next batch of one strategy."""
    left = np.setdiff1d(np.arange(len(pool)), coded)
    if name == "random":
        return rng.permutation(left)[:BATCH]
    rest = pool.select(left)
    picks = suggest(
        tagger.tag_batch(rest.texts).probabilities,
        tagger.parameters.thresholds,
        rest.texts,
        rest.reports.tolist(),
        tagger.categories,
        BATCH,
        positives=pool.select(coded).labels.sum(axis=0).tolist(),
    )
    return left[[pick.row for pick in picks]]


def write_csv(sizes: NDArray[np.int64], curves: dict[str, NDArray[np.float64]]) -> None:
    """One row a strategy, repeat and size."""
    with (RESULTS / "suggest-simulation.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["strategy", "repeat", "sentences", "macro_f1"])
        for name, values in curves.items():
            for repeat, row in enumerate(values):
                writer.writerows(
                    [name, repeat, int(size), round(float(value), 4)]
                    for size, value in zip(sizes, row, strict=True)
                )


def figure(sizes: NDArray[np.int64], curves: dict[str, NDArray[np.float64]]) -> str:
    """Mean and range of each strategy as SVG."""
    width, height, edge = 640, 360, 50
    low = min(float(v.min()) for v in curves.values())
    high = max(float(v.max()) for v in curves.values())

    def place(size: float, value: float) -> str:
        x = edge + (size - sizes[0]) / (sizes[-1] - sizes[0]) * (width - 2 * edge)
        y = height - edge - (value - low) / (high - low) * (height - 2 * edge)
        return f"{x:.1f},{y:.1f}"

    marks = []
    for (name, values), colour in zip(curves.items(), ("#1f5fa8", "#b0501e"), strict=True):
        upper = [place(s, v) for s, v in zip(sizes, values.max(axis=0), strict=True)]
        lower = [place(s, v) for s, v in zip(sizes, values.min(axis=0), strict=True)]
        middle = [place(s, v) for s, v in zip(sizes, values.mean(axis=0), strict=True)]
        x, y = middle[-1].split(",")
        marks += [
            f'<polygon points="{" ".join([*upper, *lower[::-1]])}" fill="{colour}" opacity=".15"/>',
            f'<polyline points="{" ".join(middle)}" fill="none" stroke="{colour}"/>',
            f'<text x="{float(x) + 4}" y="{y}" fill="{colour}">{name}</text>',
        ]
    ticks = [
        f'<text x="{place(s, low).split(",")[0]}" y="{height - edge + 18}" text-anchor="middle">{s}'
        "</text>"
        for s in sizes[::2]
    ] + [
        f'<text x="{edge - 6}" y="{place(sizes[0], v).split(",")[1]}" text-anchor="end">{v:.2f}'
        "</text>"
        for v in np.linspace(low, high, 5)
    ]
    label = f'<text x="{width / 2}" y="{height - 8}" text-anchor="middle">coded sentences</text>'
    title = '<text x="10" y="20">macro-F1 on held-out reports: mean and range</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 40} {height}"'
        ' font-family="sans-serif" font-size="12">' + "".join([title, label, *ticks, *marks])
        + "</svg>\n"
    )  # fmt: skip


if __name__ == "__main__":
    main()
