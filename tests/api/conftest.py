"""The service over a workspace of its own, whose store is a file.

`SEEDBED_TESTS_ON=postgres` makes it a PostgreSQL database, for all tests of this folder; those that are marked
`both_stores` always run on both, those marked `only_file` are about files.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.testclient import TestClient

from conftest import Shell
from postgres import Server
from seedbed.api.application import PREFIX, create_app
from seedbed.api.desk import ServeSettings
from seedbed.app.serve import tokens
from seedbed.app.serve.people import Scope
from seedbed.app.settings import DATABASE
from seedbed.app.workspace import Workspace
from seedbed.core.serving import StoredUser

BASE = f"http://127.0.0.1{PREFIX}/"
Tokened = Callable[..., TestClient]
STORE = os.environ.get("SEEDBED_TESTS_ON", "file")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is marked runs on both kinds of stores."""
    if STORE == "file" and metafunc.definition.get_closest_marker("both_stores"):
        metafunc.parametrize("kept", ["file", "postgres"], indirect=True)


@pytest.fixture(scope="module", autouse=True)
def kept_for_all(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where workspaces are kept that all tests of a file use."""
    with ExitStack() as stack:
        if STORE == "postgres":
            server: Server = request.getfixturevalue("postgres")
            stack.enter_context(_in_database(server))
        yield


@pytest.fixture(autouse=True)
def kept(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where the workspace of a test is kept."""
    own = not {"workspace", "tmp_path", "shell"}.isdisjoint(request.fixturenames)
    with ExitStack() as stack:
        if request.node.get_closest_marker("only_file"):
            stack.enter_context(pytest.MonkeyPatch.context()).delenv(DATABASE, raising=False)
        elif own and getattr(request, "param", STORE) == "postgres":
            server: Server = request.getfixturevalue("postgres")
            stack.enter_context(_in_database(server))
        yield


@contextmanager
def _in_database(server: Server) -> Iterator[None]:
    """Workspaces that are opened in the context have their store in a new database."""
    address = server.new()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATABASE, address)
        yield
    server.drop(address)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """The command line, which works where the test does."""
    found = Shell(tmp_path)
    if address := os.environ.get(DATABASE):
        found.environment[DATABASE] = address
    return found


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
