"""How far the codebook's stance patterns agree with the stances noted by coders.

    python benchmarks/practice_stances.py > benchmarks/results/practice_stances.txt

`labels/stances.csv` has, for coded sentences, whether the mechanism is done, planned or lacking, by
coder; `labels/coders.csv` says who these are. Sentences on which the coders differ are left out of
the figures and counted. A sentence has the stances of its own words and of its heading's, as in a
profile. Printed are precision and recall, and the first misses.
"""

from __future__ import annotations

from collections import defaultdict

from practicelib.codebook.matcher import Matcher
from practicelib.codebook.reading import read_codebook
from practicelib.files.data import data_path
from practicelib.files.tables import read_csv
from practicelib.labels.reading import read_codings

SHOWN = 12


def main() -> None:
    table = read_codings(data_path("labels"))
    texts = {sentence.id: sentence.text for sentence in table.sentences}
    headings = {sentence.id: sentence.heading for sentence in table.sentences}
    kinds = {coder.name: coder.kind for coder in table.coders}
    noted: dict[str, set[str]] = defaultdict(set)
    coders: set[str] = set()
    for _, row in read_csv(data_path("labels/stances.csv")):
        noted[row["sentence"]].add(row["stance"])
        coders.add(row["coder"])
    agreed = {s: next(iter(v)) for s, v in noted.items() if len(v) == 1 and s in texts}
    print("coders:", ", ".join(f"{c} ({kinds.get(c, 'unknown')})" for c in sorted(coders)))
    print(f"{len(agreed)} coded sentences with one stance, {len(noted) - len(agreed)} left out\n")
    matcher = Matcher(read_codebook())
    found = {s: {*matcher.stances(texts[s]), *matcher.stances(headings[s])} for s in agreed}
    print("stance     noted  found  both  precision  recall")
    for stance in ("planned", "lacking"):
        own = {s for s, v in agreed.items() if v == stance}
        hit = {s for s, v in found.items() if stance in v}
        both = len(own & hit)
        print(
            f"{stance:9s} {len(own):6d} {len(hit):6d} {both:5d} {both / max(len(hit), 1):10.2f}"
            f" {both / max(len(own), 1):7.2f}"
        )
    for stance in ("planned", "lacking"):
        for title, wanted in (("missed", True), ("wrongly found", False)):
            rows = [
                s for s, v in agreed.items() if (v == stance) == wanted
                and (stance in found[s]) != wanted
            ]  # fmt: skip
            print(f"\n{stance}, {title}: {len(rows)}")
            for s in rows[:SHOWN]:
                print(f"  {agreed[s]:8s} {texts[s][:90]}")


if __name__ == "__main__":
    main()
