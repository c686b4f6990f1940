"""What a dataset teaches: which columns become the question of a chat and which the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from seedbed.core.errors import InputError, nearest
from seedbed.formats.conversations import joined
from seedbed.formats.rows import to_json, to_text, unfolded

from .chats import Chat, Message, dialogue, preference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.record import Record

    from .survey import Survey

Measure = Literal["label", "json", "text"]
"""How an answer is compared with the right one: as a text, as a JSON value, as a text whatever its white space."""

LABELS = "Classify the text. Answer with one of these labels and nothing else: {labels}."
SEVERAL = "Classify the text. Answer with a JSON list of those of these labels that apply: {labels}."
ENTITIES = (
    'Find the entities in the text. Answer with a JSON list of {"text": …, "label": …} objects in the order of the'
    " text, [] if there are none. The labels are: {labels}."
)
CONTEXTS = "Answer the question from the text."
FIELDS = "Extract these fields from the document as one JSON object: {labels}."
SUMMARY = "Summarise the text."
PAIRS = (
    ("user", "assistant"),
    ("instruction", "output"),
    ("question", "answer"),
    ("prompt", "completion"),
)
OFTEN = 5
"""So often the values of a column that was chosen must come on average to be labels, not texts."""


class Choice(NamedTuple):
    """What the user says of it: the instruction, and the columns of question and answer; empty is as the data say."""

    instruction: str = ""
    asked: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """How chats are made of records.

    Args:
        kind: its name.
        words: what becomes the question and what the answer.
        asked: the column that says what is asked.
        measure: how answers are compared.
        chat: the chat of a record, which an error names by its place; None if it lacks question or answer.
        labels: the labels, or names of fields, there are.
        stratify: the column whose shares every part keeps.
        preference: whether chats have a rejected answer, too.
    """

    kind: str
    words: str
    asked: str
    measure: Measure
    chat: Callable[[Record, str], Chat | None]
    labels: tuple[str, ...] = ()
    stratify: str | None = None
    preference: bool = False


def lesson_of(survey: Survey, choice: Choice) -> Lesson:
    """What the columns teach.

    Raises:
        InputError: no kind of data has such columns, or a chosen one is not there.
    """
    if choice.asked or choice.answer:
        return _chosen(survey, choice)
    for kind in (_dialogues, _preferences, _questions, _pairs, _fields, _labels, _entities, _rewritten):
        if found := kind(survey, choice):
            return found
    there = ", ".join(name for name in survey.columns if survey.has(name))
    raise InputError(
        f"Nothing to teach is known of the columns {there}.",
        "Say what is asked and what is answered: --input COLUMN --output COLUMN",
    )


def _dialogues(survey: Survey, choice: Choice) -> Lesson | None:
    if not survey.has("messages"):
        return None
    words = "the conversations in `messages` up to the last answer" + _instructed(choice, ", the instruction first")
    return Lesson(
        "dialogues", words, "messages", "text", lambda record, place: dialogue(record.values, choice.instruction, place)
    )


def _preferences(survey: Survey, choice: Choice) -> Lesson | None:
    asked = next((name for name in ("prompt", *(pair[0] for pair in PAIRS)) if survey.has(name)), "")
    if not survey.has("chosen", "rejected") or not asked:
        return None
    words = f"user: {_instructed(choice, 'the instruction and ')}`{asked}`; assistant: `chosen`, not `rejected`"
    return Lesson(
        "preferences",
        words,
        asked,
        "text",
        lambda record, place: preference(record.values, choice.instruction, place),
        preference=True,
    )


def _questions(survey: Survey, choice: Choice) -> Lesson | None:
    """Questions with the texts they are about."""
    column = next((name for name in ("contexts", "context") if survey.has(name)), "")
    if not survey.has("question", "answer") or not column:
        return None
    instruction = choice.instruction or CONTEXTS

    def chat(record: Record, _: str) -> Chat | None:
        texts = _texts(record.values.get(column))
        return _asked([instruction, *texts], record.values.get("question"), to_text(record.values.get("answer")))

    words = f"user: the instruction, `{column}` and `question`; assistant: `answer`"
    return Lesson("questions", words, "question", "text", chat)


def _pairs(survey: Survey, choice: Choice) -> Lesson | None:
    for asked, answer in PAIRS:
        if survey.has(asked, answer):
            return _pair(asked, answer, choice.instruction, "input" if asked == "instruction" else "")
    return None


def _pair(asked: str, answer: str, instruction: str, more: str = "") -> Lesson:
    """Texts, or messages, that ask, and such that answer; `more` is a column that belongs to the question."""

    def chat(record: Record, place: str) -> Chat | None:
        values = {name: record.values.get(name) for name in ("system", asked, more, answer)}
        if not values[asked] or not values[answer]:
            return None
        question = joined([values[asked], values.get(more)]) if more else values[asked]
        found = {"system": values["system"], "user": question, "assistant": values[answer]}
        return dialogue(found, instruction, place, first=True)

    own = " and `input`" if more else ""
    words = f"user: {'the instruction and ' if instruction else ''}`{asked}`{own}; assistant: `{answer}`"
    return Lesson("pairs", words, asked, "text", chat)


def _fields(survey: Survey, choice: Choice) -> Lesson | None:
    if not survey.has("document", "data") or not survey.columns["data"].keys:
        return None
    return _values("document", "data", tuple(survey.columns["data"].keys), choice.instruction or FIELDS)


def _values(asked: str, answer: str, keys: tuple[str, ...], instruction: str) -> Lesson:
    said = _with_labels(instruction, keys)

    def chat(record: Record, _: str) -> Chat | None:
        value = unfolded(record.values.get(answer))
        return _asked([said], record.values.get(asked), "" if value in (None, "") else to_json(value).decode())

    words = f"user: the instruction and `{asked}`; assistant: `{answer}` as JSON"
    return Lesson("fields", words, asked, "json", chat, keys)


def _labels(survey: Survey, choice: Choice) -> Lesson | None:
    if not survey.has("text", "label") or not survey.labels("label"):
        return None
    found = _label("text", "label", survey, choice)
    more = "; the spans are not used (they are with --input text --output spans)" if survey.spans.get("text") else ""
    return replace(found, words=found.words + more)


def _label(asked: str, answer: str, survey: Survey, choice: Choice) -> Lesson:
    several = survey.columns[answer].lists
    labels = survey.labels(answer)
    said = _with_labels(choice.instruction or (SEVERAL if several else LABELS), labels)

    def chat(record: Record, _: str) -> Chat | None:
        value = record.values.get(answer)
        if several and value not in (None, ""):
            found = unfolded(value)
            value = to_json(sorted(map(to_text, found if isinstance(found, list) else [found]))).decode()
        return _asked([said], record.values.get(asked), to_text(value))

    words = f"user: the instruction and `{asked}`; assistant: `{answer}`" + (" as a JSON list" if several else "")
    return Lesson("labels", words, asked, "json" if several else "label", chat, labels, answer)


def _entities(survey: Survey, choice: Choice) -> Lesson | None:
    if not survey.has("text") or not survey.spans.get("text"):
        return None
    return _spans("text", survey, choice)


def _spans(asked: str, survey: Survey, choice: Choice) -> Lesson:
    labels = tuple(sorted(survey.spans.get(asked, ())))
    said = _with_labels(choice.instruction or ENTITIES, labels)

    def chat(record: Record, _: str) -> Chat | None:
        text = to_text(record.values.get(asked))
        return _asked([said], text, to_json(entities(record, asked)).decode())

    words = f"user: the instruction and `{asked}`; assistant: the entities of `{asked}` as JSON"
    return Lesson("entities", words, asked, "json", chat, labels)


def entities(record: Record, column: str) -> list[dict[str, str]]:
    """What the spans of a column say: exact text and label, in the order of the text, the longer first."""
    text = to_text(record.values.get(column))
    spans = sorted((span for span in record.spans if span.field == column), key=lambda one: (one.start, -one.end))
    return [{"text": text[span.start : span.end], "label": span.label} for span in spans]


def _rewritten(survey: Survey, choice: Choice) -> Lesson | None:
    """A text and its summary, or what was made of a source; `mix` writes names of files there, which are none."""
    if survey.has("text", "summary"):
        return _pair("text", "summary", choice.instruction or SUMMARY)
    if not survey.has("source", "text"):
        return None
    sources = survey.labels("source")
    if sources and not any(" " in source for source in sources):
        return None
    return _pair("source", "text", choice.instruction)


def _chosen(survey: Survey, choice: Choice) -> Lesson:
    """What two columns teach that the user names."""
    _, asked, answer = choice
    if not asked or not answer:
        raise InputError(
            "--input and --output go together: a column that asks, and one that answers.", "Name both, or neither."
        )
    for option, name in (("--input", asked), ("--output", answer)):
        if not survey.has(name) and not (option == "--output" and name == "spans"):
            raise InputError(f"{option} {name}: there is no column `{name}`.", nearest(name, survey.columns))
    if answer == "spans":
        return _spans(asked, survey, choice)
    column = survey.columns[answer]
    if column.keys:
        return _values(asked, answer, tuple(column.keys), choice.instruction or FIELDS)
    if survey.labels(answer) and column.filled >= OFTEN * len(survey.labels(answer)):
        return _label(asked, answer, survey, choice)
    return _pair(asked, answer, choice.instruction)


def _asked(before: Sequence[str], question: Any, answer: str) -> Chat | None:
    """One question, with what stands before it, and its answer."""
    if not to_text(question).strip() or not answer.strip():
        return None
    return Chat([Message(role="user", content=joined([*before, question])), Message(role="assistant", content=answer)])


def _texts(value: Any) -> list[str]:
    """Contexts, each a text or an object with one."""
    found = unfolded(value)
    several = found if isinstance(found, list | tuple) else [found]
    return [to_text(one.get("text") if isinstance(one, dict) else one) for one in several]


def _with_labels(instruction: str, labels: Sequence[str]) -> str:
    return instruction.replace("{labels}", ", ".join(labels))


def _instructed(choice: Choice, words: str) -> str:
    return words if choice.instruction else ""
