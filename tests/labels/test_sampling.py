"""Validation samples: design, round trip, refusals, and what a correction with them gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from practicelib.errors import LabelError, TooFewLabelsError
from practicelib.files.tables import read_csv, write_csv
from practicelib.labels.gold import adjudicate
from practicelib.labels.names import keys_by_name
from practicelib.labels.reading import read_codings
from practicelib.labels.sample_gold import gold_sheet, sample_of
from practicelib.labels.sample_sheet import COLUMNS, read_sample, sample_rows, write_sample
from practicelib.labels.sampling import allocate, draw_sample, expected_precision, needed_size
from practicelib.practices.profile import profile
from practicelib.records.report import Source
from practicelib.records.tags import TaggedReport
from practicelib.records.validation import ValidationSample
from tests.practices.made import MODEL, PERSON, report_of, reports_of

SHARES = [[0.2, 0.1, 0.05, 0.05], [0.05, 0.1, 0.15, 0.05]]


@pytest.fixture
def tagged() -> list[TaggedReport]:
    """Twelve reports of two units, as if by a model."""
    return reports_of(SHARES, per_unit=6, size=40, coding=MODEL)[0]


def coded(sample: ValidationSample, seed: int = 0) -> ValidationSample:
    """Codes at random."""
    codes = np.random.default_rng(seed).random((len(sample), 4)) < 0.2
    return replace(sample, codes=codes)


def test_strata_hold_all_sentences_once(tagged: list[TaggedReport]) -> None:
    """Sizes add up to the frame, no stratum is empty, every one is drawn from, none twice."""
    sample = draw_sample(tagged, 120, seed=3)
    assert sum(s.size for s in sample.strata) == sum(map(len, tagged))
    assert all(min(2, s.size) <= s.drawn <= s.size for s in sample.strata)
    places = {(s.file, s.start) for s in sample.sentences}
    assert len(places) == len(sample)
    assert {s.predicted for s in sample.strata} >= {"none", "several", "autonomy"}
    assert sample == draw_sample(tagged, 120, seed=3)
    assert sample != draw_sample(tagged, 120, seed=4)


def test_half_goes_to_what_nothing_was_predicted_for() -> None:
    """By hand: half for none, the rest even, within a class by size; y has 9 only, so the others
    get as much as of 121: 60.5 for none and 30.25 for x."""
    sizes = {("a", "none"): 600, ("b", "none"): 200, ("a", "x"): 30, ("b", "x"): 10, ("a", "y"): 9}
    drawn = allocate(sizes, 100)
    assert list(drawn.values()) == [45, 15, 23, 8, 9]


@pytest.mark.parametrize("n", [150, 240, 400, 10_000])
def test_as_many_are_drawn_as_were_asked_for(tagged: list[TaggedReport], n: int) -> None:
    """As far as there are any."""
    assert len(draw_sample(tagged, n)) == min(n, sum(len(report) for report in tagged))


def test_equal_strata_do_not_grow_all_at_once() -> None:
    sizes = {(f"r{i}", "none"): 100 for i in range(50)}
    for n in (100, 149, 174, 4999, 6000):
        drawn = allocate(sizes, n)
        assert sum(drawn.values()) == min(n, 5000)
        assert max(drawn.values()) - min(drawn.values()) <= 1


def test_lead_ins_are_left_out_and_context_is_kept(tagged: list[TaggedReport]) -> None:
    """A coder sees the sentence before; of the first of a report there is none."""
    lead_in = report_of(99, [[0, 0, 1, 0]] * 5, MODEL)
    lead_in = replace(lead_in, report=replace(lead_in.report, kind="lead-in"))
    sample = draw_sample([lead_in, *tagged], 10_000)
    assert sample.strata == draw_sample(tagged, 10_000).strata
    texts = {t.report.source.file: [s.text for s in t.report.sentences] for t in tagged}
    for sentence in sample.sentences:
        before = ["", *texts[sentence.file]]
        assert sentence.previous == before[texts[sentence.file].index(sentence.text)]


def test_groups_may_be_units(tagged: list[TaggedReport]) -> None:
    """Strata may run over the reports of a unit."""
    sample = draw_sample(tagged, 60, groups=["甲"] * 6 + ["乙"] * 6)
    assert {s.group for s in sample.strata} == {"甲", "乙"}
    with pytest.raises(ValueError, match="groups"):
        draw_sample(tagged, 60, groups=["甲"])


def test_refusals_before_drawing(tagged: list[TaggedReport]) -> None:
    """A person's codes need no check, and two models cannot share a sample."""
    with pytest.raises(ValueError, match="a person's"):
        draw_sample([report_of(1, [[0] * 4], PERSON)], 10)
    other = report_of(99, [[0] * 4], replace(MODEL, model="other"))
    with pytest.raises(ValueError, match="one model"):
        draw_sample([*tagged, other], 10)
    with pytest.raises(TooFewLabelsError):
        draw_sample(tagged, 1)
    with pytest.raises(TooFewLabelsError):
        draw_sample([], 10)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_sheet_round_trip(tagged: list[TaggedReport], tmp_path: Path, ending: str) -> None:
    """What is written is read back: sentences, chances and codes; predictions are not shown."""
    sample = coded(draw_sample(tagged, 80))
    path = tmp_path / f"sample.{ending}"
    write_sample(sample, path)
    back = read_sample(path)
    assert [(s.file, s.start, s.end, s.text) for s in back.sentences] == [
        (s.file, s.start, s.end, s.text) for s in sample.sentences
    ]
    assert np.array_equal(back.codes, sample.codes)
    chances = [back.strata[s.stratum].inclusion for s in back.sentences]
    assert chances == [sample.strata[s.stratum].inclusion for s in sample.sentences]
    shown = {str(cell) for row in sample_rows(sample) for cell in row[8:10]}
    assert not shown & {"none", "several", *sample.categories}
    one = profile(tagged, validation=sample).table("sentences").corrected
    other = profile(tagged, validation=back).table("sentences").corrected
    assert one is not None
    assert other is not None
    assert np.allclose(one.value, other.value)
    assert np.allclose(one.low, other.low)


