"""Where commands work on datasets: at a server, or in the workspace here."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ..stages import Stages
from .far import server_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seedbed.app.remote.server import Server
    from seedbed.app.workspace import Workspace


class Bench(Protocol):
    """Datasets that can be worked on."""

    @property
    def owner(self) -> str:
        """Where they are, as in "of the server"."""
        ...

    @property
    def option(self) -> str:
        """What made them be worked on instead of files, as in "at a server"."""
        ...

    def dataset(self, given: str) -> str:
        """The name of a dataset, given by it or by a run.

        Raises:
            InputError: it is a file.
            NotFound: there is none of that name.
        """
        ...

    def template(self, name: str) -> Any:
        """The document of a saved template.

        Raises:
            NotFound: there is none of that name.
        """
        ...

    def work(self, kind: str, dataset: str, asked: Mapping[str, Any], *, json: bool) -> dict[str, Any]:
        """Has work of a kind done on a dataset, and answers its result.

        Raises:
            SeedbedError: it could not be done.
        """
        ...

    def preview(self, dataset: str, plan: Mapping[str, Any], n: int) -> list[dict[str, Any]]:
        """What each transform of a plan makes of `n` records.

        Raises:
            InputError: the plan is wrong.
        """
        ...

    def write(self, dataset: str, output: Path, **written: Any) -> None:
        """Writes the records of a dataset to a file here.

        Raises:
            InputError: it cannot be written.
        """
        ...


@dataclass(frozen=True)
class FarBench:
    """The datasets of a server."""

    server: Server
    owner: str = "of the server"
    option: str = "at a server"

    def dataset(self, given: str) -> str:
        """See `Bench.dataset`."""
        return dataset_at(self.server, given)

    def template(self, name: str) -> Any:
        """See `Bench.template`."""
        return self.server.template(name)["document"]

    def work(self, kind: str, dataset: str, asked: Mapping[str, Any], *, json: bool) -> dict[str, Any]:
        """See `Bench.work`."""
        path, of = PATHS[kind]
        body = {**asked, **({of: dataset} if of and dataset else {})}
        with Stages(quiet=json) as stages:
            return self.server.job(path.format(dataset=dataset), body, stages.watch)

    def preview(self, dataset: str, plan: Mapping[str, Any], n: int) -> list[dict[str, Any]]:
        """See `Bench.preview`."""
        body = {"dataset": dataset, "transforms": plan.get("transforms") or [], "n": n, "seed": plan.get("seed") or 0}
        items: list[dict[str, Any]] = self.server.wire.send("POST", "/augmentations/preview", body)["items"]
        return items

    def write(self, dataset: str, output: Path, **written: Any) -> None:
        """See `Bench.write`."""
        self.server.write(dataset, output, **written)


PATHS = {
    "augment": ("/augmentations", "dataset"),
    "fill": ("/fills", ""),
    "dedup": ("/datasets/{dataset}/dedup", ""),
    "split": ("/datasets/{dataset}/split", ""),
}
"""Kind of work → where a server is asked for it, and the field that names the dataset if the address does not."""


@dataclass(frozen=True)
class OwnBench:
    """The datasets of the workspace here."""

    place: Workspace
    owner: str = "of the workspace"
    option: str = "with --into"

    def dataset(self, given: str) -> str:
        """See `Bench.dataset`."""
        from seedbed.app.review.reviewing import Reviewing
        from seedbed.core.errors import InputError

        if Path(given).is_file():
            hint = f"Make it one: seedbed datasets import {given}; or write a file with -o, without --into."
            raise InputError(f"{given} is a file, and --into works on datasets.", hint)
        return Reviewing(self.place, given, "").dataset

    def template(self, name: str) -> Any:
        """See `Bench.template`."""
        from seedbed.app.templates import find

        return find(self.place, name).document

    def work(self, kind: str, dataset: str, asked: Mapping[str, Any], *, json: bool) -> dict[str, Any]:
        """See `Bench.work`."""
        from seedbed.app.reports.spot_check import user
        from seedbed.app.serve.belonging import project_of
        from seedbed.app.serve.work.here import work_here
        from seedbed.core.serving.jobs import Job

        project = project_of(self.place, dataset or str(asked.get("dataset", "")))
        job = Job("", kind, dataset or str(asked["into"]), project, dict(asked), user())
        with Stages(quiet=json) as stages:
            return work_here(self.place, job, stages.watch)

    def preview(self, dataset: str, plan: Mapping[str, Any], n: int) -> list[dict[str, Any]]:
        """See `Bench.preview`."""
        from seedbed.app.serve.work.previews import augmented
        from seedbed.app.serve.work.working import records_of

        return augmented(records_of(self.place.store, dataset), plan, n)

    def write(self, dataset: str, output: Path, **written: Any) -> None:
        """See `Bench.write`."""
        from seedbed.app.history import export_records
        from seedbed.app.output import Output

        export_records(self.place, dataset, (), Output(output.absolute(), **written))


@contextmanager
def bench_at(server: str | None, workspace: Path | None) -> Iterator[Bench]:
    """Where a command works on datasets.

    Raises:
        InputError: the address of the server is none, or a workspace is named as well.
    """
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        yield FarBench(far)
    else:
        with Workspace(workspace) as place:
            yield OwnBench(place)


@contextmanager
def bench_of(server: str | None, workspace: Path | None, into: str | None) -> Iterator[Bench | None]:
    """The same of a command that works on datasets at a server, or if they are to come `into` one; else on files.

    Raises:
        InputError: the address of the server is none, or a workspace is named as well.
    """
    if into or server_of(server, workspace):
        with bench_at(server, workspace) as bench:
            yield bench
    else:
        yield None


def dataset_at(server: Server, given: str) -> str:
    """The name of a dataset of the server, given by it or by a run.

    Raises:
        InputError: it is a file.
        NotFound: the server has none of that name.
    """
    from seedbed.core.errors import InputError

    if Path(given).is_file():
        hint = f"Make it one: seedbed datasets import {given} --server {server.wire.address}"
        raise InputError(f"{given} is a file, and a server works on its datasets.", hint)
    return server.review(given).dataset


def only_here(options: Mapping[str, object], where: str = "at a server") -> None:
    """Whether none of the options is given that do nothing there.

    Raises:
        InputError: one is.
    """
    from seedbed.core.errors import InputError

    given = [name for name, value in options.items() if value]
    if given:
        raise InputError(f"{given[0]} does nothing {where}.", "Leave it away, or write a file here with -o alone.")
