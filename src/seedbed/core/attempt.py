"""One unit of asking, what a generator gets to see of it, and what comes out.

An attempt is never changed once it is made. It is not a frozen dataclass for the same reason as in `chat`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

from .chat import Capabilities, Completion, Message, Request

if TYPE_CHECKING:
    from .errors import ProviderError
    from .record import Record

Ask = Callable[[Request], Awaitable[Completion]]
"""Puts a question to a model; limits, retries, budget and memory are behind it."""

REJECTING_FAILURES = frozenset({"refusal"})
"""Reasons of a `Failure` that count as the model's word being rejected, not as a failed exchange."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a model is to draw; None leaves it to the provider. `extra` is passed on unchanged."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SamplingRange:
    """The recipe's sampling; the temperature is drawn from [`low`, `high`], which may be one number."""

    base: Sampling
    low: float | None = None
    high: float | None = None


STEP = "step"
"""The axis that tells the cells of one step of a recipe from another's; a record's origin names its step so."""

NONE: dict[str, Capabilities] = {}

NO_CAPABILITIES = Capabilities()
NO_SAMPLING = Sampling()


@dataclass(slots=True)
class Recent:
    """An accepted record as it is shown to a model: "write something different from this"."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Previous:
    """A record that was rejected, and why: the next attempt is told."""

    values: dict[str, Any]
    detail: str


BEFORE = -1
"""The number under which is kept what was asked before the first attempt."""


@dataclass(slots=True)
class Attempt:
    """Everything one asking depends on; with it a generator makes the same prompt anywhere and at any time.

    `ordinal` counts the attempts of one cell from zero; `seed` depends on the run's seed, the cell and the ordinal
    only. `n` is how many records are asked for (its slots). `now` is an ISO 8601 time in UTC. `steered` says whether
    the prompt may be varied by chance; `recent` are accepted texts of the same cell to differ from. `strict` says that
    only JSON that follows the schema is an answer (`structured: always`). `inputs` are what it works on (see
    `seedbed.core.pool`); `previous` is what an attempt before it made of the same, and what was wrong with it. `others`
    are models that steps within the attempt ask, and what these can do.
    """

    run: str
    number: int
    ordinal: int
    seed: int
    now: str
    cell_index: int
    cell: dict[str, str]
    model: str
    n: int = 1
    capabilities: Capabilities = NO_CAPABILITIES
    sampling: Sampling = NO_SAMPLING
    steered: bool = True
    recent: tuple[Recent, ...] = ()
    strict: bool = False
    inputs: tuple[Record, ...] = ()
    previous: Previous | None = None
    others: dict[str, Capabilities] = field(default_factory=lambda: NONE)

    @property
    def id(self) -> str:
        """Name of the attempt towards providers and in origins."""
        return f"{self.run}:{self.number}"


class Context:
    """What a generator or check may use: the attempt, a model to ask, and seeded chance."""

    __slots__ = ("_rng", "ask", "attempt")

    def __init__(self, attempt: Attempt, ask: Ask) -> None:
        self.attempt = attempt
        self.ask = ask
        self._rng: Random | None = None

    @property
    def rng(self) -> Random:
        """Chance that depends on the attempt's seed alone."""
        if self._rng is None:
            self._rng = Random(self.attempt.seed)
        return self._rng

    async def chat(
        self, messages: tuple[Message, ...], schema: dict[str, Any] | None = None, **changes: Any
    ) -> Completion:
        """Asks the attempt's model in a chat, with the attempt's sampling but for `changes` (fields of `Request`)."""
        return await self.ask(self._request(messages, None, schema, changes))

    async def complete(self, prompt: str, **changes: Any) -> Completion:
        """Asks the attempt's model to go on writing after `prompt`."""
        return await self.ask(self._request((), prompt, None, changes))

    def _request(
        self,
        messages: tuple[Message, ...],
        prompt: str | None,
        schema: dict[str, Any] | None,
        changes: dict[str, Any],
    ) -> Request:
        attempt, sampling = self.attempt, self.attempt.sampling
        request = Request(
            changes.pop("model", None) or attempt.model,
            messages,
            prompt,
            schema,
            sampling.temperature,
            sampling.top_p,
            sampling.max_tokens,
            sampling.stop,
            attempt.seed % 2**31 if attempt.capabilities.seed else None,
            0,
            sampling.extra,
            attempt.id,
        )
        for name, value in changes.items():
            setattr(request, name, value)
        return request


@dataclass(frozen=True, slots=True)
class Verdict:
    """May this record stay? If not, `reason` is the short name it is counted under and `detail` a sentence."""

    passed: bool
    reason: str = ""
    detail: str = ""
    score: float | None = None


PASSED = Verdict(passed=True)


@dataclass(slots=True)
class Failure:
    """A slot that brought no record: truncated, unparseable, missing, http, timeout — or a refusal."""

    reason: str
    detail: str = ""


@dataclass(slots=True)
class Rejected:
    """A record that its generator itself sees is not what was asked for; `reason` is what it is counted under."""

    record: Record
    reason: str
    detail: str = ""


Outcome: TypeAlias = "Record | Failure | Rejected"
"""What becomes of a slot in the hands of a generator."""


@dataclass(slots=True)
class Answered:
    """A call that was answered (or charged without an answer: `completion` is None then).

    `redacted` says how many values of each kind were masked in the question, if any were.
    """

    attempt: Attempt
    question: bytes
    hash: str
    occurrence: int
    model: str
    completion: Completion | None
    cost: float | None
    tries: int
    input_tokens: int
    output_tokens: int
    redacted: dict[str, int] | None = None


@dataclass(slots=True)
class Job:
    """An attempt on its way to a worker, with the calls of it that were answered before a crash."""

    attempt: Attempt
    answers: dict[tuple[str, int], Completion] = field(default_factory=dict)


@dataclass(slots=True)
class Candidate:
    """What came out of one slot: a record that passed the checks of the worker, or why there is none."""

    record: Record | None
    verdict: Verdict = PASSED
    failed: bool = False
    features: Any = None
    scores: dict[str, float | str] = field(default_factory=dict)


@dataclass(slots=True)
class Finished:
    """The end of a job.

    `error` is the one no model gave an answer for. An `unsent` attempt stays open, nothing of it is counted: the run
    is stopping or its budget is spent.
    """

    attempt: Attempt
    candidates: list[Candidate] = field(default_factory=list)
    model: str = ""
    error: ProviderError | None = None
    unsent: bool = False
