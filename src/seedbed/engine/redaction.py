"""What models of others are not to see: masked in what they are asked, put back into what they answer.

It goes around the `ask` of an attempt, before a question gets its name and is taken down, so the store holds what was
really sent, and the same attempt asks the same again.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seedbed.checks.personal import Found, joined
from seedbed.checks.sensitive import ready, sensitive
from seedbed.core.chat import Message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from seedbed.core.attempt import Ask
    from seedbed.core.chat import Completion, Request

SHORT = {"EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE", "IBAN_CODE": "IBAN"}
"""What kinds are called in placeholders and figures, where not as in the check."""

MASKED_FORMATS = frozenset({"email", "idn-email", "ipv4", "ipv6"})
"""Formats of JSON Schema that values have and their placeholders have not."""

_PLACEHOLDER = re.compile(r"\[[A-Z_]+_[1-9]\d*\]")
_ESCAPES = re.compile(r'(\\u[0-9a-fA-F]{4}|\\.|["\\\x00-\x1f]+)')
"""What JSON writes otherwise: it stays where it is, so that a value can be put back into prose and JSON alike."""

_DATA = ("enum", "const", "default", "examples")


class Redaction:
    """Masks personal data and secrets in all that is sent to some models.

    Args:
        models: the user's names of those models.

    Raises:
        MissingExtra: a library that finds them is not installed.
    """

    def __init__(self, models: Collection[str]) -> None:
        self._models = frozenset(models)
        ready()

    def over(self, ask: Ask) -> Ask:
        """The same `ask`, through which nothing goes to those models unmasked."""

        async def masked(request: Request) -> Completion:
            mask = self._mask(request)
            return _restored(await ask(_masked(request, mask)), mask) if mask else await ask(request)

        return masked

    def sent(self, request: Request) -> Request:
        """The question as it is sent."""
        mask = self._mask(request)
        return _masked(request, mask) if mask else request

    def _mask(self, request: Request) -> Mask | None:
        """What is to be masked in a question, if there is anything."""
        mask = Mask(list(_texts(request))) if request.model in self._models else None
        return mask if mask and mask.needed else None


class Mask:
    """Placeholders such as `[EMAIL_1]` for what is found in the texts of one question.

    What is found in one place is masked wherever it stands, and the same value has the same placeholder. They are
    numbered in the order in which texts are masked; one that a text holds by itself is left out.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._kinds: dict[str, str] = {}
        for text in texts:
            for one in sensitive(text):
                self._kinds.setdefault(text[one.start : one.end], one.entity)
        self._taken = {name for text in texts for name in _PLACEHOLDER.findall(text)} if self._kinds else set()
        self._numbers: Counter[str] = Counter()
        self._names: dict[str, str] = {}
        self._hidden: dict[str, str] = {}
        self.values: dict[str, str] = {}

    @property
    def needed(self) -> bool:
        """Whether anything is to be masked."""
        return bool(self._kinds)

    @property
    def counts(self) -> dict[str, int]:
        """How many values of each kind were masked so far, each counted once."""
        return dict(sorted(Counter(self._hidden.values()).items()))

    def __call__(self, text: str) -> str:
        """The text with placeholders."""
        kept, end = [], 0
        for one in joined(self._places(text)):
            kept += [text[end : one.start], self._hide(text[one.start : one.end], one.entity)]
            end = one.end
        return "".join([*kept, text[end:]])

    def restore(self, text: str) -> str:
        """The text with the values of the placeholders that were given out."""
        return _PLACEHOLDER.sub(lambda found: self.values.get(found[0], found[0]), text)

    def _places(self, text: str) -> Iterator[Found]:
        for value, kind in self._kinds.items():
            at = -1
            while (at := text.find(value, at + 1)) >= 0:
                yield Found(at, at + len(value), kind, 1.0)

    def _hide(self, value: str, entity: str) -> str:
        kind = SHORT.get(entity, entity)
        self._hidden.setdefault(value, kind.lower())
        parts = _ESCAPES.split(value)
        return "".join(part if i % 2 or not part.strip() else self._name(part, kind) for i, part in enumerate(parts))

    def _name(self, value: str, kind: str) -> str:
        while value not in self._names:
            self._numbers[kind] += 1
            name = f"[{kind}_{self._numbers[kind]}]"
            if name not in self._taken:
                self._names[value] = name
                self.values[name] = value
        return self._names[value]


def _texts(request: Request) -> Iterator[str]:
    """Everything of a question that is sent and may be somebody's words."""
    for message in request.messages:
        yield message["content"]
    yield from _strings((request.prompt, request.embed, request.schema, request.stop, request.extra))


def _masked(request: Request, mask: Mask) -> Request:
    sent = request.to(request.model)
    sent.messages = tuple(Message(role=one["role"], content=mask(one["content"])) for one in request.messages)
    sent.prompt, sent.schema, sent.stop, sent.extra = _mapped(
        (request.prompt, _loosened(request.schema), request.stop, request.extra), mask
    )
    sent.embed = request.embed and mask(request.embed)
    sent.redacted = mask.counts
    return sent


def _restored(completion: Completion, mask: Mask) -> Completion:
    """The answer with the values; the one that is stored keeps its placeholders."""
    text = mask.restore(completion.text)
    return completion if text == completion.text else replace(completion, text=text)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def _mapped(value: Any, mask: Mask) -> Any:
    """The same with every text masked."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {mask(name): _mapped(part, mask) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_mapped(part, mask) for part in value)
    return value


def _loosened(schema: Any) -> Any:
    """A JSON Schema that placeholders can follow: without patterns and the formats of what is masked.

    Records are validated by the schema as it was, when the values are back.
    """
    if isinstance(schema, list | tuple):
        return [_loosened(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: part if name in _DATA else _loosened(part)
        for name, part in schema.items()
        if not (name == "pattern" and isinstance(part, str)) and not (name == "format" and part in MASKED_FORMATS)
    }
