"""The annotation tasks of a project of a server; works as `seedbed.app.review.project.Tasks` does here."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, NotFound, nearest
from seedbed.core.review.entry import Counts, Wanted

from ..review.reviewing import Page
from ..review.views import where_of
from .reviewing import FarReviewing, came_in, entry_of, written_as
from .wire import part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from seedbed.core.review.entry import Entry

    from ..output import Output
    from ..review.amending import Wish
    from .wire import Wire

PATH = "/annotation-tasks"


class FarTasks:
    """The annotation tasks of a project of a server, or of one of its datasets, for the person whose token it is.

    Args:
        wire: to the server.
        dataset: its name, or that of a run, whose dataset it is then; all of the project if not given.
        project: that of the tasks; the default one if neither is given.

    Raises:
        NotFound: there is no such dataset or project.
    """

    def __init__(self, wire: Wire, dataset: str | None = None, project: str | None = None) -> None:
        self._wire = wire
        self._scope: dict[str, Any] = {}
        if dataset is not None:
            self._scope["dataset"] = FarReviewing(wire, dataset).dataset
        if project is not None or dataset is None:
            self._scope["project"] = _known(wire, project or "default")

    def page(self, wanted: Wanted, cursor: str = "", limit: int = 200) -> Page:
        """Some tasks."""
        asked = {"cursor": cursor or None, "limit": min(limit, 200), "sort": wanted.sort}
        found = self._wire.get(PATH, **self._scope, **where_of(wanted), **asked)
        return Page([entry_of(item) for item in found["items"]], found["next"] or "", found.get("waiting", 0))

    def every(self, wanted: Wanted) -> Iterator[Entry]:
        """All tasks that are wanted."""
        return map(entry_of, self._wire.every(PATH, **self._scope, **where_of(wanted), sort=wanted.sort))

    def entries(self, records: Sequence[str]) -> list[Entry]:
        """Records by their ids."""
        return [entry_of(self._wire.get(f"/records/{part(one)}")) for one in records]

    def count(self, wanted: Wanted) -> int:
        """How many tasks are wanted."""
        return self.counts(wanted).total

    def counts(self, wanted: Wanted) -> Counts:
        """How many tasks there are of each kind, and in which `dataset`, of those that are wanted."""
        found = self._wire.get(f"{PATH}/counts", **self._scope, **where_of(wanted))
        return Counts(found["total"], found["by"])

    def hand_over(self, chosen: Sequence[str] | Wanted) -> dict[str, int]:
        """Makes tasks of the approved ones among these records that are none yet; answers how many, by how they came
        to be."""
        found: dict[str, int] = self._wire.send("POST", PATH, {**self._scope, **_chosen(chosen)})["sources"]
        return found

    def change(self, wish: Wish, chosen: Sequence[str] | Wanted) -> dict[str, int]:
        """Makes tasks what a person wants; answers how many were changed in which dataset.

        Raises:
            InputError: there is no such record, one cannot be so, or is no task; nothing is changed then.
        """
        fields = {name: value for name, value in asdict(wish).items() if value is not None and value != ()}
        body = {**self._scope, **_chosen(chosen), "change": fields}
        found: dict[str, int] = self._wire.send("POST", f"{PATH}/bulk", body)["datasets"]
        return found

    def export(self, wanted: Wanted, output: Output, ids: Sequence[str] = ()) -> int:
        """Writes tasks as they stand now to a file here, streamed from the server; answers how many. Of a dataset all
        records are written where the tasks among them are not asked for (`handed_over`).

        Raises:
            InputError: the file cannot be written, or settings of the format are given.
        """
        if not wanted.handed_over:
            if "dataset" not in self._scope:
                raise InputError("At a server all approved records are those of a dataset.", "Name the DATASET.")
            return FarReviewing(self._wire, self._scope["dataset"]).export(wanted, output, ids)
        asked = {**written_as(output), **self._scope, **where_of(wanted)}
        return came_in(self._wire.download(f"{PATH}/export", output.path, **asked, ids=list(ids)), asked["overlaps"])

    def take_back(self, file: Path, form: str | None = None) -> dict[str, int]:
        """Takes labels, spans and texts over from a file of annotated tasks, each into the dataset it is of; `read`
        and `changed` are counted.

        Raises:
            InputError: a record has no id, is of none of the datasets or comes twice; nothing is changed then.
        """
        found: dict[str, int] = self._wire.upload(f"{PATH}/import", file, **self._scope, format=form)
        return found


def _chosen(chosen: Sequence[str] | Wanted) -> Mapping[str, Any]:
    if isinstance(chosen, Wanted):
        return {"where": where_of(replace(chosen, handed_over=False))}
    return {"ids": list(chosen)}


def _known(wire: Wire, project: str) -> str:
    names = [item["id"] for item in wire.every("/projects")]
    if project not in names:
        raise NotFound(f"There is no project `{project}`.", nearest(project, names))
    return project
