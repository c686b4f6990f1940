"""How the fake server behaves: its settings and counters, what it answers, what it spoils, whom it lets wait."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from math import ceil, exp
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from seedbed.testing.grammar import Answers, Grammar
from seedbed.testing.wire import ApiError, Question, Reply, body_of, embeddings_of, letters, token_logprobs

if TYPE_CHECKING:
    from collections.abc import Sequence

Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Positive = Annotated[int, Field(ge=1)]


REFUSALS = (
    "I'm sorry, but I can't assist with that request.",
    "As an AI language model, I cannot write such a text.",
    "I cannot help with that. Is there anything else I can do for you?",
    "I'm unable to generate this kind of content.",
)
"""What is answered in place of a text by `declined_share`."""


class Settings(BaseModel):
    """How the server behaves. The defaults are a healthy server that answers at once; shares are drawn per request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    latency: Seconds = Field(0.0, description="seconds until an answer starts")
    latency_sigma: Annotated[float, Field(ge=0, le=5)] = Field(0.0, description="lognormal spread around the latency")
    seed: int = Field(0, description="decides texts, faults and latencies")
    by_question: bool = Field(default=False, description="the same question gets the same text, whenever it comes")
    answers: tuple[str, ...] | str | None = Field(None, description="file of answers (lines or JSON list), cycled")
    grammar: Grammar | str | None = Field(None, description="JSON file: rule to expansions, starting at S")
    repeat_rate: Share = Field(0.0, description="share of texts that copy an earlier new one")
    choice: str | None = Field(None, description="the answer if max_tokens is 1 or 2; else a letter the prompt offers")
    rate_limited_share: Share = Field(0.0, description="share of 429 answers")
    retry_after: Seconds = Field(1.0, description="seconds in the Retry-After header of those and of --max-in-flight")
    error_share: Share = Field(0.0, description="share of 500 answers, after the latency")
    reset_share: Share = Field(0.0, description="share of connections reset after the latency")
    truncated_share: Share = Field(0.0, description="share of answers cut in the middle, finish_reason length")
    broken_share: Share = Field(0.0, description="share of answers that are a cut JSON object, finish_reason stop")
    declined_share: Share = Field(0.0, description="share of texts that decline to answer")
    slow_share: Share = Field(0.0, description="share of answers whose second half comes late")
    slow_seconds: Seconds = Field(1.0, description="how late that is")
    max_in_flight: Positive | None = Field(None, description="calls at the same time; above it 429")
    requests_per_minute: Positive | None = Field(None, description="size of a bucket refilled evenly; if empty, 429")
    rate_headers: bool = Field(default=False, description="send x-ratelimit-* headers with every answer")
    key: str | None = Field(None, description="the key to be sent; any other gets 401")
    echo_key: bool = Field(default=True, description="401 answers repeat the whole key that was sent")
    models: tuple[str, ...] = Field((), description="the models there are, others get 404; none: any")
    json_schema: bool = Field(default=True, description="support response_format; if not, it gets 400")
    logprobs: bool = Field(default=True, description="answer with logprobs when asked")
    batches: bool = Field(default=True, description="have batches, of OpenAI and of Anthropic; if not, they get 404")
    batch_delay: Seconds = Field(0.0, description="seconds until a batch is over")
    batch_failed: Annotated[int, Field(ge=0)] = Field(0, description="so many batches, the first, fail as a whole")
    batch_expired: Annotated[int, Field(ge=0)] = Field(0, description="so many, the next, expire when half is answered")
    batch_error_share: Share = Field(0.0, description="share of requests in batches whose answer is a 500")


@dataclass(slots=True)
class Counters:
    """What happened since the start or the last reset. Only calls count, not the questions about server and models.

    Always `requests = in_flight + answered + abandoned + rate_limited + unauthorised + errors + resets`. `abandoned`:
    the client was gone before its answer was sent. `errors`: answers other than 200, 401 and 429. `truncated`, `broken`
    and `declined` are among the answers written. `answered_twice`: answers beyond the first for one X-Seedbed-Attempt.
    `max_in_flight_seen` does not count what was refused at once. Batches are counted apart, when they are handed over:
    `batches` with `batch_requests` in them, of which `batch_answered` were answered.
    """

    requests: int = 0
    in_flight: int = 0
    max_in_flight_seen: int = 0
    answered: int = 0
    answered_twice: int = 0
    abandoned: int = 0
    rate_limited: int = 0
    errors: int = 0
    resets: int = 0
    truncated: int = 0
    broken: int = 0
    declined: int = 0
    unauthorised: int = 0
    by_model: dict[str, int] = field(default_factory=dict)
    batches: int = 0
    batches_cancelled: int = 0
    batch_requests: int = 0
    batch_answered: int = 0

    def to_dict(self) -> dict[str, Any]:
        """A copy as plain data."""
        return asdict(self)

    def refused(self, status: int) -> None:
        """Counts an answer that is not 200."""
        if status == 401:
            self.unauthorised += 1
        elif status == 429:
            self.rate_limited += 1
        else:
            self.errors += 1

    def reset(self) -> None:
        """Counts from zero, except for the calls that are being answered."""
        now = self.in_flight
        for name, value in asdict(Counters(requests=now, in_flight=now, max_in_flight_seen=now)).items():
            setattr(self, name, value)


