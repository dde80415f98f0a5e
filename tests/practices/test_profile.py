"""Profiles: measures, estimands, correction, duplicates, stances, a person's codes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from practicelib.codebook.reading import read_codebook
from practicelib.errors import LabelError
from practicelib.files.data import data_path
from practicelib.practices.duplicates import shared_passages
from practicelib.practices.profile import _p_text, profile
from practicelib.records.cases import CaseTable
from practicelib.records.labelled import LabelledSentences
from practicelib.records.validation import ValidationSample
from practicelib.workflows.gold_tags import tags_from_gold
from tests.practices.made import KEYS, MODEL, case_of, full_sample, report_of, reports_of


def test_the_three_measures_by_hand() -> None:
    """Presence, share of sentences and share among coded ones of two small reports."""
    first = report_of(1, [[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    second = report_of(2, [[0, 0, 0, 0], [0, 0, 1, 0]])
    cases = CaseTable((case_of(first, unit="甲"), case_of(second, unit="甲")))
    found = profile([first, second], cases, by="unit")
    assert found.counts.tolist() == [[2, 1, 1, 0]]
    assert found.heading_counts.tolist() == [[1, 0, 0, 0]]
    assert found.table("sentences").raw.value[0] == pytest.approx([2 / 6, 1 / 6, 1 / 6, 0])
    assert found.table("coded").raw.value[0] == pytest.approx([2 / 3, 1 / 3, 1 / 3, 0])
    assert found.table("present").raw.value[0] == pytest.approx([0.5, 0.5, 0.5, 0])
    twice = profile([first, second], cases, by="unit", least=2)
    assert twice.table("present").raw.value[0] == pytest.approx([0.5, 0, 0, 0])
    bare = profile([first, second], cases, by="unit", headings="without")
    assert bare.table("sentences").raw.value[0] == pytest.approx([1 / 4, 1 / 4, 1 / 4, 0])
    titles = profile([first, second], cases, by="unit", headings="only")
    assert titles.table("sentences").raw.value[0] == pytest.approx([1 / 2, 0, 0, 0])
    assert profile([first], by="report").positions[0, :2] == pytest.approx([1 / 6, 1 / 3])


def test_these_reports_are_counted_and_others_estimated() -> None:
    """A census of a person's codes has no limits to give; a sample has, from two reports on."""
    reports, cases = reports_of([[0.2, 0.1, 0.05, 0.02]] * 2, per_unit=4)
    counted = profile(reports, cases, by="unit").table("sentences").raw
    assert counted.method == "counted"
    assert np.array_equal(counted.low, counted.value)
    estimated = profile(reports, cases, by="unit", estimand="like-these").table("sentences").raw
    assert (estimated.low <= estimated.value).all()
    assert (estimated.high > estimated.value).all()
    alone = profile(reports, cases, by="report", estimand="like-these")
    assert np.isnan(alone.table("sentences").raw.low).all()
    assert set(alone.table("sentences").raw.reasons) == {"one_report"}
    assert np.isnan(alone.table("present").raw.low).all()
    assert "one_report" in {note.key for note in alone.notes}


def test_a_model_without_a_sample_has_no_corrected_column() -> None:
    """Only a band over stated ranges, which holds the adjusted value of the measured rates."""
    reports, _ = reports_of([[0.2, 0.1, 0.05, 0.02]], per_unit=3, coding=MODEL)
    found = profile(reports)
    assert all(table.corrected is None and table.adjusted is None for table in found.tables)
    band = found.table("sentences").band
    assert band is not None
    assert np.isnan(band.value).all()
    raw = found.table("sentences").raw.value
    adjusted = np.clip((raw + 890 / 900 - 1) / (0.8 + 890 / 900 - 1), 0, 1)
    assert (band.low <= adjusted + 1e-9).all()
    assert (adjusted <= band.high + 1e-9).all()
    assert "no_sample" in {note.key for note in found.notes}
    assert profile(report_of(1, [[0] * 4])).table("sentences").band is None


def test_a_coded_sample_brings_the_true_share_back() -> None:
    """With every sentence coded the corrected share is the true one and leaves no doubt."""
    reports, cases = reports_of([[0.3, 0.2, 0.1, 0.1]] * 2, per_unit=3, coding=MODEL)
    rng = np.random.default_rng(2)
    guess = np.concatenate([t.assigned for t in reports])
    codes = guess ^ (rng.random(guess.shape) < 0.1)
    sample = full_sample(reports, codes)
    found = profile(reports, cases, by="unit", validation=sample)
    corrected = found.table("sentences").corrected
    assert corrected is not None
    assert corrected.value == pytest.approx(codes.reshape(2, -1, 4).mean(axis=1))
    assert np.array_equal(corrected.low, corrected.high)
    assert found.errors is not None
    assert found.errors.source == "sample"
    both = (codes & guess).sum(axis=0) / codes.sum(axis=0)
    assert found.errors.sensitivity[:, 0] == pytest.approx(both)
    among = found.table("coded").corrected
    assert among is not None
    by_hand = codes.reshape(2, -1, 4).sum(axis=1) / codes.any(axis=1).reshape(2, -1).sum(1)[:, None]
    assert among.value == pytest.approx(by_hand)
    assert found.table("present").corrected is None
    assert found.table("sentences").adjusted is not None


