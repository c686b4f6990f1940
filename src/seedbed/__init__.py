"""Seedbed grows labelled text datasets with language models: exact, unique, balanced, durable.

The public names are here; each is loaded when it is first used, so that `import seedbed` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .app.data.library import CheckedRecords as CheckedRecords
    from .app.data.library import augment as augment
    from .app.data.library import check_records as check_records
    from .app.data.library import fill as fill
    from .app.data.library import propose_templates as propose_templates
    from .app.data.library import robustness as robustness
    from .app.library import Recipe as Recipe
    from .app.library import agenerate as agenerate
    from .app.library import generate as generate
    from .app.library import read as read
    from .app.library import write as write
    from .app.remote.server import Server as Server
    from .app.remote.server import connect as connect
    from .app.reports.labels.library import fix_labels as fix_labels
    from .app.reports.labels.library import label_suspects as label_suspects
    from .app.reports.library import report as report
    from .app.reports.report import Report as Report
    from .app.review.library import export_tasks as export_tasks
    from .app.review.library import import_tasks as import_tasks
    from .app.review.library import mark_duplicates as mark_duplicates
    from .app.student.folder import Student as Student
    from .app.student.library import student as student
    from .checks.catalog import checks as checks
    from .checks.duplicates import ExactDuplicate as ExactDuplicate
    from .checks.duplicates import NearDuplicate as NearDuplicate
    from .checks.labels import LabelAgreement as LabelAgreement
    from .checks.semantic import SemanticDuplicate as SemanticDuplicate
    from .checks.text import Banned as Banned
    from .checks.text import CopiedExample as CopiedExample
    from .checks.text import Length as Length
    from .checks.text import Refusal as Refusal
    from .checks.text import Regex as Regex
    from .core.attempt import PASSED as PASSED
    from .core.attempt import Context as Context
    from .core.attempt import Failure as Failure
    from .core.attempt import Verdict as Verdict
    from .core.connection import Connection as Connection
    from .core.dataset import Dataset as Dataset
    from .core.errors import InputError as InputError
    from .core.errors import ProviderError as ProviderError
    from .core.errors import RunFailed as RunFailed
    from .core.errors import SeedbedError as SeedbedError
    from .core.part import Check as Check
    from .core.part import Generator as Generator
    from .core.part import Task as Task
    from .core.quota import Axis as Axis
    from .core.record import Record as Record
    from .core.record import Span as Span
    from .generators.catalog import generators as generators
    from .generators.classification import Classification as Classification
    from .generators.prompt import Prompt as Prompt

_HOME = {
    "agenerate": "app.library",
    "augment": "app.data.library",
    "check_records": "app.data.library",
    "connect": "app.remote.server",
    "export_tasks": "app.review.library",
    "fill": "app.data.library",
    "fix_labels": "app.reports.labels.library",
    "generate": "app.library",
    "import_tasks": "app.review.library",
    "label_suspects": "app.reports.labels.library",
    "mark_duplicates": "app.review.library",
    "propose_templates": "app.data.library",
    "read": "app.library",
    "report": "app.reports.library",
    "robustness": "app.data.library",
    "student": "app.student.library",
    "write": "app.library",
    "Recipe": "app.library",
    "CheckedRecords": "app.data.library",
    "Report": "app.reports.report",
    "Server": "app.remote.server",
    "Student": "app.student.folder",
    "checks": "checks.catalog",
    "generators": "generators.catalog",
    "LabelAgreement": "checks.labels",
    "Banned": "checks.text",
    "CopiedExample": "checks.text",
    "Length": "checks.text",
    "Refusal": "checks.text",
    "Regex": "checks.text",
    "ExactDuplicate": "checks.duplicates",
    "NearDuplicate": "checks.duplicates",
    "SemanticDuplicate": "checks.semantic",
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
