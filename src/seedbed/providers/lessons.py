"""What a server's refusal teaches about the requests it takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from .turns import has_system

if TYPE_CHECKING:
    from seedbed.core.chat import Capabilities, Request

    from .faults import Fault

_UNSUPPORTED = re.compile(
    r"unsupported|not support|only the default|deprecated|cannot both|not permitted|not allowed|unrecogni[sz]ed"
    r"|unknown|unexpected|removed",
    re.I,
)
_SYSTEM = re.compile(r"system role|role\W+system|system\b.{0,40}not support|roles must alternate|developer instr", re.I)
_DROPPABLE: tuple[tuple[str, ...], ...] = (
    ("top_p",),
    ("temperature",),
    ("seed",),
    ("stop",),
)


class Lesson(NamedTuple):
    """One change to the bodies sent to one model: fields to leave out, one under another name, one to set."""

    drop: tuple[str, ...] = ()
    rename: tuple[str, str] | None = None
    put: tuple[str, Any] | None = None

    def apply(self, body: dict[str, Any]) -> None:
        """Changes `body` in place."""
        for name in self.drop:
            body.pop(name, None)
        if self.rename is not None and self.rename[0] in body:
            body[self.rename[1]] = body.pop(self.rename[0])
        if self.put is not None:
            body[self.put[0]] = self.put[1]


class Form(NamedTuple):
    """How requests to one model are put: what it can do, and what was learnt."""

    can: Capabilities
    lessons: tuple[Lesson, ...] = ()


def parameter_lesson(fault: Fault, body: dict[str, Any], request: Request) -> Lesson | None:
    """Which parameter to leave out or rename, if the refusal names one of ours as unsupported.

    What the user put into `extra` is never touched.
    """
    if "max_tokens" in body and "max_completion_tokens" in fault.words:
        return Lesson(rename=("max_tokens", "max_completion_tokens"))
    if not _UNSUPPORTED.search(f"{fault.code} {fault.words}"):
        return None
    for names in _DROPPABLE:
        if names[0] in body and names[0] not in request.extra and _named(names[0], fault):
            return Lesson(drop=names)
    return None


def refuses_logprobs(fault: Fault, body: dict[str, Any], request: Request) -> bool:
    """Whether the refusal is about the probabilities that were asked for, in whatever words."""
    named = "logprob" in f"{fault.param} {fault.code} {fault.words}".lower()
    return named and "logprobs" in body and "logprobs" not in request.extra


def refuses_system(fault: Fault, request: Request, can: Capabilities) -> bool:
    """Whether the refusal is about a system turn that was sent."""
    return can.system_role and has_system(request.messages) and _SYSTEM.search(fault.words) is not None


def _named(name: str, fault: Fault) -> bool:
    quoted = rf"['\"`]{name}['\"`]|\b{name} (is|does|parameter)\b"
    return fault.param == name or re.search(quoted, fault.words) is not None
