"""Files in, reports out: the seed as a person would split it, encodings, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from practicelib.errors import ReportError
from practicelib.text.bodies import body_name
from practicelib.text.reading import iter_reports, read_report, read_reports
from practicelib.text.structure import heading_level, split_reports
from tests.conftest import SHARED
from tests.strategies import report_texts

UNITS = [
    "市教育卫生工作党委",
    "宝山区顾村镇党委",
    "徐汇区委",
    "浦东新区陆家嘴街道党工委",
    "静安区静安寺街道美丽园居民区党总支",
    "嘉定区马陆镇大裕村党总支",
]


def test_seed_is_a_lead_in_and_six_reports(seed_path: Path) -> None:
    """The compilation falls into the right reports, units, titles and sections."""
    lead_in, *reports = read_reports(seed_path)
    assert lead_in.kind == "lead-in"
    assert len(lead_in.sentences) == 5
    assert [report.unit for report in reports] == UNITS
    assert reports[0].title == "发挥行业优势构建工作机制　推动基层党建协同发展"
    assert all(len(report.sections) == 3 for report in reports)
    assert reports[2].sections[0].title == "组织创新,构建三级联动、纵横结合工作体系"
    assert all(report.guessed >= {"title", "unit"} for report in reports)


@pytest.mark.skipif(not (SHARED / "seed").exists(), reason="the coded seed is not here")
def test_seed_offsets_are_those_of_its_codings(seed_path: Path) -> None:
    """All 151 coded units, with the same offsets and texts."""
    rows = (SHARED / "seed" / "codings.jsonl").read_text(encoding="utf-8").splitlines()
    coded = [(row["start"], row["end"], row["text"]) for row in map(json.loads, rows)]
    found = [(s.start, s.end, s.text) for r in read_reports(seed_path) for s in r.sentences]
    assert found == coded


@given(report_texts())
def test_offsets_slice_the_text(text: str) -> None:
    """Sentences, sections and reports are slices; reports follow each other without overlap."""
    end = 0
    for report in split_reports(text):
        assert report.start >= end
        end = report.end
        for sentence in report.sentences:
            assert report.start <= sentence.start < sentence.end <= report.end
            assert text[sentence.start : sentence.end] == sentence.text
            assert sentence.section < len(report.sections)
        for section in report.sections:
            assert text[section.start : section.end] == section.title


TEXT = (
    "关于推行网格化管理的经验\n宝山区顾村镇党委\n我镇划分网格，选派干部。居民议事会每月召开一次。\n"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "big5hkscs", "utf-16", "utf-16-le"]
)
def test_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    """Each encoding gives the same text; the mark is no part of it."""
    text = (
        "關於推行網格的經驗\n我鎮選派幹部，居民議事會每月召開一次。\n"
        if "big5" in encoding
        else TEXT
    )
    file = tmp_path / "report.txt"
    file.write_bytes(text.encode(encoding))
    report = read_report(file)
    assert report.text == text
    assert report.source.margin > 0.1


def test_encoding_can_be_given(tmp_path: Path) -> None:
    """`encoding` overrides the rule, and a wrong one is an error with its line."""
    file = tmp_path / "report.txt"
    file.write_bytes(TEXT.encode("gb18030"))
    assert read_report(file, encoding="gb18030").text == TEXT
    with pytest.raises(ReportError, match="not utf-8 at byte 0"):
        read_report(file, encoding="utf-8")
    for name in ("klingon", "hex", "rot13", "base64", "undefined", "a\0b"):
        with pytest.raises(ReportError, match="no such encoding"):
            read_report(file, encoding=name)
    with pytest.raises(ReportError, match="not idna"):
        read_report(file, encoding="idna")
    file.write_text("\u3000\n", encoding="utf-8")
    with pytest.raises(ReportError, match="only white space"):
        read_report(file, encoding="utf-8")


def test_line_segments(tmp_path: Path) -> None:
    """With `segment="line"` a line is one sentence."""
    file = tmp_path / "lines.txt"
    file.write_text("第一句。第二句。\n第三句\n", encoding="utf-8")
    assert [s.text for s in read_report(file, segment="line").sentences] == [
        "第一句。第二句。",
        "第三句",
    ]


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        ("\u3000\n".encode(), "only white space"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "soffice"),
        (b"abc\x00\x01\x02def", "binary"),
        (bytes(range(128, 256)) * 4, "no encoding"),
        ("我镇划分网格，居民议事会每月召开".encode("gb18030")[:-1], "cut off"),
    ],
)
def test_bad_files_are_named_with_cause(tmp_path: Path, content: bytes, cause: str) -> None:
    """One clear line with file and cause."""
    file = tmp_path / "坏文件.txt"
    file.write_bytes(content)
    with pytest.raises(ReportError, match=cause) as caught:
        read_report(file)
    assert caught.value.file == str(file)
    assert "\n" not in str(caught.value)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    """A missing file, a folder given as a file and an empty folder are errors."""
    with pytest.raises(ReportError, match="no such file"):
        read_report(tmp_path / "none.txt")
    with pytest.raises(ReportError, match="a folder"):
        read_report(tmp_path)
    with pytest.raises(ReportError, match="holds no report file"):
        read_reports(tmp_path)


def test_the_rest_of_a_batch_is_read(tmp_path: Path) -> None:
    """Faulty files are all named; `iter_reports` still gives the others."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"")
    (tmp_path / "c.txt").write_bytes(b"%PDF-")
    (tmp_path / ".hidden.txt").write_bytes(b"")
    with pytest.raises(ReportError) as caught:
        read_reports(tmp_path)
    assert [Path(fault.file).name for fault in caught.value.faults] == ["b.txt", "c.txt"]
    found = list(iter_reports([tmp_path, tmp_path / "none.txt"]))
    assert [isinstance(one, ReportError) for one in found] == [False, True, True, True]


def test_guesses() -> None:
    """What counts as a body's name and how headings nest."""
    assert body_name("（中共淮阳市沱河县委组织部）")
    assert not body_name("着力推进乡村")
    assert [heading_level(t) for t in ("一、甲", "（一）乙", "1.丙", "（1）丁", "戊")] == [
        1,
        2,
        3,
        4,
        1,
    ]


def test_wrapped_lines_are_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With the file's name and what mends it; not where it was asked for."""
    file = tmp_path / "a.txt"
    line = "全镇划为十二个网格，每个网格配一名网格"
    file.write_text(f"{line}\n{line}\n{line}\n{line}\n员。\n", encoding="utf-8")
    read_report(file)
    assert [record.message for record in caplog.records] == [
        f"{file}: lines end within sentences; --rejoin puts them together"
    ]
    caplog.clear()
    assert len(read_report(file, rejoin=True).sentences) == 1
    assert not caplog.records
