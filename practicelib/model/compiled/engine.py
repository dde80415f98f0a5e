"""The compiled tagger: texts or UTF-8 in, decision values out.

Axes: N texts, K categories.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from practicelib.codebook.matcher import Matcher
from practicelib.model.compiled.characters import TRADITIONAL
from practicelib.model.compiled.kept import tables_file
from practicelib.model.compiled.kernel import score_texts
from practicelib.model.compiled.stored import read_tables, write_tables
from practicelib.model.compiled.tables import Tables, build_tables
from practicelib.model.compiled.work import make_work
from practicelib.model.parameters import ModelParameters
from practicelib.text.script import to_simplified

Floats = NDArray[np.float64]
_WINDOW = 1 << 20
"""Code points that are held as an array at a time."""


class CompiledModel:
    """A model's tables with the kernel that reads them; threads may share it."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._categories = len(tables.intercepts)

    def decisions(self, texts: Sequence[str]) -> Floats:
        """Decision values of N texts, shape (N, K)."""
        found = np.empty((len(texts), self._categories))
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
        for first, last in pairwise(_windows(ends)):
            codes = code_points("".join(texts[first:last]))
            bounds = ends[first:last] - (ends[first - 1] if first else 0)
            self._score(codes, np.append(0, bounds[:-1]), bounds, found[first:last])
        return found

    def decisions_at(
        self, codes: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> Floats:
        """Decision values of the texts `codes[starts[i]:ends[i]]`, shape (N, K)."""
        found = np.empty((len(starts), self._categories))
        self._score(codes, starts, ends, found)
        return found

    def _score(
        self,
        codes: NDArray[np.uint32],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        decisions: Floats,
    ) -> None:
        skipped = self._run(codes, starts, ends, decisions, TRADITIONAL)
        rows = np.flatnonzero(skipped)
        if not len(rows):
            return
        # The converter looks at neighbouring characters, so whole texts go through it. What it
        # leaves Traditional is taken as it is.
        texts = [
            to_simplified(
                codes[starts[row] : ends[row]].tobytes().decode("utf-32-le", "surrogatepass")
            )
            for row in rows.tolist()
        ]
        bounds = np.cumsum([0, *map(len, texts)])
        found = np.empty((len(rows), self._categories))
        self._run(code_points("".join(texts)), bounds[:-1], bounds[1:], found, 0)
        decisions[rows] = found

    def _run(
        self,
        codes: NDArray[np.uint32],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        decisions: Floats,
        watched: int,
    ) -> NDArray[np.bool_]:
        longest, rooms, done = int((ends - starts).max(initial=0)), 1, 0
        skipped = np.zeros(len(starts), np.bool_)
        texts = (codes, starts, ends)
        while done < len(starts):
            work = make_work(self.tables, longest, rooms)
            done = score_texts(
                self.tables, texts, done, work, np.uint32(watched), decisions, skipped
            )
            rooms *= 2
        return skipped


def compile_model(
    parameters: ModelParameters, matcher: Matcher, model_hash: str = ""
) -> CompiledModel:
    """The compiled form of a model; its tables are kept under `model_hash` where one is given."""
    with _BUILDING:
        file = tables_file(model_hash)
        tables = read_tables(file) if file else None
        if tables is None:
            tables = build_tables(parameters, matcher)
            if file:
                # A full disk costs time at the next start, no more.
                with contextlib.suppress(OSError):
                    write_tables(file, tables)
                # Mapped they are shared with other processes.
                tables = read_tables(file) or tables
    return CompiledModel(tables)


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text; lone surrogates stand for themselves."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))


def _windows(ends: NDArray[np.int64]) -> list[int]:
    """Where windows of about `_WINDOW` code points begin, and the end."""
    if not len(ends):
        return [0]
    marks = np.arange(_WINDOW, int(ends[-1]), _WINDOW)
    begins = np.searchsorted(ends, marks) + 1
    found: list[int] = np.unique(np.concatenate([[0], begins, [len(ends)]])).tolist()
    return found


_BUILDING = threading.Lock()
