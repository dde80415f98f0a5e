"""The seed compared twice: from gold and from the shipped model, with every sentence that differs.

    python benchmarks/practice_seed.py > benchmarks/results/practice_seed.txt

The same as a page: practicelib compare --labels labels --role test --beside-model
labels/reports/seed.txt -o seed.html
"""

from __future__ import annotations

from practicelib.files.data import data_path
from practicelib.model.storage import load_tagger
from practicelib.practices.compare import compare
from practicelib.practices.leaders import leaders
from practicelib.records.practices import Comparison, PracticeProfile
from practicelib.show.beside import coding_differences
from practicelib.show.practice_words import words
from practicelib.show.terminal import table
from practicelib.text.reading import read_reports
from practicelib.workflows.gold import read_gold
from practicelib.workflows.gold_tags import tags_from_gold


def main() -> None:
    gold, book = read_gold(data_path("labels"))
    by_labels = compare(
        tags_from_gold(gold.with_role("test"), folder=data_path("labels"), codebook=book),
        codebook=book,
    )
    tagger = load_tagger()
    reports = read_reports(data_path("labels/reports/seed.txt"))
    by_model = compare([tagger.tag_report(report) for report in reports], codebook=book)
    person, model = by_labels.profile, by_model.profile
    print("From gold: share of sentences (sentences)")
    print(shares(person))
    print_leaders(by_labels)
    print(
        f"\nFrom model {tagger.hash[:12]}: share, sentences, [band over its error rates and chance]"
    )
    print(shares(model))
    print_leaders(by_model)
    differing = coding_differences(person, model, "zh")
    total = sum(unit.sentences for unit in person.units)
    print(f"\n{len(differing)} of {total} sentences are coded unlike (model's probability behind):")
    for row in differing:
        here, there = (" ".join(row[side]) or "-" for side in ("here", "there"))
        print(f"  gold only: {here}; model only: {there}")
        print(f"    {row['text'][:100]}")
        print(f"    model's words: {' '.join(row['words']) or '-'}")
    print("\nPairs of units whose order differs between the two codings, by category:")
    for k, key in enumerate(person.categories):
        a, b = (p.table("sentences").raw.value[:, k] for p in (person, model))
        turned = [
            (person.units[i].name, person.units[j].name)
            for i in range(len(a))
            for j in range(i)
            if (a[i] - a[j]) * (b[i] - b[j]) < 0
        ]
        pairs = len(a) * (len(a) - 1) // 2
        print(f"  {key}: {len(turned)} of {pairs} {turned or ''}".rstrip())


def print_leaders(comparison: Comparison) -> None:
    """The largest share of each category, the next one, and what the page says of the two."""
    units, known = comparison.profile.units, words("en")
    for found in leaders(comparison):
        first, second = (units[u].name for u in (found.first, found.second))
        key = comparison.profile.categories[found.category]
        print(
            f"  {key}: {first} {100 * found.value:.1f}%, next {second}"
            f" {100 * found.next_value:.1f}%; {known[f'leads_{found.verdict}']}"
        )


def shares(profile: PracticeProfile) -> str:
    found = profile.table("sentences")
    rows = []
    for u, unit in enumerate(profile.units):
        row = [unit.name]
        for k in range(len(profile.categories)):
            cell = f"{100 * found.raw.value[u, k]:.1f}% ({profile.counts[u, k]:.0f})"
            if found.band is not None:
                cell += f" [{100 * found.band.low[u, k]:.0f}-{100 * found.band.high[u, k]:.0f}]"
            row.append(cell)
        rows.append(row)
    return table(["unit", *profile.categories], rows)


if __name__ == "__main__":
    main()
