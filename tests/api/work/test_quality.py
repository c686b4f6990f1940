"""Reports, suspicious labels and spot checks through the API say what the library and the commands say."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import seedbed
from seedbed.app.data.importing import import_records
from seedbed.app.workspace import Workspace
from seedbed.cli.main import app
from seedbed.core.statistics.intervals import wilson

from .conftest import Client, Wait, notes
from .test_jobs import until


@pytest.fixture(scope="module")
def report(served: Client, ended: Wait) -> dict[str, Any]:
    job = ended(served.post("reports", json={"dataset": "notes", "only": ["balance", "duplicates", "labels"]}))
    assert (job["state"], job["message"]) == ("done", "")
    found: dict[str, Any] = served.get(f"reports/{job['result']['report']}").json()
    return found


def test_the_figures_of_a_report_are_those_of_the_library(place: Workspace, report: dict[str, Any]) -> None:
    own = seedbed.report("notes", only=["balance", "duplicates", "labels"], workspace=place.folder)
    assert report["figures"] == json.loads(json.dumps(own.figures))
    said = [(one["section"], one["words"], one["level"]) for one in report["findings"]]
    assert said == [(one.section, one.text, one.level) for one in own.findings]
    assert report["figures"]["duplicates"]["exact"] == 1


def test_the_page_of_a_report_may_load_and_run_nothing_but_its_own_style(
    served: Client, report: dict[str, Any]
) -> None:
    page = served.get(f"reports/{report['id']}/page")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src-elem 'sha256-")
    [style] = re.findall(r"<style>(.*?)</style>", page.text, re.S)
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in policy
    assert "script-src" not in policy
    assert "sandbox" in policy
    assert "<h2" in page.text


def test_reports_are_listed_with_their_findings(served: Client, report: dict[str, Any]) -> None:
    [row] = served.get("reports", params={"dataset": "notes"}).json()["items"]
    assert (row["id"], row["findings"]) == (report["id"], report["findings"])
    assert served.get("reports", params={"dataset": "people"}).json() == {"items": [], "next": None}


def test_the_records_behind_a_figure_are_found(served: Client, report: dict[str, Any]) -> None:
    address = f"reports/{report['id']}/records"
    twice = served.get(address, params={"section": "duplicates", "key": "clusters.0"}).json()["items"]
    assert twice == report["figures"]["duplicates"]["clusters"][0]["names"]
    suspects = served.get(address, params={"section": "labels", "key": "suspects"}).json()
    assert suspects["items"] == [one["record"] for one in report["figures"]["labels"]["suspects"]]
    bar = {"section": "balance", "key": "label=friendly", "limit": 5}
    friendly = served.get(address, params=bar).json()
    assert (len(friendly["items"]), friendly["where"]) == (5, {"label": "friendly"})
    rest = served.get(address, params={**bar, "limit": 200, "cursor": friendly["next"]}).json()
    count = report["figures"]["balance"]["axes"]["label"]["values"]["friendly"]["records"]
    assert len(friendly["items"]) + len(rest["items"]) == count
    pair = served.get(address, params={"section": "labels", "key": "noise.pairs.0"}).json()
    first = report["figures"]["labels"]["noise"]["pairs"][0]
    assert pair["items"] == [
        one["record"]
        for one in report["figures"]["labels"]["suspects"]
        if (one["label"], one["suggested"]) == (first["label"], first["suggested"])
    ]
    assert served.get(address, params={"section": "labels", "key": "nothing"}).status_code == 404


def test_labels_that_are_likely_to_be_wrong_are_flagged_for_review(
    place: Workspace, served: Client, ended: Wait
) -> None:
    result = ended(served.post("label-suspects", json={"dataset": "notes", "flag": True}))["result"]
    wrong = {f"notes-1:{number}.0" for number in range(6)}
    flagged = {name for name in wrong if (entry := place.store.reviews.entry(name)) and entry.decision == "flagged"}
    assert flagged == wrong
    assert result["flagged"] == result["suspects"] >= 6
    assert result["estimate"] >= 4


def test_duplicates_are_those_of_the_report_and_found_in_the_review(
    served: Client, ended: Wait, report: dict[str, Any]
) -> None:
    def listed(**query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = served.get("records", params={"dataset": "notes", **query}).json()["items"]
        return found

    said = {"section": "duplicates", "key": "label=friendly"}
    where = served.get(f"reports/{report['id']}/records", params=said).json()["where"]
    assert where == {"duplicates": "true", "label": "friendly"}
    assert served.get("datasets/notes/review").json()["duplicates"] is None
    assert listed(**where) == []
    result = ended(served.post("duplicates", json={"dataset": "notes"}))["result"]
    figures = report["figures"]["duplicates"]
    too_many = figures["exact"] + figures["near"] + figures["cross_label"]
    assert (result["records"], result["duplicates"] - result["groups"]) == (122, too_many)
    twins = {one["id"]: one["twins"] for one in listed(limit=200)}
    groups = [{twins[name] for name in one["names"]} for one in figures["clusters"]]
    assert all(len(group) == 1 and 0 not in group for group in groups)
    assert len({number for group in groups for number in group}) == len(groups)
    found = listed(duplicates="true", sort="twins", limit=200)
    assert len(found) == result["duplicates"]
    assert [one["twins"] for one in found] == sorted(number for number in twins.values() if number)
    assert {one["label"] for one in listed(**where)} == {"friendly"}
    assert all(one["version"] == 1 for one in listed(limit=200, decision="todo"))
    looked = served.get("datasets/notes/review").json()["duplicates"]
    assert (looked["groups"], looked["records"], looked["newer"]) == (result["groups"], result["duplicates"], 0)
    assert looked["by"]
    change = {"dataset": "notes", "where": {"duplicates": True}, "change": {"add_tags": ["twice"]}}
    assert served.post("records/bulk", json=change).json() == {"changed": len(found)}
    assert len(listed(tag="twice", duplicates="true", limit=200)) == len(found)
    wrong = ended(served.post("duplicates", json={"dataset": "notes", "columns": ["nothing"]}))
    assert (wrong["state"], wrong["message"]) == ("failed", "There is no column `nothing`.")
    assert served.get("datasets/notes/review").json()["duplicates"] == looked


def test_what_a_report_finds_in_another_dataset_is_left_out_as_its_action_says(
    place: Workspace, served: Client, ended: Wait
) -> None:
    import_records(place, lambda: islice(notes(120), 100, 122), "mine", Path())
    import_records(place, lambda: islice(notes(120), 0, 110), "theirs", Path())
    asked = {"dataset": "mine", "only": ["duplicates", "privacy"], "real": "theirs", "reference": "theirs"}
    report = served.get(f"reports/{ended(served.post('reports', json=asked))['result']['report']}").json()
    actions = [action for one in report["findings"] for action in one["actions"] if one["level"] == "bad"]
    against = {"do": "dedup", "where": {"against": "theirs"}}
    assert actions.count(against) == 2
    found = ended(served.post("datasets/mine/dedup", json=against["where"]))["result"]
    into = ["-o", str(place.folder / "kept.csv"), "--json", "--workspace", str(place.folder)]
    said = json.loads(CliRunner().invoke(app, ["dedup", "mine", "--against", "theirs", *into]).stdout)
    same = ("kept", "removed", "reasons")
    assert {name: found[name] for name in same} == {name: said[name] for name in same}
    assert found["reasons"]["against"] >= 10
    assert served.get(f"datasets/{found['dataset']}").json()["records"] == found["kept"]


def test_a_spot_check_draws_and_says_what_the_command_says(place: Workspace, served: Client) -> None:
    drawn = served.post("spot-checks", json={"dataset": "people", "n": 20, "seed": 3})
    assert drawn.status_code == 201
    check = drawn.json()
    names = [one["id"] for one in check["items"]]
    assert len(set(names)) == 20
    assert (check["judged"], check["items"][0]["verdict"]) == (0, None)
    for at, name in enumerate(names[:10]):
        said = served.put(f"spot-checks/{check['id']}/records/{name}", json={"right": at > 1, "note": "so"}).json()
    assert (said["judged"], said["right"], said["wrong"]) == (10, 8, 2)
    assert said["interval"] == [round(one, 4) for one in wilson(2, 10)]
    command = [
        "spot-check",
        "people",
        "-n",
        "20",
        "--seed",
        "3",
        "--status",
        "--json",
        "--workspace",
        str(place.folder),
    ]
    told = json.loads(CliRunner().invoke(app, command).stdout)
    assert {name: said[name] for name in ("judged", "wrong", "interval", "error_rate", "more")} == {
        name: told[name] for name in ("judged", "wrong", "interval", "error_rate", "more")
    }
    again = served.get(f"spot-checks/{check['id']}").json()
    assert [one["id"] for one in again["items"]] == names
    assert again["items"][0]["verdict"]["note"] == "so"
    assert served.delete(f"spot-checks/{check['id']}/records/{names[0]}").json()["judged"] == 9
    [row] = served.get("spot-checks", params={"dataset": "people"}).json()["items"]
    assert (row["id"], row["judged"]) == (check["id"], 9)


def test_a_record_that_was_not_drawn_is_not_judged(served: Client) -> None:
    check = served.post("spot-checks", json={"dataset": "people", "n": 1, "by": "label"}).json()
    found = served.put(f"spot-checks/{check['id']}/records/notes-1:0.0", json={"right": True})
    assert (found.status_code, found.json()["hint"]) == (404, "Judge the records that were drawn.")


def test_a_model_that_is_a_file_of_the_server_is_no_model(served: Client) -> None:
    for model in ("secret.py:run", "python:os:system", "spacy:en", "hf:any", "nobody:model"):
        found = served.post("reports", json={"dataset": "notes", "relabel_with": model})
        assert found.status_code == 400, found.text


def test_a_run_of_the_server_keeps_the_report_that_its_recipe_asks_for(served: Client) -> None:
    judge = {"kind": "judge", "rubric": "It is polite.", "model": "scripted"}
    generator = {"kind": "classification", "instruction": "one reply", "labels": ["a", "b"], "count": 6}
    report = {"judges": [judge], "only": ["balance"], "html": "page.html"}
    body = {"name": "told", "model": "scripted", "generator": generator, "output": "told.csv", "report": report}
    run = served.post("runs", json={"document": body}).json()
    assert run["notes"] == [
        "`output: told.csv` is not written on the server: download the dataset instead.",
        "The report of the recipe is kept in Quality when the run has ended.",
    ]
    job = until(lambda: next(iter(served.get("jobs", params={"dataset": run["dataset"]}).json()["items"]), None))
    job = until(lambda: (now := served.get(f"jobs/{job['id']}").json())["state"] in ("done", "failed") and now)
    assert (job["state"], job["kind"], job["message"]) == ("done", "report", "")
    found = served.get("reports", params={"dataset": run["dataset"]}).json()["items"]
    assert [one["id"] for one in found] == [job["result"]["report"]]
    figures = served.get(f"reports/{found[0]['id']}").json()["figures"]
    assert figures["records"] == 6
    assert {"balance", "judges"} <= figures.keys()
    assert not Path("page.html").exists()
    assert not Path("told.csv").exists()
