"""The estimator keeps scikit-learn's conventions and learns what it should."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import SkipTestWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import check_estimator

from practicelib.errors import TooFewLabelsError
from practicelib.model import classifier
from practicelib.model.classifier import MechanismClassifier
from practicelib.model.features import FeatureSpace, prepare
from tests.model.conftest import BOOK

# `check_estimator` stops at once for text input; these are its checks that need no numeric matrix.
# Those of them that the installed version has.
NAMES = (
    "check_estimator_cloneable", "check_estimator_repr", "check_no_attributes_set_in_init",
    "check_parameters_default_constructible", "check_get_params_invariance", "check_set_params",
    "check_valid_tag_types",
)  # fmt: skip
CHECKS = [getattr(estimator_checks, name) for name in NAMES if hasattr(estimator_checks, name)]
# Since 1.6 the failures are returned where this is asked for; before, the first is raised.
RETURNED = {"on_fail": None} if "on_fail" in signature(check_estimator).parameters else {}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_applicable_checks_of_scikit_learn_pass(check: Callable[[str, object], None]) -> None:
    """Every check that applies to an estimator on text."""
    check("MechanismClassifier", MechanismClassifier())


def test_check_estimator_itself_finds_no_failure() -> None:
    """`check_estimator` runs through (it skips all checks of text estimators and says so)."""
    with pytest.warns(SkipTestWarning, match="requires input"):
        results = check_estimator(MechanismClassifier(), **RETURNED)
    assert [r["check_name"] for r in results or [] if r["status"] == "failed"] == []


def test_constructor_only_stores_and_clone_works() -> None:
    """Parameters come back as the same objects; a clone has them too."""
    words = ("网格员",)
    model = MechanismClassifier(BOOK, domain_words=words, C=3.0)
    assert model.get_params()["domain_words"] is words
    assert clone(model).get_params() == model.get_params()
    assert model.set_params(C=1.0).C == 1.0


def test_shapes_and_labels(fitted: MechanismClassifier, few: tuple[list[str], Any, Any]) -> None:
    """(N, K) out, also for rows without any label; probabilities lie between 0 and 1."""
    texts, labels, _ = few
    probabilities = fitted.predict_proba(texts)
    assert probabilities.shape == labels.shape
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assigned = fitted.predict(texts)
    assert assigned.shape == labels.shape
    assert (labels.sum(axis=1) == 0).any()
    assert (assigned == labels).mean() > 0.95
    assert np.array_equal(assigned, (probabilities >= fitted.parameters_.thresholds).astype(int))


def test_same_seed_same_model(few: tuple[list[str], Any, Any]) -> None:
    """Fitting twice gives the same numbers to the last bit."""
    texts, labels, reports = few
    first, second = (MechanismClassifier(BOOK).fit(texts, labels, groups=reports) for _ in "ab")
    assert np.array_equal(first.parameters_.coefficients, second.parameters_.coefficients)
    assert np.array_equal(first.parameters_.thresholds, second.parameters_.thresholds)


def test_a_category_missing_from_a_fold_or_altogether_is_survived(
    few: tuple[list[str], Any, Any],
) -> None:
    """All positives in one report, and no positive at all, still give finite probabilities."""
    texts, labels, reports = few
    rare = labels.copy()
    rare[:, 1] = reports == reports[0]
    model = MechanismClassifier(BOOK).fit(texts, rare, groups=reports)
    assert np.isfinite(model.predict_proba(texts)).all()
    rare[:, 1] = 0
    model = MechanismClassifier(BOOK).fit(texts, rare, groups=reports)
    assert not model.predict(texts)[:, 1].any()


def test_wrong_input_is_refused() -> None:
    """Each misuse has its own clear error."""
    texts = ["网格", "共建", "议事", "选派"]
    model = MechanismClassifier()
    with pytest.raises(ValueError, match="one string"):
        model.fit("网格", [1])
    with pytest.raises(ValueError, match="4 sentences but 3"):
        model.fit(texts, [[1], [0], [1]])
    with pytest.raises(ValueError, match="0 or 1"):
        model.fit(texts, [[1], [0], [2], [0]])
    with pytest.raises(ValueError, match="not str"):
        model.fit([*texts[:3], 1.5], [[1], [0], [1], [0]])
    with pytest.raises(TooFewLabelsError, match="no sentence carries"):
        model.fit(texts, [[0], [0], [0], [0]])
    with pytest.raises(TooFewLabelsError, match="one report"):
        model.fit(texts, [[1], [0], [1], [0]], groups=["a"] * 4)
    with pytest.raises(ValueError, match="1 columns but the codebook"):
        MechanismClassifier(BOOK).fit(texts, [[1], [0], [1], [0]])
    with pytest.raises(ValueError, match="groups has shape"):
        model.fit(texts, [[1], [0], [1], [0]], groups=[1, 2])


FAULTY: list[tuple[dict[str, Any], str]] = [
    ({"n_folds": 1}, "n_folds"),
    ({"n_folds": 0}, "n_folds"),
    ({"n_folds": 2.5}, "n_folds"),
    ({"priors": (0.3,)}, "1 priors for 2 categories"),
    ({"priors": (0.3, 0.2, 0.1)}, "3 priors for 2 categories"),
    ({"priors": 1.5}, "priors must lie"),
    ({"priors": 1}, "priors must lie"),
    ({"priors": (0.3, 0.0)}, "priors must lie"),
    ({"priors": (0.3, float("nan"))}, "priors must lie"),
    ({"min_df": 0.5}, "min_df"),
    ({"character_lengths": (3, 1)}, "character_lengths"),
    ({"character_lengths": (1, 9)}, "character_lengths"),
    ({"character_lengths": (1,)}, "character_lengths"),
    ({"character_lengths": 3}, "character_lengths must be two rising numbers from 1 to 8, not 3"),
    ({"domain_words": "网格员"}, "domain_words is one string; give several"),
    ({"band_width": -1.0}, "band_width"),
    ({"n_folds": 1, "priors": 1.5}, "n_folds.*priors"),
]


@pytest.mark.parametrize(("parameters", "cause"), FAULTY)
def test_faulty_parameters_are_refused(parameters: dict[str, Any], cause: str) -> None:
    """They would give a wrong model, or an error that says nothing; all are named at once."""
    texts, labels = ["网格员", "共建", "议事", "选派"], [[1, 0], [0, 1], [1, 0], [0, 0]]
    with pytest.raises(ValueError, match=cause):
        MechanismClassifier(**parameters).fit(texts, labels)


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_weights_that_are_none_are_refused(weight: float) -> None:
    """They would turn a sentence into its opposite, or all numbers into NaN."""
    texts, labels = ["网格员", "共建", "议事", "选派"], [[1, 0], [0, 1], [1, 0], [0, 0]]
    for weights in ([1.0, 1.0, 1.0, weight], [0.0] * 4):
        with pytest.raises(ValueError, match="sample_weight must be finite numbers from 0"):
            MechanismClassifier().fit(texts, labels, sample_weight=weights)


@pytest.mark.parametrize(
    ("X", "cause"),
    [
        ({"text": ["网格"]}, "X is a dict; give one column of it"),
        (pd.DataFrame({"text": ["网格", "共建"]}), "X is a DataFrame; give one column of it"),
        (np.array([["网格"], ["共建"]]), "X is a ndarray that is no single row"),
        ("网格", "X is one string"),
        (["网格", None], "sentence 1 is NoneType, not str"),
    ],
)
def test_what_is_no_list_of_sentences_is_refused(
    fitted: MechanismClassifier, X: Any, cause: str
) -> None:
    """By every method, as by the tagger: keys and names of columns are no sentences."""
    calls = (
        lambda: MechanismClassifier().fit(X, [[1, 0], [0, 1]]),
        lambda: fitted.decision_function(X),
        lambda: fitted.predict_proba(X),
        lambda: fitted.predict(X),
    )
    for call in calls:
        with pytest.raises(ValueError, match=cause):
            call()


def test_a_generator_will_do(few: tuple[list[str], Any, Any]) -> None:
    """To fit and to predict, also for one category as a vector."""
    texts, labels, _ = (part[:120] for part in few)
    for target in (labels, labels[:, 0]):
        model = MechanismClassifier().fit((text for text in texts), target)
        for method in (model.decision_function, model.predict_proba, model.predict):
            np.testing.assert_array_equal(method(text for text in texts), method(texts))


def test_a_refused_fit_changes_nothing(
    few: tuple[list[str], Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the cause: the model that was fitted goes on to predict as it did."""
    texts, labels, _ = (part[:120] for part in few)
    model = MechanismClassifier().fit(texts, labels)
    before, expected = dict(vars(model)), model.predict(texts)
    vector = labels[:, 0]
    refused: list[tuple[Any, dict[str, Any]]] = [
        (vector, {"groups": ["a"] * len(texts)}),
        (vector, {"sample_weight": [-1.0] * len(texts)}),
        ([1] * len(texts), {}),
        (labels[:, :0], {}),
    ]
    for y, more in refused:
        with pytest.raises(ValueError):
            model.fit(texts, y, **more)
        assert vars(model) == before
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(classifier, "fit_decisions", _interrupt)
        model.fit(texts, vector)
    assert vars(model) == before
    np.testing.assert_array_equal(model.predict(texts), expected)


