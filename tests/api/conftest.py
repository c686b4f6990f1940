"""The service over a workspace of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from seedbed.api.application import PREFIX, create_app
from seedbed.app.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path / "workspace") as found:
        yield found


@pytest.fixture
def api(workspace: Workspace) -> Iterator[TestClient]:
    """A client of the local owner; paths are below `/api/v1`."""
    with TestClient(create_app(workspace), base_url=f"http://127.0.0.1{PREFIX}/") as client:
        yield client
