"""Small label folders, written to disk as a user would."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from practicelib.files.hashing import hash_text
from practicelib.records.labelled import Coder, CoderKind, LabelTable, SentenceInfo

CODEBOOK = """
version = "9.9"

[[category]]
key = "water"
zh = "管水"
en = "Water"
definition = "w"
core_test = "w?"

[[category]]
key = "road"
zh = "修路"
en = "Road"
definition = "r"
core_test = "r?"
"""
TEXTS = (
    "一、引水进村",
    "三个村一起修了水渠。",
    "村口的路由各户轮流养护。",
    "年底开了总结会。",
    "水库清淤，路也通了。",
    "大家都说好。",
)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def label_folder(
    root: Path,
    codings: Mapping[str, Sequence[str | None]],
    *,
    kinds: Mapping[str, str] | None = None,
    texts: Sequence[str] = TEXTS,
    codebook: str = CODEBOOK,
) -> Path:
    """A folder with one report of `texts` and a coding file a coder; None is missing."""
    folder = root / "labels"
    folder.mkdir(parents=True)
    (folder / "codebook.toml").write_text(codebook, encoding="utf-8")
    whole, rows = "", []
    for number, text in enumerate(texts):
        start = len(whole)
        whole += text + "\n"
        rows.append((f"r:{number}", "r", start, start + len(text), text, hash_text(text)))
    (folder / "reports").mkdir()
    (folder / "reports" / "r.txt").write_text(whole, encoding="utf-8", newline="")
    write_csv(
        folder / "sentences" / "r.csv", ("id", "report", "start", "end", "text", "sha256"), rows
    )
    write_csv(
        folder / "sources.csv",
        ("report", "file", "role", "source", "type"),
        [("r", "reports/r.txt", "train", "made", "简报")],
    )
    write_csv(
        folder / "coders.csv",
        ("coder", "kind", "version", "note"),
        [(coder, kind, "", "") for coder, kind in (kinds or {}).items()],
    )
    for coder, sets in codings.items():
        write_csv(
            folder / "codings" / f"{coder}.csv",
            ("sentence", "coder", "labels", "round", "codebook"),
            [(f"r:{i}", coder, s, 1, "9.9") for i, s in enumerate(sets) if s is not None],
        )
    return folder


def made_table(
    codes: NDArray[np.int8],
    *,
    kind: CoderKind = "person",
    per_report: int = 10,
    texts: Sequence[str] = (),
    rounds: Sequence[str] = ("1",),
) -> LabelTable:
    """A table from codes (N, A, K) or (N, A, R, K)."""
    codes = codes[:, :, None] if codes.ndim == 3 else codes
    n, coders, _, k = codes.shape
    return LabelTable(
        tuple(
            SentenceInfo(
                f"s{i}", texts[i] if texts else f"第{i}句", f"r{i // per_report}", "train", "made"
            )
            for i in range(n)
        ),
        tuple(Coder(f"coder{a}", kind) for a in range(coders)),
        tuple(rounds),
        tuple(f"c{c}" for c in range(k)),
        codes.astype(np.int8),
        names=tuple((f"类{c}", f"Class {c}") for c in range(k)),
    )


def noisy_codes(
    n: int = 400, coders: int = 3, k: int = 3, *, error: float = 0.05, seed: int = 0
) -> NDArray[np.int8]:
    """Codes of coders who err alike, with a tenth missing."""
    rng = np.random.default_rng(seed)
    truth = rng.random((n, 1, k)) < 0.3
    codes = (truth ^ (rng.random((n, coders, k)) < error)).astype(np.int8)
    codes[rng.random((n, coders)) < 0.1] = -1
    return codes


def studio_task(**annotation: Any) -> dict[str, Any]:
    result = [
        {
            "id": "r1",
            "from_name": "mechanism",
            "to_name": "text",
            "type": "choices",
            "value": {"choices": ["网格管理", "群众自治"]},
        }
    ]
    standard = {"id": 1, "result": result, "was_cancelled": False, "completed_by": 1}
    return {
        "id": 7,
        "data": {"text": "一句话。", "sid": "d1#12"},
        "annotations": [{**standard, **annotation}],
        "predictions": [],
    }
