"""What a piece of work costs: seconds, and the peak of memory above where it began."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_SELF = Path("/proc/self")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds, and megabytes of resident memory above the start; NaN where not measurable."""

    seconds: float
    megabytes: float


def measured(work: Callable[[], object]) -> Cost:
    """Run `work` and measure it; what it raises is passed on."""
    gc.collect()
    before = _reset_peak()
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    return Cost(seconds, _status("VmHWM") - before)


def _reset_peak() -> float:
    """Set the kernel's high-water mark of this process to what it uses now (Linux alone)."""
    try:
        (_SELF / "clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return float("nan")
    return _status("VmRSS")


def _status(key: str) -> float:
    try:
        text = (_SELF / "status").read_text(encoding="ascii")
    except OSError:
        return float("nan")
    line = next(line for line in text.splitlines() if line.startswith(key + ":"))
    return int(line.split()[1]) / 1000.0
