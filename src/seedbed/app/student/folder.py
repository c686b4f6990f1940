"""A folder with all that a smaller model is trained with."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from itertools import count
from typing import TYPE_CHECKING, Any

import orjson
from jinja2 import Environment, StrictUndefined

from seedbed.core.errors import InputError, NoRecords
from seedbed.core.record import Record
from seedbed.formats.chat import OpenAiChatFormat
from seedbed.formats.files import Contents, writing_folder
from seedbed.formats.jsonl import JsonlFormat
from seedbed.formats.rows import place_of
from seedbed.providers.model_files import DEFAULT_MODEL, licences
from seedbed.students.lessons import lesson_of
from seedbed.students.settings import (
    BASE,
    REQUIREMENTS,
    Training,
    dataset_info,
    llamafactory_yaml,
    lora_yaml,
)
from seedbed.students.survey import Survey
from seedbed.students.teachers import teachers

from ..data.split import Splitting, divide
from ..stages import counted
from . import training

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from seedbed.students.chats import Chat
    from seedbed.students.lessons import Choice, Lesson

    from ..data.split import Division
    from ..existing import Source
    from ..stages import Watch
    from .origin import Origin

CONTENTS = Contents(
    (
        "README.md",
        "data/train.jsonl",
        "data/*.jsonl",
        "dataset_info.json",
        "llamafactory.yaml",
        "lora.yaml",
        "requirements.txt",
        "seedbed.json",
        "train.py",
    ),
    ("adapter/*", "checkpoints/*", "llamafactory/*", "predictions.jsonl", "result.json", "__pycache__/*"),
)
PARTS = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is wanted of a training folder."""

    folder: Path
    base: str
    splitting: Splitting
    choice: Choice
    epochs: float
    origin: Origin
    force: bool


@dataclass(slots=True)
class Student:
    """A training folder: where it is, its figures (those of `--json`), and the result once it was trained in."""

    folder: Path
    figures: dict[str, Any]
    result: dict[str, Any] = field(default_factory=dict)

    def train(self, *, quiet: bool = False) -> dict[str, Any]:
        """Trains the model and answers how many answers to the test records are right, before it and after it.

        Args:
            quiet: show no progress.

        Raises:
            MissingExtra: the libraries are not installed.
            RunFailed: the training failed.
        """
        self.result = training.train(self.folder, quiet=quiet)
        return self.result


def splitting(text: str, seed: int) -> Splitting:
    """`train=0.8,validation=0.1,test=0.1`, or the same shares as `0.8/0.1/0.1`.

    Raises:
        InputError: a part is missing or unknown, or shares are no positive numbers.
    """
    if "=" not in text:
        return Splitting.of(text, seed=seed)
    shares: dict[str, str] = {}
    for one in text.split(","):
        name, _, share = one.partition("=")
        if name.strip() not in PARTS or name.strip() in shares:
            raise InputError(f"--split {text}: `{name.strip()}` is no part, or is there twice.", _SPLIT)
        shares[name.strip()] = share.strip()
    if "train" not in shares or "test" not in shares:
        raise InputError(f"--split {text}: a part to train with and one to test with are needed.", _SPLIT)
    try:
        return Splitting.of("/".join(shares[name] for name in PARTS if name in shares), seed=seed)
    except InputError as error:
        raise InputError(f"--split {text}: shares must be positive numbers.", _SPLIT) from error


_SPLIT = "For example: --split train=0.8,validation=0.1,test=0.1"


def make(plan: Plan, source: Source, watch: Watch) -> Student:
    """Reads the records, divides them, and writes the folder, whole or not at all.

    Raises:
        InputError: nothing can be made of the records, they are too few, or the folder cannot be written.
    """
    survey = Survey()
    for record in counted(source(), watch, "Reading"):
        survey.add(record)
    if not survey.records:
        raise NoRecords(f"There are no records in {plan.origin.dataset}.")
    lesson = lesson_of(survey, plan.choice)
    lessons = _Lessons(lesson, source)
    wish = Splitting(plan.splitting.weights, lesson.stratify, plan.splitting.seed)
    division = divide(lessons.records, lesson.asked, wish, watch)
    _enough(division, plan)
    trained = Training(
        plan.base,
        "dpo" if lesson.preference else "sft",
        lesson.measure,
        division.parts,
        lessons.longest,
        plan.epochs,
        plan.splitting.seed,
    )
    figures = _figures(plan, survey, lesson, division, trained)
    with writing_folder(plan.folder, CONTENTS, force=plan.force) as folder:
        (folder / "data").mkdir()
        for part in division.parts:
            _write_part(folder / "data", part, partial(lessons.chats, division, part, watch), trained)
        for name, text in _texts(figures, trained).items():
            (folder / name).write_text(text, "utf-8", newline="\n")
    return Student(plan.folder, {"folder": str(plan.folder.absolute()), **figures})


