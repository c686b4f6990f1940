"""Where the records of a training folder come from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..workspace import Workspace


@dataclass(frozen=True, slots=True)
class Origin:
    """What a dataset is called, and the runs that made it."""

    dataset: str
    runs: Sequence[str] = ()


def origin_of(workspace: Workspace, dataset: object, name: str) -> Origin:
    """Of a file or of records the name alone is known, of a run or dataset of the workspace also the runs."""
    named = isinstance(dataset, str | Path) and not Path(dataset).exists() and workspace.exists
    if not named:
        return Origin(name)
    run = workspace.store.run(str(dataset))
    runs = [run] if run else workspace.store.runs(dataset=str(dataset))
    return Origin(name, sorted(one.id for one in runs))
