"""What bodies and answers are made of."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, computed_field


class Body(BaseModel):
    """What is sent: fields that are not known are refused, and what is refused is not said again: it may be secret."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Known(BaseModel):
    """What is in a list and has an `id`: what its address ends with, or would; `known_by` is the field that holds it
    by another name."""

    known_by: ClassVar[str] = "name"

    @computed_field(description="What its address ends with; tells it from all others of its list.")  # type: ignore[prop-decorator]
    @property
    def id(self) -> str:
        """What its address ends with."""
        return str(getattr(self, self.known_by))
