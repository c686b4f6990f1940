"""Questions that wait to be handed over together, and those that were."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seedbed.core.errors import ProviderError

if TYPE_CHECKING:
    import asyncio

    from seedbed.core.chat import Request
    from seedbed.providers.dialect import Put

    from .wires import Result


@dataclass(slots=True)
class Waiting:
    """One question that waits for its batch."""

    request: Request
    put: Put
    reply: asyncio.Future[Result]
    size: int = 0


@dataclass(slots=True)
class Slice:
    """The questions that are gathered for the next batch."""

    waiting: list[Waiting] = field(default_factory=list)
    size: int = 0
    timer: asyncio.TimerHandle | None = None


@dataclass(slots=True)
class Batch:
    """A batch that was handed over, and who waits for what of it; it `began` at that second since 1970."""

    token: str
    remote: str
    began: float
    replies: dict[str, asyncio.Future[Result]] = field(default_factory=dict)
    followed: bool = False
    found: dict[str, Result] | None = None
    problem: ProviderError | None = None

    def result(self, custom_id: str) -> Result:
        """What came of a request, once the batch is over."""
        result = (self.found or {}).get(custom_id) or self.problem
        assert result is not None
        return result.repeated(int(not result.gave_up), 0) if isinstance(result, ProviderError) else result

    def tell(self, found: dict[str, Result], problem: ProviderError) -> None:
        """The batch is over: whoever waits hears what came of his request, and so does whoever asks later."""
        self.found, self.problem = found, problem
        for custom_id, reply in self.replies.items():
            if not reply.done():
                reply.set_result(self.result(custom_id))
        self.replies.clear()
