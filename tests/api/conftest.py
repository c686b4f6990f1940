"""The service over a workspace of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from seedbed.api.application import PREFIX, create_app
from seedbed.api.desk import ServeSettings
from seedbed.app.serve import tokens
from seedbed.app.serve.people import Scope
from seedbed.app.workspace import Workspace
from seedbed.core.serving import StoredUser

BASE = f"http://127.0.0.1{PREFIX}/"
Tokened = Callable[..., TestClient]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path / "workspace") as found:
        yield found


@pytest.fixture
def api(workspace: Workspace) -> Iterator[TestClient]:
    """A client of the local owner; paths are below `/api/v1`."""
    with TestClient(create_app(workspace), base_url=BASE) as client:
        yield client


@pytest.fixture
def outside(workspace: Workspace) -> Iterator[TestClient]:
    """A client of a server that others reach too; nobody is logged in."""
    with TestClient(create_app(workspace, ServeSettings("0.0.0.0")), base_url=BASE) as client:
        yield client


@pytest.fixture
def person(workspace: Workspace) -> Callable[..., str]:
    """Adds somebody without a password, which takes long on purpose: they come by token."""

    def add(name: str, *, owner: bool = False, **roles: str) -> str:
        workspace.store.serving.put_user(StoredUser(name, "none", owner))
        for project, role in roles.items():
            workspace.store.serving.put_member(project, name, role)
        return name

    return add


@pytest.fixture
def tokened(workspace: Workspace, outside: TestClient) -> Iterator[Tokened]:
    """Clients that come with a new token, to a server that others reach too."""
    with ExitStack() as stack:

        def client(scope: Scope, user: str = "", **limits: str | int) -> TestClient:
            _, secret = tokens.add(workspace.store, scope, scope, user=user, **limits)  # type: ignore[arg-type]
            made = TestClient(outside.app, base_url=BASE, headers={"Authorization": f"Bearer {secret}"})
            stack.callback(made.close)
            return made

        yield client
