"""The choice of the engine: what failed is not tried again, and nobody waits for another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba")

from practicelib.model import scoring
from practicelib.model.compiled import engine, kept
from practicelib.model.scoring import Scorer
from practicelib.model.tagger import Tagger

TEXTS = ["网格员每天入户走访。", "居民议事会商定。"]


class Compiling:
    """In place of `compile_model`: counts, says that it has begun, and waits to be let on."""

    def __init__(self, end: Callable[[], Any]) -> None:
        self.end = end
        self.calls = 0
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, *_: Any) -> Any:
        self.calls += 1
        self.begun.set()
        assert self.go_on.wait(30)
        return self.end()


def failing() -> None:
    raise RuntimeError("no compiler")


@pytest.fixture
def scorer(tagger: Tagger) -> Scorer:
    """One for which "auto" would compile at once."""
    made = Scorer(tagger.parameters, tagger.hash)
    made.used["pure"] = 10**9
    return made


def test_others_go_on_while_one_compiles(scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the pure engine under "auto"; later by the one that was made."""
    real = engine.compile_model
    parameters, matcher = scorer.parameters, scorer.space.matcher
    compiling = Compiling(lambda: real(parameters, matcher, ""))
    monkeypatch.setattr(engine, "compile_model", compiling)
    expected = scorer.decisions(TEXTS, "pure")
    first = threading.Thread(target=scorer.decisions, args=(TEXTS,))
    first.start()
    assert compiling.begun.wait(30)
    second = threading.Thread(target=scorer.decisions, args=(TEXTS,), daemon=True)
    second.start()
    second.join(20)
    waited = second.is_alive()
    compiling.go_on.set()
    first.join()
    assert not waited
    assert np.array_equal(scorer.decisions(TEXTS), expected)
    assert compiling.calls == 1
    size = sum(map(len, TEXTS))
    assert scorer.used == {"pure": 10**9 + 2 * size, "compiled": 2 * size}


def test_what_failed_is_not_tried_again(
    scorer: Scorer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Also by a thread that had chosen the engine before it failed; said once."""
    compiling = Compiling(failing)
    compiling.go_on.set()
    monkeypatch.setattr(engine, "compile_model", compiling)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            scorer.decisions(TEXTS)
        assert scorer.choose(10**9) == "pure"
        monkeypatch.setattr(scorer, "choose", lambda *_: "compiled")
        scorer.decisions(TEXTS)
    assert compiling.calls == 1
    assert len(caplog.messages) == 1
    assert scorer.used["compiled"] == 0


def test_the_cache_is_looked_through_once(tagger: Tagger, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(kept, "has_tables", lambda _: bool(looked.append("tables")))
    monkeypatch.setattr(kept, "has_code", lambda: bool(looked.append("code")))
    scorer = Scorer(tagger.parameters, tagger.hash)
    assert scorer.choose(100_000) == "pure" and not looked
    for _ in range(3):
        assert scorer.choose(int(2 * scoring._LOADING / scoring._PURE_CHARACTER)) == "pure"
    assert sorted(looked) == ["code", "tables"]
