"""R's random numbers from a seed, so that a published `set.seed` example can be run without R.

R's defaults: Mersenne Twister (Matsumoto and Nishimura 1998) with R's scrambling of the seed, and
`sample` by rejection since R 3.6. Checked against R 4.2.2 in `test_powered_examples`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STATE = 624  # words of the twister


class RRandom:
    """The stream that `set.seed(seed)` starts."""

    def __init__(self, seed: int) -> None:
        words, word = [], seed
        # 50 rounds to scramble, one for R's own position counter, then the state.
        for step in range(50 + 1 + STATE):
            word = (69069 * word + 1) % 2**32
            if step > 50:
                words.append(word)
        self._twister = np.random.MT19937()
        self._twister.state = {
            "bit_generator": "MT19937",
            "state": {"key": np.array(words, np.uint32), "pos": STATE},
        }

    def uniform(self, n: int) -> NDArray[np.float64]:
        """`runif(n)`: 32 bits each."""
        return self._twister.random_raw(n).astype(float) * 2.3283064365386963e-10

    def coins(self, n: int, chance: float) -> NDArray[np.int64]:
        """`rbinom(n, 1, chance)`, which by inversion is 1 where a uniform number is smaller.

        Holds for chances above 1/2, where R counts the failures.
        """
        return (self.uniform(n) < chance).astype(np.int64)

    def sample(self, n: int, size: int) -> NDArray[np.int64]:
        """`sample(n, size)` less 1: positions drawn without replacement."""
        left = np.arange(n)
        drawn = np.empty(size, np.int64)
        for i in range(size):
            at = self._below(n - i)
            drawn[i], left[at] = left[at], left[n - i - 1]
        return drawn

    def _below(self, n: int) -> int:
        """A whole number below n (at most 2^15), by bits and rejection."""
        mask = (1 << (n - 1).bit_length()) - 1
        while True:
            value = int(self.uniform(1)[0] * 65536) & mask
            if value < n:
                return value
