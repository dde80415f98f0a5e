"""How far the codebook's stance patterns agree with the stances that readers noted.

    python benchmarks/practice_stances.py > benchmarks/results/practice_stances.txt
    python benchmarks/practice_stances.py CODEBOOK     # another codebook's patterns

`labels/stances.csv` has, for coded sentences, whether the mechanism is done, planned or lacking, by
two passes; sentences on which they differ are left out and counted. The list was written on the
reports of it whose SHA-256 leaves a remainder other than 3 when divided by 4; the others were kept
out. `labels/stances-read.csv` is a third reading: 330 coded sentences drawn at random (seed
20261123) from all composed reports that the list was not written on, read one by one in their
reports after the list was finished and before it was run on them. A sentence has the stances that
it has in a profile: those of its own words, else those of the headings above it. Limits of 95 % are
Korn and Graubard's over reports, a single sentence being a report of its own.
"""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from practicelib.files.data import data_path
from practicelib.files.tables import read_csv
from practicelib.measures.shares import ClusterSums, cluster_ratios, korn_graubard
from practicelib.practices.stances import Stances
from practicelib.records.labelled import SINGLE, LabelledSentences
from practicelib.records.report import Report
from practicelib.workflows.gold import read_gold
from practicelib.workflows.gold_tags import tags_from_gold

SHOWN = 12
Noted = dict[str, str]


def noted(file: str) -> tuple[Noted, int]:
    """Stance of each sentence on which all readers of a file agree, and how many others."""
    found: dict[str, set[str]] = defaultdict(set)
    for _, row in read_csv(data_path(file)):
        found[row["sentence"]].add(row["stance"])
    agreed = {s: next(iter(v)) for s, v in found.items() if len(v) == 1}
    return agreed, len(found) - len(agreed)


def part(report: str) -> int:
    """0 to 3: the quarter that a report falls in."""
    return int(hashlib.sha256(report.encode("utf-8")).hexdigest(), 16) % 4


def places(gold: LabelledSentences) -> dict[str, tuple[Report, int]]:
    """Where each sentence stands: its report and its number there."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, sentence in enumerate(gold.sentences):
        rows[sentence.report].append(row)
    reports = tags_from_gold(gold, folder=data_path("labels"))
    found = {}
    for members, tagged in zip(rows.values(), reports, strict=True):
        ordered = sorted((gold.sentences[i] for i in members), key=lambda s: s.start)
        found.update({s.id: (tagged.report, place) for place, s in enumerate(ordered)})
    return found


def rate(hits: Iterable[bool], clusters: list[str]) -> str:
    """A share with its limits over clusters."""
    own = np.array(list(hits), float)
    if not len(own):
        return "-"
    unit = {name: i for i, name in enumerate(dict.fromkeys(clusters))}
    of = np.array([unit[name] for name in clusters])
    parts, wholes = np.bincount(of, own)[:, None], np.bincount(of)[:, None].astype(float)
    sums = ClusterSums(parts, wholes, np.zeros(len(unit), np.int64), 1)
    ratios = cluster_ratios(sums)
    n = np.array([[float(len(own))]])
    low, high = korn_graubard(ratios.value, ratios.variance, n, ratios.df, 0.95)
    return f"{ratios.value[0, 0]:.2f} [{low[0, 0]:.2f}, {high[0, 0]:.2f}]"


def figures(title: str, truth: Noted, found: dict[str, set[str]], cluster: dict[str, str]) -> None:
    print(
        f"\n{title}: {len(truth)} sentences of"
        f" {len({cluster[s] for s in truth})} reports and single sentences"
    )
    print("stance    noted  found  both  precision           recall")
    for stance in ("planned", "lacking"):
        own = [s for s, v in truth.items() if v == stance]
        hit = [s for s in truth if stance in found[s]]
        precision = rate((truth[s] == stance for s in hit), [cluster[s] for s in hit])
        recall = rate((stance in found[s] for s in own), [cluster[s] for s in own])
        both = sum(truth[s] == stance for s in hit)
        print(f"{stance:8s} {len(own):6d} {len(hit):6d} {both:5d}  {precision}   {recall}")


def misses(truth: Noted, found: dict[str, set[str]], texts: dict[str, str]) -> None:
    for stance in ("planned", "lacking"):
        for title, wanted in (("missed", True), ("wrongly found", False)):
            rows = [
                s for s, v in truth.items() if (v == stance) == wanted
                and (stance in found[s]) != wanted
            ]  # fmt: skip
            print(f"\n{stance}, {title}: {len(rows)}")
            for s in rows[:SHOWN]:
                print(f"  {truth[s]:8s} {texts[s][:90]}")


def main() -> None:
    gold, book = read_gold(data_path("labels"), sys.argv[1] if len(sys.argv) > 1 else None)
    gold = gold.with_role("train")
    texts = {s.id: s.text for s in gold.sentences}
    cluster = {s.id: s.id if s.kind == SINGLE else s.report for s in gold.sentences}
    stances, where = Stances(book), places(gold)
    found = {
        s: set(stances.of(report, report.sentences[place])) for s, (report, place) in where.items()
    }
    passes, differ = noted("labels/stances.csv")
    passes = {s: v for s, v in passes.items() if s in where}
    read, _ = noted("labels/stances-read.csv")
    print(f"two passes: {len(passes)} sentences noted alike, {differ} left out")
    on, off = ({s: v for s, v in passes.items() if (part(cluster[s]) == 3) == b} for b in (0, 1))
    figures("two passes, reports that the list was written on", on, found, cluster)
    figures("two passes, reports kept out", off, found, cluster)
    figures("third reading, reports kept out", read, found, cluster)
    whole = {s: v for s, v in read.items() if cluster[s] != s}
    figures("of these, in whole reports", whole, found, cluster)
    both = [s for s in read if s in passes]
    same = sum(read[s] == passes[s] for s in both)
    print(f"\nthird reading and the two passes: {same} of {len(both)} common sentences alike")
    misses(read, found, texts)


if __name__ == "__main__":
    main()
