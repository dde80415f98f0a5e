"""Records what irrCAC gives on 200 random tables with missing codings, for the tests.

    python benchmarks/agreement_irrcac.py > tests/measures/irrcac.json

irrCAC 0.4.4 asks for releases of scipy and pandas that cannot be installed beside ours
(`pip install --no-deps irrCAC` works), so the tests compare with what it printed, not with itself.
Tables: one string an item, one digit a coder, "." where a coding is missing.
"""

from __future__ import annotations

import importlib.metadata
import json
import warnings

import numpy as np
import pandas
from irrCAC.raw import CAC
from numpy.typing import NDArray

METHODS = ("gwet", "fleiss", "bp", "krippendorff", "conger")


def random_table(rng: np.random.Generator) -> NDArray[np.int64]:
    """8 to 30 items, 2 to 6 coders, 2 to 5 values; agreement from chance to high; values numbered
    without gaps, -1 missing."""
    n, coders, v = int(rng.integers(8, 31)), int(rng.integers(2, 7)), int(rng.integers(2, 6))
    truth = rng.integers(0, v, size=(n, 1))
    noise = rng.random((n, coders)) < rng.uniform(0.05, 0.9)
    values = np.where(noise, rng.integers(0, v, size=(n, coders)), truth)
    missing = rng.random((n, coders)) < 0.25
    numbered = np.searchsorted(np.unique(values[~missing]), values)
    return np.where(missing, -1, numbered)


def usable(values: NDArray[np.int64]) -> bool:
    """Whether the sentences with two codings hold every value: irrCAC counts the others, too."""
    paired = values[(values >= 0).sum(axis=1) >= 2]
    whole = set(values[values >= 0].tolist())
    return len(whole) > 1 and set(paired[paired >= 0].tolist()) == whole


def main() -> None:
    rng = np.random.default_rng(4)
    entries = []
    while len(entries) < 200:
        values = random_table(rng)
        if not usable(values):
            continue
        frame = pandas.DataFrame(np.where(values < 0, np.nan, values + 1.0))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = {
                method: float(getattr(CAC(frame, digits=15), method)()["est"]["coefficient_value"])
                for method in METHODS
            }
        rows = " ".join("".join("." if v < 0 else str(v) for v in row) for row in values.tolist())
        entries.append({"table": rows, **found})
    version = importlib.metadata.version("irrCAC")
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    print(f'{{"software": "irrCAC {version}", "tables": [\n{lines}\n]}}')


if __name__ == "__main__":
    main()
