"""What is installed with the package, and what an import loads."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement

import seedbed


def installed_with(name: str) -> set[str]:
    """All distributions that come along with one, without extras."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop().lower().replace("_", "-")
        if one in found:
            continue
        found.add(one)
        for text in requires(one) or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return found


def test_the_core_installs_fewer_than_forty_distributions():
    assert len(installed_with("seedbed")) < 40


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, seedbed; print([m for m in ('pydantic', 'aiohttp', 'sqlalchemy', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_loads_no_model_client_and_no_database():
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom seedbed.cli.main import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "print([m for m in ('pydantic', 'aiohttp', 'sqlalchemy', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there():
    for name in seedbed.__all__:
        assert getattr(seedbed, name) is not None


def test_the_house_stays_small():
    """Decision 13: 3,000 lines of code in a folder of modules, 1,200 in the engine; no file above 400 of any kind."""
    house = Path(seedbed.__file__).parent
    code: Counter[str] = Counter()
    for path in house.rglob("*.py"):
        text = path.read_text("utf-8")
        lines = text.splitlines()
        assert len(lines) <= 400, path
        inside = set()
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                inside.update(range(node.lineno, node.end_lineno + 1))
        code[path.relative_to(house).parent.as_posix()] += sum(
            bool(line.strip()) and not line.lstrip().startswith("#") and number not in inside
            for number, line in enumerate(lines, start=1)
        )
    assert max(code.values()) <= 3_000, code.most_common()
    assert code["engine"] <= 1_200, code


def test_every_error_about_input_says_what_to_do():
    """`InputError` and the errors of fields by a hint; the other classes of it by `usual` at least."""
    house = Path(seedbed.__file__).parent
    unsaid = []
    for path in house.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} & {"InputError"}:
                own = {ast.unparse(one) for part in node.body for one in getattr(part, "targets", [])}
                if "usual" not in own and "__init__" not in {getattr(part, "name", "") for part in node.body}:
                    unsaid.append(f"{path}:{node.lineno}: class {node.name}")
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("InputError", "errors.InputError"):
                hints = [*node.args[1:], *(one.value for one in node.keywords if one.arg in ("hint", None))]
                starred = any(isinstance(one, ast.Starred) for one in node.args)
                if not (hints or starred) or (hints and ast.unparse(hints[0]) in ("''", "None")):
                    unsaid.append(f"{path}:{node.lineno}: {ast.unparse(node)}")
    assert unsaid == []


def test_no_group_is_repeated_without_giving_back():
    """Before 3.11.5 Python takes too much where a turn of `(…)*+` fails midway; an atomic group `(?>(…)*)` does not."""
    house = Path(seedbed.__file__).parent
    found = {
        f"{path}: {line}"
        for path in house.rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"""\)(?:[*+?]|\{[\d,]+\})\+(?=['")|\]])""", line) and "forget" not in line
    }
    assert found == set()


def test_it_can_be_run_as_a_module():
    done = subprocess.run([sys.executable, "-m", "seedbed", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("seedbed ")
