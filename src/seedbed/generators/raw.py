"""Prompts for small models that follow a pattern better than an instruction: a raw completion to be continued."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.attempt import Attempt
    from seedbed.core.chat import Completion

    from .classification import Example

SHOWN = 4
ENOUGH = 3
BLOCK = 8
"""Attempts that share the same examples, so that the model's prefix cache serves them."""

_AGAIN = re.compile(r"\s*\b(?:Topic|Text|Label|Agent)\s*:.*\Z", re.S)


def raw_prompt(
    instruction: str, attempt: Attempt, description: str, examples: Sequence[Example], drawn: Mapping[str, str]
) -> str:
    """A header that names the label, examples of that label only, and the new topic with its text left open.

    What stays the same for a block of attempts stands first, what changes last. Examples on the topic itself are left
    out where there are enough others: a small model copies them.
    """
    label = attempt.cell["label"]
    place = [value for axis, value in attempt.cell.items() if axis not in ("label", "model")]
    others = [example for example in examples if not place or example.type not in place[-1:]]
    rng = Random(f"{label}|{attempt.ordinal // BLOCK}")
    chosen = others if len(others) >= ENOUGH else examples
    shown = rng.sample(list(chosen), min(SHOWN, len(chosen)))
    kind = f"{label} ({description})" if description else label
    lines = [f"Different texts. Each is {instruction}. Each is {kind}.", ""]
    for example in shown:
        lines += [f"Topic: {example.topic()}"] if example.topic() else []
        lines += [f"Text: {example.text}", ""]
    topic = ", ".join([*place, *drawn.values()])
    lines += [f"Topic: {topic}"] if topic else []
    return "\n".join([*lines, "Text:"])


def raw_text(completion: Completion) -> Completion:
    """The completion without a pattern that begins anew."""
    return replace(completion, text=_AGAIN.sub("", completion.text).strip())
