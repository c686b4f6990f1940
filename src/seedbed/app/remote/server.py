"""`seedbed.connect`: the library's functions, done by a server."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from seedbed.core.connection import Connection, split_model
from seedbed.core.dataset import Dataset
from seedbed.core.errors import InputError, NotFound, RunFailed
from seedbed.core.record import Record, Span
from seedbed.core.stored import parse_where
from seedbed.formats.catalog import kind_of
from seedbed.places.paths import RemotePath, path_of
from seedbed.providers.catalog import CheckResult

from ..connections import NamedConnection
from ..output import Output
from ..review.project import tasks_by
from ..stages import unwatched
from .asking import asked
from .connections import connection_body, named
from .jobs import done
from .kept import kept, kept_of
from .reviewing import FarReviewing, came_in
from .tasks import FarTasks
from .wire import Wire, part

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.part import Generator
    from seedbed.recipe.document import Recipe

    from ..stages import Watch

ENDED: Final = ("complete", "shortfall", "budget", "failed", "interrupted", "cancelled", "paused")
WHERE: Final = ("executor", "workers")
"""Of a run that is asked for: where it is to be worked on."""

BESIDE: Final = ("kind", "dataset", "project", "driven", "owner", "wish", "rate", "left", "created", "updated", *WHERE)
"""What a server says of a run beside its figures."""

PLACED: Final = ("/augmentations", "/fills", "/reports")
"""Work of which it can be said where what comes of it belongs."""

EVERY_SECONDS: Final = 0.4
"""How often it is asked how something goes."""


class Server:
    """A Seedbed server, spoken to as the library is.

    Args:
        address: where it is, as `seedbed serve` prints it.
        token: an API token; not needed on the machine of a server that lets its user in.
        project: where what is made belongs; the default project if not given.

    Raises:
        InputError: the address is none.
    """

    def __init__(self, address: str, token: str | None = None, project: str | None = None) -> None:
        self.wire = Wire(address, token)
        self.project = project

    def __repr__(self) -> str:
        return f"Server({self.wire.address!r})"

    def generate(
        self,
        recipe: Recipe | Generator | Mapping[str, Any] | str | Path,
        *,
        output: str | Path | None = None,
        new: bool | None = None,
        watch: Callable[[dict[str, Any]], None] | None = None,
        executor: str | None = None,
        workers: int | None = None,
        **fields: Any,
    ) -> Dataset:
        """Makes the records that are asked for; the run goes on at the server whatever becomes of this process.

        Args:
            recipe: a recipe, its file or document, or a generator alone; a text that is no file is the name of a recipe
                that the server has.
            output: a file to write as well.
            new: start afresh. Without it a recipe goes on with its unfinished run; a generator alone starts afresh.
            watch: hears of the run's figures as it goes.
            executor: where the server has it worked on, `local` or `ray`: the cluster that it joins; as its operator
                wants if not given.
            workers: how many there are on the cluster.
            fields: further fields of the recipe (`model="embedded"`, `seed=7` …).

        Returns:
            The accepted records, as people left them; `figures` as `seedbed.generate` has them.

        Raises:
            InputError: something given cannot be used.
            RunFailed: the run could not go on; what was made is kept there.
        """
        body, alone = asked(recipe, fields)
        fresh = alone if new is None else new
        run = self.start(body, new=fresh, executor=executor, workers=workers)["run"]
        figures = self.wait(run, watch)
        if figures["state"] == "failed":
            raise RunFailed(str(figures.get("message") or f"The run {run} failed."))
        if output is not None:
            self.write(run, output)
        return self._dataset(run, figures)

    def start(self, body: Mapping[str, Any], *, new: bool = False, **where: Any) -> dict[str, Any]:
        """Starts a run and does not wait for it; `body` says its `recipe` by name, or holds a `document` or `yaml`,
        `where` its `executor` and `workers`."""
        said = {name: value for name, value in where.items() if value is not None}
        given = {**body, **said, "new": new} | ({"project": self.project} if self.project else {})
        run: dict[str, Any] = self.wire.send("POST", "/runs", given)
        return run

    def wait(self, run: str, watch: Callable[[dict[str, Any]], None] | None = None) -> dict[str, Any]:
        """A run's figures when it has ended."""
        while True:
            shown = self.run(run)
            if watch:
                watch(shown)
            if shown["state"] in ENDED and not shown["driven"]:
                return {name: value for name, value in shown.items() if name not in BESIDE}
            time.sleep(EVERY_SECONDS)

    def runs(self) -> list[dict[str, Any]]:
        """All runs, the newest first."""
        return list(self.wire.every("/runs", project=self.project))

    def run(self, run: str) -> dict[str, Any]:
        """A run's figures as they are now.

        Raises:
            NotFound: there is no such run.
        """
        found: dict[str, Any] = self.wire.get(f"/runs/{part(run)}")
        return found

    def control(self, run: str, wish: str) -> dict[str, Any]:
        """Lets a run `pause`, `resume`, `cancel` or `refill`."""
        found: dict[str, Any] = self.wire.send("POST", f"/runs/{part(run)}/{wish}")
        return found

    def preview(self, body: Mapping[str, Any], n: int = 3) -> list[dict[str, Any]]:
        """A few attempts shown in full; nothing is saved."""
        shown: list[dict[str, Any]] = self.wire.send("POST", "/recipes/preview", {**body, "n": n})["attempts"]
        return shown

    def estimate(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What a recipe will take."""
        found: dict[str, Any] = self.wire.send("POST", "/recipes/estimate", dict(body))
        return found

    def datasets(self) -> list[dict[str, Any]]:
        """All datasets."""
        return list(self.wire.every("/datasets", project=self.project))

    def dataset(self, name: str, first: int = 10) -> dict[str, Any]:
        """A dataset's size, columns, the counts of those with few values, and its first records.

        Raises:
            NotFound: there is no such dataset.
        """
        shown = self.wire.get(f"/datasets/{part(name)}")
        declined = self.wire.every("/records", dataset=name, decision="declined") if shown["declined"] else ()
        return {**kept_of(shown, declined), "first": [one.values for one in islice(self._records(name), first)]}

    def read(self, name: str) -> Dataset:
        """The records of a dataset or run, as people left them, read when they are looked at.

        Raises:
            NotFound: there is no such dataset or run.
        """
        try:
            return self._dataset(name, self.run(name))
        except NotFound:
            shown = self.wire.get(f"/datasets/{part(name)}")
        return Dataset(name, shown["columns"], partial(self._records, name), size=kept(shown))

    def write(
        self,
        name: str,
        path: str | Path,
        *,
        to: str | None = None,
        where: Sequence[str] = (),
        force: bool = False,
        **more: Any,
    ) -> int:
        """Writes the records of a dataset or run to a file here, streamed from the server; answers how many.

        Args:
            name: of the dataset or run.
            path: the file.
            to: its format where that is not the suffix's.
            where: conditions such as `label=polite`.
            force: overwrite a file that is there.
            more: `with_origin`, `csv_safe`; `overlaps`, what CoNLL does with spans that overlap: `refuse`, `outer`
                (keeps the longest) or `skip` (leaves their records out).

        Raises:
            InputError: records have spans that overlap and the format holds one layer, the file is there and `force` is
                not set, or the suffix is no format's.
        """
        if isinstance(target := path_of(path), RemotePath):
            raise InputError(f"{target}: what a server sends is written to this machine.", "Name a file here.")
        form = to or kind_of(target)
        if target.suffix == ".gz":
            raise InputError(f"{target}: a server writes no packed files.", "Leave the .gz away.")
        if target.exists() and not force:
            raise InputError(f"The file {target} exists.", "Use --force to overwrite it, or another name with -o.")
        asked = {"format": form, "origin": more.get("with_origin"), "csv_safe": bool(more.get("csv_safe"))}
        asked["overlaps"] = more.get("overlaps")
        dataset, _, version = name.rpartition("@")
        if dataset and version.isdigit() and not where:
            came = self.wire.download(f"/datasets/{part(dataset)}/versions/{version}/export", target, **asked)
        else:
            came = self.wire.download("/exports", target, dataset=name, **asked, **dict(parse_where(where)))
        return came_in(came, more.get("overlaps"))

    def keep(self, path: str | Path, name: str | None = None, form: str | None = None) -> dict[str, Any]:
        """Keeps a file's records as a dataset of the server; answers its `dataset`, `run` and how many `records`."""
        file = Path(path)
        if not file.is_file():
            raise InputError(f"There is no file {file}.", "Check the path.")
        found: dict[str, Any] = self.wire.upload("/imports", file, name=name, format=form, project=self.project)
        return found

    def move(self, dataset: str, project: str) -> None:
        """Puts a dataset into another project of the server."""
        self.wire.send("PATCH", f"/datasets/{part(dataset)}", {"project": project}, If_Match="*")

    def review(self, dataset: str) -> FarReviewing:
        """A dataset under review, for the person whose token this is."""
        return FarReviewing(self.wire, dataset)

    def tasks(self, dataset: str | None = None, project: str | None = None) -> FarTasks:
        """The annotation tasks of a dataset, or of all datasets of a project, for the person whose token this is."""
        return FarTasks(self.wire, dataset, project or (None if dataset else self.project))

    def export_tasks(
        self, path: str | Path, dataset: str | None = None, *, ids: Sequence[str] = (), **given: Any
    ) -> int:
        """Writes annotation tasks as they stand now to a file here; see `seedbed.export_tasks`."""
        how = {name: given.pop(name) for name in ("force", "csv_safe", "to") if name in given}
        options = {name: given.pop(name) for name in ("overlaps",) if given.get(name)}
        desk = self.tasks(dataset, given.pop("project", None))
        return desk.export(tasks_by(given), Output(Path(path).absolute(), **how, to_options=options), ids)

    def import_tasks(
        self, path: str | Path, dataset: str | None = None, *, project: str | None = None, form: str | None = None
    ) -> dict[str, int]:
        """Takes annotated tasks of a file here back; see `seedbed.import_tasks`."""
        return self.tasks(dataset, project).take_back(Path(path), form)

    def augment(self, dataset: str, plan: Mapping[str, Any], *, into: str | None = None, **given: Any) -> Dataset:
        """Changed copies of the records of a dataset, as a dataset of the server; `watch` in `given` hears of it.

        Args:
            dataset: its name there.
            plan: `transforms`, `mode`, `copies`, `max_proportion`, `seed`.
            into: the name of the new dataset.
        """
        done = self.job("/augmentations", {"dataset": dataset, "plan": dict(plan), "into": into}, **given)
        return self._made(done)

    def fill(self, templates: Sequence[Mapping[str, Any]], *, into: str, **given: Any) -> Dataset:
        """Sentences with their slots filled, as a dataset of the server.

        Args:
            templates: each with `text` and how many are wanted (`n`).
            into: the name of the new dataset.
            given: `values` by slot, or the `dataset` they are taken from; `seed`; `watch`.
        """
        watch = given.pop("watch", unwatched)
        return self._made(self.job("/fills", {"templates": list(templates), "into": into, **given}, watch))

    def report(self, dataset: str, *, watch: Watch = unwatched, **given: Any) -> dict[str, Any]:
        """The figures of a report on a dataset of the server, as `seedbed report --json` has them."""
        done = self.job("/reports", {"dataset": dataset, **given}, watch)
        found: dict[str, Any] = self.wire.get(f"/reports/{part(str(done['report']))}")["figures"]
        return found

    def label_suspects(self, dataset: str, *, flag: bool = False, watch: Watch = unwatched) -> dict[str, Any]:
        """How many labels of a dataset of the server are doubted; with `flag` they are flagged in its review."""
        return done(self.wire, "/label-suspects", {"dataset": dataset, "flag": flag}, watch)

    def mark_duplicates(self, dataset: str, *, watch: Watch = unwatched, **given: Any) -> dict[str, Any]:
        """Marks the records of a dataset of the server that say nearly what another one says, for its review."""
        return self.review(dataset).mark_duplicates(watch=watch, **given)

    def job(self, path: str, body: Mapping[str, Any], watch: Watch = unwatched) -> dict[str, Any]:
        """Has work done and waits for it; answers its result.

        Raises:
            RunFailed: it could not be done, or was cancelled.
        """
        placed = {"project": self.project} if self.project and path in PLACED else {}
        return done(self.wire, path, {**body, **placed}, watch)

    def connections(self) -> list[NamedConnection]:
        """The connections of the server, with the last four characters of their keys."""
        return [named(item) for item in self.wire.every("/connections")]

    def add_connection(
        self, name: str, connection: Connection, key: str | None, *, force: bool = False, projects: Any = None
    ) -> None:
        """Saves a connection at the server; its key is encrypted there. All projects may use it if none are named.

        Raises:
            InputError: there is one of that name and `force` is not set, or it cannot be used.
        """
        given = connection_body(connection, key, projects)
        if force and any(one.name == name for one in self.connections()):
            self.wire.send("PATCH", f"/connections/{part(name)}", given, If_Match="*")
        else:
            self.wire.send("POST", "/connections", {"name": name, **given})

    def check_connection(self, name: str, model: str | None = None) -> CheckResult:
        """Has the server make a small real call; `name` may be `connection:model`."""
        called, own = split_model(name)
        found = self.wire.send("POST", f"/connections/{part(called)}/check", {"model": model or own or None})
        return CheckResult(found["verdict"], found["message"], found["hint"])

    def templates(self) -> list[dict[str, Any]]:
        """The templates of the server, the latest version of each."""
        return list(self.wire.every("/templates", project=self.project))

    def template(self, name: str, version: int | None = None) -> dict[str, Any]:
        """One version of a template, the latest if none is named."""
        found: dict[str, Any] = self.wire.get(f"/templates/{part(name)}", version=version)
        return found

    def add_template(self, name: str, document: Mapping[str, Any], *, force: bool = False) -> dict[str, Any]:
        """Saves a template; with `force` as the next version of one that is there."""
        if force and any(one["name"] == name for one in self.templates()):
            return self.edit_template(name, document)
        body = {"name": name, "document": dict(document)} | ({"project": self.project} if self.project else {})
        found: dict[str, Any] = self.wire.send("POST", "/templates", body)
        return found

    def edit_template(self, name: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """Saves the next version of a template."""
        body = {"document": dict(document)}
        found: dict[str, Any] = self.wire.send("PATCH", f"/templates/{part(name)}", body, If_Match="*")
        return found

    def projects(self) -> list[dict[str, Any]]:
        """The projects that this person sees."""
        return list(self.wire.every("/projects"))

    def remove(self, kind: str, name: str) -> None:
        """Forgets something by the name of its list (`connections`, `templates`, `datasets`) and its own."""
        self.wire.send("DELETE", f"/{kind}/{part(name)}", If_Match="*")

    def _made(self, result: Mapping[str, Any]) -> Dataset:
        made = self.read(str(result["dataset"]))
        made.figures = dict(result)
        return made

    def _dataset(self, run: str, figures: Mapping[str, Any]) -> Dataset:
        dataset = self.run(run)["dataset"]
        shown = self.wire.get(f"/datasets/{part(dataset)}")
        plain = {name: value for name, value in figures.items() if name not in BESIDE}
        own = f"{run}:" if len(shown["runs"]) > 1 else ""
        return Dataset(run, shown["columns"], partial(self._records, dataset, own), plain, None if own else kept(shown))

    def _records(self, dataset: str, own: str = "") -> Iterator[Record]:
        """The records of a dataset that nobody declined; of one run only, if the head of its records' ids is given."""
        for item in self.wire.every("/records", dataset=dataset):
            if item["decision"] != "declined" and item["id"].startswith(own):
                spans = tuple(Span(one["start"], one["end"], one["label"], one["field"]) for one in item["spans"])
                yield Record(item["values"], spans, item["id"], "accepted", tuple(item["tags"]))


def connect(url: str, token: str | None = None, *, project: str | None = None) -> Server:
    """A server to work with as with the library: `connect(url).generate(…)`, `.augment(…)`, `.report(…)` …

    Args:
        url: what `seedbed serve` prints, as in `http://127.0.0.1:8400`.
        token: an API token of it; not needed on its own machine if it lets its user in.
        project: where what is made belongs.

    Raises:
        InputError: the address is none, or it is no Seedbed server's, or the token is not accepted.
        SeedbedError: nobody answers there.
    """
    server = Server(url, token, project)
    server.wire.get("/projects")
    return server
