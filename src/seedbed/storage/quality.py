"""Reports and spot checks in the database."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import delete, insert, select

from seedbed.core.serving.jobs import StoredReport, StoredSpotCheck

from .job_tables import reports, spot_checks
from .jobs import encoded, now, number_of
from .reading import READS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine, Select

CHECK = "spot-check-"


class SqlQuality:
    """The `Quality` port over a database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put_report(self, report: StoredReport) -> StoredReport:
        """See `Quality.put_report`."""
        kept = replace(report, created=now())
        fields = _encoded(asdict(kept), "figures", "findings")
        with self._engine.begin() as connection:
            connection.execute(delete(reports).where(reports.c.id == report.id))
            connection.execute(insert(reports).values(**fields))
        return kept

    def report(self, report: str) -> StoredReport | None:
        """See `Quality.report`."""
        found = self._read(select(reports).where(reports.c.id == report))
        return _report(found[0]) if found else None

    def reports(
        self, dataset: str | None, projects: Sequence[str] | None, start: int, limit: int
    ) -> list[StoredReport]:
        """See `Quality.reports`."""
        shown = select(*(reports.c[name] for name in ("number", "id", "dataset", "project", "findings", "created")))
        rows = self._read(_narrowed(shown, reports, dataset, projects).offset(start).limit(limit))
        return [_report({**row, "figures": "{}", "page": ""}) for row in rows]

    def add_spot_check(self, check: StoredSpotCheck) -> StoredSpotCheck:
        """See `Quality.add_spot_check`."""
        fields = _encoded(asdict(replace(check, created=now())), "sample", "strata", "counts")
        del fields["id"]
        with self._engine.begin() as connection:
            number = connection.execute(insert(spot_checks).values(**fields)).inserted_primary_key[0]  # type: ignore[index]
        return replace(check, id=f"{CHECK}{number}", created=fields["created"])

    def spot_check(self, check: str) -> StoredSpotCheck | None:
        """See `Quality.spot_check`."""
        found = self._read(select(spot_checks).where(spot_checks.c.number == number_of(check, CHECK)))
        return _check(found[0]) if found else None

    def spot_checks(
        self, dataset: str | None, projects: Sequence[str] | None, start: int, limit: int
    ) -> list[StoredSpotCheck]:
        """See `Quality.spot_checks`."""
        query = _narrowed(select(spot_checks), spot_checks, dataset, projects)
        return [_check(row) for row in self._read(query.offset(start).limit(limit))]

    def _read(self, query: Select[Any]) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execution_options(**{READS: True}).execute(query).mappings()]


def _narrowed(query: Select[Any], table: Any, dataset: str | None, projects: Sequence[str] | None) -> Select[Any]:
    if dataset is not None:
        query = query.where(table.c.dataset == dataset)
    if projects is not None:
        query = query.where(table.c.project.in_(projects))
    return query.order_by(table.c.number.desc())


def _encoded(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {**fields, **{name: encoded(fields[name]) for name in names}}


def _report(row: dict[str, Any]) -> StoredReport:
    own = {name: value for name, value in row.items() if name != "number"}
    return StoredReport(**{**own, "figures": orjson.loads(own["figures"]), "findings": orjson.loads(own["findings"])})


def _check(row: dict[str, Any]) -> StoredSpotCheck:
    decoded = {name: orjson.loads(row[name]) for name in ("sample", "strata", "counts")}
    own = {name: value for name, value in row.items() if name != "number"}
    return StoredSpotCheck(id=f"{CHECK}{row['number']}", **{**own, **decoded})
