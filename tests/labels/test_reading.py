"""Reading codings: formats, what is missing and what is none, and every fault with its place."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from practicelib.errors import LabelError
from practicelib.files.data import data_path
from practicelib.files.hashing import hash_text
from practicelib.files.xlsx import write_xlsx
from practicelib.labels.consistency import consistency
from practicelib.labels.reading import read_codings, round_order
from practicelib.records.labelled import SINGLE
from tests.labels.folders import CODEBOOK, TEXTS, label_folder, write_csv


def test_folder_brings_sentences_coders_and_categories(tmp_path: Path) -> None:
    folder = label_folder(
        tmp_path,
        {
            "b": ["water", "water", "road", "", "road;water", ""],
            "a": [None, "water", "", "", "", ""],
        },
        kinds={"a": "person", "b": "model pass"},
    )
    table = read_codings(folder)
    assert table.shape == (6, 2, 1, 2)
    assert [(coder.name, coder.kind) for coder in table.coders] == [
        ("a", "person"),
        ("b", "model pass"),
    ]
    assert table.categories == ("water", "road")
    assert table.names == (("管水", "Water"), ("修路", "Road"))
    assert table.versions == (("9.9",), ("9.9",))
    assert table.codes[0, 0, 0].tolist() == [-1, -1]
    assert table.codes[5, 0, 0].tolist() == [0, 0]
    assert table.codes[4, 1, 0].tolist() == [1, 1]
    info = table.sentences[2]
    assert (info.previous, info.heading, info.role, info.kind) == (
        TEXTS[1],
        TEXTS[0],
        "train",
        "简报",
    )
    assert table.sentences[0].is_heading
    assert read_codings(folder / "codings").codes.tolist() == table.codes.tolist()
    assert read_codings(folder / "codings" / "b.csv").shape == (6, 1, 1, 2)


def test_formats_say_the_same(tmp_path: Path) -> None:
    rows = {"s1": ("x;y", ""), "s2": ("x", "x"), "s3": (None, "y"), "s4": ("", "y;x")}
    long = [
        (s, c, v)
        for s, cells in rows.items()
        for c, v in zip("pq", cells, strict=True)
        if v is not None
    ]
    write_csv(tmp_path / "long.csv", ("sentence", "coder", "labels"), long)
    lines = [{"sentence": s, "coder": c, "labels": v.split(";") if v else []} for s, c, v in long]
    (tmp_path / "long.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    wide = [
        (s, f"text {s}", *("" if v is None else v or "-" for v in cells))
        for s, cells in rows.items()
    ]
    columns = ("sentence", "text", "p", "q")
    write_csv(tmp_path / "wide.csv", columns, wide)
    write_xlsx(tmp_path / "wide.xlsx", {"sheet": (columns, wide)})
    tables = [
        read_codings(tmp_path / name)
        for name in ("long.csv", "long.jsonl", "wide.csv", "wide.xlsx")
    ]
    for table in tables:
        assert table.categories == ("x", "y")
        assert [coder.name for coder in table.coders] == ["p", "q"]
        assert np.array_equal(table.codes, tables[0].codes)
    assert tables[2].sentences[0].text == "text s1"
    # One file a coder, without a coder column: the file names him.
    for number, coder in enumerate("pq"):
        own = [(s, cells[number]) for s, cells in rows.items() if cells[number] is not None]
        write_csv(tmp_path / f"{coder}.csv", ("sentence", "labels"), own)
    two = read_codings([tmp_path / "p.csv", tmp_path / "q.csv"])
    order = [[s.id for s in two.sentences].index(s.id) for s in tables[0].sentences]
    assert np.array_equal(two.codes[order], tables[0].codes)


def test_none_words_and_names_of_categories(tmp_path: Path) -> None:
    folder = label_folder(
        tmp_path, {"a": ["无", "none", "管水", "Road；water", "road、water", "-"]}
    )
    codes = read_codings(folder).codes[:, 0, 0]
    assert codes.tolist() == [[0, 0], [0, 0], [1, 0], [1, 1], [1, 1], [0, 0]]


def test_rounds_and_codebook_versions(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "r.csv",
        ("sentence", "coder", "labels", "round", "codebook"),
        [
            *(("s1", c, "x", 2, "1.0") for c in "ab"),
            *(("s1", c, "", 10, "1.1") for c in "ab"),
            *(("s1", c, "y", 1, "1.0") for c in "ab"),
        ],
    )
    table = read_codings(path)
    assert table.rounds == ("1", "2", "10")
    assert table.versions[0] == ("1.0", "1.0", "1.1")
    by_version = read_codings(path, rounds="codebook")
    assert by_version.rounds == ("1.0", "1.1")
    # Of two rounds under version 1.0 the first counts.
    assert by_version.codes[0, 0, 0].tolist() == [0, 1]
    assert sorted(["10", "1.10", "1.9", "2", "pilot"], key=round_order) == [
        "1.9",
        "1.10",
        "2",
        "10",
        "pilot",
    ]


def test_codebook_versions_keep_reports_and_texts(tmp_path: Path) -> None:
    """Without its report a sentence would be resampled alone, and limits be too narrow."""
    path = write_csv(
        tmp_path / "r.csv",
        ("sentence", "coder", "labels", "codebook", "report", "text"),
        [(f"s{i}", c, "x", "1.0", f"r{i // 2}", f"第{i}句。") for i in range(4) for c in "ab"],
    )
    table = read_codings(path, rounds="codebook")
    assert table.sentences == read_codings(path).sentences
    assert table.reports.tolist() == ["r0", "r0", "r1", "r1"]
    assert consistency(table, resamples=20).basis.units == "report"


def test_nine_faults_give_nine_lines(tmp_path: Path) -> None:
    folder = label_folder(tmp_path, {"a": ["water"] * 6}, kinds={"a": "person"})
    write_csv(
        folder / "codings" / "b.csv",
        ("sentence", "coder", "labels", "round", "text"),
        [
            ("r:0", "b", "water", 1, TEXTS[0]),
            ("r:0", "b", "road", 1, ""),  # 3: twice in a round
            ("r:1", "b", "bridge", 1, ""),  # 4: unknown category
            ("r:99", "b", "", 1, ""),  # 5: unknown sentence
            ("r:2", "b", "water", 1, "另一句话。"),  # 6: other text
            ("r:3", "b", "-;water", 1, ""),  # 7: none and a category
            ("r:4", "b", "water;water", 1, ""),  # 8: twice in a cell
            ("", "b", "water", 1, ""),  # 9: no id
            ("r:5", "", "water", 1, ""),  # 10: no coder
            ("r:0", "b", "water", 2, ""),  # another round: no fault
        ],
    )
    with (folder / "coders.csv").open("a", encoding="utf-8") as stream:
        stream.write("b,robot,,\n")
    with pytest.raises(LabelError) as caught:
        read_codings(folder)
    faults = caught.value.faults
    lines = [(Path(fault.file).name, fault.line) for fault in faults]
    assert lines == [("coders.csv", 3), *(("b.csv", line) for line in range(3, 11))]
    assert "twice in round 1" in str(faults[1])
    assert "b.csv:2" in str(faults[1])


def test_wrong_join_key_is_said_once(tmp_path: Path) -> None:
    folder = label_folder(tmp_path, {"a": ["water"] * 6})
    write_csv(
        folder / "codings" / "b.csv",
        ("sentence", "coder", "labels"),
        [(f"sheet-{i}", "b", "") for i in range(6)],
    )
    with pytest.raises(LabelError, match="wrong join key: none of its 6") as caught:
        read_codings(folder)
    assert len(caught.value.faults) == 1
    for name, start in (("x", 0), ("y", 100)):
        write_csv(
            tmp_path / f"{name}.csv",
            ("sentence", "labels"),
            [(f"{start + i}", "k") for i in range(3)],
        )
    with pytest.raises(LabelError, match="no sentence id occurs with two coders"):
        read_codings([tmp_path / "x.csv", tmp_path / "y.csv"])


def test_one_id_has_one_text(tmp_path: Path) -> None:
    """Where no folder knows the sentences, two files must agree on what was coded."""
    for coder, text in (("wang", "村里修渠。"), ("li", "村里修路。"), ("zhao", "")):
        rows = [("s1", "x", text), ("s2", "", "同一句。")]
        write_csv(tmp_path / f"{coder}.csv", ("sentence", "labels", "text"), rows)
    with pytest.raises(LabelError, match=r"'s1' has another text at .*wang\.csv:2") as caught:
        read_codings([tmp_path / f"{coder}.csv" for coder in ("wang", "li", "zhao")])
    assert [(Path(f.file).name, f.line) for f in caught.value.faults] == [("li.csv", 2)]
    table = read_codings([tmp_path / "zhao.csv", tmp_path / "li.csv"])
    assert [info.text for info in table.sentences] == ["村里修路。", "同一句。"]


def test_what_is_known_of_a_sentence_is_put_together(tmp_path: Path) -> None:
    """The report from one file, the text from another."""
    a = write_csv(tmp_path / "a.csv", ("sentence", "labels", "report"), [("s1", "x", "r1")])
    b = write_csv(tmp_path / "b.csv", ("sentence", "labels", "text"), [("s1", "", "村里修渠。")])
    for files in ([a, b], [b, a]):
        (info,) = read_codings(files).sentences
        assert (info.text, info.report) == ("村里修渠。", "r1"), files


def test_two_folders_are_not_mixed(tmp_path: Path) -> None:
    """Their sentences could be others under the same ids."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        label_folder(tmp_path / name, {"a": ["water"] * 6})
    with pytest.raises(LabelError, match="several label folders cannot be joined"):
        read_codings([tmp_path / "one" / "labels", tmp_path / "two" / "labels"])


