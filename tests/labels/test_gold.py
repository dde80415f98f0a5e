"""Gold: unanimity, majority, Dawid and Skene, and decisions that always win."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from practicelib.errors import LabelError, TooFewLabelsError
from practicelib.labels.gold import adjudicate, adjudication, latest_codes, read_decisions
from practicelib.labels.reading import read_codings
from practicelib.measures.consensus import dawid_skene, share_of_votes
from tests.labels.folders import made_table, noisy_codes, write_csv


def test_majority_leaves_ties_to_a_person() -> None:
    codes = np.array(
        [
            [[1, 0], [1, 0], [1, 0]],
            [[1, 0], [1, 0], [0, 0]],
            [[1, 0], [0, 0], [-1, -1]],
            [[0, 0], [0, 0], [0, 0]],
            [[1, 1], [-1, -1], [-1, -1]],
            [[-1, -1], [-1, -1], [-1, -1]],
        ],
        np.int8,
    )
    found = adjudication(made_table(codes))
    assert [s.id for s in found.gold.sentences] == ["s0", "s1", "s3", "s4"]
    assert found.gold.how == ("unanimous", "majority", "unanimous", "single")
    assert found.gold.labels.tolist() == [[1, 0], [1, 0], [0, 0], [1, 1]]
    assert found.undecided.rows.tolist() == [2]
    assert found.undecided.support.tolist() == [[0.5, 0.0]]
    only = adjudicate(made_table(codes), method="unanimity")
    assert only.how == ("unanimous", "unanimous", "single")


def test_decisions_always_win(tmp_path: Path) -> None:
    codes = np.array([[[1, 0], [1, 0]], [[1, 0], [0, 0]]], np.int8)
    path = write_csv(
        tmp_path / "d.csv",
        ("sentence", "labels", "by", "reason", "date"),
        [("s0", "c1", "李", "规则 3", "2024-05-01"), ("s1", "", "王", "存疑不编", "")],
    )
    gold = adjudicate(made_table(codes), decisions=path)
    assert gold.how == ("decision", "decision")
    assert gold.labels.tolist() == [[False, True], [False, False]]
    assert len(adjudication(made_table(codes)).undecided.rows) == 1
    assert len(adjudication(made_table(codes), decisions=path).undecided.rows) == 0


def test_decisions_name_categories_as_codings_do(tmp_path: Path) -> None:
    """Chinese and English names beside keys, as in coding files."""
    path = write_csv(
        tmp_path / "d.csv",
        ("sentence", "labels", "by", "reason"),
        [("s0", "类1", "李", "规则 3"), ("s1", "Class 0；c1", "李", "规则 4")],
    )
    table = made_table(np.zeros((2, 2, 2), np.int8))
    assert [d.labels for d in read_decisions(path, table).values()] == [("c1",), ("c0", "c1")]
    gold = adjudicate(table, decisions=path)
    assert gold.labels.tolist() == [[False, True], [True, True]]


def test_a_blank_in_a_queue_is_no_decision(tmp_path: Path) -> None:
    """Untouched rows are passed over; a blank beside a name and a reason may be forgotten."""
    header = ("sentence", "labels", "by", "reason", "text", "support: c0")
    rows = [("s0", "c0", "李", "规则 3", "甲", "0.5"), ("s1", "", "", "", "乙", "0.5")]
    table = made_table(np.zeros((2, 2, 2), np.int8))
    path = write_csv(tmp_path / "d.csv", header, rows)
    assert list(read_decisions(path, table)) == ["s0"]
    write_csv(path, header, [("s0", "-", "李", "规则 3", "甲", "0.5")])
    assert read_decisions(path, table)["s0"].labels == ()
    write_csv(path, header, [("s0", "", "李", "规则 3", "甲", "0.5")])
    with pytest.raises(LabelError, match="write - for none"):
        read_decisions(path, table)


def test_no_category_at_all(tmp_path: Path) -> None:
    """Codings that are all "none", and no codebook."""
    rows = [(f"s{i}", c, "") for i in range(3) for c in "ab"]
    path = write_csv(tmp_path / "none.csv", ("sentence", "coder", "labels"), rows)
    with pytest.raises(TooFewLabelsError, match="no category"):
        adjudicate(read_codings(path))


def test_every_fault_of_decisions(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "d.csv",
        ("sentence", "labels", "by", "reason", "date"),
        [
            ("s0", "c0", "李", "好", ""),
            ("s0", "c1", "李", "好", ""),
            ("s9", "", "李", "好", ""),
            ("s1", "cx", "李", "好", ""),
            ("s1", "", "", "", ""),
        ],
    )
    with pytest.raises(LabelError) as caught:
        adjudicate(made_table(np.zeros((2, 2, 2), np.int8)), decisions=path)
    assert [fault.line for fault in caught.value.faults] == [3, 4, 5, 6, 6, 6]
    with pytest.raises(LabelError, match="columns are missing: reason"):
        adjudicate(
            made_table(np.zeros((1, 2, 2), np.int8)),
            decisions=write_csv(
                tmp_path / "e.csv", ("sentence", "labels", "by"), [("s0", "", "x")]
            ),
        )


def test_the_latest_round_of_each_coder_counts() -> None:
    codes = np.full((2, 2, 2, 1), -1, np.int8)
    codes[:, :, 0] = [[[1], [0]], [[1], [1]]]
    codes[0, 1, 1] = 1
    table = made_table(codes, rounds=("1", "2"))
    assert latest_codes(table).tolist() == [[[1], [1]], [[1], [1]]]
    assert adjudicate(table).how == ("unanimous", "unanimous")


def test_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown method"):
        adjudicate(made_table(noisy_codes(4)), method="vote")  # type: ignore[arg-type]


def planted(n: int, rates: list[float], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.random(n) < 0.3
    coded = (truth[:, None] ^ (rng.random((n, len(rates))) < rates)).astype(np.int8)
    coded[rng.random(coded.shape) < 0.2] = -1
    return truth, coded


def test_dawid_skene_learns_who_errs() -> None:
    truth, coded = planted(20_000, [0.02, 0.05, 0.1, 0.3, 0.35])
    found = dawid_skene(coded)
    assert found.settled
    assert found.sensitivity == pytest.approx([0.98, 0.95, 0.9, 0.7, 0.65], abs=0.02)
    assert found.specificity == pytest.approx([0.98, 0.95, 0.9, 0.7, 0.65], abs=0.02)
    assert found.prevalence == pytest.approx(0.3, abs=0.02)
    known = np.isfinite(found.posterior)
    right = ((found.posterior > 0.5) == truth)[known].mean()
    votes = ((share_of_votes(coded) > 0.5) == truth)[known].mean()
    assert right > votes + 0.02


def test_dawid_skene_is_the_plain_em() -> None:
    """The same as EM written out sentence by sentence."""
    _, coded = planted(60, [0.1, 0.2, 0.3])
    belief = np.nan_to_num(share_of_votes(coded))
    known = (coded >= 0).any(axis=1)
    for _ in range(2000):
        rates = []
        for a in range(3):
            own = coded[:, a]
            yes, no = known & (own == 1), known & (own == 0)
            hit, miss = belief[yes].sum(), belief[no].sum()
            right, false = (1 - belief[no]).sum(), (1 - belief[yes]).sum()
            rates.append(((hit + 4) / (hit + miss + 5), (right + 4) / (right + false + 5)))
        share = (belief[known].sum() + 1) / (known.sum() + 2)
        for i in np.flatnonzero(known):
            one, none = share, 1 - share
            for a, (sensitivity, specificity) in enumerate(rates):
                if coded[i, a] == 1:
                    one, none = one * sensitivity, none * (1 - specificity)
                elif coded[i, a] == 0:
                    one, none = one * (1 - sensitivity), none * specificity
            belief[i] = one / (one + none)
    found = dawid_skene(coded).posterior
    assert found[known] == pytest.approx(belief[known], abs=1e-6)
    assert np.isnan(found[~known]).all()


def test_dawid_skene_gold_leaves_unclear_sentences() -> None:
    codes = noisy_codes(600, 5, 2, error=0.1)
    found = adjudication(made_table(codes), method="dawid-skene", clear=0.95)
    assert "dawid-skene" in found.gold.how
    assert len(found.undecided.rows) > 0
    unclear = (found.undecided.support < 0.95) & (found.undecided.support > 0.05)
    assert unclear.any(axis=1).all()


@pytest.mark.parametrize("clear", [0.8, 0.95])
def test_dawid_skene_gold_is_of_clear_posteriors(clear: float) -> None:
    """A category at or above the limit is there, at or below its complement not; what all say
    needs no posterior."""
    codes = noisy_codes(300, 3, 2, error=0.15)
    found = adjudication(made_table(codes), method="dawid-skene", clear=clear)
    posterior = np.column_stack([dawid_skene(codes[:, :, k]).posterior for k in range(2)])
    how = dict(zip((s.id for s in found.gold.sentences), found.gold.how, strict=True))
    labels = dict(zip(how, found.gold.labels.tolist(), strict=True))
    for row in range(300):
        own = codes[row][codes[row, :, 0] >= 0]
        sure = all(p >= clear or p <= 1 - clear for p in posterior[row])
        if not len(own):
            assert f"s{row}" not in how
        elif (own == own[0]).all():
            assert how[f"s{row}"] == ("single" if len(own) == 1 else "unanimous")
            assert labels[f"s{row}"] == own[0].astype(bool).tolist()
        elif sure:
            assert how[f"s{row}"] == "dawid-skene"
            assert labels[f"s{row}"] == [p >= clear for p in posterior[row]]
        else:
            assert row in found.undecided.rows
            assert f"s{row}" not in how
