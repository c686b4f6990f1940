"""What is measured of tools that change texts: do entity spans still cover their entities?

The same 500 sentences with their entities (`benchmarks.augmentation`), one transform after the other on all of them,
each tool by its own command or library, from file to file: JSONL with spans for Seedbed, CoNLL for LangTest. Of every
copy the spans are held against the entities of its original. A span is right if it covers as many words as the entity
and at least 60 of 100 of its characters are the entity's, in order and whatever their case, or else if it stands
between the same words as the entity did (an abbreviation); for `swap_entities`, if it covers one of the names that the
data have for its label. What an original has and the copy lacks is wrong, too.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from rapidfuzz.fuzz import ratio

from benchmarks.augmentation import sentences
from seedbed.core.record import Record

from .scenarios import Bench
from .tools import HERE, SEEDBED

KINDS = (
    "uppercase",
    "lowercase",
    "titlecase",
    "strip_punctuation",
    "strip_all_punctuation",
    "add_typo",
    "add_ocr_typo",
    "american_to_british",
    "add_contraction",
    "add_abbreviation",
    "add_slangs",
    "add_speech_to_text_typo",
    "dyslexia_word_swap",
    "randomize_age",
    "add_context",
    "number_to_word",
    "swap_entities",
)
Copy = dict[str, Any]


def spans(bench: Bench) -> list[dict[str, Any]]:
    """One row for each tool and transform."""
    records = sentences(100 if bench.quick else 500)
    found = []
    for name, run in (("seedbed", seedbed), ("langtest", langtest)):
        for kind in KINDS:
            with tempfile.TemporaryDirectory() as folder:
                row = judged(records, *run(bench, Path(folder), records, kind))
            found.append({"tool": name, "kind": kind, "load": os.getloadavg()[0], **row})
            print("spans", json.dumps(found[-1]), flush=True)
    return found


def judged(records: list[Record], copies: list[Copy], took: float, error: str) -> dict[str, Any]:
    """How many of the entities of the copies' originals are covered as they should be."""
    names: dict[str, set[str]] = {}
    for record in records:
        for entity in entities_of(record.values["text"], [span._asdict() for span in record.spans]):
            names.setdefault(entity.label, set()).add(entity.text)
    by_text = {record.values["text"]: [span._asdict() for span in record.spans] for record in records}
    entities = wrong = 0
    shown = ""
    for copy in copies:
        wanted = entities_of(copy["original"], by_text[copy["original"]])
        got = entities_of(copy["text"], copy["spans"])
        bad = missed(wanted, got, names if copy["kind"] == "swap_entities" else None)
        entities, wrong = entities + len(wanted), wrong + bad
        if bad and not shown:
            found = [copy["text"][span["start"] : span["end"]] + f" ({span['label']})" for span in copy["spans"]]
            shown = f"{copy['text']} → {', '.join(found) or 'nothing'}"
    return {
        "copies": len(copies),
        "entities": entities,
        "wrong": wrong,
        "processor": round(took, 3),
        "example": shown,
        "error": error,
    }


@dataclass(frozen=True)
class Entity:
    """An entity in lower case, between the words on both sides."""

    text: str
    label: str
    before: str
    after: str

    def like(self, other: Entity) -> bool:
        """Whether the other one is this one, changed or not."""
        if self.label != other.label:
            return False
        if len(self.text.split()) == len(other.text.split()) and ratio(self.text, other.text) >= 60:
            return True
        return ratio(self.before, other.before) >= 60 and ratio(self.after, other.after) >= 60


def entities_of(text: str, spans: list[dict[str, Any]]) -> list[Entity]:
    """The entities of a text in their order; `$` stands for its begin and its end."""
    text, found = text.lower(), []
    for span in spans:
        before, after = text[: span["start"]].split(), text[span["end"] :].split()
        covered = text[span["start"] : span["end"]]
        found.append(Entity(covered, span["label"], before[-1] if before else "$", after[0] if after else "$"))
    return found


def missed(wanted: list[Entity], got: list[Entity], names: dict[str, set[str]] | None) -> int:
    """How many of the entities wanted no span covers; both stand in the order of the text."""
    if names is not None:
        return max(0, len(wanted) - sum(entity.text in names.get(entity.label, ()) for entity in got))
    covered = first = 0
    for entity in wanted:
        for number in range(first, len(got)):
            if entity.like(got[number]):
                covered, first = covered + 1, number + 1
                break
    return len(wanted) - covered


def seedbed(_: Bench, folder: Path, records: list[Record], kind: str) -> tuple[list[Copy], float, str]:
    """`seedbed augment`, from JSONL to JSONL."""
    lines = [
        {
            "text": record.values["text"],
            "original": record.values["text"],
            "spans": [{"start": span.start, "end": span.end, "label": span.label} for span in record.spans],
        }
        for record in records
    ]
    (folder / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    command = [*SEEDBED, "augment", "in.jsonl", "-o", "out.jsonl", "--mode", "new", "--column", "text"]
    took, error = processor([*command, "-t", f"{kind}=1.0"], folder)
    return [copy | {"kind": kind} for copy in read(folder)], took, error


def langtest(bench: Bench, folder: Path, records: list[Record], kind: str) -> tuple[list[Copy], float, str]:
    """LangTest's `AugmentRobustness`, from CoNLL to CoNLL."""
    lines = ["-DOCSTART- -X- -X- O", ""]
    for record in records:
        lines += [*conll(record), ""]
    (folder / "in.conll").write_text("\n".join(lines), "utf-8")
    python = str(bench.environments.python("langtest"))
    took, error = processor(["env", f"HOME={folder}", python, str(HERE / "run_langtest.py"), kind], folder)
    return read(folder), took, error


def conll(record: Record) -> list[str]:
    """A record as lines of CoNLL-03."""
    lines, place = [], 0
    for word in record.values["text"].split(" "):
        inside = [span for span in record.spans if span.start <= place < span.end]
        tag = f"{'B' if inside[0].start == place else 'I'}-{inside[0].label}" if inside else "O"
        lines.append(f"{word} NN NN {tag}")
        place += len(word) + 1
    return lines


def processor(command: list[str], folder: Path) -> tuple[float, str]:
    """Seconds of processor time of a command, and its last line if it failed."""
    with (folder / "log.txt").open("wb") as log:
        process = psutil.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
    said = (folder / "log.txt").read_text("utf-8", errors="replace").strip().splitlines()
    failed = os.waitstatus_to_exitcode(status) != 0
    return used.ru_utime + used.ru_stime, said[-1][:200] if failed and said else ""


def read(folder: Path) -> list[Copy]:
    """The copies made."""
    path = folder / "out.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
