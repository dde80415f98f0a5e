"""How far coders agree: overall, by category, coder, source, sentence, and between rounds.

Axes: N sentences, A coders, R rounds, K categories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import LabelError, TooFewLabelsError, expect
from practicelib.files.hashing import hash_text
from practicelib.labels.checks import CODINGS, need_categories
from practicelib.labels.comparing import (
    changes_between,
    coded_again,
    coder_agreement,
    only,
    pairable,
    self_agreement,
)
from practicelib.labels.suggest import is_suggested, training_only
from practicelib.measures.agreement import (
    alpha_of_sets,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
    specific_agreement,
)
from practicelib.measures.distances import SetDistanceName, SetDistances
from practicelib.measures.resampling import Method, Resampling
from practicelib.measures.sums import disagreements
from practicelib.measures.values import encode_sets
from practicelib.records.agreement import Coefficient
from practicelib.records.consistency import (
    Basis,
    Between,
    CategoryAgreement,
    Consistency,
    Dispute,
    GroupAgreement,
)
from practicelib.records.labelled import MISSING, SINGLE, Coder, LabelTable
from practicelib.version import __version__

Bools = NDArray[np.bool_]
Codes = NDArray[np.int8]
Floats = NDArray[np.float64]
SETS: tuple[SetDistanceName, ...] = ("masi", "jaccard", "nominal", "masi_product")
LEAST_REPORTS = 2
_ALONE = "sentence "


def consistency(
    table: LabelTable,
    *,
    coders: Sequence[str] | None = None,
    round: str | None = None,
    details: bool = True,
    method: Method = "bootstrap",
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
    clusters: str = "report",
) -> Consistency:
    """Agreement of the coders of a table, from their first independent codings.

    `round` is the first by default: later ones, and decisions, were made with knowledge of earlier
    ones and enter no coefficient but the change between rounds. `coders` keeps only some of them.
    `clusters` resamples whole reports ("report"; sentences that stand alone or have no report are
    units of their own) or single sentences ("sentence"). Without `details` only the categories, the
    sets and the coder pairs are worked out.

    Sentences that one coder alone coded bear on nothing but the chance agreement of Fleiss' and
    Conger's kappa and of AC1 (see `measures.agreement`): no count of sentences, no resampling unit
    and no warning rests on them; `basis` tells how many there are.

    Sentences that were suggested to improve a model are left out. Raises LabelError for an unknown
    coder or round and where all sentences are such, and TooFewLabelsError where there is no
    category, no sentence was coded or there are fewer than two coders.
    """
    expect(table, LabelTable, CODINGS)
    need_categories(table.categories)
    if clusters not in ("report", "sentence"):
        raise ValueError(f"clusters must be 'report' or 'sentence', not {clusters!r}")
    if coders is not None:
        table = _with_coders(table, coders)
    table = _sampled(table)
    number = 0 if round is None else _round_number(table, round)
    here = _of_round(table, number)
    if len(here.coders) < 2:
        raise TooFewLabelsError(
            f"{len(here.coders)} coder(s) in round {table.rounds[number]}; agreement needs two"
        )
    plain = Resampling(method, resamples, level, seed)
    by_report = clusters == "report"
    codes = here.codes[:, :, number]
    twice = pairable(codes)
    resampling = replace(plain, clusters=cluster_of(here, twice)) if by_report else plain
    result = Consistency(
        _basis(here, number, resampling),
        tuple(_category(here, codes, k, resampling) for k in range(len(here.categories))),
        tuple(alpha_of_sets(codes, name, resampling=resampling) for name in SETS),
        *_pairs(codes, resampling if details else None),
    )
    if not details:
        return result
    again = coded_again(table)
    over_rounds = replace(plain, clusters=cluster_of(table, again)) if by_report else plain
    return replace(
        result,
        coders=coder_agreement(here, codes, resampling),
        groups=_groups(here, codes, resampling),
        changes=changes_between(table, over_rounds),
        selves=self_agreement(table, over_rounds),
        disputes=disputes(here, codes),
    )


def _with_coders(table: LabelTable, names: Sequence[str]) -> LabelTable:
    """The table with only those coders, in that order."""
    known = [coder.name for coder in table.coders]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise LabelError(f"unknown coder {', '.join(unknown)}; known are {', '.join(known)}")
    keep = [known.index(name) for name in dict.fromkeys(names)]
    return replace(
        table,
        coders=tuple(table.coders[a] for a in keep),
        codes=table.codes[:, keep],
        versions=tuple(table.versions[a] for a in keep) if table.versions else (),
    )


def _sampled(table: LabelTable) -> LabelTable:
    """The coded sentences, without those that were chosen to improve a model: no sample of text."""
    suggested = is_suggested(table.sentences)
    if suggested.all():
        training_only(table.sentences, "reliability")
    return table.select((table.codes[..., 0] != MISSING).any(axis=(1, 2)) & ~suggested)


def _of_round(table: LabelTable, number: int) -> LabelTable:
    """The coders and sentences that have codings in a round."""
    present = table.codes[:, :, number, 0] != MISSING
    names = [c.name for c, here in zip(table.coders, present.any(axis=0), strict=True) if here]
    return _with_coders(table, names).select(present.any(axis=1))


def _round_number(table: LabelTable, name: str) -> int:
    if name not in table.rounds:
        raise LabelError(f"unknown round {name!r}; known are {', '.join(table.rounds)}")
    return table.rounds.index(name)


def cluster_of(table: LabelTable, twice: Bools | None = None) -> NDArray[Any] | None:
    """Resampling unit of every sentence: its report, or itself where it stands alone.

    None where no two of the sentences coded `twice` (N,; all by default) share a report, or nearly
    all of them come from one.
    """
    names = np.array(
        [
            f"{_ALONE}{s.id}" if not s.report or s.kind == SINGLE else f"report {s.report}"
            for s in table.sentences
        ]
    )
    own = names if twice is None else names[twice]
    different = len(np.unique(own))
    if different == len(own) or different < LEAST_REPORTS:
        return None
    return names


def _category(table: LabelTable, codes: Codes, k: int, resampling: Resampling) -> CategoryAgreement:
    coded = codes[:, :, k]
    with_it = coded[pairable(codes)] == 1
    zh, en = table.names[k] if table.names else ("", "")
    return CategoryAgreement(
        table.categories[k],
        zh,
        en,
        int(with_it.any(axis=1).sum()),
        int(with_it.sum()),
        krippendorff_alpha(coded, n_values=2, resampling=resampling),
        specific_agreement(coded, 1, resampling=resampling),
        specific_agreement(coded, 0, resampling=resampling),
        percent_agreement(coded, resampling=resampling),
        _kappa(coded, resampling),
        fleiss_kappa(coded, n_values=2, resampling=resampling),
        gwet_ac1(coded, n_values=2, resampling=resampling),
        brennan_prediger(coded, n_values=2, resampling=resampling),
    )


def _kappa(coded: Codes, resampling: Resampling) -> Coefficient:
    """Cohen's kappa of two coders, Conger's of more who all share sentences with each other.

    Chance agreement of coders who never met would be taken between different samples; a coder who
    shares no sentence with anybody is left out.
    """
    twice = (coded >= 0).sum(axis=1) > 1
    here = coded[:, (coded[twice if twice.any() else ...] >= 0).any(axis=0)]
    if here.shape[1] == 2:
        return cohen_kappa(here, n_values=2, resampling=resampling)
    present = (here >= 0).astype(np.int64)
    if (present.T @ present == 0).any():
        found = conger_kappa(here, n_values=2)
        return replace(found, value=float("nan"), reason="no_overlap")
    return conger_kappa(here, n_values=2, resampling=resampling)


def _pairs(
    codes: Codes, resampling: Resampling | None
) -> tuple[NDArray[np.int64], Floats, Floats, Floats]:
    """Overlap (A, A), alpha of sets (A, A) with limits (A, A, 2), and each coder's mean alpha by
    category (A, K)."""
    _, coders, k = codes.shape
    present = codes[:, :, 0] != MISSING
    overlap = present.T.astype(np.int64) @ present.astype(np.int64)
    pairs = np.full((coders, coders), np.nan)
    limits = np.full((coders, coders, 2), np.nan)
    alphas = np.full((coders, coders, k), np.nan)
    for a, b in combinations(range(coders), 2):
        shared = present[:, a] & present[:, b]
        if shared.any():
            both = codes[shared][:, [a, b]]
            here = None if resampling is None else only(resampling, shared)
            found = alpha_of_sets(both, resampling=here)
            pairs[a, b] = pairs[b, a] = found.value
            limits[a, b] = limits[b, a] = (found.low, found.high)
            alphas[a, b] = alphas[b, a] = [
                krippendorff_alpha(both[:, :, c]).value for c in range(k)
            ]
    known = np.isfinite(alphas)
    mean = np.full((coders, k), np.nan)
    np.divide(np.where(known, alphas, 0).sum(1), known.sum(1), out=mean, where=known.any(1))
    return overlap, pairs, limits, mean


def _groups(table: LabelTable, codes: Codes, resampling: Resampling) -> tuple[GroupAgreement, ...]:
    """Agreement by source; empty where there is but one."""
    sources = np.array([s.source for s in table.sentences], dtype=np.str_)
    names = list(dict.fromkeys(sources.tolist()))
    if len(names) < 2:
        return ()
    found = []
    for name in names:
        own = sources == name
        part = codes[own]
        here = only(resampling, own)
        coders = (part[:, :, 0] != MISSING).any(axis=0)
        found.append(
            GroupAgreement(
                name,
                int(pairable(part).sum()),
                tuple(c.name for c, there in zip(table.coders, coders, strict=True) if there),
                alpha_of_sets(part, resampling=here),
                tuple(
                    krippendorff_alpha(part[:, :, k], n_values=2, resampling=here)
                    for k in range(part.shape[2])
                ),
            )
        )
    return tuple(found)


def disputes(table: LabelTable, codes: Codes) -> tuple[Dispute, ...]:
    """Sentences whose coders differ, most disagreement first, then most codings, then in order."""
    values, sets = encode_sets(codes)
    m = (values >= 0).sum(axis=1)
    apart = disagreements(values, SetDistances(sets, "masi"))
    mean = np.divide(apart, m * (m - 1) / 2.0, out=np.zeros(len(m)), where=m > 1)
    order = np.lexsort((np.arange(len(m)), -m, -np.round(mean, 9)))
    return tuple(
        Dispute(
            table.sentences[row],
            tuple(
                None
                if cell[0] == MISSING
                else tuple(key for key, one in zip(table.categories, cell, strict=True) if one)
                for cell in codes[row]
            ),
            float(mean[row]),
        )
        for row in order.tolist()
        if mean[row] > 0
    )


def between(coders: Sequence[Coder]) -> Between:
    """Whose agreement it is; model passes are never taken for people."""
    kinds = {coder.kind for coder in coders}
    if kinds == {"person"}:
        return "people"
    if kinds == {"model pass"}:
        return "model passes"
    return "people and model passes" if "model pass" in kinds else "unknown coders"


def _basis(table: LabelTable, number: int, resampling: Resampling) -> Basis:
    present = table.codes[:, :, number, 0] != MISSING
    clusters, twice = resampling.clusters, present.sum(axis=1) > 1
    units = np.unique(clusters[twice]).tolist() if clusters is not None else []
    return Basis(
        len(present),
        int(twice.sum()),
        int(present.sum()),
        len(set(table.reports.tolist()) - {""}),
        table.rounds[number],
        between(table.coders),
        table.coders,
        tuple(sorted({versions[number] for versions in table.versions} - {""})),
        resampling.method,
        0 if resampling.method == "jackknife" else resampling.resamples,
        resampling.level,
        resampling.seed,
        "sentence" if clusters is None else "report",
        int(twice.sum()) if clusters is None else len(units),
        sum(name.startswith(_ALONE) for name in units),
        table.codebook,
        codings_hash(table),
        f"practicelib {__version__}",
    )


def codings_hash(table: LabelTable) -> str:
    """Hash of all codings with the texts that they are of, independent of their order."""
    lines = []
    texts = [hash_text(sentence.text) for sentence in table.sentences]
    for row, a, r in np.argwhere(table.codes[..., 0] != MISSING).tolist():
        cell = table.codes[row, a, r]
        labels = ";".join(sorted(k for k, one in zip(table.categories, cell, strict=True) if one))
        place = (table.sentences[row].id, table.coders[a].name, table.rounds[r])
        lines.append("\t".join((*place, texts[row], labels)))
    return hash_text("\n".join(sorted(lines)))
