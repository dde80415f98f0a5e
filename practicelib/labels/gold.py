"""Gold labels, computed from codings and decisions and never edited by hand.

Axes: N sentences, A coders, R rounds, K categories.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import Fault, LabelError, expect
from practicelib.files.tables import read_csv
from practicelib.labels.checks import CODINGS, need_categories
from practicelib.labels.names import key_of, keys_by_name
from practicelib.labels.rows import parse_labels
from practicelib.measures.consensus import dawid_skene, share_of_votes
from practicelib.records.labelled import MISSING, LabelledSentences, LabelTable

Method = Literal["unanimity", "majority", "dawid-skene"]
METHODS: tuple[Method, ...] = get_args(Method)
Bools = NDArray[np.bool_]
Codes = NDArray[np.int8]

_CLEAR = 0.9
SUPPORT = "support: "
"""What the columns of a queue begin with that say how much speaks for each category."""
_DECISION_COLUMNS = ("sentence", "labels", "by", "reason")


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided for a sentence, and why; it wins over all codings.

    `labels` are keys of categories.
    """

    sentence: str
    labels: tuple[str, ...]
    by: str
    reason: str
    date: str = ""


@dataclass(frozen=True)
class Undecided:
    """Sentences that a person has to decide: row (M,) in the table and the `support` (M, K) that
    each category has, a share of votes or a posterior."""

    rows: NDArray[np.int64]
    support: NDArray[np.float64]


@dataclass(frozen=True)
class Adjudication:
    """Gold of the decided sentences, and what is left for a person."""

    gold: LabelledSentences
    undecided: Undecided


def adjudicate(
    table: LabelTable,
    *,
    decisions: str | os.PathLike[str] | None = None,
    method: Method = "majority",
    clear: float = _CLEAR,
) -> LabelledSentences:
    """Gold labels of the sentences that can be decided; see `adjudication` for what is left.

    A decision of the `decisions` file (`sentence,labels,by,reason,date`) always wins. Else, with
    every coder's latest round: what all say, what most say of each category ("majority"), or where
    Dawid and Skene's posterior is at least `clear`, or at most 1 - `clear`, for every category
    ("dawid-skene"). Ties and unclear posteriors are left to a person: such sentences are not in
    the gold. Sentences with a single coding are taken as coded. `how` says for each sentence
    which of these it was: "decision", "single", "unanimous", "majority" or "dawid-skene".

    Raises LabelError with every fault of the decisions file, TooFewLabelsError where there is no
    category.
    """
    return adjudication(table, decisions=decisions, method=method, clear=clear).gold


def adjudication(
    table: LabelTable,
    *,
    decisions: str | os.PathLike[str] | None = None,
    method: Method = "majority",
    clear: float = _CLEAR,
) -> Adjudication:
    """As `adjudicate`, with the sentences that a person has still to decide."""
    expect(table, LabelTable, CODINGS)
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}; known are {', '.join(METHODS)}")
    codes = latest_codes(table)
    labels, how, support = _combined(codes, method, clear)
    if decisions is not None:
        _decide(labels, how, read_decisions(decisions, table), table)
    decided = how != ""
    coded = (codes[:, :, 0] != MISSING).any(axis=1)
    gold = LabelledSentences(
        table.sentences,
        table.categories,
        labels,
        tuple(how.tolist()),
        table.codebook,
        table.coders,
    ).select(decided)
    left = np.flatnonzero(~decided & coded)
    return Adjudication(gold, Undecided(left, support[left]))


def latest_codes(table: LabelTable) -> Codes:
    """The codes of each coder's latest round for each sentence, (N, A, K).

    Raises TooFewLabelsError where there is no category.
    """
    need_categories(table.categories)
    codes = table.codes[:, :, 0].copy()
    for number in range(1, len(table.rounds)):
        later = table.codes[:, :, number]
        codes = np.where(later[..., :1] != MISSING, later, codes)
    return codes


