"""Answers that stand in a context, as spans of it, and back.

Two forms are known: that of SQuAD, `answers: {text: [...], answer_start: [...]}` (Rajpurkar et al., 2016), and the flat
one, `answer` with `answer_start` and perhaps `answer_end`. An `answer` without an offset is found in the context if it
stands there word for word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.core.editing import ANSWER
from seedbed.core.errors import InputError
from seedbed.core.record import Span
from seedbed.core.texts.phrases import occurrences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CONTEXT = "context"


def answers_of(values: Mapping[str, Any]) -> list[Span]:
    """The answers as spans of the context, in their order; none if there is no context.

    Raises:
        InputError: one does not stand where its offset says.
    """
    context = values.get(CONTEXT)
    if not isinstance(context, str):
        return []
    return [Span(start, start + len(text), ANSWER, CONTEXT) for text, start in _placed(context, values)]


def put_answers(values: dict[str, Any], answers: Sequence[Span]) -> None:
    """Writes answers, moved along with the context, back into values whose context is the new one."""
    if not answers:
        return
    texts = [values[CONTEXT][span.start : span.end] for span in answers]
    if isinstance(values.get("answers"), dict):
        values["answers"] = {**values["answers"], "text": texts, "answer_start": [span.start for span in answers]}
        return
    new = {ANSWER: texts[0], "answer_start": answers[0].start, "answer_end": answers[0].end}
    values.update({column: value for column, value in new.items() if values.get(column) is not None})


def _placed(context: str, values: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    several, one = values.get("answers"), values.get(ANSWER)
    if isinstance(several, dict) and isinstance(several.get("text"), list):
        starts = several.get("answer_start")
        if not isinstance(starts, list) or len(starts) != len(several["text"]):
            raise InputError("`answers` needs one `answer_start` for each `text`.", "Give both lists the same length.")
        for text, start in zip(several["text"], starts, strict=True):
            yield _checked(context, text, start, "answers.answer_start")
    elif isinstance(one, str) and one:
        start = values.get("answer_start")
        if start is not None:
            yield _checked(context, one, start, "answer_start")
        elif places := occurrences(context, one):
            yield one, places[0][0]


def _checked(context: str, text: Any, start: Any, name: str) -> tuple[str, int]:
    if not isinstance(text, str) or type(start) is not int or start < 0 or not context.startswith(text, start):
        raise InputError(
            f"`{name}` is {start!r}, where {text!r} does not stand in the context.",
            "Offsets count characters (code points) from zero.",
        )
    return text, start
