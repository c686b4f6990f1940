"""What a run is driven with: its target, what the coordinator works with, where the work is done, how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.attempt import Job
    from seedbed.core.chat import Capabilities
    from seedbed.core.part import Sequenced
    from seedbed.core.pool import Pool
    from seedbed.core.ports import Executor, Journal, Novelty, Worker
    from seedbed.core.quota import Quota
    from seedbed.core.record import Record
    from seedbed.core.run import Accounts, RunState

    from .budget import Budget
    from .plan import Plan
    from .steering import Steering, StepSteering


@dataclass(slots=True)
class Target:
    """What is asked for, of whom.

    `items_per_call` may be given for each cell. `settled` is asked when nothing is under way: whether there is more to
    work on now. `numbered` and `step_models` are by step, "" where there are none. `more_models` are asked within an
    attempt, beside its own.
    """

    run: str
    seed: int
    quota: Quota
    models: list[tuple[str, float]]
    capabilities: Callable[[str], Capabilities]
    items_per_call: int | Sequence[int] = 1
    strict: bool = False
    first_attempt: int = 0
    open_jobs: Sequence[Job] = ()
    pool: Pool | None = None
    settled: Callable[[], bool] = field(default=lambda: False)
    numbered: Mapping[str, Mapping[str, Sequenced]] = field(default_factory=dict)
    step_models: Mapping[str, list[tuple[str, float]]] = field(default_factory=dict)
    more_models: Sequence[str] = ()
    gist: Callable[[Record], str] = field(default=lambda record: record.text)
    retries: Callable[[str], bool] = field(default=lambda _: False)


@dataclass(slots=True)
class Desk:
    """What the coordinator works with."""

    plan: Plan
    steering: Steering | StepSteering
    novelty: Novelty
    accounts: Accounts
    budget: Budget
    journal: Journal


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended; `message` says why, where there is something to say, `hint` what to do."""

    state: RunState
    message: str = ""
    hint: str = ""


@dataclass(slots=True)
class Floor:
    """Where the work is done; `halt` tells the models to send nothing more, `leave` to wait no longer for what they
    answer by and by; `waiting` says for what is waited now."""

    executor: Executor
    open_worker: Callable[[Any], Worker]
    halt: Callable[[], None]
    leave: Callable[[], None] = field(default=lambda: None)
    spec: Any = None
    waiting: Callable[[], Sequence[str]] = field(default=tuple)
