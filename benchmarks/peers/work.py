"""The work all of them do: so many replies of a customer service agent, three labels × four kinds, evenly."""

from __future__ import annotations

import json
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

import yaml

from benchmarks.generation import recipe

SYSTEM = (
    "You write realistic example texts for training a text classifier. Each text is one reply of a customer service "
    "agent. It sounds like real people in real situations, never like a description of a text, and it never names its "
    "own label."
)
TEMPLATE = """The labels are:
- impolite: disrespectful or rude, blunt or dismissive
- neutral: straightforward and factual
- polite: considerate, shows respect and good manners

Now write one reply of a customer service agent with
- label: {{ label }} ({{ description }})
- category: {{ category }}
- type: {{ kind }}
For variety: this is text {{ number }}, different from all others; one sentence; mention something that went wrong
before. The label comes first: leave out what does not go with it.
Answer with the text alone."""
"""What the peers ask, in Jinja's braces: as long as what Seedbed asks."""

TIMEOUT = 6
"""Seconds a call may take for every tool."""


def rows(count: int) -> list[dict[str, Any]]:
    """What is wanted, record by record: the cells in turn."""
    generator = recipe("", "", count, 1)["generator"]
    kinds = [(category, kind) for category, kinds in generator["categories"].items() for kind in kinds]
    cells = cycle(product(kinds, generator["labels"].items()))
    return [
        {"number": number, "label": label, "description": description, "category": category, "kind": kind}
        for number, ((category, kind), (label, description)) in enumerate(islice(cells, count))
    ]


def write_task(folder: Path, url: str, count: int, concurrency: int, buffer: int) -> dict[str, Any]:
    """The task of a peer, as its script reads it from standard input; the rows lie in a file."""
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows(count)), "utf-8")
    return {
        "base_url": url,
        "count": count,
        "concurrency": concurrency,
        "buffer": buffer,
        "timeout": TIMEOUT,
        "system": SYSTEM,
        "template": TEMPLATE,
        "columns": ["number", "label", "description", "category", "kind"],
        "rows": str(folder / "rows.jsonl"),
        "cache": str(folder / "cache"),
        "output": str(folder / "out.jsonl"),
    }


def write_recipe(folder: Path, url: str, count: int, concurrency: int) -> None:
    """The same for Seedbed."""
    document = recipe(url, "peers", count, concurrency)
    document["connections"]["local"]["timeout"] = TIMEOUT
    (folder / "recipe.yaml").write_text(yaml.safe_dump(document), "utf-8")


def texts(folder: Path) -> list[str]:
    """What was delivered: the texts of the records in the output file; one without a text is none."""
    path = folder / "out.jsonl"
    if not path.exists():
        return []
    found = [json.loads(line).get("text") for line in path.read_text("utf-8").splitlines()]
    return [text for text in found if text]


def spoilt(text: str) -> bool:
    """Whether a text is one of those that the fake server spoils: cut off, broken JSON, or a refusal.

    A sentence of the fake server begins with a capital letter or a quotation mark and ends with a sign.
    """
    refusal = text.startswith(("I'm sorry", "As an AI", "I cannot help", "I'm unable"))
    return refusal or text.startswith("{") or text[-1] not in ".!?”\"'"
