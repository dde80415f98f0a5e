"""Figures of an evaluation that belong together."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import practicelib as pl
from practicelib.errors import LabelError
from practicelib.files.tables import jsonl_text, write_csv
from practicelib.files.xlsx import write_xlsx
from practicelib.measures.scores import mean_defined
from practicelib.model.tagger import Tagger
from practicelib.records.codebook import Category, Codebook, Pattern
from practicelib.records.labelled import LabelledSentences, SentenceInfo
from practicelib.show.evaluation_table import evaluation_text
from practicelib.show.tagged_rows import to_csv, to_jsonl
from practicelib.workflows.evaluation import evaluate, learning_curve, without_patterns
from practicelib.workflows.outside import read_labelled
from practicelib.workflows.training import train

SENTENCES = [
    "网格员每天走访责任片区，发现问题及时上报。",
    "居民议事会讨论停车问题，投票表决。",
    "全年实现工业产值12亿元。",
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return pl.load_tagger()


def test_the_interval_is_of_the_macro_f1_that_it_stands_beside(tagger: Tagger) -> None:
    """A category that nobody gave or assigned is undefined in the point and in every resample."""
    rows = [(text, f"r{i}") for i in range(8) for text in SENTENCES]
    sentences = tuple(SentenceInfo(str(i), text, report) for i, (text, report) in enumerate(rows))
    labels = tagger.tag_batch([text for text, _ in rows]).assigned
    assert labels.any() and not labels.any(axis=0).all()
    found = evaluate(tagger, LabelledSentences(sentences, tagger.categories, labels)).systems
    assert found[0].macro_f1 == 1.0
    assert found[0].macro_interval.tolist() == [1.0, 1.0]
    assert all(s.margin_interval[0] <= s.margin <= s.margin_interval[1] for s in found)


def test_mean_of_what_is_defined() -> None:
    """NaN is left out, and a row of nothing else is NaN."""
    values = np.array([[0.5, np.nan], [1.0, 0.0], [np.nan, np.nan]])
    assert np.array_equal(mean_defined(values), [0.5, 0.5, np.nan], equal_nan=True)


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_what_a_model_tagged_is_no_gold(
    tagger: Tagger, seed_path: Path, tmp_path: Path, ending: str
) -> None:
    """The output of `tag` would give every figure as 1."""
    tagged = [tagger.tag_report(pl.read_reports(seed_path)[1])]
    text = to_jsonl(tagged, "none") if ending == "jsonl" else to_csv(tagged)
    file = tmp_path / f"tags.{ending}"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LabelError, match="tagged by a model, not coded") as caught:
        read_labelled(file, tagger.categories)
    assert len(caught.value.faults) == 1


def test_a_workbook_that_a_model_tagged_is_no_gold(
    tagger: Tagger, seed_path: Path, tmp_path: Path
) -> None:
    """Even where its Chinese columns of text and labels were renamed to be read."""
    tagged = tagger.tag_report(pl.read_reports(seed_path)[1])
    frame = tagged.to_frame(lang="zh").rename(columns={"句子": "text", "类别": "labels"})
    frame.to_csv(tmp_path / "tags.csv", index=False)
    with pytest.raises(LabelError, match="tagged by a model, not coded"):
        read_labelled(tmp_path / "tags.csv", tagger.categories, names=tagger.category_names)


KNOWN = ("autonomy", "grid_management")
NAMED = (("群众自治", "Autonomy"), ("网格管理", "Grid management"))


@pytest.mark.parametrize("name", ["gold.jsonl", "gold.csv", "gold.xlsx"])
def test_gold_is_read_as_coding_files_are(tmp_path: Path, name: str) -> None:
    """Keys and names, lists and text, by every ending that coders have."""
    labels = ("autonomy;网格管理", "", "群众自治")
    rows = [(f"s{i}", f"r{i}", text, labels[i]) for i, text in enumerate(SENTENCES)]
    columns = ("sentence", "report", "text", "labels")
    if name.endswith("xlsx"):
        write_xlsx(tmp_path / name, {"gold": (columns, rows)})
    elif name.endswith("csv"):
        write_csv(tmp_path / name, columns, rows)
    else:
        lines = (dict(zip(columns, row, strict=True)) for row in rows)
        (tmp_path / name).write_text(jsonl_text(lines), encoding="utf-8")
    found = read_labelled(tmp_path / name, KNOWN, names=NAMED, reports=("r0", "r2"))
    assert [(info.id, info.report) for info in found.sentences] == [("s0", "r0"), ("s2", "r2")]
    assert found.labels.tolist() == [[True, True], [True, False]]


@pytest.mark.parametrize(
    ("columns", "row", "cause"),
    [
        (("text", "labels"), ("句。", "治水"), "2: unknown category '治水'"),
        (("text", "labels"), ("", "autonomy"), "2: no text"),
        (("text", "labels", "inclusion"), ("句。", "", "0.5"), "2: a row of a sample that is not"),
        (("text", "other"), ("句。", "autonomy"), "gold.csv: no column 'labels'"),
        (("text", "labels", ""), ("句。", "autonomy", "包片"), "2: a cell without a column name"),
    ],
)
def test_rows_that_are_no_gold_are_named(
    tmp_path: Path, columns: tuple[str, ...], row: tuple[str, ...], cause: str
) -> None:
    write_csv(tmp_path / "gold.csv", columns, [row])
    with pytest.raises(LabelError, match=cause):
        read_labelled(tmp_path / "gold.csv", KNOWN, names=NAMED)


def test_tables_for_people(tmp_path: Path) -> None:
    """What `tag` writes in Chinese is no measure of itself; corrected by a person it is read."""
    columns = ("材料", "句子", "类别", "存疑", "模型")
    row = ("甲街道", "居民议事会每月开会。", "群众自治", "", "m")
    write_csv(tmp_path / "tags.csv", columns, [row])
    with pytest.raises(LabelError, match="tagged by a model"):
        read_labelled(tmp_path / "tags.csv", KNOWN, names=NAMED)
    write_csv(tmp_path / "gold.csv", columns[:-1], [row[:-1]])
    found = read_labelled(tmp_path / "gold.csv", KNOWN, names=NAMED)
    assert [(info.text, info.report) for info in found.sentences] == [(row[1], row[0])]
    assert found.labels.tolist() == [[key == "autonomy" for key in KNOWN]]


def test_a_sentence_counts_once(tmp_path: Path) -> None:
    """Two rounds of one coder are no gold."""
    rows = [("s1", "句。", "autonomy"), ("s1", "句。", "")]
    write_csv(tmp_path / "gold.csv", ("sentence", "text", "labels"), rows)
    with pytest.raises(LabelError, match="3: the sentence 's1' is given twice"):
        read_labelled(tmp_path / "gold.csv", KNOWN)


def test_codes_of_two_coders_are_no_gold(tmp_path: Path) -> None:
    """Each sentence would count twice."""
    rows = [("句。", "", coder) for coder in "ab"]
    write_csv(tmp_path / "gold.csv", ("text", "labels", "coder"), rows)
    with pytest.raises(LabelError, match="several coders"):
        read_labelled(tmp_path / "gold.csv", KNOWN)


def _labelled(tagger: Tagger, rows: list[tuple[str, str, str, str]]) -> LabelledSentences:
    """Sentences (text, report, role, source) with the tagger's own labels."""
    sentences = tuple(
        SentenceInfo(str(i), text, report, role, source)
        for i, (text, report, role, source) in enumerate(rows)
    )
    labels = tagger.tag_batch([text for text, *_ in rows]).assigned
    return LabelledSentences(sentences, tagger.categories, labels)


