"""What is asked of a model and what it answers.

These are made several times for every record and never changed once made; they are not declared frozen because that
makes making them three times as slow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import orjson

if TYPE_CHECKING:
    from .attempt import Attempt

FinishReason = Literal["stop", "length", "content_filter"]


class Message(TypedDict):
    """One turn: `role` is system, user or assistant."""

    role: str
    content: str


def _always() -> bool:
    return True


@dataclass(slots=True)
class Request:
    """One question to one model, in no provider's dialect.

    Either `messages` (a chat), `prompt` (a raw completion) or `embed` (a text whose vector is wanted: the answer's text
    holds it, see `vectors`) is set. `model` is the user's name for it, `connection:model`; a provider receives the
    part behind the first colon. `schema` is a JSON Schema the answer must follow. `attempt` identifies the call
    towards the provider and is no part of the question. `again` is asked before the question is sent once more, by
    whoever does that, and books that HTTP request: false means the budget has none left. `redacted` says how many
    values of each kind were masked in it (None: it was not looked at, or nothing was found), and `of` which attempt
    asks it, for whoever writes down what is under way; they are no part of the question either.
    """

    model: str
    messages: tuple[Message, ...] = ()
    prompt: str | None = None
    schema: dict[str, Any] | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    top_logprobs: int = 0
    extra: dict[str, Any] = field(default_factory=dict)
    attempt: str = ""
    again: Callable[[], bool] = field(default=_always, repr=False, compare=False)
    redacted: dict[str, int] | None = field(default=None, repr=False, compare=False)
    embed: str | None = None
    of: Attempt | None = field(default=None, repr=False, compare=False)

    @classmethod
    def to_embed(cls, model: str, text: str, attempt: str) -> Request:
        """Asks for the vector of a text; there is no output to pay for."""
        return cls(model, max_tokens=0, attempt=attempt, embed=text)

    def to_json(self) -> bytes:
        """The question as JSON, without the attempt; equal questions give equal bytes."""
        if self.embed is not None:
            return orjson.dumps({"model": self.model, "embed": self.embed})
        asked = ("messages", self.messages) if self.prompt is None else ("prompt", self.prompt)
        question: dict[str, Any] = {"model": self.model, asked[0]: asked[1]}
        if self.schema is not None:
            question["schema"] = self.schema
        if self.temperature is not None:
            question["temperature"] = self.temperature
        if self.top_p is not None:
            question["top_p"] = self.top_p
        if self.max_tokens is not None:
            question["max_tokens"] = self.max_tokens
        if self.seed is not None:
            question["seed"] = self.seed
        if self.stop:
            question["stop"] = self.stop
        if self.top_logprobs:
            question["top_logprobs"] = self.top_logprobs
        if self.extra:
            question["extra"] = self.extra
        return orjson.dumps(question)

    def to(self, model: str) -> Request:
        """The same question to another model (`dataclasses.replace` costs five times as much)."""
        return Request(
            model,
            self.messages,
            self.prompt,
            self.schema,
            self.temperature,
            self.top_p,
            self.max_tokens,
            self.stop,
            self.seed,
            self.top_logprobs,
            self.extra,
            self.attempt,
            self.again,
            self.redacted,
            self.embed,
            self.of,
        )

    def input_size(self) -> int:
        """Rough number of input tokens: four characters each, and a few for every turn."""
        alone = self.prompt if self.embed is None else self.embed
        if alone is not None:
            return len(alone) // 4 + 1
        return sum(len(message["content"]) // 4 + 4 for message in self.messages)


def request_hash(question: bytes) -> str:
    """A short stable name for a question as given by `Request.to_json`."""
    return blake2b(question, digest_size=12).hexdigest()


@dataclass(slots=True)
class Usage:
    """Tokens as the provider counted them (or as estimated, when it does not say)."""

    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def total(self) -> int:
        return self.input_tokens + self.output_tokens


@dataclass(slots=True)
class RateState:
    """What rate-limit headers said: what is left until the reset, `reset` in seconds from now."""

    requests_left: int | None = None
    requests_reset: float | None = None
    tokens_left: int | None = None
    tokens_reset: float | None = None


@dataclass(slots=True)
class Completion:
    """A model's answer.

    `model` is the user's name of the model that answered (a fallback may have). `logprobs` are the first token's
    alternatives with natural-log probabilities. `tries` counts HTTP requests it took. `structured` says whether the
    provider really constrained the answer to the schema. `lost` is how many of the tries timed out, which a provider
    bills all the same.
    """

    text: str
    finish_reason: FinishReason = "stop"
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    logprobs: tuple[tuple[str, float], ...] = ()
    tries: int = 1
    seconds: float = 0.0
    structured: bool = False
    rate: RateState | None = None
    lost: int = 0

    def by(self, model: str, tries: int) -> Completion:
        """This answer, now under the user's name of the model and with the number of HTTP requests in all."""
        self.model, self.tries = model, tries
        return self


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a model behind a connection can do, as declared or as learnt from its answers.

    `prefers_raw`: small models follow same-label examples in a raw completion better than chat instructions.
    `prefix_cache`: consecutive requests with one beginning are cheaper. `free`: calls cost no money.
    """

    system_role: bool = True
    json_schema: bool = False
    raw_completions: bool = False
    prefers_raw: bool = False
    logprobs: bool = False
    seed: bool = False
    prefix_cache: bool = False
    free: bool = False
