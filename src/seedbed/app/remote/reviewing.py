"""A dataset under review on a server; works as `seedbed.app.review.reviewing.Reviewing` does here."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, NotFound
from seedbed.core.record import Record, Span
from seedbed.core.review.entry import Change, Conflict, Counts, Entry, Happening, Looked, Version, View, Wanted
from seedbed.formats.catalog import kind_of

from ..review.reviewing import Edited, Page
from ..review.saying import decision_of, tagged
from ..review.views import where_of
from ..stages import unwatched
from .jobs import done
from .wire import Changed, part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from email.message import Message
    from pathlib import Path

    from ..output import Output
    from ..review.amending import Wish
    from ..stages import Watch
    from .wire import Wire

AT_ONCE = 1000
"""So many records are named in one request."""


class FarReviewing:
    """A dataset of a server, for the person whose token it is.

    Args:
        wire: to the server.
        dataset: its name, or that of a run, whose dataset it is then.

    Raises:
        NotFound: there is no such dataset.
    """

    def __init__(self, wire: Wire, dataset: str) -> None:
        self._wire = wire
        shown = shown_of(wire, dataset)
        self.dataset: str = shown["name"]
        self.columns: list[str] = shown["columns"]

    def page(self, wanted: Wanted, cursor: str = "", limit: int = 200) -> Page:
        """Some entries."""
        found = self._wire.get(_list(wanted), cursor=cursor or None, limit=min(limit, 200), **self._where(wanted))
        return Page([entry_of(item) for item in found["items"]], found["next"] or "", found.get("waiting", 0))

    def every(self, wanted: Wanted) -> Iterator[Entry]:
        """All entries that are wanted."""
        return map(entry_of, self._wire.every(_list(wanted), **self._where(wanted)))

    def counts(self) -> Counts:
        """How many entries there are of each kind."""
        found = self._wire.get(f"/datasets/{part(self.dataset)}/review")
        return Counts(found["total"], found["by"], (found["duplicates"] or {}).get("records", 0))

    def tags(self) -> dict[str, int]:
        """How many records have which tag, the most frequent first."""
        return {one["tag"]: one["count"] for one in self._wire.every("/tags", dataset=self.dataset)}

    def change_tag(self, tag: str, to: str | None) -> int:
        """Calls a tag otherwise, or takes it away (None), on all records that have it; answers how many.

        Raises:
            InputError: it says how records came to be.
        """
        body = {"dataset": self.dataset, "tag": tag} | ({"to": to} if to else {})
        changed: int = self._wire.send("PATCH" if to else "DELETE", "/tags", body, If_Match="*")["changed"]
        return changed

    def views(self) -> list[View]:
        """The saved filters of the dataset, the oldest first."""
        return [_view(one) for one in self._wire.every("/views", dataset=self.dataset)]

    def save_view(self, name: str, where: Mapping[str, Any]) -> View:
        """Saves a filter in the place of one of that name."""
        return _view(self._wire.send("POST", "/views", {"dataset": self.dataset, "name": name, "where": dict(where)}))

    def drop_view(self, view: View) -> None:
        """Forgets a saved filter."""
        self._wire.send("DELETE", f"/views/{view.number}", None, If_Match="*")

    def looked(self) -> Looked | None:
        """When it was last looked for records that say nearly the same; None: never."""
        found = self._wire.get(f"/datasets/{part(self.dataset)}/review")["duplicates"]
        return Looked(**found) if found else None

    def mark_duplicates(
        self, near: float = 0.9, columns: Sequence[str] = (), watch: Watch = unwatched
    ) -> dict[str, Any]:
        """Has the server find and mark the records that say nearly what another one says."""
        body = {"dataset": self.dataset, "near": near, "columns": list(columns)}
        return done(self._wire, "/duplicates", body, watch)

    def count(self, wanted: Wanted) -> int:
        """How many entries are wanted."""
        return sum(1 for _ in self.every(wanted))

    def entry(self, record: str) -> Entry:
        """The entry of a record.

        Raises:
            NotFound: the dataset has no such record.
        """
        found = entry_of(self._wire.get(f"/records/{part(record)}"))
        if found.dataset != self.dataset:
            raise NotFound(
                f"The dataset {self.dataset} has no record {record}.", f"See them: seedbed review list {self.dataset}"
            )
        return found

    def history(self, record: str) -> list[Happening]:
        """What happened to a record, the latest first."""
        items = self._wire.every(f"/records/{part(record)}/history")
        return [Happening(0, one["version"], one["by"], one["at"], one["before"], one["after"]) for one in items]

    def change(self, changes: Sequence[Change]) -> list[Entry]:
        """Makes the changes, one after the other.

        Raises:
            InputError: a record is not there, a decision is none, or a span lies outside its text.
            Conflict: a record was changed meanwhile; those before it are changed.
        """
        return [self._patched(one.id, one.version, _fields(one)) for one in changes]

    def decide(self, records: Sequence[str], decision: str, reason: str = "") -> list[Entry]:
        """Approves, declines or flags records, or puts them back to be done; all of them or none.

        Raises:
            InputError: there is no such record or decision.
        """
        change = {"decision": decision_of(decision), "reason": reason}
        self._wire.send("POST", "/records/bulk", {"dataset": self.dataset, "ids": list(records), "change": change})
        return [self.entry(one) for one in records]

    def decide_all(self, wanted: Wanted, decision: str, reason: str = "") -> int:
        """Decides on all records that are wanted, however many; answers how many."""
        change = {"decision": decision_of(decision), "reason": reason}
        where = {name: value for name, value in self._where(wanted).items() if name not in ("dataset", "sort")}
        body = {"dataset": self.dataset, "where": where, "change": change}
        changed: int = self._wire.send("POST", "/records/bulk", body)["changed"]
        return changed

    def amend(self, records: Sequence[str] | None, wanted: Wanted, wish: Wish) -> int:
        """Makes records what is wished, the named ones or else all that are wanted, in one step; answers how many.

        Raises:
            InputError: there is no such record, or one cannot be so; nothing is changed then.
        """
        names = ("decision", "reason", "note", "label", "add_tags", "remove_tags", "person", "work")
        change = {name: value for name in names if (value := getattr(wish, name)) not in (None, ())}
        where = {name: value for name, value in self._where(wanted).items() if name not in ("dataset", "sort")}
        chosen = {"ids": list(records)} if records else {"where": where}
        changed: int = self._wire.send("POST", "/records/bulk", {"dataset": self.dataset, **chosen, "change": change})[
            "changed"
        ]
        return changed

    def relabel(self, labels: Mapping[str, str]) -> None:
        """Gives records other labels, and puts them back to be done; many at once, each label a step of undo."""
        by_label: dict[str, list[str]] = {}
        for record, label in labels.items():
            by_label.setdefault(label, []).append(record)
        for label, records in by_label.items():
            for start in range(0, len(records), AT_ONCE):
                change = {"label": label, "decision": "todo", "reason": ""}
                body = {"dataset": self.dataset, "ids": records[start : start + AT_ONCE], "change": change}
                self._wire.send("POST", "/records/bulk", body)

    def edit(self, record: str, values: Mapping[str, Any], version: int | None = None) -> Edited:
        """Other values for some columns; the server moves spans along, or drops those that cannot be kept."""
        found = self._patch(record, version, {"values": dict(values)})
        return Edited(entry_of(found), [_span(one) for one in found.get("dropped", ())])

    def tag(self, records: Sequence[str], add: Sequence[str] = (), remove: Sequence[str] = ()) -> list[Entry]:
        """Adds tags to records and takes others away."""
        found = [self.entry(one) for one in records]
        return self.change([Change(one.record.id, one.version, tags=tagged(one, add, remove)) for one in found])

    def undo(self) -> list[Entry]:
        """Takes back what this person did last."""
        found = self._wire.send("POST", "/records/undo", {"dataset": self.dataset})
        return [entry_of(item) for item in found["items"]]

    def keep_version(self, note: str = "") -> Version:
        """Keeps the dataset as it stands now; `name@number` names it wherever a dataset is named."""
        return _version(self._wire.send("POST", f"/datasets/{part(self.dataset)}/versions", {"note": note}))

    def versions(self) -> list[Version]:
        """The versions of the dataset that were kept, the latest first."""
        return [_version(item) for item in self._wire.every(f"/datasets/{part(self.dataset)}/versions")]

    def forget_version(self, number: int) -> None:
        """Forgets a version; the dataset stays as it is.

        Raises:
            NotFound: there is no such version.
        """
        self._wire.send("DELETE", f"/datasets/{part(self.dataset)}/versions/{number}")

    def hand_over(self, wanted: Wanted) -> int:
        """Makes annotation tasks of the approved records that are wanted and none yet; answers how many."""
        where = {name: value for name, value in self._where(wanted).items() if name not in ("dataset", "sort")}
        made = self._wire.send("POST", "/annotation-tasks", {"dataset": self.dataset, "where": where})
        count: int = made["handed_over"]
        return count

    def export(self, wanted: Wanted, output: Output, ids: Sequence[str] = ()) -> int:
        """Writes entries as they stand now, with `ids` only these, to a file here, streamed from the server; answers
        how many.

        Raises:
            InputError: the file cannot be written, or settings of the format are given.
        """
        asked = {**written_as(output), **where_of(wanted), "dataset": self.dataset}
        path = "/annotation-tasks/export" if wanted.handed_over else "/exports"
        return came_in(self._wire.download(path, output.path, **asked, ids=list(ids)), asked["overlaps"])

    def take_back(self, file: Path, form: str | None = None) -> dict[str, int]:
        """Takes labels, spans and texts over from a file of annotated tasks; `read` and `changed` are counted.

        Raises:
            InputError: a record has no id, is not of this dataset or comes twice; nothing is changed then.
        """
        path = "/annotation-tasks/import"
        found: dict[str, int] = self._wire.upload(path, file, dataset=self.dataset, format=form)
        return found

    def _where(self, wanted: Wanted) -> dict[str, Any]:
        return {"dataset": self.dataset, **where_of(wanted), "sort": wanted.sort}

    def _patched(self, record: str, version: int | None, fields: dict[str, Any]) -> Entry:
        return entry_of(self._patch(record, version, fields))

    def _patch(self, record: str, version: int | None, fields: dict[str, Any]) -> dict[str, Any]:
        match = "*" if version is None else f'"{version}"'
        try:
            found: dict[str, Any] = self._wire.send("PATCH", f"/records/{part(record)}", fields, If_Match=match)
        except Changed as error:
            raise Conflict(entry_of(error.theirs)) from None
        return found


def shown_of(wire: Wire, name: str) -> dict[str, Any]:
    """A dataset as the server shows it, by its name or that of a run.

    Raises:
        NotFound: there is neither.
    """
    shown: dict[str, Any]
    try:
        shown = wire.get(f"/datasets/{part(name)}")
    except NotFound as error:
        try:
            run = wire.get(f"/runs/{part(name)}")
        except NotFound:
            raise NotFound(f"There is no run or dataset `{name}`.", error.hint) from None
        shown = wire.get(f"/datasets/{part(run['dataset'])}")
    return shown


def written_as(output: Output) -> dict[str, Any]:
    """How a server is to write what comes into a file here.

    Raises:
        InputError: the file cannot be written, or settings of the format are given, but for `overlaps`.
    """
    output.check()
    if {*output.to_options} - {"overlaps"} or output.path.suffix == ".gz":
        raise InputError("A server writes plain files in a format's usual way.", "Convert it: seedbed convert")
    how = {"format": output.to or kind_of(output.path), "csv_safe": bool(output.csv_safe)}
    return {**how, "overlaps": output.to_options.get("overlaps")}


def came_in(headers: Message, overlaps: str | None) -> int:
    """How many records a file of a server has; warns of those with spans that overlap."""
    count = int(headers.get("X-Seedbed-Overlapping", 0))
    if count and overlaps in ("outer", "skip"):
        became = "are left out" if overlaps == "skip" else "keep the longest of them"
        warnings.warn(f"Records with spans that overlap: {count:,}; they {became}.", stacklevel=3)
    return int(headers["X-Seedbed-Records"])


def _view(item: Mapping[str, Any]) -> View:
    where = {name: value for name, value in item["where"].items() if value not in (None, False, "")}
    return View(item["dataset"], item["name"], where, item["by"], int(item["id"]))


def _list(wanted: Wanted) -> str:
    return "/annotation-tasks" if wanted.handed_over else "/records"


def _fields(change: Change) -> dict[str, Any]:
    if change.suggested is not None or change.doubt is not None:
        raise InputError("Doubts are set on the server.", "Use: seedbed labels suspects DATASET --flag")
    names = ("decision", "work", "person", "note", "reason", "values")
    found = {name: value for name in names if (value := getattr(change, name)) is not None}
    if change.tags is not None:
        found["tags"] = list(change.tags)
    if change.spans is not None:
        found["spans"] = [span._asdict() for span in change.spans]
    return found


def entry_of(item: Mapping[str, Any]) -> Entry:
    """The entry that a server tells of."""
    spans = tuple(_span(one) for one in item["spans"])
    record = Record(item["values"], spans, item["id"], "accepted", tuple(item["tags"]), item.get("origin", {}))
    own = ("decision", "work", "person", "note", "reason", "version", "changed", "by", "model")
    names = (*own, "suggested", "doubt", "twins")
    return Entry(0, record, item["dataset"], item["source"], **{name: item[name] for name in names})


def _version(item: Mapping[str, Any]) -> Version:
    return Version(**{name: item[name] for name in Version._fields})


def _span(one: Mapping[str, Any]) -> Span:
    return Span(one["start"], one["end"], one["label"], one.get("field", "text"))
