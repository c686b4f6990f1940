"""Seedbed as a library: in scripts, in running loops, with parts of one's own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import seedbed
from seedbed import (
    PASSED,
    Axis,
    Check,
    Classification,
    Context,
    Generator,
    InputError,
    Length,
    Prompt,
    Record,
    RunFailed,
)
from seedbed.app.workspace import Workspace
from seedbed.checks.catalog import checks
from seedbed.core.stored import Selection, StoredRun
from seedbed.generators.catalog import generators
from seedbed.testing.server import Settings, running_server

RECIPE: dict[str, Any] = {
    "name": "replies",
    "model": "scripted",
    "generator": {
        "kind": "classification",
        "instruction": "one reply",
        "count": 12,
        "labels": ["polite", "neutral", "impolite"],
        "categories": {"travel": ["air", "train"]},
    },
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SEEDBED_WORKSPACE", raising=False)


@pytest.fixture
def own_parts() -> Iterator[None]:
    """Parts registered meanwhile are forgotten afterwards."""
    kept = [(registry, dict(registry._known)) for registry in (checks, generators)]
    yield
    for registry, known in kept:
        registry._known = known


def stored(run: str, folder: str = ".seedbed") -> tuple[StoredRun, list[Record]]:
    """A run and its accepted records as they are on disk."""
    with Workspace(folder) as place:
        found = place.store.run(run)
        assert found is not None
        return found, list(place.store.records(Selection(run=run)))


def test_a_generator_alone_makes_a_dataset() -> None:
    dataset = seedbed.generate(Prompt(prompt="Write one review.", count=7), model="scripted")
    assert len(dataset) == len(list(dataset)) == len({record.text for record in dataset}) == 7
    assert dataset.columns == ["text", "model"]
    assert dataset.figures["state"] == "complete"
    assert dataset.counts("model") == {"scripted": 7}
    assert "7 records" in repr(dataset)
    again = seedbed.generate(Prompt(prompt="Write one review.", count=7), model="scripted")
    assert again.name != dataset.name, "a generator alone always starts afresh"


def test_every_way_to_say_a_recipe_makes_the_same(tmp_path: Path) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text(yaml.safe_dump(RECIPE), "utf-8")
    objects = seedbed.Recipe(
        name="replies",
        model={"scripted": 1},
        generator=Classification(
            instruction="one reply",
            count=12,
            labels=["polite", "neutral", "impolite"],  # type: ignore[arg-type]
            categories={"travel": ("air", "train")},
        ),
    )
    ways = (path, str(path), RECIPE, seedbed.Recipe.load(path), objects, seedbed.Recipe.of(RECIPE))
    for number, way in enumerate(ways):
        dataset = seedbed.generate(way, workspace=tmp_path / str(number))
        assert dataset.columns == ["text", "label", "category", "type", "model"]
        assert dataset.counts("label") == {"polite": 4, "neutral": 4, "impolite": 4}
        assert dataset.counts("type") == {"air": 6, "train": 6}
    with Workspace(tmp_path / "saved") as place:
        place.store.serving.put_recipe("kept", path.read_text("utf-8"), new=True)
    assert len(seedbed.generate("kept", workspace=tmp_path / "saved", seed=3)) == 12
    with pytest.raises(InputError, match="none is saved under that name") as raised:
        seedbed.generate("keptt", workspace=tmp_path / "saved")
    assert "`kept`" in raised.value.hint


def test_the_same_seed_makes_the_same_dataset(tmp_path: Path) -> None:
    made = [
        [record.values for record in seedbed.generate(RECIPE, workspace=tmp_path / name, concurrency=1, seed=seed)]
        for name, seed in (("a", 7), ("b", 7), ("c", 8))
    ]
    assert made[0] == made[1] != made[2]


def test_what_is_given_replaces_what_the_recipe_says(tmp_path: Path) -> None:
    dataset = seedbed.generate(
        RECIPE,
        model={"one:a": 1, "two:b": 1},
        connections={"one": seedbed.Connection(provider="scripted"), "two": {"provider": "scripted"}},
        checks=[Length(min_words=13, max_words=13), {"kind": "banned", "words": ["xyzzy"]}, "refusal"],
        temperature=0.5,
        output="out.jsonl",
        workspace=tmp_path / "elsewhere",
    )
    assert set(dataset.counts("model")) == {"one:a", "two:b"}
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 12
    run, _ = stored(dataset.name, str(tmp_path / "elsewhere"))
    assert run.recipe["temperature"] == 0.5
    assert [check["kind"] for check in run.recipe["checks"]] == ["length", "banned", "refusal"]
    assert not (tmp_path / ".seedbed").exists()


def test_a_complete_recipe_is_not_made_again_and_a_changed_one_is() -> None:
    first = seedbed.generate(RECIPE)
    again = seedbed.generate(RECIPE)
    assert (again.name, again.figures) == (first.name, first.figures)
    assert [record.values for record in again] == [record.values for record in first]
    assert seedbed.generate(RECIPE, new=True).name == "replies-2"
    assert seedbed.generate(RECIPE, seed=3).name == "replies-3"


def test_an_unfinished_run_goes_on_where_it_was() -> None:
    first = seedbed.generate(RECIPE, budget={"calls": 5}, concurrency=1)
    assert first.figures["state"] == "budget"
    assert len(first) == 5
    with pytest.raises(InputError, match=r"differs from its unfinished run replies-1: seed"):
        seedbed.generate(RECIPE, seed=9)
    second = seedbed.generate(RECIPE)
    assert (second.name, second.figures["state"], len(second)) == ("replies-1", "complete", 12)
    assert second.figures["calls"] == 12
    assert [record.values for record in second][:5] == [record.values for record in first][:5]


def test_a_shortfall_is_an_answer_and_no_error() -> None:
    dataset = seedbed.generate(
        RECIPE, checks=[{"kind": "length", "max_words": 3}], stop_rules={"fruitless": 4}, concurrency=2
    )
    assert dataset.figures["state"] == "shortfall"
    assert len(dataset) == 0
    assert list(dataset) == []
    assert all(cell["stopped"] == "fruitless" for cell in dataset.figures["cells"])


def test_what_cannot_be_used_is_said_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("mine", "utf-8")
    wrong: list[dict[str, Any]] = [
        {"model": "nowhere:x"},
        {"output": "there.csv"},
        {"output": "out.doc"},
        {"output": "no/folder/out.csv"},
        {"checks": ["lenght"]},
        {"temperatur": 1},
        {"resume": "nobody-1"},
        {"into": {"dataset": "missing.csv"}},
        {"budget": {"cost": 1}, "model": "openai:gpt-unknown", "connections": {"openai": {"provider": "openai"}}},
    ]
    for given in wrong:
        with pytest.raises(InputError) as error:
            seedbed.generate(RECIPE, **given)
        assert "\n" not in error.value.message
    with pytest.raises(InputError, match="There is no recipe file"):
        seedbed.generate("nothing.yaml")
    assert (tmp_path / "there.csv").read_text("utf-8") == "mine"
    assert seedbed.generate(RECIPE, output="there.csv", force=True).figures["output"] == str(tmp_path / "there.csv")


def test_a_run_that_cannot_go_on_raises_what_the_provider_said() -> None:
    with running_server(Settings(key="right")) as server:
        connections = {"local": {"provider": "openai", "base_url": server.url}}
        with pytest.raises(RunFailed) as error:
            seedbed.generate(RECIPE, model="local:m", connections=connections)
        assert error.value.message
        assert error.value.hint
        server.change(key=None)
        dataset = seedbed.generate(RECIPE, model="local:m", connections=connections)
    assert (dataset.name, len(dataset)) == ("replies-1", 12)


def test_a_budget_of_calls_is_kept_also_by_repetitions() -> None:
    with running_server(Settings(rate_limited_share=1.0, retry_after=0.0)) as server:
        connections = {"local": {"provider": "openai", "base_url": server.url}}
        dataset = seedbed.generate(RECIPE, model="local:m", connections=connections, concurrency=1, budget={"calls": 5})
        assert dataset.figures["state"] == "budget"
        assert dataset.figures["calls"] == server.stats()["requests"] <= 5 + 2


# Loops


def test_it_works_where_a_loop_is_running() -> None:
    async def notebook() -> Any:
        return seedbed.generate(RECIPE)

    assert len(asyncio.run(notebook())) == 12


def test_errors_come_through_where_a_loop_is_running() -> None:
    async def notebook() -> Any:
        return seedbed.generate(RECIPE, model="nowhere:x")

    with pytest.raises(InputError, match="nowhere"):
        asyncio.run(notebook())


def test_several_datasets_are_made_at_once_in_one_loop(tmp_path: Path) -> None:
    async def story() -> list[Any]:
        made = (seedbed.agenerate({**RECIPE, "name": f"n{number}"}, concurrency=4) for number in range(4))
        return await asyncio.gather(*made)

    datasets = asyncio.run(story())
    assert sorted(dataset.name for dataset in datasets) == ["n0-1", "n1-1", "n2-1", "n3-1"]
    assert all(len(list(dataset)) == 12 for dataset in datasets)


LONG = {**RECIPE, "name": "long", "generator": {"kind": "prompt", "prompt": "Write.", "count": 600}}


async def until_answered(server: Any, number: int) -> None:
    for _ in range(3000):
        if server.stats()["answered"] >= number:
            return
        await asyncio.sleep(0.01)


def test_cancelling_keeps_what_was_accepted_and_the_run_can_go_on() -> None:
    with running_server(Settings(latency=0.01)) as server:
        connections = {"local": {"provider": "openai", "base_url": server.url}}

        async def story() -> None:
            making = asyncio.create_task(
                seedbed.agenerate(LONG, model="local:m", connections=connections, concurrency=4)
            )
            await until_answered(server, 60)
            making.cancel()
            await asyncio.wait([making])

        asyncio.run(story())
        run, kept = stored("long-1")
        answered = server.stats()["answered"]
        assert run.state == "interrupted"
        assert answered - 8 <= len(kept) <= answered
        dataset = seedbed.generate(LONG, model="local:m", connections=connections, concurrency=16)
        assert (dataset.name, len(dataset), dataset.figures["state"]) == ("long-1", 600, "complete")
        assert [record.id for record in kept] == [record.id for record in dataset][: len(kept)]


def test_a_cancelled_task_is_a_cancelled_task() -> None:
    async def story() -> None:
        making = asyncio.create_task(seedbed.agenerate({**LONG, "generator": {**LONG["generator"], "count": 10**6}}))
        await asyncio.sleep(0.3)
        making.cancel()
        with pytest.raises(asyncio.CancelledError):
            await making

    asyncio.run(story())


def test_a_task_that_outlived_an_earlier_cancellation_gets_its_dataset() -> None:
    async def story() -> int:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        return len(await seedbed.agenerate(RECIPE))

    async def outer() -> int:
        task = asyncio.create_task(story())
        await asyncio.sleep(0)
        task.cancel()
        return await task

    assert asyncio.run(outer()) == 12


def test_a_time_limit_of_the_caller_is_heard_of() -> None:
    with running_server(Settings(latency=0.05)) as server:
        connections = {"local": {"provider": "openai", "base_url": server.url}}

        async def story() -> None:
            async with asyncio.timeout(0.5):
                await seedbed.agenerate(LONG, model="local:m", connections=connections, concurrency=2)

        with pytest.raises(TimeoutError):
            asyncio.run(story())
    assert stored("long-1")[0].state == "interrupted"


# Files


@pytest.mark.parametrize("suffix", ["csv", "tsv", "json", "jsonl"])
def test_a_dataset_is_written_and_read(suffix: str, tmp_path: Path) -> None:
    dataset = seedbed.generate(RECIPE)
    path = tmp_path / f"out.{suffix}"
    assert seedbed.write(dataset, path) == 12
    found = seedbed.read(path)
    assert found.columns == dataset.columns
    assert [record.values for record in found] == [record.values for record in dataset]
    assert (found.name, len(found)) == ("out", 12)
    with pytest.raises(InputError, match="exists"):
        seedbed.write(dataset, path)
    assert seedbed.write(dataset, path, columns=["label", "text"], force=True) == 12
    assert seedbed.read(path).columns == ["label", "text"]


def test_records_of_ones_own_are_written_with_all_their_columns(tmp_path: Path) -> None:
    records = (Record({"text": f"text {n}", **({"extra": n} if n == 2 else {})}) for n in range(4))
    assert seedbed.write(records, tmp_path / "out.csv") == 4
    assert [record.values["extra"] for record in seedbed.read(tmp_path / "out.csv")] == ["", "", "2", ""]


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        seedbed.read(tmp_path / "nothing.csv")
    (tmp_path / "some.doc").touch()
    with pytest.raises(InputError):
        seedbed.read(tmp_path / "some.doc")
    with pytest.raises(InputError):
        seedbed.write([Record({"text": "x"})], tmp_path / "out.doc")


def test_a_dataset_becomes_a_data_frame() -> None:
    pytest.importorskip("pandas")
    frame = seedbed.generate(RECIPE).to_pandas()
    assert list(frame.columns) == ["text", "label", "category", "type", "model"]
    assert len(frame) == 12
    assert frame["label"].value_counts().to_dict() == {"polite": 4, "neutral": 4, "impolite": 4}


# Parts of one's own


def register() -> None:
    """A check and a generator, each in ten lines."""

    @seedbed.check("no_shouting")
    class NoShouting(Check):
        most: int = 3

        async def check(self, record: Record, context: Context, task: seedbed.Task) -> seedbed.Verdict:
            loud = sum(word.isupper() for word in record.text.split())
            return PASSED if loud <= self.most else seedbed.Verdict(False, self.kind, f"{loud} loud words")

    @seedbed.generator("question")
    class Question(Generator):
        topics: tuple[str, ...]

        def quota_axes(self) -> list[Axis]:
            return [Axis.of("topic", dict.fromkeys(self.topics, 1))]  # type: ignore[arg-type]

        def columns(self) -> list[str]:
            return ["question", "answer", "topic"]

        async def generate(self, context: Context) -> list[Record | seedbed.Failure]:
            topic = context.attempt.cell["topic"]
            question = (await context.complete(f"A question about {topic}:")).text
            answer = (await context.complete(f"Q: {question}\nA:")).text
            return [Record({"question": question, "answer": answer, "topic": topic})]


OWN = {
    "name": "quiz",
    "model": "scripted",
    "generator": {"kind": "question", "count": 10, "topics": ["art", "law"], "unique_by": ["question"]},
    "checks": [{"kind": "no_shouting", "most": 5}],
}


@pytest.mark.usefixtures("own_parts")
def test_own_parts_work_by_name_from_yaml(tmp_path: Path) -> None:
    register()
    (tmp_path / "quiz.yaml").write_text(yaml.safe_dump(OWN), "utf-8")
    dataset = seedbed.generate("quiz.yaml", output="quiz.csv")
    assert dataset.counts("topic") == {"art": 5, "law": 5}
    assert seedbed.read("quiz.csv").columns == ["question", "answer", "topic", "model"]
    assert dataset.figures["calls"] == 20
    assert len({record["question"] for record in dataset}) == 10


@pytest.mark.usefixtures("own_parts")
def test_settings_of_own_parts_are_checked_like_all_others(tmp_path: Path) -> None:
    register()
    (tmp_path / "quiz.yaml").write_text(yaml.safe_dump(OWN, sort_keys=False).replace("most: 5", "most: many"), "utf-8")
    with pytest.raises(InputError, match=r"quiz\.yaml, line \d+: checks\[0\]\.most"):
        seedbed.generate("quiz.yaml")
    with pytest.raises(InputError, match="there is no check `no_shoutin`") as error:
        seedbed.generate({**OWN, "checks": ["no_shoutin"]})
    assert "`no_shouting`" in error.value.hint


@pytest.mark.usefixtures("own_parts")
def test_an_own_check_rejects_with_its_own_name() -> None:
    register()

    @seedbed.check("never")
    class Never(Check):
        async def check(self, record: Record, context: Context, task: seedbed.Task) -> seedbed.Verdict:
            return seedbed.Verdict(False, self.kind, "never")

    dataset = seedbed.generate(RECIPE, checks=["never"], stop_rules={"fruitless": 3}, concurrency=1)
    assert dataset.figures["rejected"] == {"never": dataset.figures["attempts"]}


@pytest.mark.usefixtures("own_parts")
def test_an_output_that_could_not_be_written_is_warned_of(tmp_path: Path) -> None:
    @seedbed.check("meanwhile")
    class Meanwhile(Check):
        async def check(self, record: Record, context: Context, task: seedbed.Task) -> seedbed.Verdict:
            (tmp_path / "out.csv").write_text("mine", "utf-8")
            return PASSED

    with pytest.warns(UserWarning, match=r"The output was not written: .*out\.csv exists"):
        dataset = seedbed.generate(RECIPE, checks=["meanwhile"], output="out.csv")
    assert (len(list(dataset)), dataset.figures["output"]) == (12, None)
    assert (tmp_path / "out.csv").read_text("utf-8") == "mine"


@pytest.mark.usefixtures("own_parts")
def test_own_checks_with_one_name_are_told_apart_by_the_later_one() -> None:
    register()
    before = checks.get("no_shouting")
    register()
    assert checks.get("no_shouting") is not before


@pytest.mark.usefixtures("own_parts")
@pytest.mark.parametrize("value", [Decimal("1.5"), {1: 2}, {"a", "b"}])
def test_a_record_that_cannot_be_kept_fails_and_another_is_made(value: Any) -> None:
    @seedbed.generator("strange")
    class Strange(Generator):
        async def generate(self, context: Context) -> list[Record | seedbed.Failure]:
            text = (await context.complete("Write.")).text
            extra = {"value": value} if context.attempt.number == 3 else {}
            return [Record({"text": text, **extra})]

    dataset = seedbed.generate({**RECIPE, "generator": {"kind": "strange", "count": 9}}, concurrency=1)
    assert len(list(dataset)) == 9
    assert dataset.figures["failed"] == {"unparseable": 1}


@pytest.mark.usefixtures("own_parts")
def test_a_generator_that_answers_too_much_or_too_little_fills_the_target_all_the_same() -> None:
    @seedbed.generator("uneven")
    class Uneven(Generator):
        async def generate(self, context: Context) -> list[Record | seedbed.Failure]:
            number = context.attempt.number % 3
            return [Record({"text": (await context.complete("Write.")).text}) for _ in range(number)]

    dataset = seedbed.generate({**RECIPE, "generator": {"kind": "uneven", "count": 9}})
    assert len(dataset) == 9
    assert dataset.figures["failed"]["missing"] > 0


PLUGIN = """
import seedbed