def _interrupt(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_priors_of_any_kind_of_number(few: tuple[list[str], Any, Any]) -> None:
    """One number, of NumPy too, is that of every category; None keeps a share as it is."""
    texts, labels, _ = (part[:120] for part in few)
    fits = [
        MechanismClassifier(priors=priors).fit(texts, labels).parameters_.offsets.tolist()
        for priors in (0.25, np.float32(0.25), np.array([0.25, 0.25]), (None, 0.25))
    ]
    assert fits[0] == fits[1] == fits[2] != fits[3]
    assert fits[0][1] == pytest.approx(fits[3][1], abs=1e-3)


def test_a_vector_needs_two_classes() -> None:
    """Of one class alone nothing can be learned, nor of labels that are missing."""
    texts = ["网格员入户"] * 12
    for label in (0, 1, "grid"):
        with pytest.raises(TooFewLabelsError, match=f"one class .{label}"):
            MechanismClassifier().fit(texts, [label] * 12)
    with pytest.raises(ValueError, match="NaN"):
        MechanismClassifier().fit(texts, [1.0, float("nan")] * 6)


def test_works_inside_scikit_learn(few: tuple[list[str], Any, Any]) -> None:
    """`cross_val_predict` and `GridSearchCV` with groups, on one category as a vector."""
    texts, labels, reports = (part[:120] for part in few)
    target = labels[:, 0]
    predicted = cross_val_predict(
        MechanismClassifier(), texts, target, groups=reports, cv=GroupKFold(2)
    )
    assert set(predicted) <= {0, 1}
    search = GridSearchCV(MechanismClassifier(), {"C": [1.0, 10.0]}, cv=GroupKFold(2))
    assert search.fit(texts, target, groups=reports).best_params_["C"] in (1.0, 10.0)


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_predictions_across_folds_have_a_column_a_category(
    few: tuple[list[str], Any, Any], method: str
) -> None:
    """As scikit-learn has them of one-vs-rest."""
    texts, labels, reports = (part[:120] for part in few)
    found = cross_val_predict(
        MechanismClassifier(), texts, labels, groups=reports, cv=GroupKFold(2), method=method
    )
    assert found.shape == labels.shape
    first = next(iter(GroupKFold(2).split(texts, labels, reports)))
    train, test = first
    one = MechanismClassifier().fit([texts[i] for i in train], labels[train])
    np.testing.assert_array_equal(found[test], getattr(one, method)([texts[i] for i in test]))


def test_works_inside_a_pipeline(few: tuple[list[str], Any, Any]) -> None:
    """After a step that cleans the texts; parameters by the names of the steps."""
    texts, labels, _ = (part[:120] for part in few)
    strip = FunctionTransformer(lambda rows: [row.strip() for row in rows])
    pipeline = Pipeline([("strip", strip), ("code", MechanismClassifier())])
    pipeline.set_params(code__C=2.0).fit([f"  {text}\n" for text in texts], labels)
    alone = MechanismClassifier(C=2.0).fit(texts, labels)
    assert (pipeline.predict(texts) == alone.predict(texts)).all()


def test_tfidf_equals_scikit_learn(
    fitted: MechanismClassifier, few: tuple[list[str], Any, Any]
) -> None:
    """Values of the character block are those of `TfidfVectorizer` on the same terms."""
    texts, _, _ = few
    space = FeatureSpace(fitted.parameters_.features, BOOK)
    block = space.blocks[1]

    def terms(text: str) -> list[str]:
        return [term for term, _, _ in block.occurrences(prepare(text).text)]

    peer = TfidfVectorizer(analyzer=terms, sublinear_tf=True, min_df=2)
    peer.fit(texts)
    peer.idf_ = np.round(peer.idf_, 4)  # as a model keeps them
    expected = peer.transform(texts)
    assert list(peer.get_feature_names_out()) == list(fitted.parameters_.features.character_terms)
    first = block.first
    found = space.matrix(texts)[:, first : first + len(block.index)]
    assert abs(found - expected).max() < 1e-12