def faulty(tmp_path: Path, rows: list[list[object]], columns: tuple[str, ...] = COLUMNS) -> Path:
    """A sheet as given."""
    path = tmp_path / "sample.csv"
    write_csv(path, columns, rows)
    return path


def test_uncertainty_samples_are_refused_with_the_reason(tmp_path: Path) -> None:
    """A list without chances cannot correct anything, and the message says why."""
    path = faulty(tmp_path, [["a.txt", 0, 3, "一句话", "autonomy"]], COLUMNS[:5])
    with pytest.raises(LabelError, match="picked by uncertainty"):
        read_sample(path)


def test_every_faulty_row_is_named(tagged: list[TaggedReport], tmp_path: Path) -> None:
    """Uncoded cells, unknown categories, chances that do not fit."""
    rows = sample_rows(coded(draw_sample(tagged, 40)))
    rows[0][7] = ""
    rows[1][7] = "colour"
    rows[2][12] = "0.5000001234"
    rows[3][10] = "many"
    rows[4][7] = "-;autonomy"
    with pytest.raises(LabelError) as error:
        read_sample(faulty(tmp_path, rows))
    assert [fault.line for fault in error.value.faults] == [2, 3, 4, 5, 6]


def test_categories_are_known_by_any_case(tagged: list[TaggedReport], tmp_path: Path) -> None:
    """As in coding files: keys, and the names that are handed in."""
    rows = sample_rows(coded(draw_sample(tagged, 40)))
    for row, label in zip(rows, ("Grid_Management", "网格管理", "grid management"), strict=False):
        row[7] = label
    names = keys_by_name(MODEL.categories, MODEL.category_names)
    back = read_sample(faulty(tmp_path, rows), names)
    assert back.codes is not None
    assert back.codes[:3].tolist() == [[False, True, False, False]] * 3


def test_a_sample_must_be_whole(tagged: list[TaggedReport], tmp_path: Path) -> None:
    """Rows taken out or doubled would break the chances."""
    rows = sample_rows(coded(draw_sample(tagged, 40)))
    with pytest.raises(LabelError, match="kept whole"):
        read_sample(faulty(tmp_path, rows[1:]))
    with pytest.raises(LabelError, match="same sentence"):
        read_sample(faulty(tmp_path, [*rows, rows[0]]))
    path = faulty(tmp_path, [])
    with pytest.raises(LabelError, match="no row"):
        read_sample(path)
    write_sample(draw_sample(tagged, 40), path)
    assert len(read_csv(path)) >= 40
    with pytest.raises(LabelError, match="not coded"):
        read_sample(path)


def test_more_sentences_promise_more(tagged: list[TaggedReport]) -> None:
    """Half widths fall with n, and the size found for a width keeps it."""
    groups = ["甲"] * 6 + ["乙"] * 6
    small = expected_precision(tagged, 60, groups=groups)
    large = expected_precision(tagged, 240, groups=groups)
    assert (large.half_widths < small.half_widths).all()
    wanted = needed_size(tagged, 0.02, groups=groups)
    assert wanted is not None
    assert wanted.half_widths.max() <= 0.02
    assert expected_precision(tagged, 60, groups=groups).half_widths.max() > 0.02
    assert needed_size(tagged, -1.0, groups=groups) is None


