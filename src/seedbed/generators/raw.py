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
BLOCK = 8
"""Attempts that share the same examples, so that the model's prefix cache serves them."""

_AGAIN = re.compile(r"\s*\b(?:Topic|Text|Label|Agent)\s*:.*\Z", re.S)


def raw_prompt(
    instruction: str, attempt: Attempt, description: str, examples: Sequence[Example], drawn: Mapping[str, str]
) -> str:
    """A header that names the label, examples of that label only, and the new topic with its text left open.

    What stays the same for a block of attempts of one label stands first, what changes last: a model on a processor
    reads some sixty tokens a second, and what it has read before costs nothing. What was wrong with an earlier text
    is not told: a remark becomes part of the pattern (decision 17).
    """
    label = attempt.cell["label"]
    place = [value for axis, value in attempt.cell.items() if axis not in ("label", "model")]
    rng = Random(f"{label}|{attempt.ordinal // BLOCK}")
    shown = rng.sample(list(examples), min(SHOWN, len(examples)))
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
