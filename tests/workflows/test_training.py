"""From the label folder to the shipped model: rebuilt byte for byte, and refusals."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from practicelib.errors import LabelError, TooFewLabelsError
from practicelib.files.data import data_path
from practicelib.files.hashing import hash_text
from practicelib.files.tables import write_csv
from practicelib.model.classifier import MechanismClassifier
from practicelib.model.storage import load_tagger, save_tagger
from practicelib.records.labelled import LabelledSentences, SentenceInfo
from practicelib.show.card import model_card
from practicelib.workflows.evaluation import evaluate
from practicelib.workflows.gold import read_gold
from practicelib.workflows.training import label_set_hash, train
from tests.labels.folders import CODEBOOK

ROOT = Path(__file__).resolve().parents[2]
# The packages whose versions show in the last bits of a trained model.
COUNTING = ("numpy", "scipy", "scikit-learn")


@pytest.mark.rebuild
def test_the_shipped_model_is_trained_again(gold: LabelledSentences, tmp_path: Path) -> None:
    """Training on `labels/` gives equal labels, and with the locked packages the very same files.

    With whichever versions the metadata admits: labels on the test sources, and on those trained
    on. One test for both, because training takes minutes.
    """
    rebuilt, shipped = train(gold), load_tagger()
    for texts in (gold.with_role("test").texts, gold.with_role("train").texts):
        expected = shipped.tag_batch(texts).assigned
        assert expected.any(axis=0).all()
        np.testing.assert_array_equal(rebuilt.tag_batch(texts).assigned, expected)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    if all(f"{name}=={version(name)} " in lock for name in COUNTING):
        home = data_path("models/default")
        save_tagger(rebuilt, tmp_path / "model")
        for name in ("model.json", next(home.glob("arrays-*.npz")).name):
            assert (tmp_path / "model" / name).read_bytes() == (home / name).read_bytes(), name


class _FitCalledError(Exception):
    """Stands for the end of a training that is not run."""


@pytest.mark.parametrize(("sources", "kept_together"), [(12, "sources"), (4, "reports")])
def test_folds_are_of_sources_where_there_are_plenty(
    sources: int, kept_together: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source in one fold only from ten sources on, a report always."""
    seen: dict[str, list[str]] = {}

    def fit(*_: object, groups: np.ndarray, **__: object) -> None:
        seen["groups"] = groups.tolist()
        raise _FitCalledError

    monkeypatch.setattr(MechanismClassifier, "fit", fit)
    keys = load_tagger().categories
    sentences = tuple(
        SentenceInfo(str(i), "网格", f"report {i // 2}", "train", f"source {i // 2 % sources}")
        for i in range(48)
    )
    with pytest.raises(_FitCalledError):
        train(LabelledSentences(sentences, keys, np.ones((48, len(keys)), dtype=bool)))
    expected = [s.source if kept_together == "sources" else s.report for s in sentences]
    assert seen["groups"] == expected


def test_the_seed_trained_nothing(gold: LabelledSentences) -> None:
    """No report of role test is among those the shipped model names as its training."""
    facts = load_tagger().parameters.facts
    tested = set(gold.with_role("test").reports.tolist())
    assert tested
    assert not tested & set(facts["report_ids"])
    assert facts["label_set"] == label_set_hash(gold.with_role("train"))
    assert facts["sentences"] >= 8000


def test_leakage_is_refused(gold: LabelledSentences) -> None:
    """Measuring on a report that was trained on names that report."""
    some = gold.with_role("train").select(range(50))
    with pytest.raises(LabelError, match="trained on this report") as caught:
        evaluate(load_tagger(), some)
    assert caught.value.faults[0].value == some.sentences[0].report


def test_too_few_labels_are_named() -> None:
    """Every category without enough sentences, and too few reports, in one message."""
    keys = load_tagger().categories
    sentences = tuple(SentenceInfo(str(i), "网格", "r", "train") for i in range(10))
    labels = np.zeros((10, len(keys)), dtype=bool)
    with pytest.raises(TooFewLabelsError) as caught:
        train(LabelledSentences(sentences, keys, labels))
    assert str(caught.value).count("at least") == 1 + len(keys)


def test_other_categories_are_refused() -> None:
    """Labels of another codebook do not train this one."""
    one = LabelledSentences((SentenceInfo("a", "b"),), ("x",), np.ones((1, 1), dtype=bool))
    with pytest.raises(LabelError, match="the codebook"):
        train(one)


def test_a_model_notes_who_coded_what_it_learned_from(tmp_path: Path) -> None:
    """From `coders.csv` and `sources.csv` of a label folder to the card of the saved model."""
    root = tmp_path / "labels"
    (root / "sentences").mkdir(parents=True)
    (root / "codings").mkdir()
    texts = [(f"r{i}", f"{text}{i}") for i in range(7) for text in ("三个村一起修水渠", "各户养路")]
    rows = [(n, r, 0, len(t), t, hash_text(t)) for n, (r, t) in enumerate(texts)]
    header = ("id", "report", "start", "end", "text", "sha256")
    write_csv(root / "sentences" / "a.csv", header, rows)
    coded = [(n, ("water", "road")[n % 2]) for n in range(len(texts))]
    for name in ("wang", "li"):
        write_csv(root / "codings" / f"{name}.csv", ("sentence", "labels"), coded)
    write_csv(root / "coders.csv", ("coder", "kind"), [("wang", "person"), ("li", "person")])
    sources = [(f"r{i}", f"r{i}.txt", "test" if i > 4 else "train", "总结") for i in range(7)]
    write_csv(root / "sources.csv", ("report", "file", "role", "type"), sources)
    (root / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    save_tagger(train(*read_gold(root)), tmp_path / "own")
    card = model_card(load_tagger(tmp_path / "own"), {})
    assert card.startswith("Its labels come from 2 people.\n")
    assert "10 sentences of 5 reports (road 5, water 5)" in card
    assert "(column `type`): 总结 5." in card
    assert "was decided: unanimous 10." in card
    assert "by role: 4 sentences of 2 reports." in card


def test_hash_of_a_label_set_ignores_order(gold: LabelledSentences) -> None:
    """Shuffling rows leaves it, changing a label does not."""
    few = gold.select(range(20))
    assert label_set_hash(few) == label_set_hash(few.select(list(range(19, -1, -1))))
    changed = LabelledSentences(few.sentences, few.categories, ~few.labels)
    assert label_set_hash(few) != label_set_hash(changed)
