"""Runs on a Ray cluster of several processes: the same records, exact counts and kept limits whoever dies; and Parquet
that is worked on block by block, with what comes of it here."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import seedbed
from conftest import Shell
from seedbed.app.data.sources import source_of
from seedbed.app.workspace import Workspace
from seedbed.core.errors import InputError
from seedbed.executors.ray import Cluster
from seedbed.testing.server import FakeServer, Settings, running_server

ray = pytest.importorskip("ray")

pytestmark = pytest.mark.filterwarnings("default")
"""Ray's own libraries warn of much."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A cluster of this machine's processes; the value is its address."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("RAY_METRICS_REPORT_INTERVAL_MS", "0")
        patch.setenv("RAY_enable_worker_prestart", "0")
        patch.setenv("RAY_prestart_worker_first_driver", "0")
        patch.setenv("PYTHONPATH", str(Path(seedbed.__file__).parents[1]))
        patch.setenv("RAY_ENABLE_METRICS_COLLECTION", "0")
        # Ray's folder holds sockets, whose paths must be short.
        folder = tempfile.mkdtemp(prefix="ray", dir="/tmp")
        found = ray.init(
            num_cpus=2,
            include_dashboard=False,
            log_to_driver=False,
            configure_logging=False,
            object_store_memory=80 * 2**20,
            _temp_dir=folder,
        )
        yield found.address_info["gcs_address"]
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with running_server(Settings(by_question=True)) as running:
        yield running


@pytest.fixture
def fake(server: FakeServer) -> FakeServer:
    server.change(latency=0.02, requests_per_minute=None, key=None)
    server.reset()
    return server


def recipe(fake: FakeServer, count: int = 60, **fields: Any) -> dict[str, Any]:
    connection = {"provider": "openai", "base_url": fake.url, "concurrency": 8, **fields.pop("connection", {})}
    return {
        "name": "replies",
        "model": "local:fake",
        "seed": 11,
        "steering": "off",
        "near_duplicate": False,
        "connections": {"local": connection},
        "generator": {
            "kind": "classification",
            "instruction": "one reply of a customer service agent",
            "count": count,
            "labels": ["polite", "rude", "neutral"],
        },
        **fields,
    }


def made(dataset: seedbed.Dataset) -> list[tuple[str, str]]:
    return sorted((record.label, record.text) for record in dataset)


def shares(dataset: seedbed.Dataset) -> dict[str, int]:
    return {cell["cell"]["label"]: cell["accepted"] for cell in dataset.figures["cells"]}


def workers() -> list[int]:
    """The processes of the workers that live."""
    found = []
    for name in Path("/proc").iterdir():
        if name.name.isdigit():
            with suppress(OSError):
                if (name / "cmdline").read_bytes().startswith(b"ray::Workbench"):
                    found.append(int(name.name))
    return found


