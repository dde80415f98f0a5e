"""Runs one fuzz target under atheris until its time is over or it finds something.

    python fuzz/run.py splitter -max_total_time=600

What is found is written to `fuzz/found/<target>/`; mend it, and keep it in
`tests/trust/test_fuzz_findings.py`.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import atheris

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
warnings.simplefilter("ignore")

with atheris.instrument_imports(include=["practicelib"]):
    from fuzz.seeds import SEEDS
    from fuzz.targets import TARGETS


def main() -> None:
    """Set the target up with its seeds and hand over to libFuzzer."""
    name, *options = sys.argv[1:]
    corpus, found = HERE / "corpus" / name, HERE / "found" / name
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]()):
        (corpus / f"seed-{number:03d}").write_bytes(seed)
    # The limit is of wall time: at the lowest priority a busy machine stretches seconds to minutes.
    arguments = [sys.argv[0], f"-artifact_prefix={found}/", "-timeout=300", "-rss_limit_mb=2048"]
    atheris.Setup([*arguments, *options, str(corpus)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
