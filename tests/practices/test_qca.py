"""Fuzzy memberships: Ragin's calibration, anchors with reasons, files for R."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from practicelib.errors import LabelError
from practicelib.practices.profile import profile
from practicelib.practices.qca import (
    Anchors,
    calibrate,
    fuzzy_rows,
    fuzzy_table,
    key_rows,
    mechanical_anchors,
    write_fuzzy,
)
from practicelib.records.cases import CaseTable
from practicelib.records.practices import PracticeProfile
from tests.practices.made import reports_of

GRID = Anchors(0.02, 0.10, 0.30, "at least three in ten sentences: the report is about the grid")


@pytest.fixture
def made() -> PracticeProfile:
    """Four units with outcomes in the case table, limits over reports."""
    reports, cases = reports_of(
        [[0.1, 0.02, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1], [0.1, 0.3, 0.1, 0.1], [0.1, 0.5, 0.1, 0.1]], 3
    )
    scores = dict(zip("甲乙丙丁", ("0.1", "0.4", "0.8", "1"), strict=True))
    table = CaseTable(
        tuple(replace(case, extra=(("outcome", scores[case.unit]),)) for case in cases.cases)
    )
    return profile(reports, table, by="unit", estimand="like-these")


def test_direct_method_at_the_anchors() -> None:
    """0.05, 0.5 and 0.95 at the anchors; between them by hand, on Ragin's (2008) own example.

    Income a head with anchors 2,500, 5,000 and 20,000 dollars: 17,000 lies 12,000 / 15,000 of the
    way up, log-odds 0.8 log 19, and 3,250 lies 0.7 of the way down.
    """
    income = Anchors(2500, 5000, 20000, "developed countries, Ragin 2008")
    found = calibrate([2500, 5000, 20000], income)
    assert found == pytest.approx([0.05, 0.5, 0.95])
    by_hand = [19**0.8 / (1 + 19**0.8), 1 / (1 + 19**0.7)]
    assert calibrate([17000, 3250], income) == pytest.approx(by_hand)


def test_falling_sets_and_missing_values() -> None:
    """Anchors may fall; NaN stays NaN; memberships never fall where values rise."""
    falling = Anchors(0.3, 0.1, 0.02, "few such sentences")
    assert calibrate([0.3, 0.1, 0.02], falling) == pytest.approx([0.05, 0.5, 0.95])
    assert np.isnan(calibrate([np.nan], GRID))[0]
    assert (np.diff(calibrate(np.linspace(0, 1, 50), GRID)) >= 0).all()


def test_falling_anchors_are_named_in_the_key(made: PracticeProfile) -> None:
    """GM near 1 would else be read as much of it."""
    falling = Anchors(0.3, 0.1, 0.02, "few such sentences")
    table = fuzzy_table(
        made, {"grid_management": falling, "autonomy": GRID}, mechanical=["co_building"]
    )
    columns, rows = key_rows(table)
    said = {row[columns.index("set")]: row[columns.index("calibration")] for row in rows}
    assert said == {
        "GM": "by falling anchors: low shares are members", "A": "by anchors", "CB": "mechanical",
    }  # fmt: skip


def test_counted_shares_have_no_memberships_at_ends() -> None:
    """What is counted has no interval, so the set has none either."""
    reports, cases = reports_of([[0.1, 0.1, 0.1, 0.1], [0.1, 0.3, 0.1, 0.1]], 2)
    (found,) = fuzzy_table(profile(reports, cases), {"grid_management": GRID}).sets
    assert np.isfinite(found.membership).all()
    assert np.isnan(found.low).all() and np.isnan(found.high).all()


def test_figures_of_the_r_package() -> None:
    """The logistic branch of QCA::calibrate (source at 1f9f607) at GRID's anchors, run in R 4.2."""
    values = [0, 0.01, 0.05, 0.12, 0.2, 0.42, 0.6, 0.9]
    rising = [
        0.0245892640266188, 0.0351450548929839, 0.137018847499298, 0.573083722961279,
        0.813394503136629, 0.991085329694867, 0.999364902956742, 1.0,
    ]  # fmt: skip
    assert calibrate(values, GRID) == pytest.approx(rising, abs=1e-12)
    falling = Anchors(0.30, 0.10, 0.02, "few such sentences")
    assert calibrate(values, falling) == pytest.approx(1 - np.array(rising), abs=1e-12)


def test_anchors_need_order_and_reason() -> None:
    """Anchors out of order or without a rationale are refused."""
    with pytest.raises(ValueError, match="between"):
        Anchors(0.3, 0.1, 0.4, "x")
    with pytest.raises(ValueError, match="rationale"):
        Anchors(0.1, 0.2, 0.4, "  ")


