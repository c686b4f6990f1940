"""Requests that were handed to a provider together, to be answered within hours, and the book that is kept of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .attempt import Attempt


@dataclass(slots=True)
class BatchLine:
    """One request of a batch.

    `name` is the call's name towards providers (`Request.attempt`), the same whenever its attempt is made again; `hash`
    is the request's. `custom_id` is its name within the batch. `attempt` is what it was asked for; None in lines that
    were read from the book, where it is kept otherwise.
    """

    name: str
    hash: str
    custom_id: str
    attempt: Attempt | None = None


@dataclass(slots=True)
class StoredBatch:
    """A batch as the book has it. `token` is our name for it, `remote` the provider's: empty as long as it is not known
    whether the provider has it. `began` is a Unix time."""

    token: str
    connection: str
    model: str
    began: float
    remote: str = ""
    lines: list[BatchLine] = field(default_factory=list)


class BatchBook(Protocol):
    """What one run has handed over; all methods block, and what they wrote is durable when they return."""

    def begin(self, batch: StoredBatch) -> None:
        """Writes a batch down before it is handed over, with the attempts its requests are of."""
        ...

    def sent(self, token: str, remote: str) -> None:
        """The provider has it, under this name."""
        ...

    def withdraw(self, token: str) -> None:
        """The provider does not have it."""
        ...

    def over(self, token: str) -> None:
        """Nothing more will be answered; what was can still be fetched."""
        ...

    def waiting(self) -> list[StoredBatch]:
        """The batches with requests of attempts that have not ended, the oldest first, with those requests."""
        ...

    def pending(self) -> list[StoredBatch]:
        """Those of which it is not known that they are over, without their requests."""
        ...
