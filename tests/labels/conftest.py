"""Tagged reports to draw samples from."""

from __future__ import annotations

import pytest

from practicelib.records.tags import TaggedReport
from tests.practices.made import MODEL, reports_of

SHARES = [[0.2, 0.1, 0.05, 0.05], [0.05, 0.1, 0.15, 0.05]]


@pytest.fixture
def tagged() -> list[TaggedReport]:
    """Twelve reports of two units, as if by a model."""
    return reports_of(SHARES, per_unit=6, size=40, coding=MODEL)[0]
