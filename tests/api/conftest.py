"""The service over a workspace of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import uvicorn
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


@contextmanager
def served(place: Workspace) -> Iterator[str]:
    """A server in this process over a workspace; its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        settings = uvicorn.Config(create_app(place), log_level="error", ws="none", timeout_graceful_shutdown=1)
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