class Author:
    """Writes the answers and spoils some of them, as the settings say."""

    def __init__(self, settings: Settings, counters: Counters) -> None:
        self.settings = settings
        self.counters = counters
        self.answers = Answers(settings.answers, settings.grammar, settings.seed)
        self.random = Random(f"{settings.seed} faults")

    def change(self, settings: Settings) -> None:
        """Goes on with other settings; texts and chances start anew only where their source or seed is another."""
        old = self.settings
        if (old.answers, old.grammar, old.seed) != (settings.answers, settings.grammar, settings.seed):
            self.answers = Answers(settings.answers, settings.grammar, settings.seed)
        if old.seed != settings.seed:
            self.random = Random(f"{settings.seed} faults")
        self.settings = settings

    def draw(self, share: float) -> bool:
        """True in `share` of all cases."""
        return bool(share) and self.random.random() < share

    def latency(self) -> float:
        """Seconds until the next answer starts."""
        settings = self.settings
        return settings.latency * (exp(self.random.gauss(0, settings.latency_sigma)) if settings.latency_sigma else 1)

    def text(self) -> str:
        """The next free text: a new one, a repeated one, or a refusal."""
        if self.draw(self.settings.declined_share):
            self.counters.declined += 1
            return self.random.choice(REFUSALS)
        return self.answers.text(self.settings.repeat_rate)

    def write(self, question: Question) -> bytes:
        """The body of the answer."""
        if question.path == "/embeddings":
            return orjson.dumps(embeddings_of(question))
        options = letters(question.prompt) if question.is_choice else []
        reply = self._spoil(question, question.until_stop(self._text(question, options)))
        if question.top is not None and self.settings.logprobs:
            reply.logprobs = list(token_logprobs(reply.text, question.top, options, self.random))
        return orjson.dumps(body_of(question, reply, self.counters.requests))

    def _text(self, question: Question, options: Sequence[str]) -> str:
        if self.settings.by_question:
            self.answers.random.seed(orjson.dumps([self.settings.seed, question.body]))
        if question.is_choice:
            return self.settings.choice or self.random.choice(options)
        if question.schema is None:
            return self.text()
        try:
            return orjson.dumps(self.answers.follow(question.schema, self.text)).decode()
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise ApiError(400, "invalid_schema", f"The schema is invalid or not supported: {error!r}.") from error

    def _spoil(self, question: Question, text: str) -> Reply:
        room = 4 * question.limit if question.limit and not question.is_choice else len(text)
        if self.draw(self.settings.truncated_share):
            room = min(room, len(text) // 2)
        if room < len(text):
            self.counters.truncated += 1
            return Reply(text[:room], "length")
        if self.draw(self.settings.broken_share):
            self.counters.broken += 1
            text = _broken(text if question.schema is not None else orjson.dumps({"text": text}).decode())
        return Reply(text, "stop")


def _broken(text: str) -> str:
    end = text.rfind('"')
    start = text.rfind('"', 0, max(end, 0))
    return text[: (start + end) // 2 + 1]


class Bucket:
    """Lets `size` requests a minute through (None: all): full at first, refilled evenly."""

    def __init__(self, size: int | None) -> None:
        self.endless = size is None
        self.size = size or 10_000
        self.level = float(self.size)
        self._then = monotonic()

    def take(self) -> float:
        """Seconds until a request may pass; 0 if this one does."""
        if self.endless:
            return 0.0
        now = monotonic()
        self.level = min(self.size, self.level + (now - self._then) * self.size / 60)
        self._then = now
        if self.level < 1:
            return (1 - self.level) * 60 / self.size
        self.level -= 1
        return 0.0

    def refusal(self, wait: float) -> ApiError:
        """The answer to a request that comes too early by `wait` seconds."""
        after = f"{ceil(wait * 1000) / 1000:g}"
        headers = f"Retry-After: {after}\r\n" + ("" if self.endless else self.headers())
        return ApiError(429, "rate_limit_exceeded", f"Rate limit reached. Please try again in {after}s.", headers)

    def headers(self) -> str:
        """What OpenAI tells about its limits, as header lines."""
        reset = (self.size - self.level) * 60 / self.size
        return (
            f"x-ratelimit-limit-requests: {self.size}\r\nx-ratelimit-remaining-requests: {int(self.level)}\r\n"
            f"x-ratelimit-reset-requests: {_duration(reset)}\r\nx-ratelimit-limit-tokens: 2000000\r\n"
            "x-ratelimit-remaining-tokens: 1999000\r\nx-ratelimit-reset-tokens: 30ms\r\n"
        )


def _duration(seconds: float) -> str:
    milliseconds = ceil(seconds * 1000)
    if milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds / 1000, 60)
    return f"{int(minutes)}m{rest:g}s" if minutes else f"{rest:g}s"


class Names:
    """Knows which names it has met: 8 bytes for each of the last millions."""

    SIZE = 8 * 1024

    def __init__(self) -> None:
        self._buckets: defaultdict[int, bytearray] = defaultdict(bytearray)

    def met(self, name: str) -> bool:
        """Whether `name` was given before."""
        digest = hash(name) & 0xFFFF_FFFF_FFFF_FFFF
        bucket, mark = self._buckets[digest & 0xFFF], digest.to_bytes(8)
        place = bucket.find(mark)
        while place % 8 and place >= 0:
            place = bucket.find(mark, place + 1)
        if place < 0:
            bucket += mark
            del bucket[: len(bucket) - self.SIZE if len(bucket) > self.SIZE else 0]
        return place >= 0
