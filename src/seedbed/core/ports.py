"""What the engine and the application expect of their adapters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence

    from .attempt import Answered, Finished, Job, Verdict
    from .chat import Capabilities, Completion, Request, Usage
    from .record import Record, State
    from .vectors import Meaning, Vector


@dataclass(slots=True)
class Reservation:
    """What was set aside for one call: tokens, US dollars and HTTP requests (zero where no limit asks for it)."""

    model: str = ""
    tokens: int = 0
    cost: float = 0.0
    calls: int = 0


@dataclass(slots=True)
class SlotRow:
    """How one slot ended, as it goes into the store; `record` is absent for a failure."""

    slot: int
    state: State
    reason: str
    detail: str
    cell: str
    model: str
    record: Record | None


class Provider(Protocol):
    """One API spoken to one address with one key. Opens its client when first used."""

    @property
    def capabilities(self) -> Capabilities:
        """What is known now; may change as answers teach (a server that refuses JSON Schema)."""
        ...

    async def complete(self, request: Request) -> Completion:
        """One HTTP exchange, no retries. `request.model` is the provider's own model name.

        Raises:
            ProviderError: whatever went wrong, classified.
        """
        ...

    async def aclose(self) -> None:
        """Gives back what was opened; may be called twice."""
        ...


class Format(Protocol):
    """Reads and writes one file type, streaming."""

    def read(self, path: str) -> Iterator[Record]:
        """The file's records in order.

        Raises:
            InputError: the file cannot be read as this type; names file and line or record.
        """
        ...

    def write(self, records: Iterable[Record], path: str, columns: Sequence[str]) -> int:
        """Writes `columns` of all records to `path` and answers how many there were."""
        ...


@runtime_checkable
class Streaming(Format, Protocol):
    """A format whose file can be sent while it is made."""

    def pieces(self, records: Iterable[Record], columns: Sequence[str], aside: str = "") -> Iterator[bytes]:
        """The bytes that `write` writes, in order, as the records are taken; only few of them are held at once.

        Args:
            records: taken one by one.
            columns: theirs.
            aside: the folder for what has to wait on disk; without one it is the system's for temporary files.

        Raises:
            InputError: as `write`, also after some of the bytes.
        """
        ...


class Embedder(Protocol):
    """Turns texts into vectors: what means nearly the same lies in nearly the same direction."""

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """The vector of each text, in their order; a text always has the same.

        Raises:
            ProviderError: the model did not answer.
            BudgetSpent: it may not be asked any more.
        """
        ...


class Novelty(Protocol):
    """Decides whether a record is new. `features` may run anywhere, the rest only where admission happens."""

    def features(self, record: Record) -> Any:
        """What comparing needs of a record; pure and picklable."""
        ...

    def peek(self, record: Record, features: Any) -> Verdict:
        """The verdict as of now; remembers nothing."""
        ...

    def remember(self, record: Record, features: Any) -> None:
        """From now on this record is known."""
        ...


@runtime_checkable
class ByMeaning(Novelty, Protocol):
    """A `Novelty` whose features hold meanings, which a worker fills in. What lacks its vector is not compared."""

    def meanings(self, features: Any) -> Sequence[Meaning]:
        """Those of these features."""
        ...


class Purse(Protocol):
    """What may still be spent. Reservations keep calls in flight within the budget."""

    async def reserve(self, model: str, input_tokens: int, max_tokens: int | None) -> Reservation:
        """Sets aside what a call may cost; waits while others' reservations may come back.

        Raises:
            BudgetSpent: it does not fit any more.
        """
        ...

    def again(self, reservation: Reservation) -> bool:
        """Sets aside one more HTTP request for the call; false if there is none left."""
        ...

    def settle(self, reservation: Reservation, usage: Usage, tries: int) -> float | None:
        """Books what the call really took; answers its cost in US dollars, None when no price is known."""
        ...


class Models(Protocol):
    """All models of a run behind one door: limits and retries included, and who takes over from whom."""

    async def complete(self, request: Request) -> Completion:
        """`request.model` is the user's name of the model; so is the answer's `model`.

        Raises:
            ProviderError: after all retries; `model` was asked, `tries` says how many HTTP requests were made, and
                `instead` names the model to ask now, if there is one.
        """
        ...

    def halt(self) -> None:
        """Sends nothing more: calls that wait to be sent end at once, `unsent`; those in flight come in."""
        ...

    def leave(self) -> None:
        """Waits no longer for answers that come by and by (of batches): those calls end at once, `unsent`."""
        ...

    @property
    def room(self) -> int:
        """How many jobs may be under way at once right now."""
        ...

    def capabilities(self, model: str) -> Capabilities:
        """What that model can do, as known now."""
        ...

    async def aclose(self) -> None:
        """Closes all connections."""
        ...


class Worker(Protocol):
    """Does jobs: generate, check, prepare for admission."""

    async def work(self, job: Job, answered: Callable[[Answered], None]) -> Finished:
        """Never raises but for cancellation; `answered` hears of every call as its answer arrives."""
        ...

    @property
    def room(self) -> int:
        """How many jobs it can take at once right now."""
        ...

    async def aclose(self) -> None:
        """Gives back what it opened."""
        ...


class Executor(Protocol):
    """Where work runs."""

    def map(
        self, open_worker: Callable[[Any], Worker], spec: Any, jobs: AsyncIterator[Job]
    ) -> AsyncIterator[Answered | Finished]:
        """Pulls jobs while there is room and yields what happens, as it happens. Only data crosses to workers."""
        ...


class Journal(Protocol):
    """Takes down what happened in a run, in order, durably, without making the engine wait."""

    def call(self, answered: Answered) -> None:
        """Queues one answered call for commit."""
        ...

    def slots(self, finished: Finished, rows: Sequence[SlotRow]) -> None:
        """Queues the ends of an attempt's slots, together."""
        ...

    def progress(self, figures: dict[str, Any]) -> None:
        """Queues the run's figures for others to see."""
        ...

    async def flush(self) -> None:
        """Waits until everything queued so far is on disk.

        Raises:
            RunFailed: it could not be written.
        """
        ...

    @property
    def backlog(self) -> int:
        """How many rows wait for commit."""
        ...

    @property
    def wish(self) -> str:
        """What another process wished of the run when its figures were last written: "pause", "cancel" or nothing."""
        ...

    def close(self) -> None:
        """Writes what is queued and takes nothing more; blocks.

        Raises:
            RunFailed: something could not be written.
        """
        ...
