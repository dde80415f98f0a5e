"""Every spoiled model is refused with a cause and a place, at a bounded cost."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from practicelib.errors import ModelFileError
from practicelib.files.data import data_path
from practicelib.model.storage import load_tagger
from practicelib.model.tagger import Tagger
from tests.trust.bad_models import BAD_MODELS, Workshop
from tests.trust.meter import measured

MEGABYTES = 200


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
    Workshop(tmp_path, description, tagger).save()
    assert load_tagger(tmp_path).thresholds == tagger.thresholds


@pytest.mark.parametrize("name", BAD_MODELS)
def test_bad_models_are_refused(
    tmp_path: Path, description: dict[str, Any], tagger: Tagger, name: str
) -> None:
    """With a ModelFileError that says what and where, below 200 MB."""
    spoil, cause = BAD_MODELS[name]
    spoil(Workshop(tmp_path, description, tagger))

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
