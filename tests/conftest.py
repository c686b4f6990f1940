"""What many tests share: a workspace of their own, recipes in files, the command line as a person calls it."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import yaml

from postgres import Server, served
from ready import ready_command

# Tests start some hundred processes; each would compile all of Seedbed anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Tests run side by side: the arithmetic of each is to take one processor, not to spin on all.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# No test is timed: the machine may be busy.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

SEEDBED = [sys.executable, "-c", "from seedbed.cli.main import run; run()"]


@cache
def command() -> Any:
    """The command line; to put it together takes longer than most commands do."""
    from typer.main import get_command

    from seedbed.cli.main import app

    return get_command(app)


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout."""
        found: dict[str, Any] = json.loads(self.out)
        return found


class Shell:
    """The `seedbed` command in a folder, with its own workspace and no variables that could leak in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.apart = False
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.endswith("_API_KEY") and not name.startswith(("SEEDBED_WORKSPACE", "SEEDBED_DATABASE"))
        }

    def __call__(self, *arguments: str, stdin: str = "", **environment: str) -> Ended:
        """Runs the command to its end: here, which saves the second it takes to start, unless a process of its own
        makes a difference (what it reads from people, the parts it loads, its environment)."""
        if stdin or environment or "--plugin" in arguments or self.apart:
            return self.process(*arguments, stdin=stdin, **environment)
        from seedbed.checks.catalog import checks
        from seedbed.formats.catalog import formats
        from seedbed.generators.catalog import generators
        from seedbed.providers.catalog import providers

        out, err, code = io.StringIO(), io.StringIO(), 0
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.chdir(self.folder)
            patch.setattr(sys, "argv", ["seedbed", *arguments])
            patch.setattr(os, "environ", self.environment)
            for registry in (checks, formats, generators, providers):  # what a resumed run's plugins add goes again
                patch.setattr(registry, "_known", dict(registry._known))
            try:
                command()(prog_name="seedbed")
            except SystemExit as ended:
                code = int(ended.code or 0)
        return Ended(code, out.getvalue(), err.getvalue())

    def process(self, *arguments: str, stdin: str = "", **environment: str) -> Ended:
        """Runs the command to its end in a process of its own."""
        plainly = any(name.startswith("PYTHON") for name in environment)
        done = subprocess.run(
            [*(SEEDBED if plainly else [ready_command()]), *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts the command and comes back at once."""
        return subprocess.Popen(
            [*SEEDBED, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def recipe(self, document: dict[str, Any], name: str = "recipe.yaml") -> str:
        """Writes a recipe file and answers its name."""
        (self.folder / name).write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), "utf-8")
        return name

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV file."""
        with (self.folder / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for all tests of a process; it is started when the first of them wants it."""
    with served() as server:
        yield server


@pytest.fixture
def database(postgres: Server) -> Iterator[str]:
    """The address of a new PostgreSQL database that has the tables."""
    address = postgres.new()
    yield address
    postgres.drop(address)


@pytest.fixture
def guarded(postgres: Server) -> Iterator[str]:
    """The address of an empty database that asks for the password `right`."""
    address = postgres.guarded()
    yield address
    postgres.drop(address)


@pytest.fixture
def recipe_on() -> Callable[..., dict[str, Any]]:
    """A small classification recipe on an OpenAI-compatible address."""

    def make(url: str, count: int = 24, concurrency: int = 32, **fields: Any) -> dict[str, Any]:
        generator = {
            "kind": "classification",
            "instruction": "one reply of a customer service agent",
            "count": count,
            "labels": ["polite", "neutral", "impolite"],
            "categories": {"travel": ["air", "train"], "stores": ["toys"]},
        } | fields.pop("generator", {})
        return {
            "name": "replies",
            "model": "local:fake",
            "connections": {"local": {"provider": "openai", "base_url": url, "concurrency": concurrency}},
            "generator": generator,
            **fields,
        }

    return make


def pytest_collection_finish() -> None:
    """What is loaded by now stays: no test is to look through it for what can go."""
    gc.collect()
    gc.freeze()
