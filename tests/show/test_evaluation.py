"""An evaluation as a frame and as a page."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from practicelib.model.tagger import Tagger
from practicelib.records.agreement import FEW
from practicelib.records.evaluation import CoderScore, Evaluation, SystemScores, noted
from practicelib.show.card import model_card
from practicelib.show.evaluation_table import (
    evaluation_data,
    evaluation_from_data,
    evaluation_markdown,
    evaluation_text,
)


@pytest.fixture
def evaluation() -> Evaluation:
    """A model and a baseline on two categories, of which the second has no sentence."""
    half = np.array([0.5, np.nan])
    span = np.array([[0.25, 0.75], [np.nan, np.nan]])
    systems = tuple(
        SystemScores(
            name,
            half,
            half,
            half,
            span,
            half,
            0.5,
            np.array([0.25, 0.75]),
            0.5,
            0.5,
            0.1,
            0.0,
            half,
        )
        for name in ("model", "always none")
    )
    counts = np.array([7, 0]), np.array([3, 0])
    return Evaluation("gold<b>", ("grid", "<i>own"), 20, 5, *counts, systems)


def test_a_frame_has_one_row_a_system_and_category(evaluation: Evaluation) -> None:
    """With limits; what is undefined is NaN."""
    frame = evaluation.to_frame()
    assert list(frame.columns) == [
        "system", "category", "support", "support_reports", "precision", "recall", "f1", "f1_low",
        "f1_high", "average_precision",
    ]  # fmt: skip
    assert list(zip(frame["system"], frame["category"], strict=True)) == [
        ("model", "grid"), ("model", "<i>own"), ("always none", "grid"), ("always none", "<i>own"),
    ]  # fmt: skip
    assert frame.iloc[0, 2:].tolist() == [7, 3, 0.5, 0.5, 0.5, 0.25, 0.75, 0.5]
    assert frame["f1"].isna().tolist() == [False, True] * 2


def test_a_page_shows_both_tables_and_is_inert(evaluation: Evaluation, tmp_path: Path) -> None:
    """Names from files are text; undefined scores are dashes."""
    path = tmp_path / "page.html"
    page = evaluation.to_html(path, lang="en")
    assert path.read_text(encoding="utf-8") == page
    assert "20 sentences of 5 reports (gold&lt;b&gt;)." in page
    assert "&lt;i&gt;own" in page and "<i>" not in page and "nan" not in page
    assert page.count("<tr>") == 2 + 2 + 4
    assert "<td>always none</td><td>grid</td>" in page
    assert '<td class="number">0.25–0.75</td>' in page
    assert "<td>一律无类别</td><td>grid</td>" in evaluation.to_html()


def test_what_was_measured_on_is_left_out_where_it_has_no_name(evaluation: Evaluation) -> None:
    """No empty brackets, no colon after nothing."""
    unnamed = replace(evaluation, on="")
    for lang in ("zh", "en"):
        page = unnamed.to_html(lang=lang)
        assert "（）" not in page and "()" not in page.partition("</style>")[2]
    assert "()" not in evaluation_markdown(unnamed)
    assert evaluation_text(unnamed)[0].isdigit()
    assert f"({evaluation.on})" in evaluation_markdown(evaluation)


def test_a_page_names_categories_as_people_do(evaluation: Evaluation) -> None:
    """By the codebook's names where they are known, in the language of the page."""
    named = replace(evaluation, names=(("网格", "Grid"), ("自<b>", "Own<b>")))
    assert "<td>一律无类别</td><td>网格</td>" in named.to_html()
    assert "<td>自&lt;b&gt;</td>" in named.to_html()
    assert "<td>always none</td><td>Grid</td>" in named.to_html(lang="en")
    assert list(named.to_frame()["category"]) == ["grid", "<i>own"] * 2


@pytest.mark.parametrize(("reports", "few"), [(FEW - 1, True), (FEW, False)])
def test_few_reports_are_noted_wherever_intervals_stand(
    evaluation: Evaluation, tagger: Tagger, reports: int, few: bool
) -> None:
    """With the threshold of `consistency`, on the page, the terminal, the card and in JSON."""
    found = replace(evaluation, reports=reports, notes=noted(reports))
    english = f"fewer than 20 resampled units ({reports} reports); intervals unreliable"
    for text in (
        evaluation_text(found), evaluation_markdown(found), found.to_html(lang="en"),
        model_card(tagger, {"x": {"date": "", **evaluation_data(found)}}),
    ):  # fmt: skip
        assert (english in text) is few
    assert (f"抽样单位不足 20（{reports} 篇材料），区间不可靠" in found.to_html()) is few
    assert evaluation_data(found)["notes"] == (["few_clusters"] if few else [])


def test_coders_are_no_models_unless_it_is_known(evaluation: Evaluation) -> None:
    """A column `coder1` of a user's own gold may be a person."""
    found = replace(evaluation, coders=(CoderScore("coder1", 20, 0.5, 0.5),))
    for text in (evaluation_text(found), evaluation_markdown(found)):
        assert "coder1" in text and "model pass" not in text
    assert "| coder1 (model pass) |" in evaluation_markdown(found, "model pass")


def test_plain_data_is_the_evaluation_again(evaluation: Evaluation) -> None:
    """With names and notes; a record of before there were any is noted by its reports."""
    found = replace(evaluation, names=(("网格", "Grid"), ("自", "Own")), notes=("no_patterns",))
    data = json.loads(json.dumps(evaluation_data(found)))
    again = evaluation_from_data(data)
    assert (again.names, again.notes) == (found.names, found.notes)
    del data["names"], data["notes"]
    old = evaluation_from_data(data)
    assert (old.names, old.notes) == ((), ("few_clusters",))


def test_a_notebook_shows_the_page_in_a_frame(evaluation: Evaluation) -> None:
    """Without scripts, and escaped once more."""
    shown = evaluation._repr_html_()
    assert shown.startswith('<iframe sandbox srcdoc="&lt;!doctype html&gt;')
    assert "<td" not in shown
