"""The durable store against the contract of `seedbed.core.stored.Store`, in one process and in several."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from postgres import Server
from seedbed.core.attempt import Answered, Attempt, Finished, Recent, Sampling
from seedbed.core.chat import Capabilities, Completion, Request, Usage, request_hash
from seedbed.core.errors import InputError, RunClaimed
from seedbed.core.ports import Journal, SlotRow
from seedbed.core.quota import apportion
from seedbed.core.record import Record, Span
from seedbed.core.run import Accounts
from seedbed.core.stored import Selection, Spending, Store, StoredConnection, StoredRun, Tally, parse_where
from seedbed.storage.sql import SqlStore

from .homes import Home


def new_run(name: str = "replies", **fields: Any) -> StoredRun:
    given: dict[str, Any] = {"recipe": {"name": name}, "fingerprint": {}, "dataset": name, "columns": ["text", "label"]}
    return StoredRun("", name, "running", seed=7, **given | fields)


def attempt(run: StoredRun, number: int = 0, **fields: Any) -> Attempt:
    given: dict[str, Any] = {"cell": {"label": "polite"}, "model": "local:m", **fields}
    return Attempt(run.id, number, number, 2**64 - 1 - number, "2026-01-01T00:00:00+00:00", 0, **given)


QUESTION = Request("local:m", prompt="Write.").to_json()


def call(frozen: Attempt, occurrence: int = 0, text: str | None = "Hello.", **fields: Any) -> Answered:
    completion = None if text is None else Completion(text, model="local:m", usage=Usage(10, 5))
    given: dict[str, Any] = {"model": "local:m", "cost": 0.01, "tries": 1, "input_tokens": 10, "output_tokens": 5}
    return Answered(frozen, QUESTION, request_hash(QUESTION), occurrence, completion=completion, **given | fields)


def slot(text: str | None, state: Any = "accepted", number: int = 0, **fields: Any) -> SlotRow:
    record = None if text is None else Record({"text": text, "label": fields.pop("label", "polite")})
    given = {"reason": "", "detail": "", "cell": '["polite"]', "model": "local:m", "record": record}
    return SlotRow(number, state, **given | fields)


def fill(store: Store, run: StoredRun, *texts: str, first: int = 0) -> None:
    """One attempt with one accepted record for each text."""
    with store.claim(run.id) as epoch:
        journal = store.journal(run, epoch)
        for number, text in enumerate(texts, start=first):
            journal.call(call(attempt(run, number)))
            journal.slots(Finished(attempt(run, number)), [slot(text)])
        journal.close()


def texts(store: Store, **selection: Any) -> list[str]:
    page = selection.pop("page", 1000)
    return [record.text for record in store.records(Selection(**selection), page=page)]


def test_a_new_run_gets_a_name_a_number_and_times(store: Store) -> None:
    runs = [store.create_run(new_run(name)) for name in ("replies", "replies", "other")]
    assert [run.id for run in runs] == ["replies-1", "replies-2", "other-1"]
    assert [run.number for run in runs] == [1, 2, 3]
    assert runs[0].created
    assert runs[0].created == runs[0].updated


def test_a_run_comes_back_as_it_was_saved(store: Store) -> None:
    saved = new_run(
        recipe={"name": "replies", "deep": {"list": [1, None, "é👍"]}},
        fingerprint={"a": 0.1},
        output="/tmp/out.csv",
        figures={"accepted": 3},
        seconds=1.5,
    )
    run = store.create_run(saved)
    assert store.run(run.id) == run
    assert store.run("nobody-1") is None


def test_runs_are_listed_newest_first_by_name_and_by_dataset(store: Store) -> None:
    for name, dataset in (("a", "x"), ("b", "y"), ("a", "y")):
        store.create_run(new_run(name, dataset=dataset))
    assert [run.id for run in store.runs()] == ["a-2", "b-1", "a-1"]
    assert [run.id for run in store.runs(name="a")] == ["a-2", "a-1"]
    assert [run.id for run in store.runs(dataset="y")] == ["a-2", "b-1"]
    assert store.runs(name="a", dataset="x")[0].id == "a-1"
    assert store.runs(name="c") == []


def test_fields_of_a_run_can_be_changed(store: Store) -> None:
    run = store.create_run(new_run())
    other = store.create_run(new_run())
    store.update_run(run.id, state="complete", figures={"accepted": 9}, columns=["text"], output="out.csv")
    found = store.run(run.id)
    assert found is not None
    assert (found.state, found.figures, found.columns, found.output) == (
        "complete",
        {"accepted": 9},
        ["text"],
        "out.csv",
    )
    assert (found.recipe, found.seed) == (run.recipe, 7)
    assert store.run(other.id) == other


def test_what_one_store_saved_another_finds(home: Home, tmp_path: Path) -> None:
    home.folder = tmp_path / "deep" / "workspace"
    first = home.open()
    run = first.create_run(new_run())
    fill(first, run, "one", "two")
    first.close()
    second = home.open()
    assert texts(second, run=run.id) == ["one", "two"]
    assert second.run(run.id) is not None


def test_a_run_without_a_dataset_makes_its_own(store: Store) -> None:
    assert [store.create_run(new_run(dataset=name)).dataset for name in ("", "shared")] == ["replies-1", "shared"]
    assert [run.id for run in store.runs(dataset="replies-1")] == ["replies-1"]


def test_a_run_in_which_nothing_happened_can_be_forgotten(store: Store) -> None:
    runs = [store.create_run(new_run()) for _ in range(2)]
    store.forget_run(runs[0].id)
    assert [run.id for run in store.runs()] == ["replies-2"]
    assert store.create_run(new_run()).id == "replies-3"


def test_who_looks_for_a_run_of_a_name_waits_for_who_does_already(home: Home) -> None:
    """Each of these threads looks whether there is a run and makes one if not: one is enough."""
    stores = [home.open() for _ in range(4)]

    def find_or_make(store: Store) -> None:
        with store.naming("replies"):
            if not store.runs(name="replies"):
                store.create_run(new_run())

    threads = [Thread(target=find_or_make, args=[store]) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [run.id for run in stores[0].runs()] == ["replies-1"]
    with stores[0].naming("replies"), stores[1].naming("other"), stores[1].claim("replies-1"):
        pass


def test_each_claim_has_a_higher_epoch(store: Store) -> None:
    run = store.create_run(new_run())
    epochs = []
    for _ in range(3):
        with store.claim(run.id) as epoch:
            epochs.append(epoch)
            found = store.run(run.id)
            assert found is not None
            assert found.epoch == epoch
    assert epochs == [1, 2, 3]


def test_a_claimed_run_cannot_be_claimed_again_until_it_is_free(store: Store) -> None:
    run, other = store.create_run(new_run()), store.create_run(new_run())
    assert not store.is_claimed(run.id)
    with store.claim(run.id):
        assert store.is_claimed(run.id)
        assert not store.is_claimed(other.id)
        with pytest.raises(RunClaimed, match="replies-1 is being driven by another process"), store.claim(run.id):
            pass
        with store.claim(other.id):
            pass
    assert not store.is_claimed(run.id)
    with store.claim(run.id):
        pass


HOLDER = """
import sys
from pathlib import Path
from seedbed.storage.sql import SqlStore
with SqlStore(Path(sys.argv[2]), *sys.argv[3:]).claim(sys.argv[1]) as epoch:
    print(epoch, flush=True)
    sys.stdin.read()