def _combined(
    codes: Codes, method: Method, clear: float
) -> tuple[Bools, NDArray[np.str_], NDArray[np.float64]]:
    """Labels (N, K), how each came about (N,) with "" for undecided, and support (N, K)."""
    n, _, k = codes.shape
    coders = (codes[:, :, 0] != MISSING).sum(axis=1)
    votes = np.column_stack([share_of_votes(codes[:, :, c]) for c in range(k)])
    with np.errstate(invalid="ignore"):
        unanimous = (coders > 0) & ((votes == 0) | (votes == 1)).all(axis=1)
    how = np.full(n, "", dtype="<U12")
    labels = np.zeros((n, k), bool)
    support = votes
    if method == "majority":
        settled = (coders > 0) & (votes != 0.5).all(axis=1)
        labels, how[settled] = votes > 0.5, "majority"
    elif method == "dawid-skene":
        support = np.column_stack([dawid_skene(codes[:, :, c]).posterior for c in range(k)])
        settled = (coders > 0) & ((support >= clear) | (support <= 1.0 - clear)).all(axis=1)
        labels, how[settled] = support > 0.5, "dawid-skene"
    labels = np.where(unanimous[:, None], votes == 1, labels)
    how[unanimous] = "unanimous"
    how[unanimous & (coders == 1)] = "single"
    return labels, how, support


def _decide(
    labels: Bools, how: NDArray[np.str_], decided: Mapping[str, Decision], table: LabelTable
) -> None:
    for row, sentence in enumerate(table.sentences):
        if sentence.id in decided:
            chosen = decided[sentence.id].labels
            labels[row] = [key in chosen for key in table.categories]
            how[row] = "decision"


def read_decisions(path: str | os.PathLike[str], table: LabelTable) -> dict[str, Decision]:
    """Decisions by sentence id; categories are named as in coding files, by key or by name.

    In a sheet of the queue a row that nothing was written in is passed over, and a blank in
    `labels` is no decision: it may have been forgotten.

    Raises LabelError naming every row of an unknown sentence or category, a second decision on a
    sentence, and a decision without somebody who made it or a reason.
    """
    known = {sentence.id for sentence in table.sentences}
    keys = keys_by_name(table.categories, table.names)
    found: dict[str, Decision] = {}
    faults: list[Fault] = []
    for line, row in read_csv(Path(path)):
        queued = any(column.startswith(SUPPORT) for column in row)
        if queued and not any(row.get(column, "").strip() for column in ("labels", "by", "reason")):
            continue
        missing = [column for column in _DECISION_COLUMNS if column not in row]
        if missing:
            raise LabelError(f"columns are missing: {', '.join(missing)}", file=path, line=1)
        try:
            labels = parse_labels(row["labels"])
        except ValueError as cause:
            faults.append(Fault(str(cause), str(path), line))
            labels = ()
        decision = Decision(
            row["sentence"].strip(),
            tuple(key_of(label, keys) or label for label in labels),
            row["by"].strip(),
            row["reason"].strip(),
            row.get("date", "").strip(),
        )
        causes = _decision_faults(decision, table.categories, known, found)
        if queued and not row["labels"].strip():
            causes.append("no labels yet; write - for none")
        faults.extend(Fault(cause, str(path), line) for cause in causes)
        found[decision.sentence] = decision
    if faults:
        raise LabelError(faults)
    return found


def _decision_faults(
    decision: Decision,
    categories: tuple[str, ...],
    known: set[str],
    before: Mapping[str, Decision],
) -> list[str]:
    causes = [
        f"unknown category {label!r}; known are {', '.join(categories)}"
        for label in decision.labels
        if label not in categories
    ]
    if decision.sentence not in known:
        causes.append(f"unknown sentence {decision.sentence!r}")
    if decision.sentence in before:
        causes.append(f"a second decision on {decision.sentence!r}")
    if not decision.by:
        causes.append("nobody is named who decided (column 'by')")
    if not decision.reason:
        causes.append("no reason is given")
    return causes