@contextmanager
def killing(every: float, most: int) -> Iterator[list[int]]:
    """Kills one worker after the other, as a power cut would."""
    killed: list[int] = []
    over = threading.Event()

    def kill() -> None:
        while len(killed) < most and not over.wait(every):
            if living := [worker for worker in workers() if worker not in killed]:
                killed.append(min(living))
                os.kill(killed[-1], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


@pytest.mark.usefixtures("cluster")
def test_two_workers_make_the_records_that_one_machine_makes(
    fake: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is in no variable of the workers: it is sent to them, and stands in nothing that Ray writes down."""
    fake.change(key="sk-not-to-be-seen")
    monkeypatch.setenv("FAR_KEY", "sk-not-to-be-seen")
    asked = recipe(fake, connection={"key_env": "FAR_KEY"})
    here = seedbed.generate(asked, workspace=tmp_path / "here")
    fake.reset()
    there = seedbed.generate(asked, workspace=tmp_path / "there", executor="ray", workers=2)
    assert made(there) == made(here)
    assert len({text for _, text in made(there)}) == 60
    assert shares(there) == shares(here) == {"polite": 20, "rude": 20, "neutral": 20}
    assert fake.stats()["answered"] == 60
    assert fake.stats()["max_in_flight_seen"] <= 8, "the connection's limit holds for both together"
    assert not workers()
    logs = Path(ray._private.worker._global_node.get_logs_dir_path())
    assert not [file for file in logs.rglob("*") if file.is_file() and b"sk-not-to" in file.read_bytes()]


@pytest.mark.usefixtures("cluster")
def test_counts_are_exact_though_workers_are_killed_again_and_again(fake: FakeServer, tmp_path: Path) -> None:
    fake.change(latency=0.25)
    with killing(every=1.0, most=3) as killed:
        dataset = seedbed.generate(recipe(fake, 150), workspace=tmp_path, executor="ray", workers=2)
    assert len(killed) == 3
    assert dataset.figures["state"] == "complete"
    assert shares(dataset) == {"polite": 50, "rude": 50, "neutral": 50}
    assert len({text for _, text in made(dataset)}) == 150
    assert dataset.figures["attempts"] == 150, "no attempt was counted twice"
    assert fake.stats()["answered_twice"] <= len(killed) * 5


def test_a_killed_coordinator_is_followed_by_the_same_command(fake: FakeServer, shell: Shell, cluster: str) -> None:
    fake.change(latency=0.15)
    shell.environment |= {"RAY_ADDRESS": cluster, "RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}
    command = ["generate", shell.recipe(recipe(fake, 120)), "-o", "out.csv", "--executor", "ray", "--workers", "2"]
    first = shell.start(*command)
    while fake.stats()["answered"] < 40:
        assert first.poll() is None, first.communicate()
        time.sleep(0.05)
    first.kill()
    first.communicate()
    ended = shell.process(*command)
    assert ended.code == 0, ended.err
    rows = shell.rows("out.csv")
    assert (len(rows), len({row["text"] for row in rows})) == (120, 120)
    assert fake.stats()["answered"] <= 120 + 2 * 8, "only what was under way is paid again"


@pytest.mark.usefixtures("cluster")
def test_a_cancelled_run_ends_its_workers_and_goes_on_later(fake: FakeServer, tmp_path: Path) -> None:
    async def story() -> None:
        fake.change(latency=0.2)
        asked = {"executor": "ray", "workers": 2, "workspace": tmp_path}
        running = asyncio.create_task(seedbed.agenerate(recipe(fake, 60), **asked))
        while fake.stats()["answered"] < 10:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.05)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        while workers():  # noqa: ASYNC110 - other processes
            await asyncio.sleep(0.05)
        fake.change(latency=0.02)
        dataset = await seedbed.agenerate(recipe(fake, 60), workspace=tmp_path)  # here, this time
        assert shares(dataset) == {"polite": 20, "rude": 20, "neutral": 20}

    asyncio.run(story())


@pytest.mark.usefixtures("cluster")
def test_a_rate_and_a_budget_are_kept_by_two_workers_together(fake: FakeServer, tmp_path: Path) -> None:
    fake.change(requests_per_minute=600)
    asked = recipe(fake, 60, connection={"requests_per_minute": 600}, budget={"calls": 30})
    began = time.monotonic()
    dataset = seedbed.generate(asked, workspace=tmp_path, executor="ray", workers=2)
    assert time.monotonic() - began > (30 - 10) / 10
    assert fake.stats()["rate_limited"] == 0
    assert dataset.figures["state"] == "budget"
    assert fake.stats()["requests"] == 30


@pytest.mark.parametrize("executor", ["spark", "ray://", "ray:host"])
def test_an_executor_that_is_not_there_is_said_so(executor: str) -> None:
    with pytest.raises(InputError, match="There is no executor"):
        Cluster.of(executor)


def test_workers_are_for_a_cluster(fake: FakeServer, shell: Shell) -> None:
    ended = shell("generate", shell.recipe(recipe(fake)), "-o", "out.csv", "--workers", "2")
    assert (ended.code, "Add: --executor ray" in ended.err) == (2, True)
    ended = shell("generate", shell.recipe(recipe(fake)), "-o", "out.csv", "--batch", "--executor", "ray")
    assert (ended.code, "does not go with" in ended.err) == (2, True)


def texts(count: int, salt: str) -> list[dict[str, Any]]:
    """Records of which some are again there, word for word or nearly, some under another label."""
    words = [
        "order",
        "parcel",
        "late",
        "broken",
        "refund",
        "agent",
        "kind",
        "slow",
        "invoice",
        "answer",
        "friendly",
        "never",
    ]
    rows = []
    for number in range(count):
        own = number - 7 if number % 9 == 8 else number
        said = " ".join(words[(own * step + len(salt)) % len(words)] for step in range(1, 14))
        changed = "" if number % 18 == 8 else f" number {own} of {salt if number % 9 != 8 else 'them'}"
        text = f"Anna wrote from Paris: {said}{changed}."
        spans = [{"start": 0, "end": 4, "label": "PER"}, {"start": 16, "end": 21, "label": "LOC"}]
        rows.append({"text": text, "label": ["good", "bad"][number % 2], "length": len(said), "spans": spans})
    return rows


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of Parquet files of several row groups, and one without records."""
    import pyarrow as pa
    from pyarrow import parquet

    folder = tmp_path_factory.mktemp("several") / "notes"
    (folder / "more").mkdir(parents=True)
    first = pa.Table.from_pylist(texts(120, "first"))
    parquet.write_table(first, folder / "a.parquet", row_group_size=50)
    parquet.write_table(first.slice(0, 0), folder / "b.parquet")
    parquet.write_table(pa.Table.from_pylist(texts(80, "second")), folder / "more" / "c.parquet")
    (folder / "readme.txt").write_text("no data")
    return folder


def written(shell: Shell, name: str) -> list[Any]:
    """The records of a file or of a folder of files, in their order."""
    with Workspace(shell.folder / "none") as place:
        return [(record.values, record.spans) for record in source_of(place, str(shell.folder / name))()]


def filed(shell: Shell, name: str, text: str) -> str:
    """Writes a file and answers its name."""
    (shell.folder / name).write_text(text, "utf-8")
    return name


def both(shell: Shell, *command: str) -> dict[str, Any]:
    """Has a command done here and on the cluster, which must tell and write the same; what it told."""
    told = []
    for name, more in (("here", ()), ("there", ("--executor", "ray"))):
        files = {"OUT": f"{name}.parquet", "REST": f"{name}-rest.parquet"}
        own = [files.get(part, part) for part in command]
        ended = shell(*own, *more, "--json")
        assert ended.code == 0, ended.err
        told.append(
            {key: value for key, value in json.loads(ended.out).items() if key not in ("output", "run", "seconds")}
        )
    assert told[0] == told[1]
    assert written(shell, "there.parquet") == written(shell, "here.parquet")
    if "REST" in command:
        assert written(shell, "there-rest.parquet") == written(shell, "here-rest.parquet")
    return told[0]


@pytest.mark.usefixtures("cluster")
def test_copies_of_parquet_are_those_of_one_machine(several: Path, shell: Shell) -> None:
    plan = filed(shell, "plan.yaml", "seed: 3\ntransforms: [{add_typo: 0.4}, {swap_entities: 0.5}, {uppercase: 0.3}]")
    told = both(shell, "augment", str(several), "--plan", plan, "--with-origin", "-o", "OUT")
    assert (told["inputs"], told["copies"]) == (200, sum(one["produced"] for one in told["transforms"]))
    assert len(list((shell.folder / "there.parquet").glob("part-*.parquet"))) > 2


@pytest.mark.usefixtures("cluster")
def test_copies_take_the_places_of_their_originals_on_a_cluster(several: Path, tmp_path: Path) -> None:
    """In Python: the dataset is read from the folder when it is looked at."""
    plan = {"mode": "inplace", "transforms": [{"lowercase": 0.3}, {"add_typo": 0.4}]}
    file, pattern = several / "a.parquet", f"{several}/*.parquet"
    here = seedbed.augment(file, plan)
    there = seedbed.augment(pattern, plan, executor="ray", output=tmp_path / "out")
    assert there.figures == here.figures
    assert len(there) == 120
    assert [(one.values, one.spans) for one in there] == [(one.values, one.spans) for one in here]
    with pytest.raises(InputError, match="Where to"):
        seedbed.augment(pattern, plan, executor="ray")


@pytest.mark.usefixtures("cluster")
def test_parquet_is_rid_of_what_it_says_twice_as_on_one_machine(several: Path, shell: Shell) -> None:
    told = both(shell, "dedup", str(several), "--removed", "REST", "--keep", "longest", "-o", "OUT")
    assert told["reasons"].keys() >= {"exact", "near"}
    for name in ("here", "here-rest"):
        (shell.folder / f"{name}.parquet").unlink()
    for name in ("there", "there-rest"):
        shutil.rmtree(shell.folder / f"{name}.parquet")
    other = str(several / "more" / "c.parquet")
    told = both(shell, "dedup", str(several), "--removed", "REST", "--against", other, "-o", "OUT")
    assert told["reasons"]["against"] >= 80


@pytest.mark.usefixtures("cluster")
def test_parquet_is_checked_as_on_one_machine(several: Path, shell: Shell) -> None:
    checks = "[{kind: length, max_words: 18}, {kind: banned, words: [late], mode: flag}]"
    command = ["check", str(several), "--checks", filed(shell, "checks.yaml", checks)]
    told = both(shell, *command, "--rejected", "REST", "-o", "OUT")
    assert 0 < told["rejected"] < told["records"]
    assert 0 < told["flagged"] <= told["kept"]
    assert told["checks"].keys() == {"length", "banned"}


@pytest.mark.usefixtures("cluster")
def test_a_report_on_parquet_says_what_it_says_of_one_machine(several: Path, tmp_path: Path) -> None:
    """But for how far texts can be compressed, as each block is compressed by itself."""
    from seedbed.app.data.folders import source_of_several

    told = []
    for more in ({}, {"executor": "ray"}):
        dataset = str(several) if more else list(source_of_several(str(several))())
        figures = dict(seedbed.report(dataset, only=["balance", "duplicates", "diversity", "bias"], **more).figures)
        del figures["input"]
        for found in (figures["diversity"], *figures["diversity"]["by_label"].values()):
            assert found.pop("compression") > 1
        told.append(figures)
    assert told[0]["duplicates"]["exact"]
    assert told[1] == told[0]


@pytest.mark.usefixtures("cluster")
def test_a_damaged_file_among_others_is_one_sentence_and_nothing_is_written(several: Path, shell: Shell) -> None:
    folder = shell.folder / "damaged"
    shutil.copytree(several, folder)
    whole = (folder / "a.parquet").read_bytes()
    (folder / "a.parquet").write_bytes(whole[:400] + bytes(600) + whole[1000:])
    ended = shell("dedup", str(folder), "-o", "out", "--executor", "ray")
    assert (ended.code, "a.parquet cannot be read" in ended.err) == (2, True), ended.err
    assert not [path for path in shell.folder.iterdir() if "out" in path.name]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["augment", "IN", "-t", "uppercase", "-o", "out.csv"], "a folder of Parquet files is written"),
        (["augment", "IN", "-t", "uppercase", "-o", "out", "--to", "jsonl"], "--to does not go with --executor ray"),
        (["augment", "IN", "--plan", "PLAN", "-o", "out"], "A plan's checks are not made by --executor ray"),
        (["report", "IN", "--only", "labels"], "The section `labels` is not made by --executor ray"),
        (["report", "IN", "--real", "IN"], "--real does not go with --executor ray"),
        (["check", "IN", "--checks", "TWINS", "-o", "out"], "compares records with each other"),
    ],
)
@pytest.mark.usefixtures("cluster")
def test_what_cannot_be_done_block_by_block_is_refused(
    command: list[str], said: str, several: Path, shell: Shell
) -> None:
    plan = filed(shell, "plan.yaml", "transforms: [uppercase]\nchecks: [truncated]")
    files = {"IN": str(several), "PLAN": plan, "TWINS": filed(shell, "twins.yaml", "[near_duplicate]")}
    ended = shell(*[files.get(part, part) for part in command], "--executor", "ray")
    assert (ended.code, said in ended.err) == (2, True), ended.err
    assert "Traceback" not in ended.err
    assert len(ended.err.strip().splitlines()) == 2, "a sentence and a hint"
