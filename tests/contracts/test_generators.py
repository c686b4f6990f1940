"""What every generator keeps: exact quotas, whole origins, prompts that can be made again, errors in one sentence."""

from __future__ import annotations

import asyncio
import json
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

import orjson
import pytest
from sqlalchemy import select

import seedbed
from contracts.generator_cases import CASES, document, written
from seedbed.app.build import Thaw
from seedbed.app.existing import read_existing
from seedbed.app.workspace import Workspace
from seedbed.checks.catalog import checks
from seedbed.core.attempt import PASSED, Context, Verdict
from seedbed.core.chat import Completion
from seedbed.core.errors import InputError
from seedbed.core.part import Check
from seedbed.core.stored import OpenAttempt
from seedbed.providers.catalog import providers
from seedbed.providers.scripted import Scripted
from seedbed.recipe.document import Recipe
from seedbed.storage.tables import calls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seedbed.core.chat import Request
    from seedbed.core.part import Task
    from seedbed.core.record import Record

KINDS = list(CASES)


class Clever(Scripted):
    """Answers as the kind's case says; may spoil every second answer."""

    kind = ""
    spoiled = False

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._random = Random(5)
        self._asked = 0
        self._script = self._clever

    def _clever(self, request: Request) -> str:
        text = written(CASES[self.kind].answer(request))
        self._asked += 1
        return spoil(text, self._random) if self.spoiled and self._asked % 2 else text


