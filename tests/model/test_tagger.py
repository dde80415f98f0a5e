"""Tags: the public contract, exact evidence, thresholds, and what must not change them."""

from __future__ import annotations

import copy
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from practicelib.errors import ModelFileError
from practicelib.model.classifier import MechanismClassifier
from practicelib.model.storage import load_tagger, save_tagger
from practicelib.model.tagger import Tagger
from practicelib.practices.profile import profile
from practicelib.show.card import model_card
from practicelib.text.reading import read_reports
from tests.strategies import sentences


@given(text=sentences())
def test_evidence_adds_up(tagger: Tagger, text: str) -> None:
    """Spans slice the sentence; their weights and the intercept give the decision to 1e-9."""
    decisions = tagger.decision_function([text])[0]
    for k, found in enumerate(tagger.tag([text])[0].evidence.values()):
        total = sum(span.weight for span in found) + found.context + found.intercept
        assert abs(total - decisions[k]) < 1e-9
        assert abs(found.decision - decisions[k]) < 1e-9
        assert all(text[span.start : span.end] == span.text for span in found)
        assert all(span.start < span.end for span in found)


@given(text=sentences())
def test_width_and_space_change_nothing(tagger: Tagger, text: str) -> None:
    """Half-width punctuation and surrounding white space leave all probabilities alone."""
    probabilities = tagger.predict_proba([text, f"　{text} ", text.replace("，", ",")])
    assert np.abs(probabilities - probabilities[0]).max() < 1e-9


@given(text=sentences())
def test_a_full_stop_changes_nothing(tagger: Tagger, text: str) -> None:
    """With and without its stop a sentence has the same probabilities."""
    bare = text.rstrip("。！？!?｡ 　")
    probabilities = tagger.predict_proba([bare, f"{bare}。"])
    assert np.abs(probabilities[1] - probabilities[0]).max() < 1e-9


def test_order_and_batches_change_nothing(tagger: Tagger, seed_path: Path) -> None:
    """The same sentence gets the same numbers wherever it stands."""
    texts = [s.text for report in read_reports(seed_path) for s in report.sentences]
    whole = tagger.predict_proba(texts)
    assert np.array_equal(tagger.predict_proba(texts[::-1])[::-1], whole)
    parts = [tagger.predict_proba(texts[i : i + 7]) for i in range(0, len(texts), 7)]
    assert np.array_equal(np.vstack(parts), whole)


def test_contract(tagger: Tagger) -> None:
    """One `TaggedSentence` a text, in order, with labels in codebook order."""
    tags = tagger.tag(["网格员每天入户走访，发现问题及时上报。", ""])
    assert [tag.text for tag in tags] == ["网格员每天入户走访，发现问题及时上报。", ""]
    assert tags[0].labels == ("grid_management",)
    assert tags[1].labels == ()
    assert list(tags[0].probabilities) == list(tagger.categories)
    assert set(tags[0].uncertain) <= set(tagger.categories)
    assert any("网格" in span.text for span in tags[0].evidence["grid_management"].strongest())
    for one_by_one in (tagger.tag, tagger.tag_batch, tagger.predict_proba):
        with pytest.raises(TypeError, match="one string"):
            one_by_one("网格员")