def test_what_must_be_said_of_the_figures() -> None:
    """A person's counts; few reports, below ten; one report; a model without sample or counts."""

    def said(*given: object, **options: object) -> dict[str, tuple[str, ...]]:
        notes = profile(*given, by="unit", **options).notes  # type: ignore[arg-type]
        return {n.key: n.values for n in notes if n.key != "passages_flag"}

    reports, cases = reports_of([[0.2, 0.1, 0.1, 0.1]] * 2, per_unit=10)
    assert said(reports, cases) == {"counted_by_person": ()}
    assert said(reports, cases, estimand="like-these") == {}
    fewer = CaseTable(cases.cases[:19])
    assert said(reports[:19], fewer, estimand="like-these") == {"few_reports": ("10",)}
    single = CaseTable(cases.cases[:11])
    assert said(reports[:11], single, estimand="like-these") == {"one_report": ("1", "2")}
    tagged, its = reports_of([[0.2, 0.1, 0.1, 0.1]], per_unit=2, coding=MODEL)
    assert said(tagged, its) == {"no_sample": ()}
    uncounted = replace(MODEL, true_positives=np.zeros(0, int))
    unmeasured, its = reports_of([[0.2, 0.1, 0.1, 0.1]], per_unit=2, coding=uncounted)
    assert said(unmeasured, its) == {"no_error_counts": ()}
    guessed = CaseTable((replace(its.cases[0], confirmed=False), its.cases[1]))
    assert said(unmeasured, guessed) == {"guessed": ("1", "2"), "no_error_counts": ()}


def test_errors_that_differ_between_units_are_said() -> None:
    """One unit's sentences are all found, half of the other's are missed: with category and p."""
    reports, cases = reports_of([[0.4, 0.4, 0.3, 0.3]] * 2, per_unit=3, coding=MODEL)
    codes = np.concatenate([t.assigned for t in reports])
    missed = np.flatnonzero(~codes[90:, 1])[:40] + 90
    codes[missed, 1] = True
    found = profile(reports, cases, by="unit", validation=full_sample(reports, codes))
    told = [note.values for note in found.notes if note.key == "differential_error"]
    assert told == [("grid_management", "sensitivity", "< 0.001")]
    assert _p_text(0.0314) == "= 0.031"


def test_a_foreign_sample_is_refused() -> None:
    """Another model, other sentences, changed text, no codes: each is refused with its reason."""
    reports, _ = reports_of([[0.3, 0.2, 0.1, 0.1]], per_unit=2, coding=MODEL)
    codes = np.concatenate([t.assigned for t in reports])
    good = full_sample(reports, codes)

    def refused(sample: ValidationSample, reason: str) -> None:
        with pytest.raises(LabelError, match=reason):
            profile(reports, validation=sample)

    refused(ValidationSample(good.sentences, good.strata, KEYS, None, good.model), "not coded")
    refused(ValidationSample(good.sentences, good.strata, KEYS, good.codes, "x"), "of model")
    refused(full_sample(reports[:1], codes[:30]), "was drawn from 30")
    others, _ = reports_of([[0.3, 0.2, 0.1, 0.1]], per_unit=2, coding=MODEL)
    swapped = full_sample([others[1], others[1]], codes)
    broken = tuple(type(s)(s.file, s.start, s.end + 1, s.text, 0) for s in swapped.sentences)
    refused(ValidationSample(broken, good.strata, KEYS, good.codes, good.model), "not in the")


def test_mixed_codings_are_refused() -> None:
    """A person's report beside a model's would compare coders, not units."""
    with pytest.raises(ValueError, match="coded alike"):
        profile([report_of(1, [[0] * 4]), report_of(2, [[0] * 4], MODEL)])
    with pytest.raises(ValueError, match="no column"):
        profile(report_of(1, [[0] * 4]), by="colour")
    with pytest.raises(ValueError, match="no report"):
        profile([])
    with pytest.raises(ValueError, match="estimand"):
        profile(report_of(1, [[0] * 4]), estimand="all")  # type: ignore[arg-type]
    for wrong in ({"least": 0}, {"level": 0.49}, {"level": 1.0}):
        with pytest.raises(ValueError, match="least must be at least 1 and level"):
            profile(report_of(1, [[0] * 4]), **wrong)  # type: ignore[arg-type]
    for option in ("headings", "duplicates"):
        with pytest.raises(ValueError, match=f"{option} must be one of"):
            profile(report_of(1, [[0] * 4]), **{option: "none"})  # type: ignore[arg-type]


