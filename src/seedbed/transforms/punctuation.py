"""Marks added at the end of a text, taken away there, or taken away everywhere."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Annotated, ClassVar
from unicodedata import category

from pydantic import Field

from seedbed.core.part import Name
from seedbed.core.spans import Edit, Refused, apply
from seedbed.core.transform import Edits, Transform

from .spots import Place, outside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.record import Span
    from seedbed.core.transform import Editor, Looker, Mentions

_SPACE = " \t\r\n\v\f\u00a0\u2009\u202f\u3000"
_CLOSING = "\"'”’“‘»«›‹)]}）］】」』〉》"
_MARKS = ("!", "?", ",", ".", "-", ":", ";", "–", "—", "…", *"。！？，、；：،؛؟۔।॥")
_FINAL = frozenset("!?.,…。！？，؟۔।॥")
_INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_]\.)+[^\W\d_]$")
_ENDING = re.compile(r"(?:s|t|d|m|re|ve|ll)\b", re.IGNORECASE)
_GAP = re.compile(r"\s+")
_ENTITY = r"&(?:[a-z]{2,8}|#\d+);"

Whitelist = Annotated[tuple[Name, ...], Field(min_length=1)]


class AddPunctuation(Transform):
    """One mark of the `whitelist` at the end of a text that has none, behind closing quotes and brackets.

    A question mark or a dash is not in it by itself: one makes a question of a statement, the other joins words.
    """

    kind: ClassVar[str] = "add_punctuation"
    whitelist: Whitelist = ("!", ".", ",", ";", ":")

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            end = len(text.text.rstrip())
            last = text.text[:end].rstrip(_CLOSING)[-1:]
            if not _may_end(last) or not outside(self, text, end):
                return ()
            return (Edit(end, end, dice.choice(self.whitelist)),)

        return edit


class StripPunctuation(Transform):
    """No marks of the `whitelist` at the end of the text; the dot of U.S. or p.m. stays."""

    kind: ClassVar[str] = "strip_punctuation"
    whitelist: Whitelist = _MARKS

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        stripped = self._stripped()
        return lambda text, dice: [Edit(*place, "")] if (place := stripped(text)) else ()

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        stripped = self._stripped()
        return lambda text: stripped(text) is not None

    def _stripped(self) -> Callable[[Text], Place | None]:
        """Tells from where to where marks are taken away."""
        everywhere = "".join(self.whitelist)
        quoted = "".join(mark for mark in everywhere if mark in _FINAL)
        behind, only = _CLOSING + _SPACE, self.only()

        def stripped(text: Text) -> Place | None:
            whole = text.text.rstrip()
            body = whole.rstrip(behind)
            marks = everywhere if len(body) == len(whole) else quoted
            if not body or body[-1] not in marks:
                return None
            start, end = len(body.rstrip(marks + _SPACE)), len(body)
            if whole[start] == "." and _INITIALS.search(whole, max(0, start - 20), start):
                start += 1
            near = [span for span in text.spans if span[1] > start]
            if near:
                return self._beside(text, start, end, near)
            return (start, end) if 0 < start < end and not only else None

        return stripped

    def _beside(self, text: Text, start: int, end: int, spans: Sequence[Span]) -> Place | None:
        """The marks from start to end, but for what belongs to one of the spans that reach there."""
        start = max([start, *(at for span in spans for at in (span.start, span.end) if at < end)])
        if not text.text[:start].strip() or not text.text[start:end].strip() or not self.free(text, start, end):
            return None
        return None if _refused(text, [Edit(start, end, "")]) else (start, end)


class StripAllPunctuation(Transform):
    """No marks anywhere, or none of the `whitelist`, and no words joined by that: well-known becomes well known.

    What belongs to a word or number stays (don't, 3.14, 10:30, COVID-19, and/or without its stroke but km/h with it),
    and so do addresses. U.S. becomes US.
    """

    kind: ClassVar[str] = "strip_all_punctuation"
    whitelist: Whitelist | None = None

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        marks = "".join(self.whitelist) if self.whitelist else _all_marks()
        plain, careful = _runs(marks, addresses=False), _runs(marks, addresses=True)

        def edit(text: Text, dice: Dice) -> Edits:
            del dice
            has_address = any(sign in text.text for sign in ("/", "@", "www.", "~", "&"))
            edits: list[Edit] = []
            for match in (careful if has_address else plain).finditer(text.text):
                if match[1] is not None:
                    edits += self._removed(text, _start(match), _end(match))
            return [] if sum([one.end - one.start for one in edits]) == len(text.text) else edits

        return edit

    def _removed(self, text: Text, start: int, end: int) -> list[Edit]:
        """The edits that take away the marks of a run of marks and spaces, and leave what must be between words."""
        between = _between(text.text, start, end)
        if between is None:
            return []
        spans = [span for span in text.spans if span.start < end and start < span.end]
        if not spans:
            return [Edit(start, end, between)] if self.free(text, start, end) else []
        if any(start <= span.start < span.end <= end for span in spans):
            return []
        edits: list[Edit] = []
        for first, last in _parts(text, start, end):
            part = text.text[first:last]
            if part.isspace() or not self.free(text, first, last):
                between = "" if part != part.strip() else between
            elif any(
                span.start <= first < last <= span.end and (start <= span.start or span.end <= end) for span in spans
            ):  # the rest of the run up to the span's edge goes too: no space may be left there
                edits.append(Edit(first, last, ""))
            else:
                edits.append(Edit(first, last, between))
                between = ""
        return [] if between or _refused(text, edits) else edits


def _refused(text: Text, edits: Sequence[Edit]) -> bool:
    """Whether a span would be left without letters or with a space at its edge, as where spans overlap each other."""
    spans = [span for span in text.spans if any(one.start < span.end and span.start < one.end for one in edits)]
    if not spans:
        return False
    try:
        apply(text.text, spans, edits)
    except Refused:
        return True
    return False


def _may_end(last: str) -> bool:
    """Whether a mark may follow this letter."""
    return last.isalnum() or last in "%‰" or category(last)[0] in "MS" if last else False


def _start(match: re.Match[str]) -> int:
    """Where a run begins, with the space before it."""
    start = match.start(1)
    while start and match.string[start - 1].isspace():
        start -= 1
    return start


def _end(match: re.Match[str]) -> int:
    """Where a run ends, without what belongs to the word behind it ('s, -5, .5) or has a mark upon it."""
    whole, end = match.string, match.end()
    if end < len(whole) and _is_mark(whole[end]) and not whole[end - 1].isspace():
        return end - 1
    sign, before = whole[end - 1], whole[end - 2 : end - 1] if end > 1 else " "
    digit = whole[end : end + 1].isdigit() and not before.isalnum() and before not in "-."
    if (sign in "-." and digit) or (sign in "'’" and not before.isalnum() and _ENDING.match(whole, end)):
        return end - 1
    return end


def _between(whole: str, start: int, end: int) -> str | None:
    """What is left of a run of marks and spaces; None if it stays."""
    run = whole[start:end]
    if not run or run.isspace():
        return None
    if start == 0:
        return run[: len(run) - len(run.lstrip())]
    if end == len(whole):
        return run[len(run.rstrip()) :]
    gaps: list[str] = _GAP.findall(run)
    if gaps:
        return next((gap for gap in gaps if "\n" in gap), gaps[0])
    return " " if len(run) > 1 else _inside_word(whole, start, end)


def _inside_word(whole: str, start: int, end: int) -> str | None:
    """What is left of one mark between two letters or digits; None if it stays."""
    mark, before, after = whole[start], whole[start - 1], whole[end]
    if not (before.isalnum() or _is_mark(before)) or not after.isalnum():
        return "" if after in "'’" else " "
    if mark in "'’\"״׳·" or (mark in "-‑.,:–٫٬" and after.isdigit() and (before.isdigit() or mark in "-‑.")):
        return None
    if mark == ".":
        return _dot(whole[max(0, start - 2) : start], whole[end : end + 2], whole[end + 1 : end + 2] == ".")
    return " "


def _dot(before: str, after: str, abbreviated: bool) -> str | None:
    """What is left of a dot between letters: nothing in U.S, a space in end.Then, the dot in example.com."""
    single = len(before) == 1 or not before[0].isalnum()
    if (single and not after[1:].isalnum()) or (abbreviated and after[0].isupper()):
        return ""
    return " " if after[0].isupper() else None


def _is_mark(letter: str) -> bool:
    return category(letter)[0] == "M"


def _parts(text: Text, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A run cut at the boundaries of spans."""
    cuts = {at for span in text.spans for at in (span.start, span.end) if start < at < end}
    for cut in (*sorted(cuts), end):
        yield start, cut
        start = cut


@cache
def _all_marks() -> str:
    """The punctuation of Unicode without signs that stand for a word (%, &, @, #, §) and what divides syllables."""
    kept = "#%&*@\\/‰‱†‡§¶؉؊٪\u0f0b\u0f0c＃％＆＊＠＼／"
    letters = map(chr, range(0x10000))
    return "`" + "".join(
        one for one in letters if category(one)[0] == "P" and category(one) != "Pc" and one not in kept
    )


@cache
def _runs(marks: str, *, addresses: bool) -> re.Pattern[str]:
    """Runs of marks and spaces as group 1; addresses and paths, if there may be any, without a group."""
    words = r"(?<=[^\W\d_][^\W\d_])/(?=[^\W\d_][^\W\d_])|(?<!\S)/(?!\S)"
    mark = f"(?:[{re.escape(marks)}]|{words})" if addresses else f"[{re.escape(marks)}]"
    if not addresses:
        return re.compile(rf"({mark}[{re.escape(marks)}\s]*+)")
    run = rf"({mark}(?:{mark}|\s)*)"
    trailing = r"[^\s.,;:!?\"'”’»)\]}>…]"
    address = rf"(?<![\w.+-])[\w.+-]*+(?:://|(?<=www\.)|@)\S*{trailing}|(?<!\S)[/~]\S*{trailing}|{_ENTITY}"
    return re.compile(f"{address}|{run}")
