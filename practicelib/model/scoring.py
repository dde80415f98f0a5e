"""Decision values by the engine that the amount of text repays.

The pure engine starts at once and is slow; the compiled one is some forty times as fast, but numba
must be imported and the machine code and tables loaded or, the first time, made. "auto" stays pure
until the text seen so far would have repaid that (ski-rental: at worst twice the best choice), and
then stays compiled. Both give the same values.

Axes: N texts, K categories.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import MissingExtraError
from practicelib.model.checks import refuse_no_text
from practicelib.model.evidence import Explainer
from practicelib.model.features import FeatureSpace, prepare
from practicelib.model.fixed import FixedScores
from practicelib.model.joined import JoinedTexts
from practicelib.model.parameters import ModelParameters
from practicelib.model.terms import Counter

if TYPE_CHECKING:
    from practicelib.model.compiled.engine import CompiledModel

ENGINES = ("auto", "pure", "compiled")
Floats = NDArray[np.float64]

# Seconds as measured for the shipped model on one core; only their ratio matters.
_PURE_CHARACTER = 3.6e-6
_LOADING = 0.6
_MAKING_CODE = 36.0
_MAKING_TABLES = 5.0
_BATCH = 512
"""Texts whose terms the pure engine holds at a time."""
_LOG = logging.getLogger(__name__)


def check_engine(engine: str) -> str:
    """The name of an engine; ValueError for any other word."""
    if engine not in ENGINES:
        raise ValueError(f"engine must be one of {', '.join(ENGINES)}, not {engine!r}")
    return engine


class Scorer:
    """The decision values of a model, by either engine; threads may share it.

    `used` counts the code points that each engine has scored.
    """

    def __init__(self, parameters: ModelParameters, model_hash: str = "") -> None:
        self.parameters = parameters
        self.used = {"pure": 0, "compiled": 0}
        self._hash = model_hash
        self._compiled: CompiledModel | None = None
        self._broken = False
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[Scorer], tuple[ModelParameters, str]]:
        """What else there is, locks and tables, is made anew in the other process."""
        return Scorer, (self.parameters, self._hash)

    @cached_property
    def space(self) -> FeatureSpace:
        """The features of the pure engine."""
        return FeatureSpace(self.parameters.features, self.parameters.codebook)

    @cached_property
    def explainer(self) -> Explainer:
        """What finds the evidence of a text."""
        return Explainer(self.space, self.parameters)

    def decisions(self, texts: Iterable[str], engine: str = "auto") -> Floats:
        """Decision values of N texts, shape (N, K).

        Raises TypeError for what is no string, MissingExtraError where the engine is "compiled" and
        numba is missing.
        """
        every = texts if isinstance(texts, (list, JoinedTexts)) else list(texts)
        if isinstance(every, JoinedTexts):
            size = every.size
        else:
            refuse_no_text(every)
            size = sum(map(len, every))
        chosen = self.choose(size, engine)
        if chosen == "compiled":
            model = self._try_compiled() if engine == "auto" else self.compiled
            if model is not None:
                self.used["compiled"] += size
                if isinstance(every, JoinedTexts):
                    return model.decisions_at(every.codes, every.starts, every.ends)
                return model.decisions(every)
        self.used["pure"] += size
        return self._pure(every)

    def choose(self, size: int, engine: str = "auto") -> str:
        """The engine that would score a text of `size` code points now."""
        if engine != "auto":
            return engine
        if self._compiled is not None:
            return "compiled"
        if self._broken or find_spec("numba") is None:
            return "pure"
        repaid = (self.used["pure"] + size) * _PURE_CHARACTER
        # Most jobs are small; they need not even look at the cache.
        return "compiled" if repaid > _LOADING and repaid > self._start else "pure"

    @property
    def compiled(self) -> CompiledModel:
        """The compiled model, made or loaded on first use; MissingExtraError without numba."""
        with self._lock:
            return self._make()

    def _make(self) -> CompiledModel:
        # Only under the lock.
        if self._compiled is None:
            try:
                from practicelib.model.compiled.engine import compile_model
            except ImportError as cause:
                why = f"the compiled engine needs numba ({cause})"
                raise MissingExtraError(why, extra="fast") from cause
            self._compiled = compile_model(self.parameters, self.space.matcher, self._hash)
        return self._compiled

    def _try_compiled(self) -> CompiledModel | None:
        """The compiled model; None where it cannot start or another thread is just making it."""
        if self._compiled is not None:
            return self._compiled
        # The pure engine can do the work meanwhile, with the same values.
        if not self._lock.acquire(blocking=False):
            return None
        try:
            # It may have failed since this thread chose the engine.
            return None if self._broken else self._make()
        except Exception as cause:
            # A broken numba must not stop work that the pure engine can do.
            _LOG.warning("the compiled engine cannot start, going on without it: %s", cause)
            self._broken = True
            return None
        finally:
            self._lock.release()

    @cached_property
    def _start(self) -> float:
        """Seconds until the compiled engine is there; looked up in the cache once."""
        from practicelib.model.compiled.kept import has_code, has_tables

        tables = 0.0 if has_tables(self._hash) else _MAKING_TABLES
        return _LOADING + tables + (0.0 if has_code() else _MAKING_CODE)

    def _pure(self, texts: Sequence[str]) -> Floats:
        batches = (texts[first : first + _BATCH] for first in range(0, len(texts), _BATCH))
        found = [self._pure_batch(batch) for batch in batches]
        return np.concatenate(found) if found else np.zeros((0, len(self.parameters.intercepts)))

    def _pure_batch(self, texts: Sequence[str]) -> Floats:
        counted = self._counter.count(map(prepare, texts))
        rows = self._fixed.weighted(counted.terms, counted.counts)
        # Differences of running sums are exact: whole numbers, and what overflows cancels out.
        sums = np.zeros((len(rows) + 1, rows.shape[1]), np.int64)
        np.cumsum(rows, axis=0, out=sums[1:])
        totals = np.diff(sums[counted.bounds], axis=1)
        found = np.zeros((len(texts), len(self.parameters.intercepts)))
        for number, block in enumerate(self.space.blocks):
            found += self._fixed.scaled(totals[:, number], block.scale)
        return found + (self._of_patterns(counted.patterns) + self.parameters.intercepts)

    def _of_patterns(self, patterns: Sequence[Sequence[int]]) -> Floats:
        parameters = self.parameters
        columns = parameters.coefficients[:, self.space.first_pattern :].T
        shares = columns * parameters.features.pattern_scale
        totals = np.zeros((len(patterns), len(parameters.intercepts)))
        for row, numbers in enumerate(patterns):
            # One after the other by number, as the compiled engine adds.
            for number in numbers:
                totals[row] += shares[number]
        return totals

    @cached_property
    def _counter(self) -> Counter:
        return Counter(self.space)

    @cached_property
    def _fixed(self) -> FixedScores:
        return FixedScores(self.parameters)
