"""The store in a file and in a PostgreSQL database: what holds of one holds of the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from seedbed.storage.sql import SqlStore

from .homes import Home


@pytest.fixture(params=["file", "postgres"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    url = request.getfixturevalue("database") if request.param == "postgres" else None
    found = Home(tmp_path, url)
    yield found
    found.close()


@pytest.fixture
def store(home: Home) -> SqlStore:
    return home.open()
