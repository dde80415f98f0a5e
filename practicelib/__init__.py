"""Codes the sentences of Chinese grassroots-governance reports and compares practices.

Names are imported when first used, so that `import practicelib` costs nothing.
"""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING, Any

from practicelib.version import __version__ as __version__

# A library logs, but never prints unless the program that uses it says so.
logging.getLogger("practicelib").addHandler(logging.NullHandler())

if TYPE_CHECKING:
    from practicelib.codebook.reading import read_codebook
    from practicelib.errors import (
        BoundNotMetError,
        CodebookError,
        LabelError,
        MissingExtraError,
        ModelFileError,
        PracticeError,
        ReportError,
        TooFewLabelsError,
        WorkerDiedError,
    )
    from practicelib.labels.consistency import consistency
    from practicelib.labels.gold import adjudicate
    from practicelib.labels.reading import read_codings
    from practicelib.labels.sample_sheet import read_sample
    from practicelib.labels.suspects import suspects
    from practicelib.model.classifier import MechanismClassifier
    from practicelib.model.storage import load_tagger, save_tagger
    from practicelib.model.tagger import Tagger
    from practicelib.practices.cases import read_cases
    from practicelib.practices.compare import compare
    from practicelib.practices.profile import profile
    from practicelib.text.reading import read_report, read_reports
    from practicelib.workflows.evaluation import evaluate
    from practicelib.workflows.gold_tags import tags_from_gold
    from practicelib.workflows.training import train

_HOMES = {
    "BoundNotMetError": "errors",
    "CodebookError": "errors",
    "LabelError": "errors",
    "MechanismClassifier": "model.classifier",
    "MissingExtraError": "errors",
    "ModelFileError": "errors",
    "PracticeError": "errors",
    "ReportError": "errors",
    "Tagger": "model.tagger",
    "TooFewLabelsError": "errors",
    "WorkerDiedError": "errors",
    "adjudicate": "labels.gold",
    "compare": "practices.compare",
    "consistency": "labels.consistency",
    "evaluate": "workflows.evaluation",
    "load_tagger": "model.storage",
    "profile": "practices.profile",
    "read_cases": "practices.cases",
    "read_codebook": "codebook.reading",
    "read_codings": "labels.reading",
    "read_report": "text.reading",
    "read_reports": "text.reading",
    "read_sample": "labels.sample_sheet",
    "save_tagger": "model.storage",
    "suspects": "labels.suspects",
    "tags_from_gold": "workflows.gold_tags",
    "train": "workflows.training",
}

__all__ = [
    "BoundNotMetError",
    "CodebookError",
    "LabelError",
    "MechanismClassifier",
    "MissingExtraError",
    "ModelFileError",
    "PracticeError",
    "ReportError",
    "Tagger",
    "TooFewLabelsError",
    "WorkerDiedError",
    "adjudicate",
    "compare",
    "consistency",
    "evaluate",
    "load_tagger",
    "profile",
    "read_cases",
    "read_codebook",
    "read_codings",
    "read_report",
    "read_reports",
    "read_sample",
    "save_tagger",
    "suspects",
    "tags_from_gold",
    "train",
]


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take every misspelt name for one that it gives.
    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module 'practicelib' has no attribute {name!r}")
        value = getattr(importlib.import_module(f"practicelib.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
