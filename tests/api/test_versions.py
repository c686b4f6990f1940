"""Datasets are kept as they stand, and read as they stood."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from seedbed.app.data.importing import import_records
from seedbed.app.workspace import Workspace
from seedbed.core.record import Record


@pytest.mark.both_stores
def test_a_version_is_kept_listed_written_and_forgotten(api: TestClient, workspace: Workspace, tmp_path: Path):
    records = [Record({"text": text, "label": "a"}) for text in ("one", "two", "=three")]
    import_records(workspace, lambda: iter(records), "few", tmp_path)
    kept = api.post("datasets/few/versions", json={"note": "as they came"})
    assert kept.status_code == 201, kept.text
    assert {key: kept.json()[key] for key in ("name", "records", "note")} == {
        "name": "few@1",
        "records": 3,
        "note": "as they came",
    }
    everything = {"dataset": "few", "where": {}, "change": {"decision": "declined"}}
    assert api.post("records/bulk", json=everything).json()["changed"] == 3
    assert api.get("exports?dataset=few&format=jsonl").text == ""
    assert api.get("datasets/few/versions/1/export?format=jsonl").text.count("\n") == 3
    assert "'=three" in api.get("datasets/few/versions/1/export").text
    assert [one["number"] for one in api.get("datasets/few/versions").json()["items"]] == [1]
    assert api.delete("datasets/few/versions/1").status_code == 204
    assert api.delete("datasets/few/versions/1").status_code == 404
    assert api.get("datasets/few/versions/1/export").status_code == 404
    assert api.get("records?dataset=few@1").status_code == 404