def test_thresholds_can_be_set(tagger: Tagger) -> None:
    """A new tagger with the new threshold; the old one is untouched; misuse is refused."""
    text = "网格员每天入户走访，发现问题及时上报。"
    strict = tagger.with_thresholds(grid_management=0.999999)
    assert strict.tag([text])[0].labels == ()
    assert tagger.tag([text])[0].labels == ("grid_management",)
    assert strict.thresholds["grid_management"] == 0.999999
    assert strict.thresholds["autonomy"] == tagger.thresholds["autonomy"]
    with pytest.raises(ValueError, match="unknown"):
        tagger.with_thresholds(nothing=0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        tagger.with_thresholds(autonomy=1.5)


def test_other_thresholds_are_another_coding(tagger: Tagger, seed_path: Path) -> None:
    """Another hash and no error counts; the same thresholds give the same, those of the model it.

    Otherwise shares would be corrected by errors made elsewhere, and tags of both be mixed.
    """
    low = tagger.with_thresholds(**dict.fromkeys(tagger.categories, 0.01))
    assert low.hash not in ("", tagger.hash)
    reports = read_reports(seed_path)[3:5]
    with pytest.raises(ValueError, match="coded alike"):
        profile([tagger.tag_report(reports[0]), low.tag_report(reports[1])])
    assert profile(tagger.tag_report(reports[0])).table("sentences").band is not None
    assert profile(low.tag_report(reports[0])).table("sentences").band is None
    steps = tagger
    for key in tagger.categories:
        steps = steps.with_thresholds(**{key: 0.01}).with_engine("pure")
    assert steps.hash == low.hash
    assert np.array_equal(steps.parameters.band, low.parameters.band)
    again = steps.with_thresholds(**tagger.thresholds)
    assert again.hash == tagger.with_thresholds().hash == tagger.hash
    assert again.tag_report(reports[0]).coding == tagger.tag_report(reports[0]).coding
    assert np.array_equal(again.parameters.band, tagger.parameters.band)


def test_other_thresholds_are_saved_without_error_counts(tagger: Tagger, tmp_path: Path) -> None:
    """Those of the old thresholds do not come back from the file; the card can be made."""
    low = tagger.with_thresholds(autonomy=0.01)
    save_tagger(low, tmp_path)
    loaded = load_tagger(tmp_path)
    assert loaded.thresholds == low.thresholds
    assert not loaded.parameters.facts["error_counts"]
    assert "0.01" in model_card(loaded, {})


def test_classifier_and_tagger_agree(fitted: MechanismClassifier, tmp_path: Path) -> None:
    """A saved and loaded model decides as the fitted estimator does."""
    texts = ["两个支部结对共建", "包片干部走访", "配电网格改造", ""]
    save_tagger(Tagger(fitted.parameters_), tmp_path / "m")
    loaded = load_tagger(tmp_path / "m")
    np.testing.assert_allclose(
        loaded.predict_proba(texts), fitted.predict_proba(texts), rtol=0, atol=1e-12
    )
    assert np.array_equal(
        np.array([[k in t.labels for k in loaded.categories] for t in loaded.tag(texts)]),
        fitted.predict(texts).astype(bool),
    )


def test_tagging_imports_neither_scikit_learn_nor_jieba() -> None:
    """Cold start stays quick and nothing of jieba's shared state is touched."""
    code = (
        "import sys, practicelib as pl; pl.load_tagger().tag(['居民议事'])\n"
        "assert not {'sklearn', 'jieba', 'pandas'} & set(sys.modules), 'imported'"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_evidence_is_a_mapping_by_category(tagger: Tagger) -> None:
    """In codebook order, worked out when asked for; an unknown category is a KeyError."""
    evidence = tagger.tag(["网格员每天 入户走访，发现问题及时上报。"])[0].evidence
    assert tuple(evidence) == tagger.categories
    assert evidence["autonomy"] is evidence["autonomy"]
    assert evidence == dict(evidence)
    with pytest.raises(KeyError):
        evidence["finance"]
    spans = evidence["grid_management"].spans
    assert list(spans) == sorted(spans, key=lambda span: (span.start, span.end, span.kind))
    assert {span.kind for span in spans} == {"word", "characters", "pattern"}
    assert [spans[place] for place in range(len(spans))] == list(spans)
    assert spans[1:3] == tuple(spans)[1:3]
    again = tagger.tag(["网格员每天 入户走访，发现问题及时上报。"])[0].evidence
    assert again == evidence
    assert hash(again["autonomy"]) == hash(evidence["autonomy"])
    assert again["autonomy"] != evidence["grid_management"]


def test_features_of_evidence_are_those_of_the_matrix(tagger: Tagger, seed_path: Path) -> None:
    """Decisions by places, by rows of features and by counts are the same to 1e-9."""
    texts = [s.text for report in read_reports(seed_path) for s in report.sentences][:40]
    texts += ["网格" * 150, "党建\u3000引领 共治", ""]
    parameters = tagger.parameters
    matrix = tagger.scorer.space.matrix(texts)
    by_rows = matrix @ parameters.coefficients.T + parameters.intercepts
    by_places = [[e.decision for e in tag.evidence.values()] for tag in tagger.tag(texts)]
    by_counts = tagger.with_engine("pure").decision_function(texts)
    np.testing.assert_allclose(by_rows, by_counts, rtol=0, atol=1e-9)
    np.testing.assert_allclose(by_places, by_counts, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("texts", "cause"),
    [
        ({"text": ["网格"]}, "texts is a dict; give one column"),
        (pd.DataFrame({"text": ["网格"]}), "texts is a DataFrame; give one column"),
        (np.array([["网格"]]), "texts is a ndarray that is no single row"),
        (["网格", None], "text 1 is NoneType, not str"),
        (pd.Series(["网格", None]), "text 1 is (NoneType|float), not str"),
        ([b"abc"], "text 0 is bytes, not str"),
    ],
)
def test_what_is_no_list_of_texts_is_refused(tagger: Tagger, texts: Any, cause: str) -> None:
    for call in (tagger.tag, tagger.predict_proba, tagger.tag_batch, tagger.tag_stream):
        with pytest.raises(TypeError, match=cause):
            list(call(texts))


def test_a_tagger_and_its_tags_can_be_pickled(tagger: Tagger) -> None:
    """As a pool of processes does with what it is given and what it gives back."""
    texts = ["网格员走访责任片区。", "村民议事会商定。"]
    tags = list(tagger.tag(texts))
    again = pickle.loads(pickle.dumps(tagger))
    assert np.array_equal(again.predict_proba(texts), tagger.predict_proba(texts))
    sent = pickle.loads(pickle.dumps(tags))
    assert [one.labels for one in sent] == [one.labels for one in tags]
    assert [dict(one.evidence) for one in sent] == [dict(one.evidence) for one in tags]


def test_tags_are_light_to_send(tagger: Tagger, tmp_path: Path) -> None:
    """A saved model is named, not sent; where it is another one by then, that is said."""
    assert len(pickle.dumps(tagger.tag(["网格员走访责任片区。"])[0])) < 3000
    save_tagger(tagger.with_thresholds(autonomy=0.8), tmp_path / "m")
    sent = pickle.dumps(load_tagger(tmp_path / "m").tag(["网格员走访责任片区。"])[0])
    save_tagger(tagger.with_thresholds(autonomy=0.9), tmp_path / "m")
    with pytest.raises(ModelFileError, match="no longer the model that gave these tags"):
        dict(pickle.loads(sent).evidence)


def test_copies_of_tags_keep_their_model(tagger: Tagger, tmp_path: Path) -> None:
    """Also where its folder is gone."""
    save_tagger(tagger, tmp_path / "m")
    tags = load_tagger(tmp_path / "m").tag_batch(["网格员走访责任片区。"])
    shutil.rmtree(tmp_path / "m")
    for made in (copy.copy(tags), copy.deepcopy(tags)):
        assert made[0] == tags[0]
        assert dict(made[0].evidence) == dict(tags[0].evidence)


def test_what_is_no_text_in_a_stream_is_named_by_its_place(tagger: Tagger) -> None:
    texts: list[Any] = ["一", "二", "三", "四", None, "五"]
    with pytest.raises(TypeError, match="text 4 is NoneType"):
        list(tagger.tag_stream(texts, window=2))


def test_a_batch_has_its_own_texts(tagger: Tagger) -> None:
    """By place, whatever index a Series has; once, of a generator; and unmoved by later changes."""
    texts = ["网格员走访责任片区。", "村民议事会商定。"]
    expected = tagger.tag(texts)
    series = pd.Series(texts, index=[1, 0])
    for source in (series, series[::-1][::-1], (text for text in texts), np.array(texts)):
        batch = tagger.tag_batch(source)
        assert list(batch) == expected
        assert batch.texts == texts
    changed = list(texts)
    batch = tagger.tag_batch(changed)
    changed.reverse()
    changed.append("")
    assert list(batch) == expected


def test_a_lazy_frame_is_refused_without_a_warning(
    tagger: Tagger, recwarn: pytest.WarningsRecorder
) -> None:
    polars = pytest.importorskip("polars")
    for frame in (polars.LazyFrame({"text": ["网格"]}), polars.DataFrame({"text": ["网格"]})):
        with pytest.raises(TypeError, match="Frame; give one column"):
            tagger.tag(frame)
    assert not recwarn.list