"""


def test_a_claim_holds_against_other_processes_and_ends_with_the_process(store: Store, home: Home) -> None:
    run = store.create_run(new_run())
    arguments = [sys.executable, "-c", HOLDER, run.id, *home.arguments]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "1"
        assert store.is_claimed(run.id)
        with pytest.raises(RunClaimed), store.claim(run.id):
            pass
        process.kill()
    assert not store.is_claimed(run.id)
    with store.claim(run.id) as epoch:
        assert epoch == 2


def test_looking_whether_a_run_is_claimed_keeps_nobody_from_claiming_it(store: Store) -> None:
    run = store.create_run(new_run())
    done = Event()
    seen: list[bool] = []

    def look() -> None:
        while not done.is_set():
            seen.append(store.is_claimed(run.id))

    onlookers = [Thread(target=look) for _ in range(2)]
    for onlooker in onlookers:
        onlooker.start()
    refused = 0
    try:
        for _ in range(150):
            try:
                with store.claim(run.id):
                    pass
            except RunClaimed:
                refused += 1
    finally:
        done.set()
        for onlooker in onlookers:
            onlooker.join()
    assert refused == 0


MAKER = """
import sys
from pathlib import Path
from seedbed.core.stored import StoredRun
from seedbed.storage.sql import SqlStore
store = SqlStore(Path(sys.argv[1]), *sys.argv[2:])
for _ in range(20):
    print(store.create_run(StoredRun("", "same", "running", {}, {}, "same", ["text"], 0)).id)
