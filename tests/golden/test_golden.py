"""Models of every released format keep opening, and answer what they answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from practicelib.model.storage import FORMAT, load_tagger, save_tagger
from tests.golden.make import few, small_tagger

FOLDER = Path(__file__).parent
FORMATS = sorted(path.name for path in FOLDER.glob("format-*"))


def answers_of(name: str) -> dict[str, Any]:
    """What the model of a format answered when it was made."""
    content: dict[str, Any] = json.loads((FOLDER / name / "answers.json").read_text("utf-8"))
    return content


def test_there_is_a_golden_model_of_every_format() -> None:
    """A new format number comes with its golden model."""
    expected = {f"format-{number}" for number in range(1, FORMAT + 1)}
    assert set(FORMATS) == expected


@pytest.mark.parametrize("name", FORMATS)
def test_old_models_open_and_answer_the_same(name: str) -> None:
    """Decisions and probabilities to 1e-9, labels equal."""
    tagger, answers = load_tagger(FOLDER / name), answers_of(name)
    texts = answers["texts"]
    for found, noted in (
        (tagger.decision_function(texts), answers["decisions"]),
        (tagger.predict_proba(texts), answers["probabilities"]),
    ):
        np.testing.assert_allclose(found, noted, rtol=0, atol=1e-9)
    assert [list(tags.labels) for tags in tagger.tag(texts)] == answers["labels"]
    assert sum(map(bool, answers["labels"])) >= 10


@pytest.mark.parametrize("name", FORMATS)
def test_old_models_can_be_saved_anew(name: str, tmp_path: Path) -> None:
    """Saved by today's version they answer the same, to the last bit."""
    tagger, texts = load_tagger(FOLDER / name), answers_of(name)["texts"]
    save_tagger(tagger, tmp_path)
    again = load_tagger(tmp_path)
    assert np.array_equal(tagger.decision_function(texts), again.decision_function(texts))


def test_training_again_gives_equal_labels() -> None:
    """Fitted with the installed scikit-learn, the model labels its sentences as the golden one."""
    golden, new, texts = load_tagger(FOLDER / FORMATS[-1]), small_tagger(), few()[0]
    assert [t.labels for t in golden.tag(texts)] == [t.labels for t in new.tag(texts)]
