"""The model behind tags that are sent to another process: where it is, not its numbers.

A batch of tags asks its model for evidence only. Sent along, the model would weigh twenty
megabytes with every batch that a pool of processes gives back.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from practicelib.errors import ModelFileError
from practicelib.records.tags import NO_CONTEXT, CategoryEvidence, SentenceContext

if TYPE_CHECKING:
    from practicelib.model.tagger import Tagger


@dataclass(frozen=True)
class ReferredModel:
    """A saved model by its folder and hash, loaded when evidence is asked for."""

    path: str
    hash: str

    def explain(
        self, text: str, context: SentenceContext = NO_CONTEXT
    ) -> Mapping[str, CategoryEvidence]:
        """Evidence of every category; raises ModelFileError where that model is no longer there."""
        return _load(self.path, self.hash).explain(text, context)

    def to_send(self) -> ReferredModel:
        """Itself: it is light already."""
        return self


@lru_cache(maxsize=2)
def _load(path: str, hash: str) -> Tagger:
    # Loading a model makes a tagger, whose tags refer to this module.
    from practicelib.model.storage import load_tagger

    # The shipped model stands elsewhere in another environment.
    for folder in (path, None):
        with contextlib.suppress(ModelFileError):
            found = load_tagger(folder)
            if found.hash == hash:
                return found
    raise ModelFileError("no longer the model that gave these tags", file=path)
