"""Fixtures that several test folders share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from practicelib.files.data import data_path
from practicelib.model.storage import load_tagger
from practicelib.model.tagger import Tagger

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
def dev() -> list[dict[str, Any]]:
    """Real sentences to measure on; absent outside the project's own machines."""
    path = SHARED / "real" / "dev.jsonl"
    if not path.exists():
        pytest.skip("the real sentences are not here")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
