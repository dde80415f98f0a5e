"""Where labels come from, as far as a label folder records it: what a model notes for its card.

Who coded is in `coders.csv`, what kind of text a report is in `sources.csv`; neither is guessed.
The shipped labels are told of in their own datasheet, so a model of theirs notes nothing, which
keeps the shipped one as it was built.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from practicelib.files.data import data_path
from practicelib.files.tables import read_csv
from practicelib.records.labelled import LabelledSentences

MODEL_PASS = "model pass"


def labelling_facts(gold: LabelledSentences, chosen: LabelledSentences) -> dict[str, Any]:
    """Plain data about the labels `gold` of which the sentences `chosen` are trained on.

    `coders` counts the coders of the label folder by kind, `how` the sentences by how their label
    was decided, `types` and `origins` the reports by those columns of `sources.csv`, all empty
    where nothing is known; `apart` holds sentences and reports that were not trained on. No fact at
    all of the shipped labels, as long as no person has coded any of them.
    """
    by_models = all(coder.kind == MODEL_PASS for coder in gold.coders)
    if by_models and is_shipped(chosen.reports.tolist()):
        return {}
    trained = set(chosen.reports.tolist())
    others = set(gold.reports.tolist()) - trained
    return {
        "labelling": {
            "coders": _counts(coder.kind for coder in gold.coders),
            "how": _counts(how for how in chosen.how if how),
            "types": _reports(chosen, "kind"),
            "origins": _reports(chosen, "origin"),
            "apart": {"sentences": len(gold) - len(chosen), "reports": len(others)},
        }
    }


def is_shipped(reports: Iterable[str]) -> bool:
    """Whether these are the very reports of role train of the shipped label folder."""
    rows = (row for _, row in read_csv(data_path("labels/sources.csv")))
    return set(reports) == {row["report"] for row in rows if row["role"] == "train"}


def _counts(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _reports(gold: LabelledSentences, name: str) -> dict[str, int]:
    """Number of reports by what `sources.csv` says of them; empty cells are left out."""
    said = {sentence.report: str(getattr(sentence, name)) for sentence in gold.sentences}
    return _counts(value for value in said.values() if value)
