"""What bodies and answers are made of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """What is sent: fields that are not known are refused, and what is refused is not said again: it may be secret."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
