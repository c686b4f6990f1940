"""Sampling as a recipe writes it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

DEFAULT_TEMPERATURE = (0.7, 1.0)
DEFAULT_MAX_TOKENS = 1024
PRESETS: dict[str, dict[str, Any]] = {
    "quality": {"temperature": 0.7, "top_p": 0.95},
    "fast": {"temperature": 0.8, "max_tokens": 300},
    "creative": {"temperature": (0.9, 1.2), "top_p": 0.98},
}


def _temperature(value: Any) -> Any:
    """A number, or a range as a tuple."""
    numbers = list(value) if isinstance(value, list | tuple) else [value]
    fine = all(isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 2 for one in numbers)
    if value is not None and (not fine or len(numbers) != (2 if isinstance(value, list | tuple) else 1)):
        raise ValueError("must be a number from 0 to 2, or a range of two such as [0.7, 1.1]")
    if len(numbers) == 2 and numbers[0] > numbers[1]:
        raise ValueError("the range must go from the lower to the higher temperature")
    return tuple(numbers) if isinstance(value, list | tuple) else value


def weights(value: Any) -> Any:
    """`model: a` and `model: [a, b]` as weights.

    Raises:
        ValueError: it is neither these nor weights.
    """
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list | tuple) and all(isinstance(name, str) for name in names):
        return dict.fromkeys(names, 1.0)
    if isinstance(value, dict):
        return value
    raise ValueError("must be a name such as connection:model, a list of names, or a mapping of names to weights")


Temperature = Annotated[float | tuple[float, float] | None, BeforeValidator(_temperature)]
TopP = Annotated[float, Field(gt=0, le=1)] | None