def test_altered_sentences_are_named(tmp_path: Path) -> None:
    folder = label_folder(tmp_path, {"a": ["water"] * 6})
    path = folder / "sentences" / "r.csv"
    text = path.read_text(encoding="utf-8").replace("大家都说好。", "大家都说不好。")
    path.write_text(text.replace("r:3,r,", "r:2,r,"), encoding="utf-8")
    (folder / "reports" / "r.txt").write_text("\n".join(TEXTS).replace("三个", "五个"), "utf-8")
    with pytest.raises(LabelError) as caught:
        read_codings(folder)
    causes = "\n".join(str(fault) for fault in caught.value.faults)
    assert "'r:5' does not match its hash" in causes
    assert "'r:2' is given twice" in causes
    assert "'r:1' does not stand at" in causes


def test_faults_of_the_tables_of_a_folder(tmp_path: Path) -> None:
    """Each with its file and line: reports, sentences and coders given twice or not at all."""
    folder = label_folder(tmp_path, {"a": ["water"] * 6}, kinds={"a": "person"})
    sources = [("r", "reports/r.txt", "train"), ("r", "", ""), ("", "", "test")]
    write_csv(folder / "sources.csv", ("report", "file", "role"), sources)
    columns = ("id", "report", "start", "end", "text", "sha256")
    own = [
        ("q:0", "q", 0, 3, "一句话", hash_text("一句话")),
        ("", "r", "x", 3, "", hash_text("")),
    ]
    write_csv(folder / "sentences" / "s.csv", columns, own)
    write_csv(folder / "sentences" / "t.csv", columns[:5], [("t:0", "r", 0, 3, "一句话")] * 2)
    coders = [("a", "person"), ("a", "model pass"), ("", "person")]
    write_csv(folder / "coders.csv", ("coder", "kind"), coders)
    with pytest.raises(LabelError) as caught:
        read_codings(folder)
    found = [(Path(f.file).name, f.line, f.cause) for f in caught.value.faults]
    expected = [
        ("coders.csv", 3, "'a' is given twice"),
        ("coders.csv", 4, "coder ''"),
        ("s.csv", 2, "report 'q' is not in sources.csv"),
        ("s.csv", 3, "the id is empty"),
        ("s.csv", 3, "not whole numbers"),
        ("t.csv", 2, "columns are missing: sha256"),
        ("sources.csv", 3, "'r' is given twice"),
        ("sources.csv", 4, "the report is empty"),
    ]
    assert sorted(one[:2] for one in found) == sorted(one[:2] for one in expected)
    for file, line, cause in expected:
        assert any((f, n) == (file, line) and cause in said for f, n, said in found), cause


