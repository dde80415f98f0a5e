"""Processes that write without pause and are killed at a random moment."""

from __future__ import annotations

import os
import random
import signal
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Figures of a campaign: how often it was tried, and what was not as promised."""

    tried: int = 0
    lost: list[str] = field(default_factory=list)

    @property
    def survived(self) -> int:
        """How often all was as promised."""
        return self.tried - len(self.lost)


def killed(
    write: Callable[[int], object], check: Callable[[], object], *, times: int, span: float
) -> Tally:
    """Fork a child that calls `write(0)`, `write(1)`, ... and kill it; then `check`.

    The moment is drawn from 0 to `span` seconds after the first write has begun. `check` raises
    where the state is neither the whole old nor the whole new one.
    """
    tally, moments = Tally(), random.Random(20261123)
    for number in range(times):
        child = _started(write)
        time.sleep(moments.uniform(0.0, span))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        tally.tried += 1
        try:
            check()
        except Exception as error:
            tally.lost.append(f"kill {number}: {type(error).__name__}: {error}")
    return tally


def _started(write: Callable[[int], object]) -> int:
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # The child only writes files; it takes no lock that another thread could hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            os.write(writing, b"x")
            for number in range(10**9):
                write(number)
        finally:
            os._exit(9)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    return child


def in_child(work: Callable[[], object], *, user: int | None = None) -> str:
    """What `work` says in a forked child, as another user where one is given."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        said = "?"
        try:
            os.close(reading)
            if user is not None and os.getuid() == 0:
                os.setuid(user)
            said = str(work())
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        finally:
            os.write(writing, said.encode("utf-8", "replace")[:4000])
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read().decode("utf-8")
    os.waitpid(child, 0)
    return said
