"""Models under test: functions, pipelines of spaCy and Hugging Face, answers in a file."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from seedbed.augmentation.cases import Answer
from seedbed.core.dice import stable_hash
from seedbed.core.errors import InputError, MissingExtra, RunFailed, nearest
from seedbed.core.record import Span
from seedbed.formats.rows import unfolded

from ..recipes import imported
from ..stages import Stage, Watch, unwatched

if TYPE_CHECKING:
    from ..existing import Source

Task = Literal["classification", "entities"]

Subject = Callable[[Sequence[str]], Mapping[str, Answer]]
"""A model under test: what it says of each of several different texts; a text it has no answer for is left out."""

FUNCTION = re.compile(r"(?P<module>python:(?P<name>[\w.]+)|.+\.py):(?P<function>\w+)")
FORMS = "A model is CONNECTION:MODEL, embedded, spacy:NAME, hf:NAME, FILE.py:FUNCTION or python:MODULE:FUNCTION."

SAME_OPTIONS = "Its texts must have been written by --write-cases with the same data and options."


@dataclass(frozen=True, slots=True)
class Kind:
    """What is asked of a model, how many texts at once, which labels there are, if that is said; and who follows it."""

    task: Task
    batch_size: int = 32
    labels: tuple[str, ...] = ()
    watch: Watch = unwatched

    def batches(self, texts: Sequence[str]) -> Iterator[list[str]]:
        """The texts that are asked about at once."""
        for start in range(0, len(texts), self.batch_size):
            self.watch(Stage("Asking the model", start, len(texts), "texts"))
            yield [*texts[start : start + self.batch_size]]

    def answer(self, value: Any, text: str) -> Answer:
        """An answer as it is compared: a label, or entities in their order.

        Args:
            value: a label, or what has one under `label`; or entities as (start, end, label), or under these names
                (`entity_group` is Hugging Face's for the label).
            text: what was asked about.

        Raises:
            ValueError: it is none; says what it is.
        """
        answer = _label(value) if self.task == "classification" else _entities(value, text)
        for label in [answer] if isinstance(answer, str) else [span.label for span in answer]:
            if self.labels and label not in self.labels:
                raise ValueError(f"`{label}` is none of the labels {', '.join(self.labels)}")
        return answer


def subject_of(model: str | Callable[..., Any], kind: Kind, option: str = "--model") -> Subject | None:
    """The model of that name, or a function or pipeline as it is; None if a language model is meant.

    Args:
        model: what is to answer.
        kind: what it is asked.
        option: where it was named.

    Raises:
        InputError: there is no such model or function, or the library it needs is not installed.
    """
    if not isinstance(model, str):
        return spacy_subject(model, kind) if _is_spacy(model) else function_subject(model, kind)
    scheme, _, name = model.partition(":")
    if scheme in ("spacy", "hf") and not name:
        raise InputError(f"`{option} {model}`: which one?", FORMS)
    if scheme == "spacy":
        return spacy_subject(_load_spacy(name), kind)
    if scheme == "hf":
        return function_subject(_load_transformers(name, kind), kind)
    if found := FUNCTION.fullmatch(model):
        return function_subject(_load_function(found, f"{option} {model}"), kind)
    if scheme == "python" or model.endswith(".py"):
        raise InputError(f"{option} {model}: which function?", FORMS)
    return None


def file_of(model: str) -> Path | None:
    """The Python file that a model under test is in, if it is in one."""
    found = FUNCTION.fullmatch(model)
    return Path(found["module"]) if found and not found["name"] else None


def name_of(model: str | Callable[..., Any]) -> str:
    """What a model under test is called in messages."""
    return model if isinstance(model, str) else str(getattr(model, "__name__", type(model).__name__))


def function_subject(function: Callable[..., Any], kind: Kind) -> Subject:
    """A function of a list of texts that gives a list of as many answers; see `Kind.answer`."""

    def answers(texts: Sequence[str]) -> dict[str, Answer]:
        found: dict[str, Answer] = {}
        for batch in kind.batches(texts):
            try:
                values = [*function(batch)]
            except Exception as error:
                raise _broken(error) from error
            if len(values) != len(batch):
                hint = "It must answer each text of the list it is given, in their order."
                raise InputError(f"The model gave {len(values):,} answers to {len(batch):,} texts.", hint)
            found.update(_read(zip(batch, values, strict=True), kind))
        return found

    return answers


def spacy_subject(pipeline: Any, kind: Kind) -> Subject:
    """A pipeline of spaCy: its entities, or its likeliest category."""

    def answers(texts: Sequence[str]) -> dict[str, Answer]:
        try:
            docs = [doc for batch in kind.batches(texts) for doc in pipeline.pipe(batch, batch_size=kind.batch_size)]
        except Exception as error:
            raise _broken(error) from error
        if kind.task == "entities":
            found = [[(span.start_char, span.end_char, span.label_) for span in doc.ents] for doc in docs]
            return dict(_read(zip(texts, found, strict=True), kind))
        if not all(doc.cats for doc in docs):
            hint = "Use one with a text categoriser, or test its entities: --task entities"
            raise InputError("The spaCy pipeline gives texts no categories.", hint)
        likeliest = [max(doc.cats, key=doc.cats.get) for doc in docs]
        return dict(_read(zip(texts, likeliest, strict=True), kind))

    return answers


def file_subject(source: Source, name: str, kind: Kind) -> Subject:
    """Answers in the column `prediction` of a file, found by the `id` of its row, or by its `text`."""

    def answers(texts: Sequence[str]) -> dict[str, Answer]:
        by_id, wanted = {text_id(text): text for text in texts}, set(texts)
        found: dict[str, Answer] = {}
        for number, record in enumerate(source(), start=1):
            place = f"{name}, record {number}"
            if "prediction" not in record.values:
                raise InputError(f"{place} has no column `prediction`.", nearest("prediction", record.values))
            text = by_id.get(str(record.values.get("id")), record.text)
            value = unfolded(record.values["prediction"])
            if value is None or value == "" or text not in wanted:
                continue
            answer = dict(_read([(text, value)], kind, f"{place}: "))[text]
            if found.setdefault(text, answer) != answer:
                raise InputError(f"{place}: another row has another prediction of the same text.", "Keep one of them.")
        if not found:
            raise InputError(f"{name} has no prediction of any of the texts.", SAME_OPTIONS)
        return found

    return answers


def text_id(text: str) -> str:
    """By which a text is known in a file of cases."""
    return f"{stable_hash(text):016x}"


def _read(
    pairs: Iterable[tuple[str, Any]], kind: Kind, place: str = "The model's answer cannot be used: "
) -> Iterator[tuple[str, Answer]]:
    for text, value in pairs:
        try:
            yield text, kind.answer(value, text)
        except ValueError as error:
            raise InputError(f"{place}{error} (of the text {_short(text)!r}).", _SHAPES[kind.task]) from error


_SHAPES = {
    "classification": "The answer to a text is its label. Test entities with: --task entities",
    "entities": "The answer to a text is a list of (start, end, label), in characters. Test labels with: "
    "--task classification",
}


def _label(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("label")
    if value is None or (isinstance(value, Mapping | Sequence) and not isinstance(value, str)):
        raise ValueError(f"{_short(value)} is no label")
    return str(value)


def _entities(value: Any, text: str) -> tuple[Span, ...]:
    if isinstance(value, str | Mapping):
        raise ValueError(f"{_short(value)} is no list of entities")  # noqa: TRY004 - as for any other answer that is none
    try:
        spans = {_entity(one, len(text)) for one in value}
    except TypeError as error:
        raise ValueError(f"{_short(value)} is no list of entities") from error
    return tuple(sorted(spans, key=lambda span: (span.start, span.end, span.label)))


def _entity(value: Any, length: int) -> Span:
    try:
        if isinstance(value, Mapping):
            start, end = value["start"], value["end"]
            label = value["label"] if "label" in value else value["entity_group"]
        else:
            start, end, label = value
        span = Span(index(start), index(end), str(label))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{_short(value)} is no (start, end, label)") from error
    if not 0 <= span.start < span.end <= length:
        raise ValueError(f"{span.start} to {span.end} is no stretch of {length} characters")
    return span


def _load_function(found: re.Match[str], named: str) -> Callable[..., Any]:
    module = imported(found["name"] or found["module"], "module")
    function = getattr(module, found["function"], None)
    if not callable(function):
        known = [name for name, one in vars(module).items() if callable(one) and not name.startswith("_")]
        raise InputError(f"{named}: there is no function `{found['function']}`.", nearest(found["function"], known))
    made: Callable[..., Any] = function
    return made


def _load_spacy(name: str) -> Any:
    try:
        import spacy
    except ImportError as error:
        raise MissingExtra("A model of spaCy", "spacy") from error
    try:
        return spacy.load(name)
    except (OSError, ValueError, ImportError) as error:
        hint = "Name an installed pipeline, or the folder of one."
        raise InputError(f"spacy:{name} cannot be loaded: {_first_line(error)}", hint) from error


def _load_transformers(name: str, kind: Kind) -> Callable[..., Any]:
    if find_spec("transformers") is None or find_spec("torch") is None:
        raise InputError(
            "A model of Hugging Face needs transformers and torch, which are not both installed.",
            "Install them with: pip install transformers torch",
        )
    from transformers import pipeline

    try:
        if kind.task == "entities":
            return _sized(pipeline("token-classification", model=name, aggregation_strategy="simple"), kind)
        return _sized(pipeline("text-classification", model=name), kind, truncation=True)
    except (OSError, ValueError, KeyError) as error:
        hint = "Name a model that is on this machine or can be fetched, or the folder of one."
        raise InputError(f"hf:{name} cannot be loaded: {_first_line(error)}", hint) from error


def _sized(pipeline: Any, kind: Kind, **settings: Any) -> Callable[..., Any]:
    def call(texts: list[str]) -> Any:
        return pipeline(texts, batch_size=kind.batch_size, **settings)

    return call


def _is_spacy(model: Any) -> bool:
    return callable(getattr(model, "pipe", None)) and hasattr(model, "make_doc")


def _broken(error: Exception) -> Exception:
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    return RunFailed(f"The model under test failed: {type(error).__name__}: {_first_line(error)} ({where}).")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
