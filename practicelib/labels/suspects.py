"""Likely label errors: from the codings alone, from a model's probabilities, from like sentences.

Axes: N sentences, A coders, K categories.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import expect
from practicelib.labels.checks import CODINGS, need_categories
from practicelib.labels.gold import latest_codes
from practicelib.labels.twins import Twins, find_twins
from practicelib.measures.consensus import dawid_skene, share_of_votes
from practicelib.measures.label_errors import confident_errors
from practicelib.records.labelled import MISSING, LabelledSentences, LabelTable, SentenceInfo
from practicelib.records.suspects import Reason, Suspect, Suspects

Codes = NDArray[np.int8]
Key = tuple[int, int, str]
"""Row, category number, coder."""


def suspects(
    labels: LabelTable | LabelledSentences,
    probabilities: NDArray[np.float64] | None = None,
    *,
    least: float = 0.05,
    limit: int | None = None,
) -> Suspects:
    """Labels that are likely wrong, ranked, each with its reasons.

    A table of codings gives, per coding, how likely it is wrong by Dawid and Skene's model of all
    coders ("outvoted"), and the same coder's codes of like sentences that differ ("twin"). Gold
    gives like sentences only. With `probabilities` (N, K), which must come from models that were
    not trained on these labels (out of fold), labels that the model contradicts are added
    ("model"): those of the gold, or of the majority of the coders.

    `least` is the lowest score listed. Raises ValueError for probabilities of another shape,
    TooFewLabelsError where there is no category.
    """
    expect(labels, (LabelTable, LabelledSentences), CODINGS)
    need_categories(labels.categories)
    if probabilities is not None and probabilities.shape != _shape(labels):
        raise ValueError(f"probabilities {probabilities.shape}, but labels {_shape(labels)}")
    if isinstance(labels, LabelTable):
        codes, coders = latest_codes(labels), [coder.name for coder in labels.coders]
        names, found = labels.names, list(_outvoted(codes, coders))
        majority = _majority(codes)
    else:
        codes, coders = labels.labels.astype(np.int8)[:, None], [""]
        names, found, majority = (), [], codes[:, 0]
    texts = [sentence.text for sentence in labels.sentences]
    found.extend(_twins(codes, coders, labels.sentences, find_twins(texts)))
    if probabilities is not None:
        found.extend(_contradicted(majority, probabilities))
    ranked = _ranked(found, labels, codes, coders, majority, least)
    return Suspects(tuple(ranked[:limit]), labels.categories, names)


def _shape(labels: LabelTable | LabelledSentences) -> tuple[int, int]:
    return len(labels.sentences), len(labels.categories)


def _majority(codes: Codes) -> Codes:
    """Labels (N, K) of more than half of the coders; -1 where there is no majority."""
    k = codes.shape[2]
    votes = np.column_stack([share_of_votes(codes[:, :, c]) for c in range(k)])
    clear = np.isfinite(votes) & (votes != 0.5)
    return np.where(clear, votes > 0.5, MISSING).astype(np.int8)


def _outvoted(codes: Codes, coders: list[str]) -> Iterator[tuple[Key, Reason]]:
    """Codings that another coder contradicts, by Dawid and Skene's posterior."""
    for c in range(codes.shape[2]):
        coded = codes[:, :, c]
        disputed = (coded == 1).any(axis=1) & (coded == 0).any(axis=1)
        if not disputed.any():
            continue
        posterior = dawid_skene(coded).posterior
        for row, a in np.argwhere(disputed[:, None] & (coded != MISSING)).tolist():
            figure = float(posterior[row])
            wrong = 1.0 - figure if coded[row, a] else figure
            yield (row, c, coders[a]), Reason("outvoted", wrong, figure)


def _contradicted(
    labels: Codes, probabilities: NDArray[np.float64]
) -> Iterator[tuple[Key, Reason]]:
    usable = np.where(labels == MISSING, np.nan, probabilities)
    suspicion = confident_errors(labels == 1, usable).suspicion
    for row, c in np.argwhere(np.isfinite(suspicion)).tolist():
        figure = float(probabilities[row, c])
        yield (row, c, ""), Reason("model", float(suspicion[row, c]), figure)


def _twins(
    codes: Codes, coders: list[str], sentences: tuple[SentenceInfo, ...], pairs: list[Twins]
) -> Iterator[tuple[Key, Reason]]:
    """Like sentences that one coder codes differently.

    Of n like sentences, a label that m of the others contradict is wrong with m / n, less the less
    alike they are.
    """
    groups = _connected(pairs, len(codes))
    for a, coder in enumerate(coders):
        for members in groups:
            coded = [row for row in members if codes[row, a, 0] != MISSING]
            for c in range(codes.shape[2]):
                sides = _sides(coded, codes[:, a, c])
                if len(sides) < 2:
                    continue
                for row in coded:
                    others = sides[1 - int(codes[row, a, c])]
                    own = members[row]
                    # Rows ascend: without a twin on the other side the first there stands for it.
                    likest = max(own.keys() & others.keys(), key=lambda r: (own[r], -r), default=-1)
                    likest = likest if likest >= 0 else next(iter(others))
                    similarity = own.get(likest, min(own.values()))
                    score = similarity * len(others) / len(coded)
                    reason = Reason("twin", score, similarity, sentences[likest].id)
                    yield (row, c, coder), reason


def _sides(rows: list[int], codes: NDArray[np.int8]) -> dict[int, dict[int, None]]:
    """The rows that have each code, as sets that keep their order."""
    sides: dict[int, dict[int, None]] = {}
    for row in rows:
        sides.setdefault(int(codes[row]), {})[row] = None
    return sides


def _connected(pairs: list[Twins], n: int) -> list[dict[int, dict[int, float]]]:
    """Groups of rows that are linked by twins, each row with its own twins' similarity."""
    home = list(range(n))

    def root(row: int) -> int:
        while home[row] != row:
            home[row] = home[home[row]]
            row = home[row]
        return row

    links: dict[int, dict[int, float]] = {}
    for pair in pairs:
        home[root(pair.second)] = root(pair.first)
        links.setdefault(pair.first, {})[pair.second] = pair.similarity
        links.setdefault(pair.second, {})[pair.first] = pair.similarity
    groups: dict[int, dict[int, dict[int, float]]] = {}
    for row in sorted(links):
        groups.setdefault(root(row), {})[row] = links[row]
    return list(groups.values())


def _ranked(
    found: list[tuple[Key, Reason]],
    labels: LabelTable | LabelledSentences,
    codes: Codes,
    coders: list[str],
    majority: Codes,
    least: float,
) -> list[Suspect]:
    """One suspect a label with all its reasons; highest score first, then in order."""
    reasons: dict[Key, list[Reason]] = {}
    for key, reason in found:
        if reason.score >= least:
            reasons.setdefault(key, []).append(reason)
    number = {coder: a for a, coder in enumerate(coders)}
    ranked = []
    for (row, c, coder), own in reasons.items():
        value = codes[row, number[coder], c] if coder in number else majority[row, c]
        ordered = tuple(sorted(own, key=lambda r: (-r.score, r.cause)))
        ranked.append(
            Suspect(
                labels.sentences[row],
                labels.categories[c],
                bool(value == 1),
                coder,
                ordered[0].score,
                ordered,
            )
        )
    place = {sentence.id: i for i, sentence in enumerate(labels.sentences)}
    order = {key: i for i, key in enumerate(labels.categories)}
    return sorted(
        ranked, key=lambda s: (-s.score, place[s.sentence.id], order[s.category], s.coder)
    )
