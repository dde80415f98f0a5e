"""Sheets of samples: written, coded, read back, and found again in the reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from practicelib.errors import LabelError
from practicelib.files.tables import read_csv, write_csv
from practicelib.labels.gold import adjudicate
from practicelib.labels.names import keys_by_name
from practicelib.labels.reading import read_codings
from practicelib.labels.sample_gold import gold_sheet, sample_of
from practicelib.labels.sample_sheet import COLUMNS, read_sample, sample_rows, write_sample
from practicelib.labels.sampling import draw_sample
from practicelib.practices.profile import profile
from practicelib.records.report import Source
from practicelib.records.tags import TaggedReport
from practicelib.records.validation import ValidationSample
from tests.labels.samples import coded
from tests.practices.made import MODEL, report_of


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
