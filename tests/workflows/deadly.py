"""What workers run in tests; a module of its own, so that a worker is quick to start."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def length(texts: Sequence[str]) -> NDArray[np.float64]:
    """The length of each text, shape (N, 1)."""
    return np.array([[float(len(text))] for text in texts])


def dies_once(marker: str, texts: Sequence[str]) -> NDArray[np.float64]:
    """Kills its process the first time that it meets the text 死."""
    if "死" in texts and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return length(texts)


def dies_always(texts: Sequence[str]) -> NDArray[np.float64]:
    """Kills its process whenever it meets the text 死."""
    if "死" in texts:
        os.kill(os.getpid(), signal.SIGKILL)
    return length(texts)