@seedbed.check("short")
class Short(seedbed.Check):
    most: int = 99
    async def check(self, record, context, task):
        fits = len(record.text.split()) <= self.most
        return seedbed.PASSED if fits else seedbed.Verdict(False, "short", "too long")

@seedbed.generator("echo")
class Echo(seedbed.Generator):
    async def generate(self, context):
        return [seedbed.Record({"text": (await context.complete("Write.")).text})]
"""
PLUGGED = {"name": "echo", "model": "scripted", "generator": {"kind": "echo", "count": 8}, "checks": ["short"]}


def test_the_command_line_loads_plugins(shell: Any) -> None:
    (shell.folder / "mine.py").write_text(PLUGIN, "utf-8")
    recipe = shell.recipe({**PLUGGED, "budget": {"calls": 3}})
    ended = shell("generate", recipe, "-o", "out.csv", "--plugin", "mine.py", "--concurrency", "1", "--json")
    assert ended.code == 3, ended.err
    assert len(shell.rows("out.csv")) == 3
    shell.recipe(PLUGGED)
    ended = shell("generate", recipe, "-o", "out.csv", "--plugin", "mine.py", "--json")
    assert ended.code == 0, ended.err
    assert len(shell.rows("out.csv")) == 8


def test_a_plugin_that_is_missing_or_broken_is_one_sentence(shell: Any) -> None:
    (shell.folder / "broken.py").write_text("import nothing_of_that_name\n", "utf-8")
    recipe = shell.recipe(PLUGGED)
    for arguments, words in (
        (("--plugin", "nothing.py"), "nothing.py"),
        (("--plugin", "broken.py"), "nothing_of_that_name"),
        ((), "There is no generator `echo`"),
    ):
        ended = shell("generate", recipe, *arguments)
        assert ended.code == 2
        assert words.lower() in ended.err.lower()
        assert "Traceback" not in ended.err


def test_a_resumed_run_finds_the_input_files_of_its_recipe(shell: Any) -> None:
    (shell.folder / "deep").mkdir()
    (shell.folder / "deep" / "old.csv").write_text("text\nan old text\n", "utf-8")
    document = {
        "name": "deep",
        "model": "scripted",
        "generator": {"kind": "prompt", "prompt": "Write.", "count": 8},
        "checks": [{"kind": "near_duplicate", "against": ["old.csv"]}],
        "budget": {"calls": 3},
    }
    (shell.folder / "deep" / "recipe.json").write_text(json.dumps(document), "utf-8")
    assert shell("generate", "deep/recipe.json", "--concurrency", "1").code == 3
    ended = shell("runs", "resume", "deep-1", "--json")
    assert ended.code == 3, ended.err
    assert ended.json["state"] == "budget"


def test_what_is_read_is_written_whole(tmp_path: Path) -> None:
    span = {"start": 0, "end": 1, "label": "X"}
    rows = [{"text": "a"}, {"text": "b", "late": 1, "spans": [span]}]
    (tmp_path / "x.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    dataset = seedbed.read("x.jsonl")
    assert dataset.columns == ["text", "late", "spans"]
    whole = [{"text": "a", "late": None, "spans": []}, {"text": "b", "late": 1, "spans": [span]}]
    for name, records in (("y.jsonl", dataset), ("z.jsonl", list(dataset))):
        assert seedbed.write(records, name) == 2
        assert [json.loads(line) for line in (tmp_path / name).read_text().splitlines()] == whole
