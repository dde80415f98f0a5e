"""Tagging in several processes: bounded, in order, and proof against a worker that dies.

A worker loads the model once, by path. At most a few windows are under way, so a slow reader of
the results holds the work back. When a worker dies, the windows under way are given out again, one
at a time; the one that kills a worker a second time is halved until the text that does it is found.

Axes: N texts, K categories.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.errors import WorkerDiedError
from practicelib.model.checks import refuse_no_count
from practicelib.model.joined import JoinedTexts
from practicelib.model.storage import load_tagger
from practicelib.model.tagger import Tagger

Floats = NDArray[np.float64]
Score = Callable[[Sequence[str]], Floats]
_AHEAD = 2
"""Windows under way for each worker."""


@cache
def worker_tagger(path: str, engine: str) -> Tagger:
    """The tagger of this process."""
    return load_tagger(path or None).with_engine(engine)


def score_texts(path: str, engine: str, texts: Sequence[str]) -> Floats:
    """Probabilities (N, K) by a saved model; the model stays loaded."""
    return worker_tagger(path, engine).predict_proba(texts)


def score_in_processes(
    windows: Iterable[Sequence[str]], *, jobs: int, path: str = "", engine: str = "auto"
) -> Iterator[Floats]:
    """Probabilities (N, K) of each window, in order, by `jobs` processes.

    `path` is that of a saved model, the shipped one where it is empty. Raises WorkerDiedError
    naming the text that kills its worker every time, ValueError for jobs below 1.
    """
    return run_in_processes(partial(score_texts, path, engine), windows, jobs)


def run_in_processes(score: Score, windows: Iterable[Sequence[str]], jobs: int) -> Iterator[Floats]:
    """`score` of each window, in order; see the module. `score` is sent to the workers."""
    # At once, not when the first result is asked for: without workers it would be waited for.
    refuse_no_count(jobs=jobs)
    return _run(score, windows, jobs)


def _run(score: Score, windows: Iterable[Sequence[str]], jobs: int) -> Iterator[Floats]:
    waiting: deque[tuple[int, Sequence[str], Future[Floats]]] = deque()
    source = iter(windows)
    first = 0
    try:
        while True:
            while len(waiting) < _AHEAD * jobs:
                window = next(source, None)
                if window is None:
                    break
                waiting.append((first, window, _submit(jobs, score, window)))
                first += len(window)
            if not waiting:
                return
            start, window, future = waiting.popleft()
            try:
                found = future.result()
            except BrokenProcessPool:
                found = _again(jobs, score, window, start)
                # The others went down with the same worker; they are given out anew.
                waiting = deque(
                    (n, one, old if _is_done(old) else _submit(jobs, score, one))
                    for n, one, old in waiting
                )
            yield found
    finally:
        for _, _, future in waiting:
            future.cancel()


def _is_done(future: Future[Floats]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _again(jobs: int, score: Score, window: Sequence[str], start: int) -> Floats:
    try:
        return _submit(jobs, score, window).result()
    except BrokenProcessPool as cause:
        if len(window) == 1:
            why = f"a worker died twice on text {start + 1}"
            raise WorkerDiedError(why, value=window[0][:40]) from cause
    middle = len(window) // 2
    halves = ((window[:middle], start), (window[middle:], start + middle))
    return np.concatenate([_again(jobs, score, half, begin) for half, begin in halves])


def _submit(jobs: int, score: Score, window: Sequence[str]) -> Future[Floats]:
    from joblib.externals.loky import get_reusable_executor

    executor: Any = get_reusable_executor(max_workers=jobs, timeout=60)
    # As one run of code points a window is cheaper to send, and the worker need not take it apart.
    future: Future[Floats] = executor.submit(score, JoinedTexts.of(window))
    return future
