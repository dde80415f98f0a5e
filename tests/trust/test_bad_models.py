"""Every spoiled model is refused with a cause and a place, at a bounded cost."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from practicelib.errors import ModelFileError
from practicelib.files.data import data_path
from practicelib.model.storage import load_tagger
from practicelib.model.tagger import Tagger
from practicelib.text.words import WordTable
from tests.trust.bad_models import BAD_MODELS
from tests.trust.meter import measured
from tests.trust.model_workshop import Workshop

MEGABYTES = 200


def cut_down(tagger: Tagger) -> Tagger:
    """The shipped model with few of its words and terms, so that each case costs little."""
    old, few = tagger.parameters, 500
    words, characters = old.features.sizes
    columns = [*range(few), *range(words, words + few)]
    columns += range(words + characters, old.coefficients.shape[1])
    table = old.features.table
    features = replace(
        old.features,
        table=WordTable(table.words[:few], table.frequencies[:few]),
        word_terms=old.features.word_terms[:few],
        word_idf=old.features.word_idf[:few],
        character_terms=old.features.character_terms[:few],
        character_idf=old.features.character_idf[:few],
    )
    coefficients = np.ascontiguousarray(old.coefficients[:, columns])
    return Tagger(replace(old, features=features, coefficients=coefficients))


@pytest.fixture(scope="module")
def small(tagger: Tagger) -> Tagger:
    """The cut-down copy; `make trust` takes the whole model."""
    return cut_down(tagger)


@pytest.fixture(scope="session")
def description() -> dict[str, Any]:
    """The description of the shipped model."""
    text = data_path("models/default/model.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def test_the_workshop_saves_a_whole_model(
    tmp_path: Path, description: dict[str, Any], tagger: Tagger
) -> None:
    """Left as it is, the copy opens: the cases below fail for what they spoil alone."""
    for number, model in enumerate((tagger, cut_down(tagger))):
        folder = tmp_path / str(number)
        folder.mkdir()
        Workshop(folder, description, model).save()
        assert load_tagger(folder).thresholds == tagger.thresholds


@pytest.mark.parametrize("name", BAD_MODELS)
def test_bad_models_are_refused(
    tmp_path: Path, description: dict[str, Any], small: Tagger, name: str
) -> None:
    """With a ModelFileError that says what and where, below 200 MB."""
    spoil, cause = BAD_MODELS[name]
    spoil(Workshop(tmp_path, description, small))

    def load() -> None:
        with pytest.raises(ModelFileError) as caught:
            load_tagger(tmp_path)
        assert caught.value.file.startswith(str(tmp_path))
        assert re.search(cause, str(caught.value)), str(caught.value)

    cost = measured(load)
    assert math.isnan(cost.megabytes) or cost.megabytes < MEGABYTES


def test_the_corpus_is_large() -> None:
    """At least fifty cases, as promised in SECURITY.md."""
    assert len(BAD_MODELS) >= 50
