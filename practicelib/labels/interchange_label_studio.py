"""Label Studio: tasks with predictions or annotations out, exports (JSON, JSON-MIN) in.

One annotation a coder; an empty result is the judgement "none", a cancelled one is no coding.
Coders go out as the e-mail of `completed_by`; they come in as e-mail, name or number.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from practicelib.errors import Fault, LabelError
from practicelib.labels.interchange_items import (
    Exchange,
    Names,
    choices_of,
    last_of_each,
    object_of,
    objects_of,
    read_json,
    sentence_id,
)
from practicelib.labels.rows import CodingRow
from practicelib.records.codebook import Codebook

CONTROL, OBJECT = "mechanism", "text"


def write_label_studio(exchange: Exchange) -> dict[str, bytes]:
    """The task file, and beside it (`.config.xml`) the labelling configuration."""
    tasks = list(_tasks(exchange))
    content = json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"
    return {"": content.encode(), ".config.xml": label_studio_config(exchange).encode()}


def label_studio_config(exchange: Exchange) -> str:
    """The labelling configuration: context, the sentence, one choice a category."""
    choices = "".join(
        f"\n    <Choice value={quoteattr(name)} hint={quoteattr(_hint(exchange, key))}/>"
        for key, name in zip(exchange.categories, exchange.names, strict=True)
    )
    return (
        '<View>\n  <Text name="previous" value="$previous"/>\n'
        f'  <Text name="{OBJECT}" value="$text"/>\n  <Text name="next" value="$next"/>\n'
        f'  <Choices name="{CONTROL}" toName="{OBJECT}" choice="multiple">{choices}\n'
        "  </Choices>\n</View>\n"
    )


def _hint(exchange: Exchange, key: str) -> str:
    return exchange.codebook.category(key).core_test if exchange.codebook else key


def _tasks(exchange: Exchange) -> Iterator[dict[str, Any]]:
    codings = exchange.codings_of()
    said = exchange.predictions
    for row, sentence in enumerate(exchange.sentences):
        task: dict[str, Any] = {
            "data": {
                "text": sentence.text,
                "sid": sentence.id,
                "report": sentence.report,
                "previous": sentence.previous,
                "next": exchange.following.get(sentence.id, ""),
            }
        }
        if sentence.id in codings:
            task["annotations"] = [
                {
                    "completed_by": {"email": coding.coder},
                    "was_cancelled": False,
                    "ground_truth": False,
                    "result": _result(exchange.shown(coding.labels), f"a{number}"),
                }
                for number, coding in enumerate(codings[sentence.id])
            ]
        if said is not None:
            keys = [
                key for key, one in zip(exchange.categories, said.assigned[row], strict=True) if one
            ]
            margin = abs(said.probabilities[row] - 0.5).min() + 0.5
            task["predictions"] = [
                {
                    "model_version": said.model,
                    "score": round(float(margin), 6),
                    "result": _result(exchange.shown(keys), "p0"),
                }
            ]
        yield task


def _result(choices: list[str], name: str) -> list[dict[str, Any]]:
    if not choices:
        return []
    return [
        {
            "id": name,
            "from_name": CONTROL,
            "to_name": OBJECT,
            "type": "choices",
            "value": {"choices": choices},
        }
    ]


def read_label_studio(path: Path, codebook: Codebook | None = None) -> list[CodingRow]:
    """Codings of an export with several annotators; raises LabelError with all faults."""
    content = read_json(path)
    if not isinstance(content, list) or not all(isinstance(task, dict) for task in content):
        raise LabelError("not a Label Studio export: no list of tasks", file=path)
    names = Names(codebook)
    rows: list[CodingRow] = []
    for number, task in enumerate(content, start=1):
        read = _codings if "annotations" in task or "data" in task else _flat
        try:
            rows.extend(read(task, names, path, number))
        except ValueError as cause:
            names.faults.append(Fault(str(cause), str(path), number))
    names.check()
    if not rows:
        raise LabelError("the export holds no submitted annotation", file=path)
    return last_of_each(rows, path)


def _codings(task: Mapping[str, Any], names: Names, path: Path, number: int) -> Iterator[CodingRow]:
    data = object_of(task.get("data") or {}, "data")
    text = str(data.get("text", ""))
    found = task.get("annotations") or task.get("completions") or []
    annotations = objects_of(found, "annotations")
    for annotation in sorted(annotations, key=lambda one: str(one.get("created_at", ""))):
        if annotation.get("was_cancelled"):
            continue
        chosen = [
            choice
            for region in objects_of(annotation.get("result", []), "result")
            if region.get("type") == "choices" and region.get("from_name", CONTROL) == CONTROL
            for choice in _chosen(object_of(region.get("value", {}), "value"))
        ]
        yield CodingRow(
            sentence_id(task, text), _coder(annotation.get("completed_by")),
            names.keys(chosen, path, number), text=text or None,
            report=str(data.get("report", "")), file=str(path), line=number,
        )  # fmt: skip


def _flat(task: Mapping[str, Any], names: Names, path: Path, number: int) -> Iterator[CodingRow]:
    """JSON-MIN: one record an annotation, a single choice as text, several under "choices"."""
    chosen = task.get(CONTROL, [])
    choices = _chosen(chosen) if isinstance(chosen, Mapping) else choices_of(chosen, CONTROL)
    text = str(task.get("text", ""))
    yield CodingRow(
        sentence_id(task, text), _coder(task.get("annotator")),
        names.keys(choices, path, number),
        text=text or None, report=str(task.get("report", "")), file=str(path), line=number,
    )  # fmt: skip


def _chosen(value: Mapping[str, Any]) -> list[str]:
    return choices_of(value.get("choices", []), "choices")


def _coder(who: Any) -> str:
    if isinstance(who, Mapping):
        full = f"{who.get('first_name') or ''} {who.get('last_name') or ''}".strip()
        return str(who.get("email") or full or who.get("id") or "unknown")
    return "unknown" if who is None else str(who)
