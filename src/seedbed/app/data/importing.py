"""A file's records as a dataset of the workspace, to be reviewed, reported on and handed over there."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, NoRecords
from seedbed.core.quota import Cell, Quota
from seedbed.core.run import Accounts
from seedbed.core.stored import StoredRun

from ..stages import counted, unwatched
from .convert import columns_of, renaming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seedbed.core.record import Record

    from ..existing import Source
    from ..stages import Watch
    from ..workspace import Workspace

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
IMPORT = "import"


def named(path: PurePath) -> str:
    """The name of a dataset after its file."""
    return plain_name(path.name.partition(".")[0])


def plain_name(text: str) -> str:
    """A text as a name of letters, digits, dots and dashes, which any system takes for a file."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")[:64].rstrip("-._") or "records"


def labelled(source: Source, column: str) -> Source:
    """Records whose labels are in another column than `label`, which is called so then; as they are without one.

    Raises:
        InputError: there is no such column.
    """
    if not column or column == "label":
        return source
    return lambda: map(renaming([("label", column)], columns_of(source())), source())


def import_records(
    workspace: Workspace, source: Source, name: str, folder: Path, watch: Watch = unwatched
) -> dict[str, Any]:
    """Keeps records as a run of the kind `import`, in the dataset of that name, beside what is there.

    All are read once before anything is written.

    Returns:
        `dataset`, `run`, `records` and `columns`.

    Raises:
        InputError: the name is none, there are no records, or they cannot be read.
    """
    if not NAME.fullmatch(name):
        raise InputError(f"`{name}` is no name of a dataset.", "Use letters, digits, dots, dashes, up to 64 of them.")
    columns = columns_of(counted(source(), watch, "Reading"))
    if not {*columns} - {"spans"}:
        raise NoRecords("There are no records to import.")
    store = workspace.store
    with store.naming(name):
        for run in store.runs(name=name):
            if run.kind == IMPORT and run.state == "running" and not store.is_claimed(run.id):
                store.drop(run)  # one that was killed
        made = store.create_run(
            StoredRun("", name, "running", {}, {}, name, columns, 0, kind=IMPORT, folder=str(folder))
        )
    with store.claim(made.id):
        try:
            count = store.keep(made, counted(_plain(source()), watch, "Writing"))
        except BaseException:
            store.drop(made)
            raise
        accounts = Accounts.of(Quota((), [Cell((), count, "[]")]))
        accounts.slot(0, "", "accepted", "", count)
        store.update_run(made.id, state="complete", figures=accounts.as_dict())
    return {"dataset": name, "run": made.id, "records": count, "columns": columns}


def _plain(records: Iterable[Record]) -> Iterator[Record]:
    """The records with what belongs to them alone: spans of their own, and no column of these."""
    for record in records:
        values = {column: value for column, value in record.values.items() if column != "spans"}
        yield replace(record, values=values)