@dataclass(slots=True)
class _Lessons:
    """The records that have a question and an answer; `longest` are the characters of the longest chat so far."""

    lesson: Lesson
    source: Source
    longest: int = 0

    def records(self) -> Iterator[Record]:
        """They themselves."""
        for number, record in zip(count(1), self.source(), strict=False):
            chat = self.lesson.chat(record, place_of(record, number))
            if chat:
                self.longest = max(self.longest, sum(len(one["content"]) for one in chat.messages))
                yield record

    def chats(self, division: Division, part: str, watch: Watch) -> Iterator[Chat]:
        """What those of a part teach."""
        records = counted(self.records(), watch, f"Writing {part}", division.total)
        return (chat for record in division.records(records, part) if (chat := self.lesson.chat(record, "a record")))


def _enough(division: Division, plan: Plan) -> None:
    """Raises `InputError` if a part is empty."""
    empty = [part for part, size in division.sizes.items() if not size]
    if empty:
        raise InputError(
            f"{plan.origin.dataset} has {division.total:,} records with a question and an answer, of which the part"
            f" `{empty[0]}` gets none.",
            "Use more records, or other shares: --split train=0.5,test=0.5",
        )


def _write_part(folder: Path, part: str, chats: Callable[[], Iterator[Chat]], trained: Training) -> None:
    messages = (Record({"messages": chat.messages}) for chat in chats())
    OpenAiChatFormat().write(messages, str(folder / f"{part}.jsonl"), ["messages"])
    if trained.method == "dpo":
        pairs = (Record(_pair(chat)) for chat in chats())
        JsonlFormat().write(pairs, str(folder / f"{part}.preference.jsonl"), ["prompt", "chosen", "rejected"])


def _pair(chat: Chat) -> dict[str, Any]:
    *prompt, chosen = chat.messages
    return {"prompt": prompt, "chosen": chosen, "rejected": {"role": "assistant", "content": chat.rejected}}


def _figures(plan: Plan, survey: Survey, lesson: Lesson, division: Division, trained: Training) -> dict[str, Any]:
    known = licences()
    return {
        "dataset": plan.origin.dataset,
        "runs": list(plan.origin.runs),
        "kind": lesson.kind,
        "words": lesson.words,
        "labels": list(lesson.labels),
        "base": trained.base,
        "method": trained.method,
        "measure": trained.measure,
        "records": division.total,
        "left_out": survey.records - division.total,
        "parts": division.sizes,
        "shares": [str(weight) for weight in plan.splitting.weights],
        "seed": plan.splitting.seed,
        **division.figures(),
        "teachers": teachers(survey.models, known | {"embedded": known[DEFAULT_MODEL]}),
    }


def _texts(figures: dict[str, Any], trained: Training) -> dict[str, str]:
    """The files beside the data."""
    own = files("seedbed.students") / "folder"
    facts = {"seedbed": version("seedbed"), **figures, "training": asdict(trained)}
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)  # noqa: S701
    readme = environment.from_string((own / "README.md.j2").read_text("utf-8"))
    return {
        "README.md": readme.render(**figures, default=BASE, version=version("seedbed")) + "\n",
        "dataset_info.json": _json(dataset_info(trained)),
        "llamafactory.yaml": llamafactory_yaml(trained),
        "lora.yaml": lora_yaml(trained),
        "requirements.txt": "".join(f"{one}\n" for one in (*REQUIREMENTS, "pyyaml>=6")),
        "seedbed.json": _json(facts),
        "train.py": (own / "train.py").read_text("utf-8"),
    }


def _json(value: dict[str, Any]) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n"
