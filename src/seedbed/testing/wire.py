"""OpenAI's requests and answers as data: what a request asks for, and the bodies it is answered with."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import shake_128
from itertools import accumulate
from math import log, sqrt
from time import time
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

Alternatives = list[tuple[str, float]]
"""Tokens that could have stood in one place with their natural-log probabilities; the token that does comes first."""

DIMENSIONS = 256
"""Length of an embedding: so many that texts without a common word are far apart, at a cosine of some 0.3 at most."""

_PROMPTS = {"/chat/completions": "messages", "/completions": "prompt", "/embeddings": "input"}


class ApiError(Exception):
    """An answer that is not 200: `body` is the JSON to send, `headers` more lines of header."""

    def __init__(self, status: int, code: str | None, message: str, headers: str = "") -> None:
        super().__init__(message)
        kind = {429: "requests", 500: "server_error"}.get(status, "invalid_request_error")
        self.status = status
        self.headers = headers
        self.body = orjson.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}})


@dataclass(frozen=True, slots=True)
class Question:
    """A request body that has been understood.

    `path` is the route without `/v1`; `prompt` everything that was said, one turn a line or more; `limit` the most
    tokens wanted; `top` how many alternatives of each token (None: no logprobs); `schema` what the answer must follow.
    """

    path: str
    body: Mapping[str, Any]
    model: str
    prompt: str
    limit: int | None
    top: int | None
    schema: Mapping[str, Any] | None

    @classmethod
    def read(cls, path: str, content: bytes) -> Question:
        """Understands the body of a call.

        Raises:
            ApiError: it is not JSON or lacks what such a call needs (400).
        """
        body = _parsed(content)
        if not isinstance(body, dict):
            raise ApiError(400, None, "The request body is not an object.")
        limits = [body[name] for name in ("max_completion_tokens", "max_tokens") if body.get(name) is not None]
        limit = limits[0] if limits else None
        if limit is not None and (not isinstance(limit, int) or limit < 1):
            raise ApiError(400, None, "max_tokens is not a positive integer.")
        model = str(body.get("model") or "fake-model")
        return cls(path, body, model, _prompt(path, body), limit, _top(path, body), _schema(body))

    @property
    def is_choice(self) -> bool:
        """Whether so few tokens are wanted that only the letter of an option fits."""
        return self.limit is not None and self.limit <= 2

    def until_stop(self, text: str) -> str:
        """`text` up to the first of the request's stop strings."""
        stop = self.body.get("stop") or []
        for end in stop if isinstance(stop, list) else [stop]:
            text = text.partition(str(end) or "\0")[0]
        return text


