"""Tags as columns of a pandas frame: the one function that Dask, Spark and Ray are given.

Axes: N rows, K categories.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from practicelib.errors import ReportError
from practicelib.text.formats.sheet import NO_TEXT
from practicelib.workflows.processes import worker_tagger
from practicelib.workflows.streams import joined_labels

if TYPE_CHECKING:
    import pandas


def tag_frame(
    frame: pandas.DataFrame, *, column: str = "text", model: str = "", engine: str = "auto"
) -> pandas.DataFrame:
    """The frame with columns for the tags of the N texts in `column`; its index is kept.

    Added are `labels` and `uncertain` (joined by ";"), each category (int8, 0 or 1) and `p_` of
    each category (float64). `model` is the path of a saved model, the shipped one where it is
    empty; it is loaded once a process. A missing text counts as an empty one. Raises TypeError for
    a frame that is not of pandas, KeyError for a missing column, ReportError for texts that are no
    text (such as numbers), ValueError where the frame has columns of tags already.
    """
    # Text of pandas' own kind: from pandas 3 on Arrow takes no column of objects for text.
    import pandas

    if not isinstance(frame, pandas.DataFrame):
        kind = f"{type(frame).__module__.partition('.')[0]}.{type(frame).__name__}"
        raise TypeError(f"{kind} is no frame of pandas; make one of it, as by its to_pandas()")
    tagger = worker_tagger(model, engine)
    _refuse_twice(frame.columns, tagger.categories)
    given = frame[column]
    texts = [_text(*one) for one in zip(given.tolist(), given.isna().tolist(), strict=True)]
    batch = tagger.tag_batch(texts)
    added: dict[str, object] = {
        name: pandas.Series(joined_labels(flags, tagger.categories), frame.index, dtype=str)
        for name, flags in (("labels", batch.assigned), ("uncertain", batch.in_doubt))
    }
    for k, key in enumerate(tagger.categories):
        added[key] = batch.assigned[:, k].astype(np.int8)
    for k, key in enumerate(tagger.categories):
        added[f"p_{key}"] = batch.probabilities[:, k]
    return frame.assign(**added)


def _refuse_twice(names: Iterable[object], categories: Sequence[str]) -> None:
    # Before any text is scored, which may take hours.
    added = {"labels", "uncertain", *categories, *(f"p_{key}" for key in categories)}
    twice = [str(name) for name in names if name in added]
    if twice:
        raise ValueError(f"the frame has columns of tags already: {', '.join(twice)}")


def _text(value: object, missing: bool) -> str:
    if missing:
        return ""
    if not isinstance(value, str):
        raise ReportError(NO_TEXT, value=str(value)[:40])
    return value
