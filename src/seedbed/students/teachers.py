"""What is known of the terms of models whose texts train another model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

UNKNOWN = "Seedbed knows no terms of this model: read those of its provider before you train on its texts."
MOST_MODELS = 20
"""A column `model` with more values than this says something else than who wrote the texts."""

_TERMS = {
    r"\bscripted\b": "Made up by a script for tests; nobody's text.",
    r"\b(?:openai|azure|gpt|chatgpt|o[134])\b": (
        "OpenAI's terms do not allow its output to be used for models that compete with OpenAI"
        " (openai.com/policies/terms-of-use)."
    ),
    r"\b(?:anthropic|claude)\b": (
        "Anthropic's terms do not allow its output to be used for competing models (anthropic.com/legal)."
    ),
    r"\bgemini\b": (
        "Google's terms do not allow Gemini to be used for models that compete with it"
        " (ai.google.dev/gemini-api/terms)."
    ),
    r"\bllama-?[34]": (
        "The Llama licence asks that a model trained on its output, where it is passed on, has a name that begins with"
        " “Llama” and shows “Built with Llama” (llama.com/license)."
    ),
    r"\bgemma": (
        "Under the Gemma terms of versions 1 to 3 a model trained on its output is bound by their restrictions of use"
        " (ai.google.dev/gemma/terms)."
    ),
}


def teachers(models: Mapping[str, int], licences: Mapping[str, str]) -> list[dict[str, Any]]:
    """The models that wrote a dataset, with how many records and what is known of their terms.

    Args:
        models: name → records.
        licences: of models whose files Seedbed knows, by name.
    """
    if len(models) > MOST_MODELS:
        return []
    ranked = sorted(models.items(), key=lambda one: (-one[1], one[0]))
    return [{"model": name, "records": count, "terms": terms(name, licences)} for name, count in ranked]


def terms(model: str, licences: Mapping[str, str]) -> str:
    """What to know before training on texts of a model (`connection:model`)."""
    licence = licences.get(model.rpartition(":")[2]) or licences.get(model)
    if licence:
        return f"{licence}, which says nothing of what the model writes."
    return next((said for pattern, said in _TERMS.items() if re.search(pattern, model.lower())), UNKNOWN)
