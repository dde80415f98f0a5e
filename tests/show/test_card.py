"""The card of a model says what is true of that model, and nothing of another."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from practicelib.files.data import data_path
from practicelib.labels.provenance import labelling_facts
from practicelib.model.storage import load_tagger
from practicelib.model.tagger import Tagger
from practicelib.records.labelled import Coder, LabelledSentences
from practicelib.show.card import model_card

SHIPPED = ("No person", "composed reports", "seed", "labels/README.md", "Hong Kong", "2005")
GOLDEN = Path(__file__).parents[1] / "golden"
LABELLING = {
    "coders": {"person": 2},
    "how": {"decision": 3, "unanimous": 20},
    "types": {"总结": 8, "简报\n# x": 2},
    "origins": {"quoted": 10},
    "apart": {"sentences": 33, "reports": 2},
}


@pytest.fixture
def own() -> Tagger:
    """A model of other labels than the shipped ones, saved before it was noted who coded them."""
    return load_tagger(GOLDEN / "format-2")


def with_labelling(tagger: Tagger, labelling: Any) -> Tagger:
    facts = {
        "sentences": 23,
        "reports": 10,
        "positives": {"joint": 5, "grid": 6},
        "label_set": "ab" * 32,
        "labelling": labelling,
    }
    return Tagger(replace(tagger.parameters, facts=facts), name="own")


def test_the_shipped_card_is_what_is_written(tagger: Tagger) -> None:
    """Byte for byte, as `practicelib card` writes it."""
    home = data_path("models/default")
    outside = json.loads((home / "outside.json").read_text(encoding="utf-8"))
    card = model_card(tagger, outside)
    assert card == (home / "card.md").read_text(encoding="utf-8")
    assert all(said in card for said in SHIPPED)


@pytest.mark.parametrize("name", ["format-1", "format-2"])
def test_what_an_older_model_did_not_record_is_not_said(name: str) -> None:
    """Neither who coded, nor what the shipped labels are."""
    card = model_card(load_tagger(GOLDEN / name), {})
    assert card.startswith("Who coded its labels, people or passes of a language model, is not rec")
    assert not any(said in card for said in SHIPPED)
    assert "Types of these reports (column `type`): not recorded." in card
    measured = card.split("## Measured outside its training text\n")[1].split("\n## ")[0]
    assert measured.strip().startswith("Not recorded. `practicelib evaluate")
    assert "above" not in card


@pytest.mark.parametrize(
    ("coders", "said"),
    [
        ({}, "Who coded its labels, people or passes of a language model, is not recorded."),
        ({"person": 2}, "Its labels come from 2 people."),
        ({"person": 1}, "Its labels come from 1 person."),
        (
            {"model pass": 1, "person": 1},
            "Its labels come from 1 pass of a language model and 1 person.",
        ),
        ({"unknown": 2}, "Its labels come from 2 coders not recorded as people or models."),
    ],
)
def test_the_kinds_of_coders_are_said(own: Tagger, coders: dict[str, int], said: str) -> None:
    card = model_card(with_labelling(own, LABELLING | {"coders": coders}), {})
    assert card.startswith(f"{said}\n\n# Model card: own")


def test_labels_of_models_only_are_said_to_be(own: Tagger) -> None:
    """Whoever trained on them."""
    card = model_card(with_labelling(own, LABELLING | {"coders": {"model pass": 2}}), {})
    assert card.startswith("**No person has validated this model yet.** Its labels come from 2 pas")
    assert "measured on, were" not in card


def test_sources_and_what_was_kept_apart_are_said(own: Tagger) -> None:
    """As `sources.csv` has them; what somebody typed there begins no heading."""
    card = model_card(with_labelling(own, LABELLING), {})
    assert not any(said in card for said in SHIPPED)
    assert "`sources.csv`): quoted 10." in card
    assert "(column `type`): 总结 8, 简报 # x 2." in card
    assert "was decided: decision 3, unanimous 20." in card
    assert "by role: 33 sentences of 2 reports." in card


def test_what_the_shipped_labels_note(gold: LabelledSentences) -> None:
    """Nothing, so that the shipped model is built as it was; with a person among them, all."""
    trained = gold.with_role("train")
    assert {coder.kind for coder in gold.coders} == {"model pass"}
    assert labelling_facts(gold, trained) == {}
    some = trained.select(range(100))
    assert labelling_facts(gold, some)["labelling"]["origins"] == {
        "composed": len(set(some.reports.tolist()))
    }
    person = replace(gold, coders=(*gold.coders, Coder("wang", "person")))
    noted = labelling_facts(person, person.with_role("train"))["labelling"]
    assert noted["coders"] == {"model pass": len(gold.coders), "person": 1}
    test = gold.with_role("test")
    assert noted["apart"] == {"sentences": len(test), "reports": len(set(test.reports.tolist()))}
