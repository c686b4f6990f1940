"""One transform in LangTest on `in.conll`, run by the Python of its own environment.

As its documentation says of augmentation: a report of tests that failed, and `AugmentRobustness.fix`, which writes a
CoNLL file; all sentences are asked for. What that file says is written to `out.jsonl` for the judge.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from langtest.augmentation import AugmentRobustness
from langtest.tasks import TaskManager

CONTEXT = {"starting_context": ["Description:", "Hello"], "ending_context": ["Bye", "Reported"]}


def sentences(path: str) -> list[list[tuple[str, str]]]:
    """The sentences of a CoNLL file: lists of words and tags."""
    found: list[list[tuple[str, str]]] = [[]]
    with Path(path).open(encoding="utf-8") as stream:
        for line in stream:
            parts = line.split()
            if parts and parts[0] != "-DOCSTART-":
                found[-1].append((parts[0], parts[-1]))
            elif found[-1]:
                found.append([])
    return [words for words in found if words]


def spans(words: list[tuple[str, str]]) -> tuple[str, list[dict[str, Any]]]:
    """The text of a sentence and its entities by character."""
    text = ""
    found: list[dict[str, Any]] = []
    for word, tag in words:
        start = len(text) + bool(text)
        text += (" " if text else "") + word
        if tag.startswith("I-") and found and found[-1]["label"] == tag[2:] and found[-1]["end"] == start - 1:
            found[-1]["end"] = len(text)
        elif tag != "O":
            found.append({"start": start, "end": len(text), "label": tag[2:]})
    return text, found


def main() -> None:
    """Changes the sentences by the transform named."""
    kind = sys.argv[1]
    test: dict[str, Any] = {"min_pass_rate": 0.9}
    if kind == "add_context":
        test["parameters"] = CONTEXT
    augment = AugmentRobustness(
        task=TaskManager("ner"),
        h_report=pd.DataFrame(
            [{"category": "robustness", "test_type": kind, "pass_rate": 0.0, "minimum_pass_rate": 1.0}]
        ),
        config={"tests": {"defaults": {"min_pass_rate": 1.0}, "robustness": {kind: test}}},
        custom_proportions={kind: 1.0},
        max_prop=1.0,
    )
    made = augment.fix({"data_source": "in.conll"}, "out.conll", export_mode="transformed")
    written = sentences("out.conll")
    if len(made) != len(written):
        sys.exit(f"{len(made)} samples, but {len(written)} sentences in the file")
    with Path("out.jsonl").open("w", encoding="utf-8") as stream:
        for sample, words in zip(made, written, strict=True):
            text, entities = spans(words)
            stream.write(
                json.dumps({"kind": kind, "original": sample.original, "text": text, "spans": entities}) + "\n"
            )


if __name__ == "__main__":
    main()
