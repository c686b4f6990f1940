"""From what a model replied to what was asked for.

Models wrap their answers: thinking aloud, Markdown fences, "Here is …:", "OUTPUT:", quotes, lists of several. All of
that is taken off. What was cut or cannot be read is `Unparseable`, never half a record.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPENS_JSON = re.compile(
    r"""\{\s*+(?:["'{}]|//|/\*|\w++\s*+:)  # an object: a key, a comment, another brace
    |\[\s*+(?:[\[{"'\]]|-?\d)             # a list of something
    |[\[{]\Z                              # or only its beginning""",
    re.X,
)
_THOUGHTS = tuple(
    (re.compile(f"<{name}>", re.I), re.compile(f"</{name}>", re.I)) for name in ("think", "thinking", "reasoning")
)
_CHATTER = re.compile(
    r"(?:(?:sure|certainly|of course|absolutely|okay|ok|great)[!,.]|here(?:'s|’s| is| are| you go)\b).*:\Z", re.I
)
_NAME = r"[*_#]*+\s*+(?:{names})\s*+[*_]*+\s*+[:：]\s*+[*_]*+\s*+"
_PREFIX = re.compile(_NAME.format(names="final answer|output|text|answer|response|reply|result"), re.I)
_OTHER_FIELD = re.compile(
    rf"\n\s*+{_NAME.format(names='label|category|type|tone|class|sentiment')}[^\n]{{0,80}}\Z", re.I
)
_FAREWELL = re.compile(
    r"""\n[ \t]*+\n\s*+(?:please\ )?
    (?:let\ me\ know\ if|would|if)\ you(?:'d|\ would)?\ (?:like|want|need|prefer)\ (?:me\ to|another|more|any\ changes
    |any\ adjustments|a\ different|further\ examples|additional)\b[^\n]{0,200}\Z""",
    re.I | re.X,
)
"""What a model says behind its answer to who asked it. A text may end with "Let me know if you need help"."""

_REASONING = re.compile(_NAME.format(names="reasoning|explanation|rationale"), re.I)
_OUTPUT_LINE = re.compile(
    r"^[ \t]*+[*_#]*+[ \t]*+(?:output|text|answer|response|reply|result)[ \t]*+[*_]*+[ \t]*+[:：][ \t]*+[*_]*+",
    re.M | re.I,
)
_ITEM = re.compile(
    r"""(?:\*{0,2}\(?\d{1,3}[.):]\*{0,2} | [-*•]
    | \*{0,2}(?:output|text|answer|response|reply|example|option)[ ]?\d{0,3}[:：]\*{0,2})\s++(.*)""",
    re.S | re.X | re.I,
)
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
    if text[:1] == "{" and (plain := _plain_object(text, fields)):
        return [plain]
    if not _OPENS_JSON.match(text):
        text = unwrapped(text, literal=literal)
    if not text:
        raise Unparseable("the reply is empty")
    start = _json_start(text, fields, literal=literal)
    if start is not None:
        items = _json_items(text[start:], fields, literal=literal)
        if strict:
            items = [item for item in items if len(item) == len(fields)]
        if items:
            return items[:n]
        if not literal or (_is_answer(text, fields) and not _is_document(text)):
            raise Unparseable("the reply is broken JSON, or JSON without what was asked for")
    if strict:
        raise Unparseable("the reply is not the JSON that was asked for")
    return _plain_items(text, fields, n, literal=literal)


def _plain_object(text: str, fields: Sequence[str]) -> dict[str, str] | None:
    """What nearly every model that was sent a schema replies: an object of just these texts."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if len(value) != len(fields):
        return None
    found = {name: part.strip() for name in fields if isinstance(part := value.get(name), str)}
    return found if len(found) == len(fields) and all(found.values()) else None


def unwrapped(text: str, *, literal: bool = False) -> str:
    """The reply without thoughts, chatter before it and a fence around it."""
    text = _without_thoughts(text)
    first, _, rest = text.partition("\n")
    if _CHATTER.match(first.strip()):
        text = rest.strip()
    if text.startswith("```") and (not literal or text.endswith("```")):
        return _inside_fence(text)
    return text


def _without_thoughts(text: str) -> str:
    """What comes after the last thought that ended, and before one that did not."""
    for opening, closing in _THOUGHTS:
        ends = [found.end() for found in closing.finditer(text)]
        text = text[ends[-1] :] if ends else text
        begun = opening.search(text)
        text = text[: begun.start()] if begun else text
    return text.strip()


def _inside_fence(text: str) -> str:
    """What a fence at the beginning holds; JSON may hold fences itself, so it goes up to the last one."""
    opening, _, inner = text.partition("\n")
    if not inner:
        return opening.strip("`").strip()
    end = inner.rfind("```") if _OPENS_JSON.match(inner.lstrip()) else inner.find("```")
    return (inner[:end] if end >= 0 else inner).strip()


def _json_start(text: str, fields: Sequence[str], *, literal: bool) -> int | None:
    """Where JSON begins that may be the answer."""
    if _OPENS_JSON.match(text):
        return 0
    if literal or "{" not in text:
        return None
    found = re.search(rf'\{{\s*+"(?:{"|".join(map(re.escape, fields))})"\s*+:', text)
    return found.start() if found else None


def _is_answer(text: str, fields: Sequence[str]) -> bool:
    return bool(re.match(rf'\{{\s*+"{re.escape(fields[0])}"\s*+:', text))


def _is_document(text: str) -> bool:
    """Whether the text is JSON, whole."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _json_items(text: str, fields: Sequence[str], *, literal: bool) -> list[dict[str, str]]:
    try:
        values = _values(text, fields)
    except RecursionError:
        return []
    entries: list[Any] = []
    for value in values:
        entries += [value] if literal else _entries(value, fields)
    return [item for item in (_item(entry, fields, literal=literal) for entry in entries) if item]


def _values(text: str, fields: Sequence[str]) -> list[Any]:
    """The JSON documents at the beginning of a text: one, several in a row, or one that had to be mended."""
    try:
        return [orjson.loads(text)]
    except orjson.JSONDecodeError:
        pass
    decoder, found, at = json.JSONDecoder(strict=False), [], 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            break
        found.append(value)
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
    if found and _OPENS_JSON.match(text, at):
        # The next document was cut; what came before may have been only its heading.
        return [value for value in found if isinstance(value, dict) and fields[0] in value]
    return found or mended(text)


def _entries(value: Any, fields: Sequence[str]) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and fields[0] not in value:
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        if len(lists) == 1:
            return lists[0]
    return [value]


def _item(entry: Any, fields: Sequence[str], *, literal: bool) -> dict[str, str] | None:
    if literal:
        text = entry.get(fields[0]) if isinstance(entry, dict) and set(entry) <= set(fields) else None
        return {fields[0]: text.strip()} if isinstance(text, str) and text.strip() else None
    if isinstance(entry, str):
        return {fields[0]: entry.strip()} if entry.strip() else None
    if not isinstance(entry, dict):
        return None
    lowered = {str(key).lower(): value for key, value in entry.items()}
    if fields[0] not in lowered:
        others = [key for key, value in lowered.items() if isinstance(value, str) and key not in fields]
        if len(others) != 1:
            return None
        lowered[fields[0]] = lowered[others[0]]
    found = {name: lowered[name].strip() for name in fields if isinstance(lowered.get(name), str)}
    return found if found.get(fields[0]) else None


def mended(text: str) -> list[Any]:
    """Mends small faults (trailing commas, single quotes, comments); what was cut stays broken.

    A mended document counts only if each of its texts stands in the reply in quotes, whole.
    """
    if text[-1:] not in "}]" or text.count("{") != text.count("}") or text.count("[") != text.count("]"):
        return []
    from json_repair import loads

    try:
        value = loads(text)
    except (ValueError, RecursionError):
        return []
    return [value] if all(_stands(part, text) for part in _strings(value)) else []


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in inner for text in _strings(part)]


def _stands(value: str, source: str) -> bool:
    """Whether a text stands in the source between quotes that open after and close before JSON's own marks."""
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        return False
    spelled = {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], value.replace("'", "\\'")}
    return any(
        re.search(rf"[:\[{{,]\s*+(['\"]){re.escape(form)}\1\s*+(?:[,}}\]]|//|/\*|#)", source) for form in spelled
    )


def _plain_items(text: str, fields: Sequence[str], n: int, *, literal: bool) -> list[dict[str, str]]:
    reasoning = ""
    if "reasoning" in fields:
        reasoning, text = _reasoned(text)
    text = _FAREWELL.sub("", text).strip()
    lines = [] if literal and n == 1 else _listed(text)
    found = [item for item in map(_clean, lines or [text]) if item][:n]
    if not found:
        raise Unparseable("the reply is empty")
    items = [{fields[0]: item} for item in found]
    if reasoning:
        items[0]["reasoning"] = reasoning
    return items


def _reasoned(text: str) -> tuple[str, str]:
    """ "REASONING: … OUTPUT: …" as (reasoning, text); without both, no reasoning."""
    start = _REASONING.match(text)
    output = _OUTPUT_LINE.search(text, start.end()) if start else None
    if start is None or output is None:
        return "", text
    return text[start.end() : output.start()].strip(), text[output.end() :].strip()


def _listed(text: str) -> list[str]:
    """The entries of a reply that is nothing but a list of several sentences: marked, or each line in quotes."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(_unquoted(line) != line for line in lines):
        return lines
    entries: list[str] = []
    for line in lines:
        match = _ITEM.match(line)
        if match:
            entries.append(match[1])
        elif entries:
            entries[-1] += f"\n{line}"
        else:
            return []
    marked = len(entries) > 1 and len(lines) <= 2 * len(entries)
    return entries if marked and sum(len(entry.split()) for entry in entries) >= 3 * len(entries) else []


def _clean(text: str) -> str:
    """The text without what stands around it: taken off again and again, for wrappings come in any order."""
    before = ""
    while text != before:
        before, text = text, _unquoted(_bare(text.strip()))
    return text


def _bare(text: str) -> str:
    """Without a fence, a name before it, another field behind it, or bold marks around it."""
    if text.startswith("```") and text.endswith("```") and len(text) > 6:
        return _inside_fence(text)
    prefix = _PREFIX.match(text)
    if prefix:
        return _OTHER_FIELD.sub("", text[prefix.end() :]).strip()
    if len(text) >= 4 and text[:2] == "**" and text[-2:] == "**" and "**" not in text[2:-2]:
        return text[2:-2].strip()
    return text


def _unquoted(text: str) -> str:
    closing = _QUOTES.get(text[:1])
    if closing and len(text) >= 2 and text.endswith(closing) and not _inner_quote(text[1:-1], text[0], closing):
        return text[1:-1].strip()
    return text


def _inner_quote(inner: str, opening: str, closing: str) -> bool:
    """Whether the outer quotes do not belong together: `"a" and "b"`. An apostrophe inside a word is no quote."""
    if closing in "'’":
        return bool(re.search(r"(?<!\w)['‘’]|['’](?!\w)", inner))
    return opening in inner or closing in inner