def test_a_table_for_r(made: PracticeProfile, tmp_path: Path) -> None:
    """ASCII columns, outcome joined, memberships across the interval and under shifted anchors."""
    table = fuzzy_table(made, {"grid_management": GRID}, columns={"OUT": "outcome"}, outcome="OUT")
    columns, rows = fuzzy_rows(table)
    assert columns == ["CASE", "GM", "OUT"]
    assert [row[0] for row in rows] == ["C001", "C002", "C003", "C004"]
    assert [row[2] for row in rows] == [0.1, 0.4, 0.8, 1.0]
    assert all(str(name).isascii() for row in [columns, *rows] for name in row)
    fuzzy = table.sets[0]
    assert [row[1] for row in rows] == [float(f"{x:.4f}") for x in fuzzy.membership]
    assert (fuzzy.low <= fuzzy.membership).all()
    assert (fuzzy.membership <= fuzzy.high).all()
    assert (fuzzy.shifted[0] >= fuzzy.membership).all()
    assert (fuzzy.shifted[1] <= fuzzy.membership).all()
    share = made.table("sentences").raw.value[:, 1]
    for moved, step in zip(fuzzy.shifted, (-0.028, 0.028), strict=True):
        shifted = Anchors(0.02 + step, 0.10 + step, 0.30 + step, "a tenth of 0.28")
        assert moved == pytest.approx(calibrate(share, shifted))
    path = tmp_path / "fuzzy.csv"
    write_fuzzy(table, path)
    assert path.read_bytes().isascii()
    assert (tmp_path / "fuzzy.key.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    names, keys = key_rows(table)
    assert len(keys) == 4
    assert GRID.rationale in keys[0]
    assert len(names) == len(keys[0])
    assert [[f"{cell:.4f}" for cell in row[4:9]] for row in keys] == [
        [f"{x:.4f}" for x in row]
        for row in zip(fuzzy.membership, fuzzy.low, fuzzy.high, *fuzzy.shifted, strict=True)
    ]
    assert not table.mechanical


def test_a_case_at_one_half_is_flagged(made: PracticeProfile) -> None:
    """Exactly 0.5 belongs to no row of a truth table."""
    share = float(made.table("sentences").raw.value[1, 1])
    anchors = Anchors(share - 0.05, share, share + 0.1, "so that a case lies at the crossover")
    table = fuzzy_table(made, {"grid_management": anchors})
    assert table.sets[0].at_half.tolist() == [False, True, False, False]


def test_quantiles_only_under_a_flag_that_stamps(made: PracticeProfile) -> None:
    """Mechanical sets say so in every row of the key."""
    table = fuzzy_table(made, {}, mechanical=["grid_management"])
    assert table.mechanical
    _, keys = key_rows(table)
    assert {row[-1] for row in keys} == {"mechanical"}
    assert all("no substantive reason" in str(row[-3]) for row in keys)
    values = made.table("sentences").raw.value[:, 1]
    points = table.sets[0].anchors
    assert [points.exclusion, points.crossover, points.inclusion] == pytest.approx(
        [np.quantile(values, q) for q in (0.05, 0.5, 0.95)]
    )
    with pytest.raises(ValueError, match="not all different"):
        mechanical_anchors([0.0, 0.0, 0.0, 0.2])


def test_quantiles_of_nothing_are_no_anchors(made: PracticeProfile) -> None:
    """Where no case has a share that is said, not that the quantiles are alike."""
    with pytest.raises(ValueError, match="no case has a share"):
        mechanical_anchors([float("nan")] * 3)
    table = made.table("sentences")
    raw = replace(table.raw, value=np.full_like(table.raw.value, np.nan))
    empty = replace(made, tables=(replace(table, raw=raw),))
    with pytest.raises(LabelError, match=r"no case has a share.*grid_management"):
        fuzzy_table(empty, {}, mechanical=["grid_management"])


def test_all_faults_at_once(made: PracticeProfile) -> None:
    """No anchors, foreign names, names given twice, cells that are no membership."""
    with pytest.raises(LabelError, match="no anchors"):
        fuzzy_table(made, {})
    for unknown in ({"anchors": {"colour": GRID}}, {"names": {"colour": "C"}}):
        with pytest.raises(LabelError, match="unknown category 'colour'"):
            fuzzy_table(made, **{"anchors": {"autonomy": GRID}, **unknown})  # type: ignore[arg-type]
    with pytest.raises(LabelError, match="unknown category 'colour'"):
        fuzzy_table(made, {"autonomy": GRID}, mechanical=["colour"])
    with pytest.raises(LabelError) as error:
        fuzzy_table(
            made,
            {"grid_management": GRID, "autonomy": GRID},
            names={"grid_management": "网格", "autonomy": "YEAR"},
            columns={"YEAR": "year", "NONE": "colour"},
            outcome="MISSING",
        )
    text = str(error.value)
    assert "网格" in text
    for cause in ("capitals", "given twice", "not one membership", "no column", "the outcome"):
        assert cause in text
