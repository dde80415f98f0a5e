"""Codes for samples, at random."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from practicelib.records.validation import ValidationSample


def coded(sample: ValidationSample, seed: int = 0) -> ValidationSample:
    """Codes at random."""
    codes = np.random.default_rng(seed).random((len(sample), 4)) < 0.2
    return replace(sample, codes=codes)
