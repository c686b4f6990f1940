"""Vectors of texts: near in meaning is near in angle."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from math import hypot, inf
from struct import pack
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Vector: TypeAlias = bytes
"""A vector of length one: its numbers as 16-bit floats, little endian. Empty where there was nothing to embed."""

OFFLINE = "embedded"
"""The name of the embedding model that works in this process, without a connection."""


@dataclass(slots=True)
class Meaning:
    """What a text means to a model; `vector` is missing until the model was asked. Without a text there is nothing to
    ask."""

    model: str
    text: str
    vector: Vector | None = None

    @property
    def lacking(self) -> bool:
        """Whether the model has still to be asked."""
        return self.vector is None and bool(self.text)


def packed(numbers: Sequence[float]) -> Vector:
    """A vector of these numbers, at length one.

    Raises:
        TypeError: they are no numbers, or have no direction.
    """
    length = hypot(*numbers)
    if not 0 < length < inf:
        raise TypeError("a vector without a direction")
    return pack(f"<{len(numbers)}e", *[number / length for number in numbers])


def as_text(vector: Vector) -> str:
    """The vector as it stands in an answer."""
    return b64encode(vector).decode()


def from_text(text: str) -> Vector:
    """The vector that an answer holds."""
    return b64decode(text)
