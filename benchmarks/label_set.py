"""Looks at the label set as a stranger would and prints what it finds, in Markdown.

    python benchmarks/label_set.py [-o labels/figures.md]

Duplicates and long shared runs across reports, lengths, punctuation and digits, the share of each
category beside real text (`../shared/real/dev.jsonl`, where it is there), agreement of the
first independent passes, and how often each indicator pattern stands with and without its category.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from practicelib.codebook.matcher import Matcher
from practicelib.files.atomic import write_text
from practicelib.files.data import data_path
from practicelib.labels.consistency import consistency
from practicelib.labels.reading import read_codings
from practicelib.records.labelled import LabelledSentences
from practicelib.show.consistency_tables import to_markdown
from practicelib.show.evaluation_table import markdown_table
from practicelib.text.normalise import normalise
from practicelib.workflows.gold import read_gold
from practicelib.workflows.outside import read_labelled, read_part

RUN = 15
REAL = Path(__file__).resolve().parents[2] / "shared" / "real"
_PUNCTUATION = re.compile(r"[，。；：！？、“”‘’（）《》…—,.;:!?\"'()]")
_LONG_RUN = re.compile(f"[\u4e00-\u9fff]{{{RUN},}}")
_HALF = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]")


def shared_runs(gold: LabelledSentences) -> list[tuple[str, list[str]]]:
    """Longest runs of at least RUN Han characters that stand in several reports."""
    where: dict[str, set[str]] = defaultdict(set)
    for sentence in gold.sentences:
        text = normalise(sentence.text).text
        for run in _LONG_RUN.findall(text):
            for start in range(len(run) - RUN + 1):
                where[run[start : start + RUN]].add(sentence.report)
    found = {run: sorted(reports) for run, reports in where.items() if len(reports) > 1}
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def duplicates(gold: LabelledSentences) -> int:
    """Sentences of eight characters and more that stand word for word in another report too."""
    reports: dict[str, set[str]] = defaultdict(set)
    for sentence in gold.sentences:
        text = normalise(sentence.text).text
        if len(text) >= 8:
            reports[text].add(sentence.report)
    return sum(len(found) > 1 for found in reports.values())


def shape(texts: Sequence[str]) -> list[str]:
    """Median and 90th percentile of length; punctuation, digits and half-width marks."""
    lengths = np.array([len(text) for text in texts])
    total = lengths.sum()
    return [
        str(len(texts)),
        f"{np.median(lengths):.0f}",
        f"{np.quantile(lengths, 0.9):.0f}",
        f"{sum(len(_PUNCTUATION.findall(text)) for text in texts) / total:.3f}",
        f"{sum(c.isdigit() for text in texts for c in text) / total:.3f}",
        f"{sum(bool(_HALF.search(text)) for text in texts) / len(texts):.3f}",
    ]


def shares(gold: LabelledSentences) -> list[str]:
    """Share of each category and of sentences without any."""
    return [
        *(f"{share:.3f}" for share in gold.labels.mean(axis=0)),
        f"{(~gold.labels.any(axis=1)).mean():.3f}",
    ]


def pattern_rows(gold: LabelledSentences) -> Iterable[list[str]]:
    """Every pattern: weight, sentences with it and its category, with it and without."""
    from practicelib.codebook.reading import read_codebook

    codebook = read_codebook()
    hits = Matcher(codebook).matrix(gold.texts).astype(bool).tocsc()
    column = 0
    for k, category in enumerate(codebook.categories):
        for pattern in category.patterns:
            rows = hits[:, [column]].nonzero()[0]
            inside = int(gold.labels[rows, k].sum())
            yield [category.key, f"`{pattern.source}`", f"{pattern.weight:g}", str(inside),
                   str(len(rows) - inside)]  # fmt: skip
            column += 1


def sources(gold: LabelledSentences) -> dict[str, LabelledSentences]:
    """The gold by kind of source."""
    first = ("reports-mixed", "reports-rural", "reports-urban")
    # Written to be as long-winded and abstract as real text (labels/README.md).
    third = tuple(f"reports-wave{number}" for number in range(14, 23))
    fourth = tuple(f"reports-wave{number}" for number in range(23, 37))
    kinds: dict[str, Callable[[str], bool]] = {
        "composed reports: mixed, rural, urban (w1 to w3)": lambda s: s in first,
        "composed reports: regions, wave7 to wave13": lambda s: (
            s.startswith("reports-") and s not in first + third + fourth
        ),
        "composed reports: wave14 to wave22": lambda s: s in third,
        "composed reports: wave23 to wave36": lambda s: s in fourth,
        "composed single sentences": lambda s: s.startswith("isolated"),
        "seed (real, role test)": lambda s: s == "seed",
    }
    return {
        name: gold.select([i for i, s in enumerate(gold.sentences) if test(s.source)])
        for name, test in kinds.items()
    }


def report() -> str:
    """All figures in Markdown."""
    root = data_path("labels")
    gold, _ = read_gold(root)
    train = gold.with_role("train")
    sets = sources(gold)
    if (REAL / "dev.jsonl").exists():
        read = read_part(REAL / "parts.json", "read")
        sets["real text, read half"] = read_labelled(
            REAL / "dev.jsonl", gold.categories, reports=read
        )
    runs = shared_runs(train)
    result = consistency(read_codings(root))
    lines = [
        "# Figures of the label set\n\nWritten by `benchmarks/label_set.py`.\n",
        "## Share of each category\n",
        markdown_table(
            ("text", *gold.categories, "none"), [[n, *shares(s)] for n, s in sets.items()]
        ),
        "## Shape of the sentences\n\nLengths in characters; punctuation and digits per character;"
        " share of sentences with a half-width mark beside a Han character.\n",
        markdown_table(
            ("text", "sentences", "median", "90 %", "punctuation", "digits", "half-width"),
            [[name, *shape(s.texts)] for name, s in sets.items()],
        ),
        "## Types of report\n",
        markdown_table(("type", "reports"), _types(root)),
        f"## Repeats\n\nSentences that stand in two reports: {duplicates(train)}."
        f" Runs of {RUN} Han characters that stand in several reports: {len(runs)}.\n",
        markdown_table(("run", "reports"), [[r, ", ".join(w)] for r, w in runs[:40]]),
        "## How gold came about\n",
        markdown_table(("way", "sentences"), [[k, str(v)] for k, v in Counter(gold.how).items()]),
        "## Agreement of the first independent passes\n\nAll passes are of a language model; this"
        " is no reliability of people.\n",
        to_markdown(result, lang="en"),
        "## Patterns with and without their category\n\nOn role train.\n",
        markdown_table(
            ("category", "pattern", "weight", "with", "without"), list(pattern_rows(train))
        ),
    ]
    return "\n".join(lines)


def _types(root: Path) -> list[list[str]]:
    from practicelib.files.tables import read_csv

    counts = Counter(row["type"] for _, row in read_csv(root / "sources.csv"))
    return [[name, str(count)] for name, count in counts.most_common()]


def main() -> None:
    """Print the figures or write them to a file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output")
    arguments = parser.parse_args()
    text = report()
    if arguments.output:
        write_text(arguments.output, text)
    else:
        print(text)


if __name__ == "__main__":
    main()
