"""What the service keeps, in SQL."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from sqlalchemy import delete, func, insert, select, update

from seedbed.core.errors import NotFound, Taken
from seedbed.core.serving import Deed, StoredProject, StoredRecipe, StoredSession, StoredToken, StoredUser
from seedbed.core.serving.editions import unchanged

from .reading import READS
from .serving import audit, belongs, members, projects, recipes, sessions, settings, tokens, users

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import ColumnElement, Connection, Engine, Select, Table

    from seedbed.core.serving import Kind

T = TypeVar("T")
MOST_DEEDS = 100_000


class SqlServing:
    """The `Serving` port over the store's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put_user(self, user: StoredUser) -> None:
        """See `Serving.put_user`."""
        with self._engine.begin() as connection:
            _put(connection, users, users.c.name == user.name, replace(user, created=user.created or _now()))

    def users(self) -> list[StoredUser]:
        """See `Serving.users`."""
        return [_made(StoredUser, row, owner=bool(row.owner)) for row in self._rows(select(users).order_by("name"))]

    def user(self, name: str) -> StoredUser | None:
        """See `Serving.user`."""
        rows = self._rows(select(users).where(users.c.name == name))
        return _made(StoredUser, rows[0], owner=bool(rows[0].owner)) if rows else None

    def remove_user(self, name: str) -> bool:
        """See `Serving.remove_user`."""
        with self._engine.begin() as connection:
            for table in (sessions, tokens, members):
                connection.execute(delete(table).where(table.c.user == name))
            return connection.execute(delete(users).where(users.c.name == name)).rowcount > 0

    def put_token(self, token: StoredToken) -> None:
        """See `Serving.put_token`."""
        with self._engine.begin() as connection:
            connection.execute(insert(tokens).values(**_row(token)))

    def tokens(self) -> list[StoredToken]:
        """See `Serving.tokens`."""
        return [_made(StoredToken, row) for row in self._rows(select(tokens).order_by("created", "id"))]

    def token(self, digest: str) -> StoredToken | None:
        """See `Serving.token`."""
        rows = self._rows(select(tokens).where(tokens.c.hash == digest))
        return _made(StoredToken, rows[0]) if rows else None

    def used(self, token: str, at: str) -> None:
        """See `Serving.used`."""
        with self._engine.begin() as connection:
            connection.execute(update(tokens).where(tokens.c.id == token).values(used=at))

    def remove_token(self, token: str) -> bool:
        """See `Serving.remove_token`."""
        with self._engine.begin() as connection:
            return connection.execute(delete(tokens).where(tokens.c.id == token)).rowcount > 0

    def put_session(self, session: StoredSession) -> None:
        """See `Serving.put_session`."""
        with self._engine.begin() as connection:
            _put(connection, sessions, sessions.c.hash == session.hash, session)

    def session(self, digest: str) -> StoredSession | None:
        """See `Serving.session`."""
        rows = self._rows(select(sessions).where(sessions.c.hash == digest))
        return _made(StoredSession, rows[0]) if rows else None

    def end_sessions(self, *, digest: str = "", user: str = "", before: str = "") -> None:
        """See `Serving.end_sessions`."""
        with self._engine.begin() as connection:
            if digest:
                connection.execute(delete(sessions).where(sessions.c.hash == digest))
            if user:
                connection.execute(delete(sessions).where(sessions.c.user == user))
            if before:
                connection.execute(delete(sessions).where(sessions.c.seen < before))

    def add_project(self, project: StoredProject) -> None:
        """See `Serving.add_project`."""
        with self._engine.begin() as connection:
            if connection.scalar(select(projects.c.id).where(projects.c.id == project.id)):
                raise Taken(f"There is a project `{project.id}` already.", "Take another id.")
            connection.execute(insert(projects).values(**_row(replace(project, created=_now()))))

    def change_project(self, project: str, title: str, description: str, version: int | None = None) -> StoredProject:
        """See `Serving.change_project`."""
        mine = projects.c.id == project
        with self._engine.begin() as connection:
            row = connection.execute(select(projects).where(mine)).first()
            if row is None:
                raise NotFound(f"There is no project `{project}`.", "It was removed meanwhile.")
            unchanged(f"The project `{project}`", row.version, version)
            new = {"title": title, "description": description, "version": row.version + 1}
            connection.execute(update(projects).where(mine).values(**new))
        return replace(_made(StoredProject, row, sample=bool(row.sample)), **new)

    def projects(self) -> list[StoredProject]:
        """See `Serving.projects`."""
        rows = self._rows(select(projects).order_by("created", "id"))
        return [_made(StoredProject, row, sample=bool(row.sample)) for row in rows]

    def remove_project(self, project: str, version: int | None = None) -> bool:
        """See `Serving.remove_project`."""
        with self._engine.begin() as connection:
            last = connection.scalar(select(projects.c.version).where(projects.c.id == project))
            unchanged(f"The project `{project}`", last or 0, version if last else None)
            for table in (members, belongs):
                connection.execute(delete(table).where(table.c.project == project))
            return connection.execute(delete(projects).where(projects.c.id == project)).rowcount > 0

    def put_member(self, project: str, user: str, role: str) -> None:
        """See `Serving.put_member`."""
        with self._engine.begin() as connection:
            connection.execute(delete(members).where(members.c.project == project, members.c.user == user))
            connection.execute(insert(members).values(project=project, user=user, role=role))

    def members(self, project: str) -> dict[str, str]:
        """See `Serving.members`."""
        rows = self._rows(select(members).where(members.c.project == project).order_by("user"))
        return {row.user: row.role for row in rows}

    def roles(self, user: str) -> dict[str, str]:
        """See `Serving.roles`."""
        rows = self._rows(select(members).where(members.c.user == user).order_by("project"))
        return {row.project: row.role for row in rows}

    def remove_member(self, project: str, user: str) -> bool:
        """See `Serving.remove_member`."""
        mine = (members.c.project == project, members.c.user == user)
        with self._engine.begin() as connection:
            return connection.execute(delete(members).where(*mine)).rowcount > 0

    def place(self, kind: Kind, name: str, projects: Collection[str]) -> None:
        """See `Serving.place`."""
        with self._engine.begin() as connection:
            connection.execute(delete(belongs).where(belongs.c.kind == kind, belongs.c.name == name))
            for project in dict.fromkeys(projects):
                connection.execute(insert(belongs).values(kind=kind, name=name, project=project))

    def places(self, kind: Kind) -> dict[str, tuple[str, ...]]:
        """See `Serving.places`."""
        found: dict[str, tuple[str, ...]] = {}
        for row in self._rows(select(belongs).where(belongs.c.kind == kind).order_by("name", "project")):
            found[row.name] = (*found.get(row.name, ()), row.project)
        return found

    def projects_of(self, kind: Kind, name: str) -> tuple[str, ...]:
        """See `Serving.projects_of`."""
        mine = (belongs.c.kind == kind, belongs.c.name == name)
        return tuple(row.project for row in self._rows(select(belongs).where(*mine).order_by("project")))

    def note(self, who: str, action: str, target: str, detail: str = "") -> None:
        """See `Serving.note`."""
        with self._engine.begin() as connection:
            deed = {"at": _now(), "who": who, "action": action, "target": target, "detail": detail}
            connection.execute(insert(audit).values(**deed))
            last = connection.scalar(select(func.max(audit.c.number))) or 0
            connection.execute(delete(audit).where(audit.c.number <= last - MOST_DEEDS))

    def deeds(self, before: int = 0, limit: int = 50) -> list[Deed]:
        """See `Serving.deeds`."""
        query = select(audit).order_by(audit.c.number.desc()).limit(limit)
        return [_made(Deed, row) for row in self._rows(query.where(audit.c.number < before) if before else query)]

    def forget_deeds(self, before: str) -> None:
        """See `Serving.forget_deeds`."""
        with self._engine.begin() as connection:
            connection.execute(delete(audit).where(audit.c.at < before))

    def settings(self) -> dict[str, object]:
        """See `Serving.settings`."""
        return {row.name: orjson.loads(row.value) for row in self._rows(select(settings))}

    def set(self, name: str, value: object) -> None:
        """See `Serving.set`."""
        with self._engine.begin() as connection:
            connection.execute(delete(settings).where(settings.c.name == name))
            connection.execute(insert(settings).values(name=name, value=orjson.dumps(value).decode()))

    def put_recipe(self, name: str, yaml: str, version: int | None = None, *, new: bool = False) -> StoredRecipe:
        """See `Serving.put_recipe`."""
        with self._engine.begin() as connection:
            old = connection.execute(select(recipes).where(recipes.c.name == name)).first()
            if old is not None and new:
                raise Taken(f"There is a recipe `{name}` already.", "Take another name, or change that one.")
            if old is None and version is not None:
                raise NotFound(f"There is no recipe `{name}`.", "It was removed meanwhile.")
            unchanged(f"The recipe `{name}`", old.version if old else 0, version)
            created, last = (old.created, old.version) if old else (_now(), 0)
            saved = StoredRecipe(name, yaml, last + 1, created, _now())
            _put(connection, recipes, recipes.c.name == name, saved)
        return saved

    def recipes(self) -> list[StoredRecipe]:
        """See `Serving.recipes`."""
        return [_made(StoredRecipe, row) for row in self._rows(select(recipes).order_by("name"))]

    def recipe(self, name: str) -> StoredRecipe | None:
        """See `Serving.recipe`."""
        rows = self._rows(select(recipes).where(recipes.c.name == name))
        return _made(StoredRecipe, rows[0]) if rows else None

    def remove_recipe(self, name: str, version: int | None = None) -> bool:
        """See `Serving.remove_recipe`."""
        with self._engine.begin() as connection:
            last = connection.scalar(select(recipes.c.version).where(recipes.c.name == name))
            unchanged(f"The recipe `{name}`", last or 0, version if last else None)
            connection.execute(delete(belongs).where(belongs.c.kind == "recipe", belongs.c.name == name))
            return connection.execute(delete(recipes).where(recipes.c.name == name)).rowcount > 0

    def _rows(self, query: Select[Any]) -> list[Any]:
        with self._reading() as connection:
            return list(connection.execute(query))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection.execution_options(**{READS: True})


def _put(connection: Connection, table: Table, mine: ColumnElement[bool], row: Any) -> None:
    connection.execute(delete(table).where(mine))
    connection.execute(insert(table).values(**_row(row)))


def _row(of: Any) -> dict[str, Any]:
    """As it is kept: yes and no are 1 and 0."""
    return {name: int(value) if isinstance(value, bool) else value for name, value in asdict(of).items()}


def _made(kind: type[T], row: Any, **changed: Any) -> T:
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: getattr(row, name) for name in names} | changed)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