def test_context_is_that_of_the_running_text(tmp_path: Path) -> None:
    """By place, not by row; sentences of a file of single ones have none."""
    texts = ("一、引水", "修渠。", "养护。", "二、修路", "铺路。", "植树。")
    folder = label_folder(tmp_path, {"a": [""] * 6}, texts=texts)
    path = folder / "sentences" / "r.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *lines[::-1]]), encoding="utf-8")
    table = read_codings(folder)
    assert [info.text for info in table.sentences] == list(texts[::-1])
    assert [(s.previous, s.heading, s.is_heading) for s in table.sentences[::-1]] == [
        ("", "", True),
        ("一、引水", "一、引水", False),
        ("修渠。", "一、引水", False),
        ("养护。", "", True),
        ("二、修路", "二、修路", False),
        ("铺路。", "二、修路", False),
    ]
    source = folder / "sources.csv"
    source.write_text(source.read_text(encoding="utf-8").replace("简报", SINGLE), encoding="utf-8")
    single = read_codings(folder).sentences
    assert {(s.previous, s.heading, s.is_heading) for s in single} == {("", "", False)}


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("a.csv", "sentence,coder\ns,c\n", "no column 'labels'"),
        ("a.csv", "id2,labels\ns,c\n", "no sentence id"),
        ("a.csv", "file,start,end,labels\nf,0,3,c\n", "no sentence id"),
        ("a.csv", "sentence,labels\ns,x,y\n", "more cells than columns"),
        ("a.csv", "sentence,coder,labels\ns1,a,x\ns2,b\n", "a.csv:3: fewer cells"),
        ("a.csv", "sentence,labels,labels\ns,x,y\n", "'labels' stands 2 times"),
        ("a.csv", "sentence,wang,wang\ns,x,y\n", "'wang' stands 2 times"),
        ("a.csv", 'sentence,labels\ns1,"x\ns2,y\ns3,x\n', "a.csv:2: not CSV"),
        ("a.jsonl", '{"sentence": "s", "labels": 3}\n', "labels must be text"),
        ("a.jsonl", '{"sentence": "s", "labels": null}\n', "labels must be text"),
        ("a.csv", "sentence,labels\n", "no coding was found"),
        ("a.txt", "x", "not a coding file"),
        ("a.csv", "", "the file is empty"),
    ],
)
def test_bad_files(tmp_path: Path, name: str, content: str, cause: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(LabelError, match=cause):
        read_codings(tmp_path / name)


def test_missing_places(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="no such file"):
        read_codings(tmp_path / "nowhere")
    with pytest.raises(LabelError, match="no coding file"):
        read_codings(tmp_path)


def test_codebook_of_elsewhere(tmp_path: Path) -> None:
    book = tmp_path / "book.toml"
    book.write_text(CODEBOOK, encoding="utf-8")
    path = write_csv(tmp_path / "a.csv", ("sentence", "labels"), [("s", "修路")])
    assert read_codings(path, codebook=book).categories == ("water", "road")
    assert read_codings(path).categories == ("修路",)


def test_a_key_and_its_name_are_one_category_without_a_codebook(tmp_path: Path) -> None:
    """As where one coder wrote the keys of the shipped codebook and another its Chinese names."""
    (tmp_path / "wang.csv").write_text(
        "sentence,labels\n1,autonomy\n2,无\n3,grid_management\n", encoding="utf-8"
    )
    (tmp_path / "li.csv").write_text(
        "sentence,labels\n1,群众自治\n2,无\n3,网格管理\n", encoding="utf-8"
    )
    table = read_codings([tmp_path / "wang.csv", tmp_path / "li.csv"])
    assert "autonomy" in table.categories
    assert not any("自治" in category for category in table.categories)


def test_the_projects_own_codings_are_in_order() -> None:
    table = read_codings(data_path("labels"))
    assert table.categories == ("co_building", "grid_management", "autonomy", "talent_selection")
    assert {coder.kind for coder in table.coders} <= {"person", "model pass"}
    assert table.codebook
