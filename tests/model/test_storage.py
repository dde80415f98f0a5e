"""Model files: the same bytes for the same model, and refusal of whatever is not whole."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from practicelib.codebook.matcher import Matcher
from practicelib.codebook.tables import Tables
from practicelib.errors import ModelFileError
from practicelib.model.classifier import MechanismClassifier
from practicelib.model.features import FeatureSpace
from practicelib.model.storage import load_tagger, save_tagger
from practicelib.model.tagger import Tagger


@pytest.fixture
def folder(fitted: MechanismClassifier, tmp_path: Path) -> Path:
    """A saved model."""
    save_tagger(Tagger(fitted.parameters_), tmp_path / "model")
    return tmp_path / "model"


def test_same_model_same_bytes(folder: Path, fitted: MechanismClassifier, tmp_path: Path) -> None:
    """Saving again, and saving what was loaded, gives the same files."""
    save_tagger(load_tagger(folder), tmp_path / "again")
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    after = {p.name: p.read_bytes() for p in (tmp_path / "again").iterdir()}
    assert {k: v for k, v in before.items() if k[0] != "."} == {
        k: v for k, v in after.items() if k[0] != "."
    }


def test_old_arrays_are_removed(folder: Path, fitted: MechanismClassifier) -> None:
    """A folder holds one model: the description and the arrays it names."""
    tagger = Tagger(fitted.parameters_).with_thresholds(grid=0.4)
    save_tagger(tagger, folder)
    assert len(list(folder.glob("arrays-*.npz"))) == 1
    assert load_tagger(folder).thresholds["grid"] == 0.4


def test_files_of_others_stay(folder: Path, fitted: MechanismClassifier) -> None:
    """Only what a save itself leaves is removed: old arrays and files that were not finished."""
    foreign = {"arrays-mine.npz", ".draft.tmp", "arrays-0123456789abcdefg.npz", "notes.tmp"}
    left = {
        f"arrays-{'0' * 16}.npz", f".{'0' * 16}.tmp", ".model.json.x1_.tmp",
        f".arrays-{'0' * 16}.npz.x1_.tmp",
    }  # fmt: skip
    for name in foreign | left:
        (folder / name).write_bytes(b"x")
    save_tagger(Tagger(fitted.parameters_).with_thresholds(grid=0.4), folder)
    there = {file.name for file in folder.iterdir()}
    assert foreign <= there
    assert not left & there


def test_loaded_numbers_are_the_saved_ones(folder: Path, fitted: MechanismClassifier) -> None:
    """Coefficients and vocabulary come back to the last bit."""
    loaded = load_tagger(folder / "model.json").parameters
    assert np.array_equal(loaded.coefficients, fitted.parameters_.coefficients)
    assert loaded.features.word_terms == fitted.parameters_.features.word_terms
    assert loaded.codebook == fitted.parameters_.codebook


def test_compiled_patterns_come_back(folder: Path, fitted: MechanismClassifier) -> None:
    """The tables of the patterns are those that the codebook gives."""
    loaded = load_tagger(folder).parameters
    found = loaded.features.tables_of(loaded.codebook)
    wanted = Matcher(fitted.parameters_.codebook).tables
    assert found is not None
    assert found.words == wanted.words
    for field in fields(Tables)[1:]:
        assert np.array_equal(getattr(found, field.name), getattr(wanted, field.name))


def test_compiled_patterns_are_of_one_codebook_only(folder: Path, tmp_path: Path) -> None:
    """Where the codebook is replaced, its own patterns are found, and they are saved."""
    parameters = load_tagger(folder).parameters
    one, *others = parameters.codebook.categories
    turned = replace(one, patterns=one.patterns[::-1])
    book = replace(parameters.codebook, categories=(turned, *others))
    other = Tagger(replace(parameters, codebook=book))
    texts = ["与企业结对。", "共建广场。"]
    found = [FeatureSpace(other.parameters.features, book).matcher.find(text) for text in texts]
    assert found == [Matcher(book).find(text) for text in texts]
    assert found != [Matcher(parameters.codebook).find(text) for text in texts]
    save_tagger(other, tmp_path / "other")
    again = load_tagger(tmp_path / "other")
    assert np.array_equal(again.decision_function(texts), other.decision_function(texts))


def test_a_matcher_can_be_pickled(fitted: MechanismClassifier) -> None:
    """A matcher that has met text goes to another process as well as a new one."""
    matcher = Matcher(fitted.parameters_.codebook)
    found = matcher.find("网格员与村民结对共建。")
    assert pickle.loads(pickle.dumps(matcher)).find("网格员与村民结对共建。") == found != []


@pytest.mark.parametrize("key", ["0" * 64, "", 7, None])
def test_patterns_compiled_by_other_rules_are_compiled_anew(folder: Path, key: object) -> None:
    """As in a model saved before the rules changed: its tables are left, its patterns count."""
    texts = ["网格员巡查网格。", "村民议事会商定。", "今天下雨。"]
    expected = load_tagger(folder).decision_function(texts)
    _edit(lambda c: c["features"].update(pattern_tables=key))(folder)
    loaded = load_tagger(folder)
    assert loaded.parameters.features.patterns is None
    assert np.array_equal(loaded.decision_function(texts), expected)


def _edit(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        file = folder / "model.json"
        content = json.loads(file.read_text(encoding="utf-8"))
        change(content)
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    return apply


def _truncate(folder: Path) -> None:
    arrays = next(folder.glob("arrays-*.npz"))
    arrays.write_bytes(arrays.read_bytes()[:-100])


BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "no description": (lambda f: (f / "model.json").unlink(), "no model here"),
    "not JSON": (lambda f: (f / "model.json").write_text("{") and None, "not JSON"),
    "a list": (lambda f: (f / "model.json").write_text("[]") and None, "not a JSON object"),
    "newer format": (_edit(lambda c: c.update(format=99)), "newer"),
    "no format": (_edit(lambda c: c.pop("format")), "no format number"),
    "keys missing": (_edit(lambda c: c.pop("features")), "'features' is missing"),
    "codebook altered": (_edit(lambda c: c["codebook"].update(version="x")), "hash"),
    "codebook broken": (_edit(lambda c: c["codebook"].pop("version")), "broken"),
    "other categories": (_edit(lambda c: c["categories"].reverse()), "categories"),
    "path to elsewhere": (_edit(lambda c: c["arrays"].update(file="../arrays-1.npz")), "beside it"),
    "arrays missing": (lambda f: next(f.glob("arrays-*.npz")).unlink(), "No such file"),
    "arrays cut": (_truncate, "altered or incomplete"),
    "wild scale": (_edit(lambda c: c["features"].update(word_scale=1e99)), "word_scale"),
}


@pytest.mark.parametrize("name", list(BAD))
def test_bad_models_are_refused(folder: Path, name: str) -> None:
    """Each with a ModelFileError that says what is wrong and where."""
    spoil, cause = BAD[name]
    spoil(folder)
    with pytest.raises(ModelFileError, match=cause) as caught:
        load_tagger(folder)
    assert caught.value.file.startswith(str(folder))