def test_notes_of_an_evaluation(tagger: Tagger) -> None:
    """Fewer than 20 reports, and names for the page."""
    for count, notes in ((19, ("few_clusters",)), (20, ())):
        rows = [(SENTENCES[0], f"r{i}", "test", "") for i in range(count)]
        found = evaluate(tagger, _labelled(tagger, rows))
        assert found.notes == notes
    assert found.names == tagger.category_names


def test_a_codebook_without_patterns_has_no_baseline_of_them(tagger: Tagger) -> None:
    """Patterns that do not exist would score 0.00, and the model would be ahead of them."""
    bare = without_patterns(tagger.parameters.codebook)
    features = tagger.parameters.features
    width = len(features.word_idf) + len(features.character_idf)
    parameters = replace(
        tagger.parameters,
        codebook=bare,
        features=replace(features, patterns=None),
        coefficients=tagger.parameters.coefficients[:, :width],
    )
    own = Tagger(parameters, name="bare")
    rows = [(text, f"r{i}", "test", "") for i in range(20) for text in SENTENCES]
    found = evaluate(own, _labelled(own, rows))
    assert [system.name for system in found.systems] == ["model", "always none"]
    assert found.notes == ("no_patterns",)
    assert "the codebook has no patterns" in evaluation_text(found)
    assert "编码本没有句式" in found.to_html()