def _parsed(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except ValueError as error:
        raise ApiError(400, None, f"The request body is not valid JSON: {error}.") from error


def _prompt(path: str, body: Mapping[str, Any]) -> str:
    field = _PROMPTS[path]
    given: Any = body.get(field)
    if isinstance(given, str) and field != "messages":
        return given
    if not given or not isinstance(given, list):
        raise ApiError(400, None, f"The request needs `{field}`.")
    return "\n".join([_words(part.get("content") if isinstance(part, dict) else part) for part in given])


def _words(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return str(content or "")


def _top(path: str, body: Mapping[str, Any]) -> int | None:
    wanted = body.get("logprobs")
    if wanted is None or wanted is False:
        return None
    top = body.get("top_logprobs", 0) if path == "/chat/completions" else wanted
    if not isinstance(top, int) or not 0 <= top <= 20:
        raise ApiError(400, None, "The number of logprobs is not an integer from 0 to 20.")
    return top


def _schema(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    match body.get("response_format"):
        case None | {"type": "text"}:
            return None
        case {"type": "json_object"}:
            return {"type": "object", "properties": {"text": {"type": "string"}}}
        case {"type": "json_schema", "json_schema": {"schema": dict(schema)}}:
            return schema
    raise ApiError(400, None, "response_format is not understood.")


def letters(prompt: str) -> list[str]:
    """The choices a prompt offers: A, B, C … as far as lines start with `A)`, `A:` or `A.`; at least A."""
    offered = {found[1] for found in re.finditer(r"^[ \t]*\(?([A-Z])[).:]", prompt, re.MULTILINE)}
    chain = [letter for number, letter in enumerate(sorted(offered)) if ord(letter) == ord("A") + number]
    return chain or ["A"]


def token_logprobs(text: str, top: int, choices: Sequence[str], random: Random) -> Iterator[Alternatives]:
    """The tokens of `text` (words and signs), each with the `top` most probable tokens of its place, itself first.

    The others are `choices` in any order, then common words; the probabilities of one place add up to less than one.
    """
    choices = random.sample(choices, len(choices))
    for token in re.findall(r"\s*(?:\w+|[^\w\s])|\s+", text):
        chance = random.uniform(0.5, 0.99)
        others = [word for word in (*choices, *_COMMON) if word != token][: max(0, top - 1)]
        rest = [(word, log((1 - chance) * 0.5 ** (number + 1))) for number, word in enumerate(others)]
        yield [(token, log(chance)), *rest]


_COMMON = [
    f" {word}"
    for word in ("the", "a", "of", "to", "and", "in", "that", "it", "was", "for", "on", "as", "with", "at", "by", "is")
]


@dataclass(slots=True)
class Reply:
    """What is answered: a text, why it ends (`stop` or `length`), and the alternatives of its tokens, if asked for."""

    text: str
    finish: str
    logprobs: list[Alternatives] | None = None


def body_of(question: Question, reply: Reply, number: int) -> dict[str, Any]:
    """The JSON body of an answer to a chat or a raw completion; `number` makes its id. Tokens are characters / 4."""
    chat = question.path == "/chat/completions"
    choice: dict[str, Any] = {"index": 0, "finish_reason": reply.finish, "logprobs": None}
    if chat:
        choice["message"] = {"role": "assistant", "content": reply.text, "refusal": None}
    else:
        choice["text"] = reply.text
    if reply.logprobs is not None:
        top = question.top or 0
        choice["logprobs"] = _chat_logprobs(reply.logprobs, top) if chat else _raw_logprobs(reply.logprobs, top)
    return {
        "id": f"{'chatcmpl' if chat else 'cmpl'}-{number}",
        "object": "chat.completion" if chat else "text_completion",
        "created": int(time()),
        "model": question.model,
        "choices": [choice],
        "usage": usage(question.prompt, reply.text),
    }


def usage(prompt: str, answer: str) -> dict[str, int]:
    """Tokens of a call, estimated as four characters each."""
    read, written = (len(prompt) + 3) // 4, (len(answer) + 3) // 4
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _chat_logprobs(places: Sequence[Alternatives], top: int) -> dict[str, Any]:
    def entry(token: str, logprob: float) -> dict[str, Any]:
        return {"token": token, "logprob": logprob, "bytes": list(token.encode())}

    content = [{**entry(*place[0]), "top_logprobs": [entry(*each) for each in place[:top]]} for place in places]
    return {"content": content, "refusal": None}


def _raw_logprobs(places: Sequence[Alternatives], top: int) -> dict[str, Any]:
    offsets = accumulate((len(place[0][0]) for place in places), initial=0)
    return {
        "tokens": [place[0][0] for place in places],
        "token_logprobs": [place[0][1] for place in places],
        "top_logprobs": [dict(place[:top]) for place in places],
        "text_offset": list(offsets)[:-1],
    }


def models_of(names: Sequence[str]) -> dict[str, Any]:
    """The JSON body that lists models."""
    return {"object": "list", "data": [{"id": name, "object": "model", "owned_by": "seedbed"} for name in names]}


def embeddings_of(question: Question) -> dict[str, Any]:
    """The JSON body of an answer to an embeddings call: one unit vector a text, which depends on its words alone.

    The cosine of two texts is about the share of words they have in common, in whatever order.
    """
    given = question.body["input"]
    texts = [given] if isinstance(given, str) else given
    data = [
        {"object": "embedding", "index": index, "embedding": _vector(str(text))} for index, text in enumerate(texts)
    ]
    return {"object": "list", "data": data, "model": question.model, "usage": usage(question.prompt, "")}


def _vector(text: str) -> list[float]:
    words = [_word_vector(word) for word in re.findall(r"\w+", text.lower()) or [""]]
    sums = [sum(column) for column in zip(*words, strict=True)]
    length = sqrt(sum(value * value for value in sums))
    return [value / length for value in sums]


@lru_cache(maxsize=10_000)
def _word_vector(word: str) -> tuple[float, ...]:
    return tuple(byte - 127.5 for byte in shake_128(word.encode(errors="replace")).digest(DIMENSIONS))


def described(path: str, headers: Mapping[str, str], content: bytes) -> dict[str, Any]:
    """A call as it is shown: its body as JSON, if it is that."""
    body: Any = content.decode(errors="replace")
    with suppress(ValueError):
        body = orjson.loads(content)
    return {"path": path, "headers": {name.lower(): value for name, value in headers.items()}, "body": body}