def test_half_widths_by_hand() -> None:
    """Strata of 30, 20, 8 and 2; of the first 15, of the others 5, 5 and 2 are drawn."""
    rows = [[0] * 4] * 30 + [[1, 0, 0, 0]] * 20 + [[0, 1, 0, 0]] * 8 + [[1, 1, 0, 0]] * 2
    report = report_of(1, rows, MODEL)
    sample = draw_sample([report], 27)
    drawn = {s.predicted: (s.size, s.drawn) for s in sample.strata}
    assert drawn == {
        "none": (30, 15),
        "co_building": (20, 5),
        "grid_management": (8, 5),
        "several": (2, 2),
    }
    found = expected_precision([report], 27, precision=0.8, missed=0.1)
    assert (found.n, found.drawn) == (27, 27)

    def width(*errors: float) -> float:
        parts = zip((30, 20, 8), (15, 5, 5), errors, strict=True)
        variance = sum(N * N * (1 - n / N) * p * (1 - p) / n for N, n, p in parts)
        return float(1.96 * variance**0.5 / 60)

    expected = [width(0.1, 0.2, 0.1), width(0.1, 0.1, 0.2), width(0.1, 0.1, 0.1)]
    assert found.half_widths == pytest.approx([*expected, expected[-1]])


@pytest.mark.parametrize("half_width", [0.08, 0.05, 0.01, 0.001, 0.0])
def test_the_size_found_is_the_smallest_that_keeps_the_width(
    half_width: float,
) -> None:
    """Also where most sentences are of one category, so that n is far above what is drawn."""
    uneven = reports_of([[0.6, 0.02, 0.02, 0.02]], per_unit=2, size=60, coding=MODEL)[0]
    found = needed_size(uneven, half_width)
    assert found is not None
    assert found.half_widths.max() <= half_width
    assert len(draw_sample(uneven, found.n)) == found.drawn
    if found.n > 2:
        assert expected_precision(uneven, found.n - 1).half_widths.max() > half_width


def from_table(tagged: list[TaggedReport]) -> list[TaggedReport]:
    """The reports as rows of one table: every one begins at 0 of the same file."""
    return [
        replace(t, report=replace(t.report, source=Source("cases.xlsx", part=f"row {number}")))
        for number, t in enumerate(tagged, start=1)
    ]


def shares(tagged: list[TaggedReport], sample: ValidationSample) -> list[float]:
    """Corrected shares."""
    corrected = profile(tagged, validation=sample).table("sentences").corrected
    assert corrected is not None
    return [float(value) for value in corrected.value.ravel()]


def test_samples_of_tables_are_read_back(tagged: list[TaggedReport], tmp_path: Path) -> None:
    """The row says which of the sentences at one place it is; of older sheets, the text does."""
    rows = from_table(tagged)
    sample = coded(draw_sample(rows, 200))
    path = faulty(tmp_path, sample_rows(sample))
    back = read_sample(path)
    assert [s.part for s in back.sentences] == [s.part for s in sample.sentences]
    assert shares(rows, back) == pytest.approx(shares(tagged, coded(draw_sample(tagged, 200))))
    old = faulty(tmp_path, [row[:-1] for row in sample_rows(sample)], COLUMNS[:-1])
    assert shares(rows, read_sample(old)) == pytest.approx(shares(rows, back))
    with pytest.raises(LabelError, match="not in the reports"):
        profile(from_table(tagged[::-1]), validation=back)


def test_old_sheets_of_like_rows_are_refused(tmp_path: Path) -> None:
    """Two rows with one text at one place: without the row nobody knows which was drawn."""
    texts = ["一句一样的话。", "另一句话，也一样。", "第三句话，还是一样。"]
    rows = from_table(
        [report_of(n, [[0] * 4, [1, 0, 0, 0], [0] * 4], MODEL, texts) for n in (1, 2)]
    )
    sample = coded(draw_sample(rows, 4))
    assert shares(rows, read_sample(faulty(tmp_path, sample_rows(sample))))
    unsaid = tuple(replace(s, part="") for s in sample.sentences)
    with pytest.raises(LabelError, match="2 sentences of these reports"):
        profile(rows, validation=replace(sample, sentences=unsaid))


def in_folders(tagged: list[TaggedReport], folders: list[str]) -> list[TaggedReport]:
    """Each report in a folder of its own, all under one name."""
    return [
        replace(t, report=replace(t.report, source=Source(f"{folder}/report.txt")))
        for t, folder in zip(tagged, folders, strict=True)
    ]


