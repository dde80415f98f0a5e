"""Fixtures that several test folders share."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from practicelib.files.data import data_path
from practicelib.model.storage import load_tagger
from practicelib.model.tagger import Tagger
from practicelib.records.labelled import LabelledSentences
from practicelib.workflows.gold import read_gold

settings.register_profile(
    "practicelib", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("practicelib")

SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest test begins first, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: item.name != "test_the_shipped_model_is_trained_again")


@pytest.fixture(scope="session")
def seed_path() -> Path:
    """The seed: a real compilation of six reports."""
    return data_path("labels/reports/seed.txt")


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    """The shipped model."""
    return load_tagger()


@pytest.fixture(scope="session")
def gold() -> LabelledSentences:
    """Gold of the shipped labels; reading them takes seconds, so once a process."""
    return read_gold(data_path("labels"))[0]


@pytest.fixture(scope="session")
def seed_labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A label folder with the seed alone: what is tested on it is not to read all the rest."""
    root, labels = tmp_path_factory.mktemp("labels"), data_path("labels")
    names = ("sentences/seed.csv", "codings/seed-a.csv", "codings/seed-b.csv", "reports/seed.txt")
    for name in ("codebook.toml", "coders.csv", *names):
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(labels / name, root / name)
    head, *lines = (labels / "sources.csv").read_text(encoding="utf-8-sig").splitlines()
    own = [line for line in lines if line.startswith("seed-")]
    (root / "sources.csv").write_text("\n".join([head, *own]), encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def dev() -> list[dict[str, Any]]:
    """Real sentences to measure on; absent outside the project's own machines."""
    path = SHARED / "real" / "dev.jsonl"
    if not path.exists():
        pytest.skip("the real sentences are not here")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
