"""Parquet that is worked on block by block on a Ray cluster, with the outcome of one machine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import seedbed
from conftest import Shell
from seedbed.app.data.sources import source_of
from seedbed.app.workspace import Workspace
from seedbed.core.errors import InputError

pytest.importorskip("ray")

pytestmark = pytest.mark.filterwarnings("default")
"""Ray's own libraries warn of each other."""


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
