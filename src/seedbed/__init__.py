"""Seedbed grows labelled text datasets with language models: exact, unique, balanced, durable.

The public names are here; each is loaded when it is first used, so that `import seedbed` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .app.library import Recipe, agenerate, generate, read, write
    from .checks.catalog import checks
    from .checks.labels import LabelAgreement
    from .checks.text import Banned, CopiedExample, Length, Refusal, Regex
    from .core.attempt import PASSED, Context, Failure, Verdict
    from .core.connection import Connection
    from .core.dataset import Dataset
    from .core.errors import InputError, ProviderError, RunFailed, SeedbedError
    from .core.part import Check, Generator, Task
    from .core.quota import Axis
    from .core.record import Record, Span
    from .generators.catalog import generators
    from .generators.classification import Classification
    from .generators.prompt import Prompt

_HOME = {
    "agenerate": "app.library",
    "generate": "app.library",
    "read": "app.library",
    "write": "app.library",
    "Recipe": "app.library",
    "checks": "checks.catalog",
    "generators": "generators.catalog",
    "LabelAgreement": "checks.labels",
    "Banned": "checks.text",
    "CopiedExample": "checks.text",
    "Length": "checks.text",
    "Refusal": "checks.text",
    "Regex": "checks.text",
    "NearDuplicate": "checks.duplicates",
    "PASSED": "core.attempt",
    "Context": "core.attempt",
    "Failure": "core.attempt",
    "Verdict": "core.attempt",
    "Connection": "core.connection",
    "Dataset": "core.dataset",
    "InputError": "core.errors",
    "ProviderError": "core.errors",
    "RunFailed": "core.errors",
    "SeedbedError": "core.errors",
    "Axis": "core.quota",
    "Check": "core.part",
    "Generator": "core.part",
    "Task": "core.part",
    "Record": "core.record",
    "Span": "core.record",
    "Classification": "generators.classification",
    "Prompt": "generators.prompt",
}

__all__ = sorted([*_HOME, "check", "generator"])


def __getattr__(name: str) -> Any:
    if name in ("check", "generator"):
        return getattr(import_module(f".{name}s.catalog", __name__), f"{name}s").register
    if name not in _HOME:
        raise AttributeError(f"module 'seedbed' has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