def test_sentences_that_stand_twice_are_said_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many baselines are trained, and by `train` itself."""
    book = Codebook(
        "own", (Category("a", "甲", "A", patterns=(Pattern("网格"),)), Category("b", "乙", "B"))
    )
    rows = [(f"{text}其{i}", f"r{i}", "train", "") for i in range(40) for text in SENTENCES[:2]]
    sentences = tuple(
        SentenceInfo(str(n), text, report, role) for n, (text, report, role, _) in enumerate(rows)
    )
    labels = np.array([[n % 2 == 0, n % 2 == 1] for n in range(len(rows))])
    training = LabelledSentences(sentences, book.keys, labels)
    with caplog.at_level(logging.WARNING, "practicelib"):
        own = train(training, book)
    assert caplog.text.count("in another fold") == 1
    caplog.clear()
    held = SentenceInfo("t", SENTENCES[2], "t", "test")
    gold = LabelledSentences((held,), book.keys, np.zeros((1, 2), bool))
    with caplog.at_level(logging.WARNING, "practicelib"):
        evaluate(own, gold, training=training)
        learning_curve(own, training, gold)
    assert caplog.text.count("in another fold") == 1


def test_a_source_with_both_roles_is_refused(tagger: Tagger) -> None:
    """Its writer is known from training; no source at all says nothing."""
    rows = [(text, f"r{i}", "train", "wang") for i, text in enumerate(SENTENCES)]
    rows += [(text, f"t{i}", "test", "wang") for i, text in enumerate(SENTENCES)]
    with pytest.raises(LabelError, match="role train and the role test") as caught:
        evaluate(tagger, _labelled(tagger, rows))
    assert caught.value.faults[0].value == "wang"
    bare = [(text, report, role, "") for text, report, role, _ in rows]
    assert evaluate(tagger, _labelled(tagger, bare)).sentences == len(SENTENCES)


def test_sentences_that_were_trained_on_are_counted(
    tagger: Tagger, caplog: pytest.LogCaptureFixture
) -> None:
    """Under other reports too, each of them, also when baselines are left out."""
    own = next(iter(tagger.parameters.facts["report_ids"]))
    train = _labelled(tagger, [(text, own, "train", "") for text in SENTENCES])
    test = _labelled(tagger, [(SENTENCES[0], f"t{i}", "", "") for i in range(5)])
    evaluate(tagger, test, training=train, quick=True)
    assert "5 of 5 sentences to measure on are (nearly) those of training" in caplog.text
    caplog.clear()
    other = _labelled(tagger, [(text, "r", "train", "") for text in SENTENCES])
    evaluate(tagger, test, training=other, quick=True)
    assert not caplog.records