"""


def test_processes_that_start_a_workspace_at_once_get_runs_of_their_own(
    home: Home, postgres: Server, tmp_path: Path
) -> None:
    home.folder = tmp_path / "new"
    arguments = [sys.executable, "-c", MAKER, str(home.folder), *([postgres.empty()] if home.url else [])]
    processes = [subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    found = [line for process in processes for line in process.communicate()[0].split()]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(found, key=lambda name: int(name.rpartition("-")[2])) == [f"same-{n}" for n in range(1, 61)]


def test_records_come_in_the_order_of_their_admission_page_by_page(store: Store) -> None:
    run, other = store.create_run(new_run()), store.create_run(new_run("other"))
    fill(store, run, *(f"text {n}" for n in range(23)))
    fill(store, other, "foreign")
    fill(store, run, "late", first=23)
    for page in (1, 2, 7, 23, 24, 25, 1000):
        assert texts(store, run=run.id, page=page) == [*(f"text {n}" for n in range(23)), "late"]


def test_what_is_admitted_while_somebody_reads_comes_too(store: Store) -> None:
    run = store.create_run(new_run())
    fill(store, run, "one", "two", "three")
    reading = store.records(Selection(run=run.id), page=2)
    assert next(reading).text == "one"
    fill(store, run, "four", first=3)
    assert [record.text for record in reading] == ["two", "three", "four"]


def test_a_dataset_is_all_runs_into_it(store: Store) -> None:
    first, second = store.create_run(new_run("a", dataset="all")), store.create_run(new_run("b", dataset="all"))
    third = store.create_run(new_run("c", dataset="own"))
    fill(store, second, "second")
    fill(store, first, "first")
    fill(store, third, "third")
    assert texts(store, dataset="all") == ["second", "first"]
    assert texts(store, dataset="own") == ["third"]
    assert texts(store, dataset="none") == texts(store, run="none-1") == []


def write(store: Store, run: StoredRun, *rows: SlotRow) -> None:
    with store.claim(run.id) as epoch:
        journal = store.journal(run, epoch)
        for number, row in enumerate(rows):
            journal.slots(Finished(attempt(run, number)), [row])
        journal.close()


def test_records_are_chosen_by_state_and_by_their_columns(store: Store) -> None:
    run = store.create_run(new_run())
    write(
        store,
        run,
        slot("a", label="polite"),
        slot("b", label="neutral"),
        slot("c", "rejected", reason="length"),
        slot("d", "surplus"),
        slot(None, "failed", reason="http"),
        slot("e", label="polite"),
    )
    assert texts(store, run=run.id) == ["a", "b", "e"]
    assert texts(store, run=run.id, state="rejected") == ["c"]
    assert texts(store, run=run.id, state="surplus") == ["d"]
    assert texts(store, run=run.id, state="failed") == [""]
    assert texts(store, run=run.id, where=(("label", "polite"),), page=1) == ["a", "e"]
    assert texts(store, run=run.id, where=(("label", "polite"), ("text", "e"))) == ["e"]
    assert texts(store, run=run.id, where=(("nothing", ""),)) == ["a", "b", "e"]
    assert texts(store, run=run.id, where=(("label", "x' OR '1'='1"),)) == []


def test_a_record_comes_back_as_it_was_made(store: Store) -> None:
    run = store.create_run(new_run())
    made = Record(
        {"text": 'é 👍 "quoted"\n', "label": "polite", "score": 0.5, "many": [1, None, {"a": "b"}], "none": None},
        spans=(Span(0, 1, "letter"), Span(2, 3, "sign", "messages.0.content")),
        tags=("checked",),
        origin={"checks": {"label_agreement": 0.9}},
    )
    write(store, run, SlotRow(2, "accepted", "", "", "[]", "local:m", made))
    [found] = store.records(Selection(run=run.id))
    assert found.values == made.values
    assert list(found.values) == list(made.values)
    assert found.spans == made.spans
    assert found.tags == ("synthetic", "checked")
    assert (found.id, found.state) == ("replies-1:0.2", "accepted")
    assert found.origin == made.origin


def test_a_record_knows_where_it_came_from(store: Store) -> None:
    run = store.create_run(new_run())
    frozen = attempt(run, 4, sampling=Sampling(0.8, max_tokens=50, extra={"min_p": 0.1}))
    with store.claim(run.id) as epoch:
        journal = store.journal(run, epoch)
        journal.call(call(frozen))
        journal.call(call(frozen, 1))
        journal.slots(Finished(frozen), [slot("Hello.")])
        journal.slots(Finished(attempt(run, 5)), [slot("No call.")])
        journal.close()
    [found, without] = store.records(Selection(run=run.id), origin=True)
    origin = found.origin
    assert (origin["run"], origin["recipe"], origin["attempt"], origin["model"]) == (run.id, "replies", 4, "local:m")
    assert (origin["prompt"], origin["seed"], origin["cell"]) == ("Write.", 2**64 - 5, {"label": "polite"})
    assert origin["sampling"] == {"temperature": 0.8, "max_tokens": 50, "extra": {"min_p": 0.1}}
    assert (origin["calls"], origin["tokens"], origin["cost"]) == (2, 30, 0.02)
    assert without.origin["calls"] == 0


def test_tallies_say_how_all_slots_ended(store: Store) -> None:
    run, other = store.create_run(new_run()), store.create_run(new_run())
    fill(store, other, "foreign")
    write(
        store,
        run,
        slot("a"),
        slot("b"),
        slot("c", model="local:n"),
        slot("d", "rejected", reason="length"),
        slot(None, "failed", reason="http", cell='["neutral"]'),
    )
    assert sorted(store.tallies(run.id), key=lambda tally: (tally.cell, tally.model, tally.reason), reverse=True) == [
        Tally('["polite"]', "local:n", "accepted", "", 1),
        Tally('["polite"]', "local:m", "rejected", "length", 1),
        Tally('["polite"]', "local:m", "accepted", "", 2),
        Tally('["neutral"]', "local:m", "failed", "http", 1),
    ]
    assert store.tallies("none-1") == []


def test_spending_adds_up_by_model_and_says_where_a_price_is_missing(store: Store) -> None:
    run = store.create_run(new_run())
    with store.claim(run.id) as epoch:
        journal = store.journal(run, epoch)
        journal.call(call(attempt(run, 0), tries=3))
        journal.call(call(attempt(run, 1), -1, text=None, cost=0.5))
        journal.call(call(attempt(run, 2), model="free:n", cost=None))
        journal.call(call(attempt(run, 3), model="free:n", cost=0.25))
        journal.close()
    found = {spending.model: spending for spending in store.spending(run.id)}
    assert found == {
        "local:m": Spending("local:m", 4, 20, 10, 0.51, priced=True),
        "free:n": Spending("free:n", 2, 20, 10, 0.25, priced=False),
    }
    assert store.spending("none-1") == []
    assert type(found["local:m"].tries) is type(found["local:m"].input_tokens) is int


def test_what_calls_masked_adds_up(store: Store) -> None:
    run = store.create_run(new_run())
    with store.claim(run.id) as epoch:
        journal = store.journal(run, epoch)
        for number, redacted in enumerate([None, {"email": 2}, {"email": 2}, {"email": 1, "phone": 3}]):
            journal.call(call(attempt(run, number), redacted=redacted))
        journal.close()
    accounts = Accounts.of(apportion(1, []))
    for spending in store.spending(run.id):
        accounts.call(spending.model, (0, 0), None, spending.tries, spending.redacted)
    assert (accounts.models["local:m"].calls, accounts.redacted) == (4, {"email": 5, "phone": 3})


def test_the_last_attempt_is_the_highest_with_anything_stored(store: Store) -> None:
    run = store.create_run(new_run())
    assert store.last_attempt(run.id) == store.last_attempt("none-1") == -1
    with store.claim(run.id) as epoch:
        journal = store.journal(run, epoch)
        journal.slots(Finished(attempt(run, 8)), [slot("a")])
        journal.call(call(attempt(run, 5)))
        journal.close()
    assert store.last_attempt(run.id) == 8


def test_answered_attempts_without_an_end_are_open_with_all_they_depend_on(store: Store) -> None:
    run = store.create_run(new_run())
    frozen = attempt(
        run,
        9,
        n=2,
        capabilities=Capabilities(json_schema=True),
        sampling=Sampling(0.5, 0.9, 30, ("\n",), {"a": 1}),
        steered=False,
        recent=(Recent("replies-1:0.0", "one"),),
    )
    judged = Request("local:m", prompt="Judge.").to_json()
    with store.claim(run.id) as epoch:
        journal = store.journal(run, epoch)
        journal.call(call(attempt(run, 0)))
        journal.slots(Finished(attempt(run, 0)), [slot("one")])
        journal.call(call(attempt(run, 3), -1, text=None))
        journal.call(call(frozen, -1, text=None))
        journal.call(call(frozen, text="First answer."))
        journal.call(call(frozen, 1, text="Second answer."))
        journal.call(
            Answered(
                frozen,
                judged,
                request_hash(judged),
                0,
                "local:j",
                Completion("A", logprobs=(("A", -0.5),)),
                None,
                1,
                7,
                1,
            )
        )
        journal.call(call(attempt(run, 2), text="Earlier."))
        journal.close()
    [earlier, found] = store.open_attempts(run.id)
    assert (earlier.number, found.number) == (2, 9)
    assert found.frozen["seed"] == frozen.seed
    assert found.frozen["n"] == 2
    assert found.frozen["cell"] == {"label": "polite"}
    assert found.frozen["recent"] == ["replies-1:0.0"]
    assert found.frozen["steered"] is False
    assert Capabilities(**found.frozen["capabilities"]) == frozen.capabilities
    assert found.frozen["sampling"] == {
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 30,
        "stop": ["\n"],
        "extra": {"a": 1},
    }
    answers = {key: (answer.text, answer.logprobs) for key, answer in found.answers.items()}
    assert answers == {
        (request_hash(QUESTION), 0): ("First answer.", ()),
        (request_hash(QUESTION), 1): ("Second answer.", ()),
        (request_hash(judged), 0): ("A", (("A", -0.5),)),
    }
    assert store.open_attempts("none-1") == []


def soon(read: Callable[[], Any]) -> Any:
    """What reading gives, if it is not kept waiting for a lock (a minute, then an error)."""
    found: list[Any] = []

    def target() -> None:
        with suppress(Exception):
            found.append(read())

    reader = Thread(target=target, daemon=True)
    reader.start()
    reader.join(10)
    assert found, "reading waits for a lock"
    return found[0]


def test_records_are_found_by_their_ids(store: Store) -> None:
    run = store.create_run(new_run("with.dots:and:colons"))
    fill(store, run, "one", "two", "three")
    ids = [record.id for record in store.records(Selection(run=run.id))]
    found = {record.id: record.text for record in soon(lambda: store.named([*ids, f"{run.id}:7.0", "none-1:0.0"]))}
    assert found == dict(zip(ids, ["one", "two", "three"], strict=True))
    assert store.named([]) == []


def test_who_reads_waits_for_no_writer(store: Store, home: Home) -> None:
    run = store.create_run(new_run())
    fill(store, run, "one", "two")
    with home.locked():
        found = soon(
            lambda: [
                [record.text for record in store.records(Selection(run=run.id), origin=True)],
                [found.id for found in store.runs()],
                store.last_attempt(run.id),
                [tally.count for tally in store.tallies(run.id)],
                [spending.tries for spending in store.spending(run.id)],
                store.open_attempts(run.id),
                store.connections(),
            ]
        )
    assert found == [["one", "two"], ["replies-1"], 1, [2], [2], [], []]


def test_connections_are_kept_replaced_and_forgotten(store: Store) -> None:
    store.put_connection(StoredConnection("b", {"provider": "openai"}, None))
    store.put_connection(StoredConnection("a", {"provider": "azure", "base_url": "http://é"}, "encrypted"))
    store.put_connection(StoredConnection("b", {"provider": "ollama"}, "token"))
    assert [(found.name, found.settings, found.key) for found in store.connections()] == [
        ("a", {"provider": "azure", "base_url": "http://é"}, "encrypted"),
        ("b", {"provider": "ollama"}, "token"),
    ]
    assert store.connections()[0].created
    assert store.remove_connection("a")
    assert not store.remove_connection("a")
    assert [found.name for found in store.connections()] == ["b"]


def test_conditions_are_column_and_value() -> None:
    assert parse_where(["label=polite", "text=a=b", "none="]) == (("label", "polite"), ("text", "a=b"), ("none", ""))
    for wrong in ("label", "=x", ""):
        with pytest.raises(InputError, match="not of the form column=value"):
            parse_where([wrong])


def test_a_slot_ends_once(store: Store) -> None:
    run = store.create_run(new_run())
    fill(store, run, "one")
    with store.claim(run.id) as epoch:
        journal = store.journal(run, epoch)
        journal.slots(Finished(attempt(run, 0)), [slot("again")])
        with pytest.raises(Exception, match="could not be written"):
            journal.close()
    assert texts(store, run=run.id) == ["one"]


def test_figures_of_a_run_are_seen_by_others(store: Store, home: Home) -> None:
    run = store.create_run(new_run())
    other = home.open()

    async def story(journal: Journal) -> None:
        journal.progress({"accepted": 1, "seconds": 0.5})
        journal.progress({"accepted": 2, "seconds": 1.5})
        await journal.flush()

    with store.claim(run.id) as epoch:
        journal = store.journal(run, epoch)
        asyncio.run(story(journal))
        found = other.run(run.id)
        journal.close()
    assert found is not None
    assert (found.figures, found.seconds) == ({"accepted": 2, "seconds": 1.5}, 1.5)


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    SqlStore(tmp_path).close()
    with sqlite3.connect(tmp_path / "seedbed.db") as database:
        database.execute("INSERT INTO schema_version VALUES (99)")
    database.close()
    with pytest.raises(InputError, match="version 99") as error:
        SqlStore(tmp_path)
    assert "Upgrade" in error.value.hint


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / "seedbed.db").touch()
    store = SqlStore(tmp_path)
    assert store.create_run(new_run()).number == 1
    store.close()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "seedbed.db").write_bytes(b"my holiday diary, page 1\n" * 400)
    with pytest.raises(InputError, match=r"seedbed\.db cannot be opened as a Seedbed store") as error:
        SqlStore(tmp_path)
    assert "--workspace" in error.value.hint
    assert (tmp_path / "seedbed.db").read_bytes() == b"my holiday diary, page 1\n" * 400


@pytest.mark.parametrize("table", ["runs", "recipes"])
def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path: Path, table: str) -> None:
    path = tmp_path / "seedbed.db"
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE {table} (dish TEXT)")
        database.execute(f"INSERT INTO {table} VALUES ('soup')")
    database.close()
    with pytest.raises(InputError, match="cannot be opened as a Seedbed store"):
        SqlStore(tmp_path)
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == [(table,)]
        assert database.execute(f"SELECT dish FROM {table}").fetchall() == [("soup",)]
    database.close()


def test_a_workspace_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"workspace .* cannot be made") as error:
        SqlStore(tmp_path / "file" / "workspace")
    assert "--workspace" in error.value.hint
