"""Every error Seedbed raises on purpose.

SeedbedError
├── InputError            what the user gave is wrong (exit 2)
│   ├── FieldError        one field of it (core/fields.py)
│   ├── MissingExtra      an optional library is not installed
│   ├── NotFound          what was named is not there
│   ├── Taken             the name is in use
│   └── Changed           somebody changed it meanwhile
├── RunClaimed            another process drives this run
├── RunFailed             the run cannot go on; everything made is kept (exit 1)
│   └── StoreFailed       the workspace's database cannot be read or written
├── BudgetSpent           the next call would go over the budget
└── ProviderError         a model could not answer; `kind` says why

Each has a message that is one sentence and a `hint` that says what to do about it. Where there is nothing more to say
than its kind does, `advice` says that: nobody is told what is wrong and not what to do.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from traceback import FrameSummary

ProviderErrorKind = Literal[
    "auth", "model", "quota", "request", "context", "unreachable", "timeout", "rate_limited", "server", "protocol"
]

RETRYABLE: frozenset[str] = frozenset({"unreachable", "timeout", "rate_limited", "server", "protocol"})
"""Kinds of provider error after which the same request may succeed."""

FATAL: frozenset[str] = frozenset({"auth", "model", "quota"})
"""Kinds of provider error that every other request to that model would meet too."""


class SeedbedError(Exception):
    """Base of all errors of this package; `usual` is what to do about one of its kind that has no hint of its own."""

    exit_code = 1
    usual: ClassVar[str] = "Try again; if it stays so, please tell us."

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def advice(self) -> str:
        """What to do about it, in any case: never empty."""
        return self.hint or self.usual

    def __reduce__(self) -> tuple[Any, ...]:
        """As it is in another process, whatever its class wants to be made of."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[SeedbedError], arguments: tuple[Any, ...], state: dict[str, Any]) -> SeedbedError:
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    error.__dict__.update(state)
    return error


class InputError(SeedbedError):
    """A recipe, file, option or value the user gave cannot be used."""

    exit_code = 2
    usual = "Mend that, then try again."


class MissingExtra(InputError):
    """A feature needs a library that is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs the optional part `{extra}`, which is not installed.",
            f"Install it with: pip install 'seedbed[{extra}]'",
        )


class NotFound(InputError):
    """What was named is not there."""

    usual = "Take a name from the list of what there is."


class Taken(InputError):
    """There is something of that name already."""

    usual = "Take another name, or change what is there."


class Changed(InputError):
    """What is to be changed is not as it was looked at any more; `version` is the one it has."""

    def __init__(self, what: str, version: int) -> None:
        super().__init__(f"{what} was changed meanwhile.", "Look at it again, then change it as it stands now.")
        self.version = version


class RunClaimed(InputError):
    """Another live process owns the run."""

    usual = "Wait until it has ended there, or pause it first."


class RunFailed(SeedbedError):
    """The run ended because it cannot go on; all accepted records are kept."""

    usual = "What was accepted is kept; see to what it names, then go on."

    @classmethod
    def by_part(cls, error: Exception, stack: Sequence[FrameSummary]) -> RunFailed:
        """For a defect of a part, perhaps of the user's own; `stack` ends where it happened."""
        place = stack[-1]
        return cls(
            f"A part of the run failed: {type(error).__name__}: {error} ({place.filename}, line {place.lineno}).",
            "What was accepted is kept; mend the part, then go on.",
        )


class StoreFailed(RunFailed):
    """The workspace's database cannot be read or written."""

    usual = "See to the database and its disk, then try again."


class BudgetSpent(SeedbedError):
    """No further call fits into what the user allowed to spend."""

    usual = "Allow more to be spent, then go on."


class ProviderError(SeedbedError):
    """A model did not answer.

    Args:
        kind: the class of failure; decides about retries (`RETRYABLE`) and about giving up (`FATAL`).
        message: what happened, with the provider's own words, keys removed.
        retry_after: seconds the provider asked to wait, if it did.
        status: HTTP status, if there was an answer.

    `tries` counts the HTTP requests made, `lost` those of them that timed out; `gave_up` is set when the model is
    considered out of order; `unsent` says that only the end of the run or of its budget kept the question from being
    sent (again). `model` is the user's name of the model that was asked, `instead` that of the one to ask now.
    """

    usual = "Check the connection: its address, its key and its model."

    def __init__(
        self,
        kind: ProviderErrorKind,
        message: str,
        *,
        retry_after: float | None = None,
        status: int | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(message, hint)
        self.kind: ProviderErrorKind = kind
        self.retry_after = retry_after
        self.status = status
        self.tries = 1
        self.gave_up = False
        self.unsent = False
        self.lost = int(kind == "timeout")
        self.model = ""
        self.instead = ""

    @classmethod
    def stopped(cls) -> ProviderError:
        """For a question that is not sent because nothing more is asked."""
        error = cls("unreachable", "The question was not sent: the run is stopping.")
        error.tries, error.unsent = 0, True
        return error

    @classmethod
    def no_embeddings(cls, who: str) -> ProviderError:
        """For a text whose vector is wanted of somebody who makes none."""
        hint = "Name an embedding model of another connection, or the offline one: `model: embedded`."
        error = cls("model", f"{who} has no embeddings.", hint=hint)
        error.tries = 0
        return error

    def repeated(self, tries: int, lost: int) -> ProviderError:
        """The same for another question, which took `tries` HTTP requests of which `lost` timed out."""
        error = ProviderError(self.kind, self.message, status=self.status, hint=self.hint)
        error.gave_up, error.unsent = self.gave_up, self.unsent
        error.tries, error.lost = tries, lost
        return error

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later."""
        return self.kind in RETRYABLE

    @property
    def fatal(self) -> bool:
        """Whether every further request to this model would fail the same way."""
        return self.kind in FATAL


def nearest(word: str, known: Iterable[str]) -> str:
    """A phrase that offers the nearest known name, or lists what is known."""
    names = list(dict.fromkeys(map(str, known)))
    folded = {name.casefold(): name for name in reversed(names)}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.7)
    if close:
        return f"Did you mean `{folded[close[0]]}`?"
    return f"Known: {', '.join(names[:20])}." if names else ""
