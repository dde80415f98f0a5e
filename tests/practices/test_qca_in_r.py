"""The file for fsQCA, read by R: by base R where it is installed, by package QCA where that is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from practicelib.practices.profile import profile
from practicelib.practices.qca import Anchors, calibrate, fuzzy_table, write_fuzzy
from tests.practices.made import reports_of

RSCRIPT = shutil.which("Rscript")
ANCHORS = {
    "grid_management": Anchors(0.02, 0.10, 0.30, "three in ten: the report is about the grid"),
    "autonomy": Anchors(0.30, 0.10, 0.02, "few such sentences"),
}


def run(program: str, *arguments: str) -> list[str]:
    """Lines that an R program prints."""
    assert RSCRIPT is not None
    done = subprocess.run(
        [RSCRIPT, "--vanilla", "-e", program, *arguments],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return done.stdout.splitlines()


def has_qca() -> bool:
    """Whether R finds the package QCA."""
    if RSCRIPT is None:
        return False
    return run('cat(requireNamespace("QCA", quietly = TRUE))')[-1:] == ["TRUE"]


@pytest.fixture
def exported(tmp_path: Path) -> tuple[Path, np.ndarray]:
    """An exported file, and the memberships in it."""
    shares = [[0.1, 0.02, 0.1, 0.1], [0.1, 0.12, 0.3, 0.1], [0.1, 0.5, 0.02, 0.1]]
    reports, cases = reports_of(shares, 3)
    table = fuzzy_table(profile(reports, cases, by="unit"), ANCHORS)
    write_fuzzy(table, tmp_path / "fuzzy.csv")
    return tmp_path / "fuzzy.csv", np.column_stack([s.membership for s in table.sets])


@pytest.mark.skipif(RSCRIPT is None, reason="R is not installed")
def test_base_r_reads_the_file(exported: tuple[Path, np.ndarray]) -> None:
    """Row names, columns and numbers come out as they were written."""
    path, membership = exported
    lines = run(
        "d <- read.csv(commandArgs(TRUE)[1], row.names = 1);"
        "stopifnot(all(sapply(d, is.numeric)), !anyNA(d));"
        'cat(rownames(d), "\\n"); cat(names(d), "\\n");'
        'for (r in seq_len(nrow(d))) cat(format(unlist(d[r, ]), nsmall = 4), "\\n")',
        str(path),
    )
    assert lines[0].split() == ["C001", "C002", "C003"]
    assert lines[1].split() == ["GM", "A"]
    read = np.array([[float(cell) for cell in line.split()] for line in lines[2:]])
    assert read == pytest.approx(membership, abs=5e-5)


@pytest.mark.skipif(not has_qca(), reason="R's package QCA is not installed")
def test_qca_calibrates_alike() -> None:
    """Memberships of QCA::calibrate at our anchors, to 1e-9."""
    values = np.linspace(0, 0.9, 37)
    for anchors in ANCHORS.values():
        points = f"e={anchors.exclusion}, c={anchors.crossover}, i={anchors.inclusion}"
        lines = run(
            "a <- commandArgs(TRUE); options(digits = 15);"
            'x <- as.numeric(strsplit(a[2], " ")[[1]]);'
            'cat(QCA::calibrate(x, thresholds = a[1]), sep = "\\n")',
            points,
            " ".join(repr(float(v)) for v in values),
        )
        assert [float(line) for line in lines] == pytest.approx(
            calibrate(values, anchors), abs=1e-9
        )
