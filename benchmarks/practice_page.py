"""How long a comparison of 5,000 sentences takes: computing, page, loading, a click.

    python -m benchmarks.practice_page > benchmarks/results/practice_page.txt

Needs Chromium for the last two. Sentences are made up; the page has a coded sample and limits.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from tests.browser.chromium import Page, find_chromium
from tests.browser.test_practice_page import SHOWN, corrected

ROUNDS = 5


def main() -> None:
    started = time.perf_counter()
    found = corrected(14, 120)
    computed = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.html"
        page = found.to_html(path)
        written = time.perf_counter()
        print(f"compare, 42 reports, 5,040 sentences: {computed - started:.2f} s")
        print(f"page of {len(page) / 1e6:.2f} million characters: {written - computed:.2f} s")
        program = find_chromium()
        if program is None:
            print("no Chromium: loading and clicking were not measured")
            return
        with Page(program, Path(folder) / "profile") as browser:
            browser.size(1400, 900)
            loads, clicks = [], []
            for _ in range(ROUNDS):
                start = time.perf_counter()
                browser.open(path)
                loads.append(time.perf_counter() - start)
                clicks.append(browser.run(_CLICK) / 1000)
            print(f"load until ready: median {statistics.median(loads):.2f} s of {ROUNDS}")
            print(
                f"click, filter, scroll, next frame: median {statistics.median(clicks):.3f} s,"
                f" longest {max(clicks):.3f} s; {browser.run(SHOWN)} sentences shown"
            )


_CLICK = """new Promise((done) => {
  const start = performance.now();
  document.querySelector('.matrices:not([hidden]) td a[data-units="2"][data-cat="2"]').click();
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})"""

if __name__ == "__main__":
    main()