def spoil(text: str, random: Random) -> str:
    """What a sloppy model makes of a good answer; some of it can be mended, some not."""
    ways = [
        f"```json\n{text}\n```",
        f"Sure! Here is what you asked for:\n{text}\n\nLet me know if you want more.",
        f"<think>Let me see … {{'a': 1}}</think>\n{text}",
        text.replace("}", ",}"),
        text[: len(text) * 2 // 3],
        text.replace('"text"', '"txt"').replace('"what"', '"wat"'),
        "I'm sorry, but I can't help with that.",
        "",
        text.replace("{", '{"note": "x", "note": "y", ', 1) if text.startswith("{") else f"OUTPUT: {text}",
        f'"{text}"' if text[:1] not in "[{" else f"{text}\n{text}",
    ]
    return random.choice(ways)


@pytest.fixture(autouse=True)
def clever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[type[Clever]]:
    """The provider `clever`, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    providers.register("clever")(Clever)
    yield Clever
    Clever.spoiled = False
    providers._known.pop("clever")


def run(kind: str, folder: Path, **fields: Any) -> seedbed.Dataset:
    Clever.kind = kind
    for name, content in CASES[kind].files.items():
        (folder / name).write_text(content, "utf-8")
    return seedbed.generate(document(kind, "clever:m", **fields), workspace=folder / "w")


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_is_full_and_the_accounts_add_up(kind: str, tmp_path: Path) -> None:
    dataset = run(kind, tmp_path)
    figures = dataset.figures
    assert figures["state"] == "complete", figures
    assert all(cell["accepted"] == cell["wanted"] for cell in figures["cells"])
    wanted = CASES[kind].settings.get("count")
    assert wanted is None or len(dataset) == wanted
    booked = (
        figures["accepted"] + sum(figures["rejected"].values()) + sum(figures["failed"].values()) + figures["surplus"]
    )
    assert figures["attempts"] == booked


@pytest.mark.parametrize("kind", KINDS)
def test_a_recipe_is_the_same_after_it_was_stored(kind: str) -> None:
    made = Recipe.of(document(kind, "embedded"))
    assert Recipe.of(orjson.loads(orjson.dumps(made.document()))) == made


@pytest.mark.parametrize("kind", KINDS)
def test_records_have_the_columns_that_are_promised(kind: str, tmp_path: Path) -> None:
    dataset = run(kind, tmp_path)
    for record in dataset:
        assert set(record.values) <= {*dataset.columns}
        assert {*dataset.columns} <= {*record.values, "spans"}
        for span in record.spans:
            assert record.values[span.field][span.start : span.end].strip()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if CASES[kind].spoilable])
def test_a_sloppy_model_fills_the_target_all_the_same(kind: str, tmp_path: Path) -> None:
    Clever.spoiled = True
    more = {"count": 60} if "count" in CASES[kind].settings else {}
    figures = run(kind, tmp_path, generator=more).figures
    assert figures["state"] == "complete", figures
    assert sum(figures["rejected"].values()) + sum(figures["failed"].values()) + figures["repaired"] > 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_stored_attempt_asks_the_same_again(kind: str, tmp_path: Path) -> None:
    run(kind, tmp_path)
    recipe = Recipe.of(document(kind, "clever:m"))
    with Workspace(tmp_path / "w") as place:
        existing = read_existing(place, recipe, tmp_path, None)
        thaw = Thaw(
            f"a-{kind}-1",
            place.store,
            recipe.generator,
            recipe.quota(existing.inputs),
            recipe.generator.pool(existing.inputs),
        )
        with place.store._engine.connect() as connection:
            rows = connection.execute(select(calls).order_by(calls.c.number)).all()
    assert rows
    first: dict[int, Any] = {}
    answers: dict[int, list[str]] = {}
    for row in rows:
        first.setdefault(row.attempt, row)
        answers.setdefault(row.attempt, []).append(orjson.loads(row.answer)[0])
    for number, row in first.items():
        with Workspace(tmp_path / "w") as place:
            thaw._store = place.store
            attempt = thaw(OpenAttempt(number, orjson.loads(row.frozen)))
        assert attempt is not None
        asked = asyncio.run(_asked(recipe, attempt, answers[number]))
        assert asked[0] == row.question


async def _asked(recipe: Recipe, attempt: Any, answers: list[str]) -> list[bytes]:
    questions: list[bytes] = []

    async def ask(request: Request) -> Completion:
        questions.append(request.to_json())
        return Completion(answers[min(len(questions), len(answers)) - 1])

    await recipe.generator.generate(Context(attempt, ask))
    return questions


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_says_where_it_comes_from(kind: str, tmp_path: Path) -> None:
    run(kind, tmp_path)
    with Workspace(tmp_path / "w") as place:
        from seedbed.core.stored import Selection

        records = list(place.store.records(Selection(run=f"a-{kind}-1"), origin=True))
    for record in records:
        origin = record.origin
        assert origin["model"] == "clever:m"
        assert origin["prompt"]
        assert isinstance(origin["seed"], int)
        assert origin["calls"] >= 1
        made_of = origin["parents"] or origin.get("shown")
        assert bool(made_of) == bool(Recipe.of(document(kind, "clever:m")).generator.sources())


REFUSED = "it says nothing of the teapot"


class Picky(Check):
    """Rejects the first records, but for those of pairs, which are not asked for again by themselves."""

    left: ClassVar[int] = 0

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        if Picky.left and "pair" not in record.origin and context.attempt.previous is None:
            Picky.left -= 1
            return Verdict(False, "picky", REFUSED)
        return PASSED


@pytest.fixture
def picky(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The check `picky`."""
    checks.register("picky")(Picky)
    monkeypatch.setattr(Picky, "left", 3)
    yield
    checks._known.pop("picky")


def _told(folder: Path) -> dict[int, tuple[str, list[Any]]]:
    """Of each attempt that had an earlier one: what was wrong with that, and what was asked, question by question."""
    with Workspace(folder / "w") as place, place.store._engine.connect() as connection:
        rows = connection.execute(select(calls).order_by(calls.c.number)).all()
    found: dict[int, tuple[str, list[Any]]] = {}
    for row in rows:
        if row.frozen and "previous" in (frozen := orjson.loads(row.frozen)):
            found.setdefault(row.attempt, (frozen["previous"]["detail"], []))
        if row.attempt in found:
            found[row.attempt][1].append(orjson.loads(row.question)["messages"])
    return found


def _check_told(folder: Path) -> None:
    told = _told(folder)
    assert REFUSED in [detail for detail, _ in told.values()]
    for detail, questions in told.values():
        words = f"An earlier answer to this was refused: {detail}."
        assert any(words in message["content"] for messages in questions for message in messages)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("picky")
def test_what_was_wrong_with_a_record_stands_in_the_next_question(kind: str, tmp_path: Path) -> None:
    dataset = run(kind, tmp_path, checks=["picky"], retry_with_feedback=True)
    assert dataset.figures["state"] == "complete", dataset.figures
    _check_told(tmp_path)


OWN = {
    "classification": "Write something {label}.",
    "structured": "Follow {schema}.",
    "rewrite": "The text:\n{source}",
    "preference": "{source}",
    "entities": "It names exactly {profile}, each once. {given}",
    "dialogue": "Exactly {turns} messages, each with a label of {labels}.",
}


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.usefixtures("picky")
def test_it_stands_behind_a_prompt_of_ones_own(kind: str, tmp_path: Path) -> None:
    settings = {"prompt": OWN[kind], "items_per_call": 1}
    run(kind, tmp_path, checks=["picky"], retry_with_feedback=True, generator=settings)
    _check_told(tmp_path)


WRONG = [(kind, change, words) for kind, case in CASES.items() for change, words in case.wrong]


@pytest.mark.parametrize(
    ("kind", "change", "words"), WRONG, ids=[f"{kind}-{json.dumps(change)[:40]}" for kind, change, _ in WRONG]
)
def test_wrong_settings_are_one_sentence_with_the_place(kind: str, change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        Recipe.of(document(kind, "clever:m", generator=change)).quota({})
    said = f"{caught.value.message} {caught.value.hint}"
    assert words in said
    assert "pydantic" not in said
    assert "\n" not in said


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("change", [{"kount": 3}, {"count": 0}, {"count": "many"}, {"items_per_call": 0}])
def test_what_all_have_in_common_is_checked(kind: str, change: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        Recipe.of(document(kind, "clever:m", generator=change))
    assert next(iter(change)) in caught.value.message
