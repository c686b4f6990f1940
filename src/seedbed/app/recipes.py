"""Recipes with the changes a command makes to them."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from seedbed.core.errors import InputError, nearest

from .recipe_file import RecipeFile, set_value
from .workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from seedbed.recipe.document import Recipe


@dataclass(slots=True)
class Changes:
    """What the command line says instead of the recipe."""

    count: int | None = None
    models: Sequence[str] = ()
    seed: int | None = None
    sets: Sequence[str] = field(default_factory=list)
    batch: bool = False


def load_recipe(
    path: Path, changes: Changes | None = None, workspace: str | Path | None = None
) -> tuple[Recipe, RecipeFile]:
    """The recipe of a file, changed and validated, and the file; templates it names come from the workspace.

    Raises:
        InputError: the file cannot be read or a field is wrong; names file, line and field.
    """
    file = changed(recipe_file(path, workspace), changes)
    return file.recipe(workspace), file


def recipe_file(path: str | Path, workspace: str | Path | None = None) -> RecipeFile:
    """The file of a recipe; a name without a suffix that is no file is that of one which is saved in the workspace.

    Raises:
        InputError: it cannot be read.
    """
    path = Path(path)
    if is_name(path):
        with Workspace(workspace) as place:
            stored = place.store.serving.recipe(str(path)) if place.exists else None
            known = [one.name for one in place.store.serving.recipes()] if place.exists and not stored else []
        if stored:
            return RecipeFile(stored.yaml, stored.name, Path.cwd())
        if known:
            words = f"There is no recipe file {path}, and none is saved under that name."
            raise InputError(words, nearest(str(path), known))
    return RecipeFile.read(path)


def is_name(path: Path) -> bool:
    """Whether this is no file, and may be the name of a saved recipe."""
    return not path.suffix and path.name == str(path) and not path.exists()


def changed(file: RecipeFile, changes: Changes | None = None) -> RecipeFile:
    """A recipe's file with some fields set, not validated yet.

    Raises:
        InputError: a field cannot be set.
    """
    if changes:
        for text in changes.sets:
            file.change(*set_value(text))
        if changes.count is not None:
            file.change(f"{file.generator()}.count", changes.count, "--count")
        if changes.models:
            file.change("model", list(changes.models), "--model")
        if changes.batch:
            file.change("batch", True, "--batch")
        if changes.seed is not None:
            file.change("seed", changes.seed, "--seed")
    return file


def load_plugins(names: Sequence[str]) -> None:
    """Imports modules or files that register parts of their own.

    Raises:
        InputError: one does not exist or fails when it is imported.
    """
    for name in names:
        imported(name, "plugin")


def imported(name: str, noun: str) -> ModuleType:
    """A module, or a file as one; `noun` is what it is called in messages.

    Raises:
        InputError: it does not exist or fails when it is imported.
    """
    hint = "Give the path of a Python file, or a module that Python finds."
    if name.endswith(".py") and not Path(name).is_file():
        raise InputError(f"There is no {noun} {name}.", hint)
    try:
        return _import_file(Path(name)) if name.endswith(".py") else importlib.import_module(name)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [f", line {frame.lineno}" for frame in frames if Path(frame.filename).name == Path(name).name]
        problem = f"{type(error).__name__}: {error}{''.join(own[-1:])}"
        raise InputError(f"The {noun} {name} could not be loaded: {problem}.", "" if own else hint) from error


def _import_file(path: Path) -> ModuleType:
    # A name of its own: `json.py` must not become everybody's `json`.
    name = f"seedbed_plugin_{crc32(bytes(path.absolute())):08x}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


STARTER = """\
# A Seedbed recipe: what you want to end up with. Run it with: seedbed generate {name}.yaml
name: {name}

# Who writes. `embedded` is a small local model that needs no key; others are connection:model, such as
# openai:gpt-4o-mini (key in OPENAI_API_KEY), ollama:llama3.1:8b, or one of your connections below. A list or weights
# ({{a: 2, b: 1}}) share the work.
model: embedded

# connections:
#   local: {{provider: openai, base_url: "http://127.0.0.1:8000/v1", key_env: LOCAL_KEY, concurrency: 64}}

temperature: [0.7, 1.0]     # one number stays as given; a range lets the engine move in it

generator:
  kind: classification
  instruction: one message of a customer to a web shop
  count: 24                 # how many records you want in the end; each cell is filled exactly
  labels:                   # a list, or label: description
    complaint: something went wrong and the customer is unhappy
    question: the customer wants to know something
    praise: the customer is happy and says so
  categories:               # optional: category -> its types
    delivery: [late, damaged]
    payment: [refund, invoice]
  # axes: {{channel: [email, chat]}}        # further axes; every combination is a cell
  # ratios: {{label: {{complaint: 2}}}}       # weights per axis; what is not named weighs 1
  examples:                 # a few real ones help more than anything else
    - {{label: complaint, category: delivery, type: late,
       text: "My parcel was promised for Monday and it is Friday now. Where is it?"}}
    - {{label: complaint, category: delivery, type: damaged,
       text: "The box was crushed and the lamp inside is in pieces."}}
    - {{label: question, category: payment, type: invoice,
       text: "Can I still change the address on my invoice from last week?"}}
    - {{label: question, category: payment, type: refund,
       text: "How many days does a refund to my card usually take?"}}
    - {{label: praise, category: delivery, type: late,
       text: "Ordered at night, on my table before lunch. You people are amazing!"}}
    - {{label: praise, category: payment, type: refund,
       text: "The money was back the same afternoon, thank you for being so quick."}}
  # reasoning: true         # ask why the label fits and keep it in a column of its own

checks:
  - {{kind: length, min_words: 4, max_words: 60}}
  # - label_agreement       # ask the model blind; drop what it would label otherwise

# budget: {{cost: 2.00, tokens: 500000, calls: 2000, minutes: 30}}
# into: {{dataset: have.csv, top_up: true}}   # count what you have already; only what is missing is made
seed: 7
output: {name}.csv
"""


def write_starter(path: Path, *, force: bool) -> None:
    """Writes a commented starter recipe.

    Raises:
        InputError: the file exists, or cannot be written.
    """
    write_recipe(path, STARTER.format(name=recipe_name(path)), force=force)


def recipe_name(path: Path) -> str:
    """The name of the recipe in a file of that name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-._") or "recipe"


def write_recipe(path: Path, text: str, *, force: bool) -> None:
    """Writes a recipe's text.

    Raises:
        InputError: the file exists, or cannot be written.
    """
    if path.exists() and not force:
        raise InputError(f"The file {path} exists.", "Use --force to overwrite it, or name another.")
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise InputError(
            f"The file {path} cannot be written: {error.strerror}.", "Choose a folder you may write to that has room."
        ) from error
