"""A random sample of a dataset of a server, judged here; works as `seedbed.app.reports.spot_check.SpotCheck` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.core.record import Record, Span

from ..reports.spot_check import ALL, Drawn
from .wire import part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .wire import Wire


class FarSpotCheck:
    """A sample that the server draws, or drew before with the same wish. What is said is kept there at once.

    Args:
        wire: to the server; the person whose token it is judges.
        dataset: its name.
        n: how many are drawn.
        by: the column whose values are the strata; all records are one if it is None.
        seed: of the draw.

    Raises:
        InputError: there are no records, or no such column.
        NotFound: there is no such dataset.
    """

    def __init__(self, wire: Wire, dataset: str, n: int, by: str | None, seed: int) -> None:
        self._wire = wire
        wanted = {"dataset": dataset, "n": n, "seed": seed, "by": by}
        shown = self._drawn_before(wanted) or wire.send("POST", "/spot-checks", wanted)
        self._path = f"/spot-checks/{part(str(shown['id']))}"
        self._shown: dict[str, Any] = shown
        items = shown["items"]
        self.sample = [Drawn(one["id"], ALL, _record(one)) for one in items]
        self._said = {one["id"] for one in items if one["verdict"]}
        self.judge = str(wire.get("/session")["user"]["name"])

    def open(self) -> Iterator[Drawn]:
        """Those that this person has said nothing of."""
        return (one for one in self.sample if one.name not in self._said)

    def judged(self, one: Drawn, *, right: bool, note: str = "") -> dict[str, Any]:
        """Keeps what is said of a record and answers the figures."""
        said = {"right": right, "note": note}
        self._shown = self._wire.send("PUT", f"{self._path}/records/{part(one.name)}", said)
        return self.figures()

    def taken_back(self, one: Drawn) -> None:
        """Forgets what this person said of a record."""
        self._shown = self._wire.send("DELETE", f"{self._path}/records/{part(one.name)}")

    def figures(self) -> dict[str, Any]:
        """What the sample says so far, as the server reckons it."""
        return {name: value for name, value in self._shown.items() if name not in BESIDE}

    def _drawn_before(self, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
        """The latest sample of the same wish, so that the same command goes on with it."""
        same = ("dataset", "seed", "by")
        for row in self._wire.every("/spot-checks", dataset=wanted["dataset"]):
            if all(row[name] == wanted[name] for name in same) and row["sample"] == min(wanted["n"], row["records"]):
                found: dict[str, Any] = self._wire.get(f"/spot-checks/{part(str(row['id']))}")
                return found
        return None


BESIDE = ("id", "project", "seed", "by", "created", "who", "items", "next")
"""What a server tells of a sample and the figures do not."""


def _record(item: Mapping[str, Any]) -> Record:
    spans = [Span(one["start"], one["end"], one["label"], one.get("field", "text")) for one in item["spans"]]
    return Record(item["values"], tuple(spans), item["id"])
