"""From what a model replied to what was asked for.

Models wrap their answers: thinking aloud, Markdown fences, "Here is …:", "OUTPUT:", quotes, lists of several. All of
that is taken off. What was cut or cannot be read is `Unparseable`, never half a record.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence

_THINK = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.S | re.I)
_THINK_OPEN = re.compile(r"<(think|thinking|reasoning)>.*\Z", re.S | re.I)
_THINK_CLOSE = re.compile(r"\A.*?</(think|thinking|reasoning)>", re.S | re.I)
_FENCE = re.compile(r"```[\w+-]*[ \t]*\r?\n?(.*?)```", re.S)
_HAS_CHATTER = re.compile(
    r"\A\s*(?:(?:sure|certainly|of course|absolutely|okay|ok|great)[!,.][^\n]*:"
    r"|here(?:'s|’s| is| are)\b[^\n:]*:)\s*\n?",
    re.I,
)
_PREFIX = re.compile(
    r"\A\s*[*_#]*\s*(?:output|text|answer|response|reply|result|final answer)\s*[*_]*\s*:\s*[*_]*\s*", re.I
)
_REASONED = re.compile(
    r"\A\s*[*_#]*\s*(?:reasoning|explanation|rationale)\s*[*_]*\s*:\s*[*_]*\s*(?P<reasoning>.*?)"
    r"\n\s*[*_#]*\s*(?:output|text|answer|response|reply|result)\s*[*_]*\s*:\s*[*_]*\s*(?P<text>.*)\Z",
    re.S | re.I,
)
_ITEM = re.compile(r"\A\s*(?:\(?(\d{1,3})[.):]|[-*•])\s+(.*\S)\s*\Z")
_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“", "'": "'", "‘": "’", "`": "`", "「": "」"}


class Unparseable(ValueError):
    """The reply does not hold what was asked for; the message says why."""


def parse_reply(
    reply: str, fields: Sequence[str], n: int = 1, *, literal: bool = False, strict: bool = False
) -> list[dict[str, str]]:
    """Reads up to `n` items from a reply.

    Args:
        reply: the model's text, whole (a reply cut by its token limit must not come here).
        fields: the columns asked for, the first is required; a plain reply is that one.
        n: how many items were asked for; further ones are left out.
        literal: the text itself may be anything (a JSON document, a list): only wrappings are taken off.
        strict: only JSON objects that hold all the fields count.

    Raises:
        Unparseable: nothing usable is in it.
    """
    text = reply.strip()
    if text.startswith("{") and text.endswith("}"):
        found = _whole(_json_items(text, fields, literal=literal), fields, strict=strict)
        if found:
            return found[:n]
    text = _unwrap(text)
    if not text:
        raise Unparseable("the reply is empty")
    if text[0] in "{[" or _looks_like_json(text, fields):
        found = _whole(_json_items(_from_first_brace(text), fields, literal=literal), fields, strict=strict)
        if found:
            return found[:n]
        if not literal or _looks_like_json(text, fields):
            raise Unparseable("the reply is broken JSON")
    if strict:
        raise Unparseable("the reply is not the JSON that was asked for")
    return _plain_items(text, fields, n, literal=literal)


def _whole(items: list[dict[str, str]], fields: Sequence[str], *, strict: bool) -> list[dict[str, str]]:
    return [item for item in items if len(item) == len(fields)] if strict else items


def _unwrap(text: str) -> str:
    if "<" in text:
        text = _THINK.sub("", text)
        text = _THINK_CLOSE.sub("", text)
        text = _THINK_OPEN.sub("", text).strip()
    if "```" in text:
        fence = _FENCE.search(text)
        text = fence[1].strip() if fence else text.replace("```json", "").replace("```", "").strip()
    chatter = _HAS_CHATTER.match(text)
    if chatter and text[chatter.end() :].strip():
        text = text[chatter.end() :].strip()
    return text


def _looks_like_json(text: str, fields: Sequence[str]) -> bool:
    return "{" in text and any(f'"{name}"' in text for name in fields)


def _from_first_brace(text: str) -> str:
    starts = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    start = min(starts)
    end = max(text.rfind("}"), text.rfind("]"))
    return text[start : end + 1] if end > start else text[start:]


def _json_items(text: str, fields: Sequence[str], *, literal: bool) -> list[dict[str, str]]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = _repair(text)
    items = value if isinstance(value, list) else [value]
    if isinstance(value, dict) and fields[0] not in value:
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        items = lists[0] if len(lists) == 1 else items
    return [item for item in (_item(entry, fields, literal=literal) for entry in items) if item]


def _item(entry: Any, fields: Sequence[str], *, literal: bool) -> dict[str, str] | None:
    if isinstance(entry, str):
        return {fields[0]: entry.strip()} if entry.strip() and not literal else None
    if not isinstance(entry, dict):
        return None
    lowered = {str(key).lower(): value for key, value in entry.items()}
    if fields[0] not in lowered:
        others = [key for key, value in lowered.items() if isinstance(value, str) and key not in fields]
        if literal or len(others) != 1:
            return None
        lowered[fields[0]] = lowered[others[0]]
    found = {name: lowered[name].strip() for name in fields if isinstance(lowered.get(name), str)}
    return found if found.get(fields[0]) else None


def _repair(text: str) -> Any:
    """Mends small faults (trailing commas, single quotes, comments); what was cut stays broken."""
    if text[-1:] not in "}]" or _unescaped_quotes(text) % 2:
        return None
    from json_repair import loads

    try:
        return loads(text)
    except (ValueError, RecursionError):
        return None


def _unescaped_quotes(text: str) -> int:
    return len(re.findall(r'(?<!\\)(?:\\\\)*"', text))


def _plain_items(text: str, fields: Sequence[str], n: int, *, literal: bool) -> list[dict[str, str]]:
    reasoned = _REASONED.match(text) if "reasoning" in fields else None
    if reasoned:
        text = reasoned["text"]
    lines = [] if literal and n == 1 else _listed(text)
    texts = [_clean(line) for line in lines] if lines else [_clean(text)]
    items = [{fields[0]: found} for found in texts if found][:n]
    if not items:
        raise Unparseable("the reply is empty")
    if reasoned and reasoned["reasoning"].strip():
        items[0]["reasoning"] = reasoned["reasoning"].strip()
    return items


def _listed(text: str) -> list[str]:
    """The entries of a reply that is nothing but a list of several sentences."""
    lines = [line for line in text.splitlines() if line.strip()]
    matches = [_ITEM.match(line) for line in lines]
    if len(lines) < 2 or not all(matches):
        return []
    entries = [match[2] for match in matches if match]
    return entries if sum(len(entry.split()) for entry in entries) >= 3 * len(entries) else []


def _clean(text: str) -> str:
    text = _PREFIX.sub("", text.strip(), count=1).strip()
    while len(text) >= 2 and text[:2] == "**" and text[-2:] == "**" and "**" not in text[2:-2]:
        text = text[2:-2].strip()
    closing = _QUOTES.get(text[:1])
    if closing and len(text) >= 2 and text.endswith(closing) and not _inner_quote(text[1:-1], text[0], closing):
        text = text[1:-1].strip()
    return text


def _inner_quote(inner: str, opening: str, closing: str) -> bool:
    """Whether the outer quotes do not belong together: `"a" and "b"`. An apostrophe inside a word is no quote."""
    if closing in "'’":
        return bool(re.search(r"(?<!\w)['‘’]|['’](?!\w)", inner))
    return opening in inner or closing in inner