COPIED = "各村要建立健全网格化管理制度，配齐配强网格员队伍，做到全覆盖。"


def test_copied_passages_are_flagged_kept_once_or_weighted() -> None:
    """Near copies in two reports: flagged only, counted in the first, or counted half each."""
    rows = [[0, 0, 0, 0], [0, 1, 0, 0]]
    first = report_of(1, rows, texts=["标题一", COPIED])
    second = report_of(2, rows, texts=["标题二", COPIED.replace("做到", "实现")])
    flagged = profile([first, second])
    assert len(flagged.passages) == 1
    assert flagged.passages[0].members == ((0, 1), (1, 1))
    assert flagged.counts[:, 1].tolist() == [1, 1]
    assert ("passages_flag", ("1",)) in [(note.key, note.values) for note in flagged.notes]
    assert profile([first, second], duplicates="first").counts[:, 1].tolist() == [1, 0]
    assert profile([first, second], duplicates="weight").counts[:, 1].tolist() == [0.5, 0.5]


def test_a_report_of_which_nothing_is_left_is_neither_yes_nor_no() -> None:
    """All its sentences are those of another; alone it has no share at all."""
    first = report_of(1, [[0, 1, 0, 0]], texts=[COPIED])
    copy = report_of(2, [[0, 1, 0, 0]], texts=[COPIED])
    third = report_of(3, [[0] * 4] * 2)
    table = CaseTable(tuple(case_of(t, unit="甲") for t in (first, copy, third)))
    for duplicates, share in (("flag", 2 / 3), ("first", 1 / 2)):
        found = profile([first, copy, third], table, by="unit", duplicates=duplicates)  # type: ignore[arg-type]
        present = found.table("present").raw
        assert present.value[0] == pytest.approx([0, share, 0, 0])
    alone = profile([first, copy, third], table, duplicates="first").table("present").raw
    assert np.isnan(alone.value[1]).all()
    assert alone.reasons == ("", "no_sentences", "")


def test_passages_need_two_reports_and_some_length() -> None:
    """Repeats within one report and short set phrases are no shared passages."""
    assert shared_passages([COPIED, COPIED], [0, 0]) == []
    assert shared_passages(["加强组织领导。"] * 2, [0, 1]) == []
    assert shared_passages(["加强组织，领导基层工作——。"] * 2, [0, 1]) == []
    assert shared_passages(["加强组织领导基层各项工作。"] * 2, [0, 1]) == [[0, 1]]
    other = "居民议事会每月召开一次，商量楼道里的大小事情，形成决议并公示。"
    assert shared_passages([COPIED, other, other, COPIED], [0, 0, 1, 1]) == [[0, 3], [1, 2]]


def test_stances_are_split_out() -> None:
    """Planned and lacking mechanisms are counted beside, by the codebook's patterns."""
    book = read_codebook(data_path("labels/codebook.toml"))
    texts = ["标题", "下一步，将建立网格员巡查制度。", "网格员巡查力量不足。", "网格员每天巡查。"]
    tagged = report_of(1, [[0, 0, 0, 0]] + [[0, 1, 0, 0]] * 3, texts=texts)
    found = profile(tagged, codebook=book)
    counts = dict(zip(found.stance_names, found.stances[0, 1], strict=True))
    assert counts == {"planned": 1, "lacking": 1}


def test_quotes_are_the_strongest_sentences() -> None:
    """Most probable first, headings after all others, with exact offsets."""
    tagged = report_of(1, [[1, 0, 0, 0]] * 4)
    quotes = profile(tagged).quotes[0][0]
    assert [quote.sentence for quote in quotes] == [1, 2, 3, 0]
    assert all(tagged.report.text[q.start : q.end] == q.text for q in quotes)


def test_the_seed_as_a_careful_reader_finds_it(gold: LabelledSentences) -> None:
    """From gold: 大裕村 has the highest share in grid management, 顾村镇 in talent selection."""
    tagged = tags_from_gold(gold.with_role("test"), folder=data_path("labels"))
    found = profile(tagged, codebook=read_codebook())
    assert len(found.units) == 6
    shares = found.table("sentences").raw.value
    names = [unit.name for unit in found.units]
    assert "大裕村" in names[int(shares[:, KEYS.index("grid_management")].argmax())]
    assert "顾村镇" in names[int(shares[:, KEYS.index("talent_selection")].argmax())]
    counted = sum(int(row.sum()) for row in found.counts)
    assert counted == int(gold.with_role("test").labels.sum())


def test_gold_without_sources_keeps_offsets(gold: LabelledSentences) -> None:
    """Without the label folder, sentences are joined into a text in which offsets hold."""
    for tagged in tags_from_gold(gold.with_role("test")):
        report = tagged.report
        assert all(report.text[s.start : s.end] == s.text for s in report.sentences)
        assert tagged.coding.kind == "person"