def test_files_of_one_name_are_told_by_their_folders(tagged: list[TaggedReport]) -> None:
    """From the end of the path on, so that all may have moved; what is not clear is refused."""
    folders = [f"f{number}" for number in range(len(tagged))]
    sample = coded(draw_sample(in_folders(tagged, folders), 200))
    wanted = shares(tagged, coded(draw_sample(tagged, 200)))
    for place in ("", "./", "/data/2024/", "D:\\data\\"):
        moved = in_folders(tagged, [place + folder for folder in folders])
        assert shares(moved, sample) == pytest.approx(wanted)
    renamed = in_folders(tagged, [f"g{number}" for number in range(len(tagged))])
    with pytest.raises(LabelError, match="several files may be"):
        profile(renamed, validation=sample)
    unsaid = tuple(replace(s, file="report.txt") for s in sample.sentences)
    with pytest.raises(LabelError, match="several files may be"):
        profile(renamed, validation=replace(sample, sentences=unsaid))


def test_a_sentence_cannot_be_sampled_twice(tagged: list[TaggedReport]) -> None:
    """Two sampled sentences that are found as one are refused."""
    sample = coded(draw_sample(tagged, 60))
    doubled = (sample.sentences[1], replace(sample.sentences[1]), *sample.sentences[2:])
    with pytest.raises(LabelError, match="the same sentence as"):
        profile(tagged, validation=replace(sample, sentences=doubled))


def test_gold_of_a_sample_is_a_sheet_of_it(tagged: list[TaggedReport], tmp_path: Path) -> None:
    """With "-" for none, and a blank for what somebody has to decide, which is refused."""
    sample = coded(draw_sample(tagged, 60))
    assert sample.codes is not None
    paths = [str(tmp_path / name) for name in ("wang.csv", "li.xlsx")]
    write_sample(sample, paths[0])
    other = sample.codes.copy()
    other[0] ^= True
    write_sample(replace(sample, codes=other), paths[1])
    sheet = sample_of(paths)
    assert sheet == Path(paths[0])
    gold = adjudicate(read_codings(paths))
    columns, rows = gold_sheet(sheet, gold)
    assert tuple(columns) == (*COLUMNS, "how")
    found = list(rows)
    assert {row[-1] for row in found[1:]} == {"unanimous"}
    keys = np.array(MODEL.categories)
    own = [";".join(keys[row]) or "-" for row in sample.codes]
    assert [row[7] for row in found[1:]] == own[1:]
    assert (found[0][7], found[0][-1]) == ("", "")
    with pytest.raises(LabelError, match="not coded"):
        read_sample(faulty(tmp_path, found, tuple(columns)))


def test_what_is_no_sample_has_no_sheet(tagged: list[TaggedReport], tmp_path: Path) -> None:
    """A file that is missing, a folder, another form or a table of something else."""
    path = faulty(tmp_path, sample_rows(coded(draw_sample(tagged, 40))))
    assert sample_of([str(path)]) == path
    write_csv(tmp_path / "codings.csv", ("sentence", "labels"), [("s1", "autonomy")])
    (tmp_path / "a.jsonl").write_text("{}", encoding="utf-8")
    for name in ("codings.csv", "a.jsonl", "none.csv", ""):
        assert sample_of([str(path), str(tmp_path / name)]) is None
    assert sample_of([]) is None


def test_the_seed_may_be_left_out(tagged: list[TaggedReport], tmp_path: Path) -> None:
    """It is an optional column; what is no number is named with its line."""
    rows = sample_rows(coded(draw_sample(tagged, 40, seed=7)))
    assert read_sample(faulty(tmp_path, rows)).seed == 7
    without = [row[:-2] for row in rows]
    assert read_sample(faulty(tmp_path, without, COLUMNS[:-2])).seed == 0
    rows[0][15] = "seven"
    with pytest.raises(LabelError, match=r"sample\.csv:2: not a number.*seven"):
        read_sample(faulty(tmp_path, rows))


def test_corrected_shares_are_unbiased_over_samples(tagged: list[TaggedReport]) -> None:
    """Mean corrected share over many samples is the true share; limits hold it 93 times in 100."""
    rng = np.random.default_rng(8)
    guess = np.concatenate([t.assigned for t in tagged])
    truth = np.where(guess, rng.random(guess.shape) < 0.7, rng.random(guess.shape) < 0.02)
    place = {
        (t.report.source.file, s.start): row
        for row, (t, s) in enumerate((t, s) for t in tagged for s in t.report.sentences)
    }
    found, held = [], 0
    for seed in range(60):
        sample = draw_sample(tagged, 150, groups=["甲"] * 12, seed=seed)
        codes = np.array([truth[place[s.file, s.start]] for s in sample.sentences])
        done = profile(tagged, by="type", validation=replace(sample, codes=codes))
        corrected = done.table("sentences").corrected
        assert corrected is not None
        found.append(corrected.value[0])
        target = truth.mean(axis=0)
        held += int(((corrected.low[0] <= target) & (target <= corrected.high[0])).sum())
    assert np.mean(found, axis=0) == pytest.approx(truth.mean(axis=0), abs=0.006)
    assert held / 240 > 0.93
