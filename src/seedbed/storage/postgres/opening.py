"""How a PostgreSQL database is opened."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from seedbed.core.errors import InputError, MissingExtra, SeedbedError, StoreFailed

from ..reading import READS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import ExceptionContext

DRIVER: Final = "postgresql+psycopg"
SCHEMES: Final = ("postgresql", "postgres", DRIVER)

APPENDS: Final = "seedbed_appends"
"""Execution option of engines whose transactions write rows of one run: they need not wait for other writers."""

WRITERS: Final = 5_307_001
"""The advisory lock of whoever writes: one at a time, as in a file."""

NUMBERS: Final = 5_307_002
"""The advisory lock of whoever takes numbers of records: they become visible in their order."""

HUNG: Final = "SET idle_in_transaction_session_timeout = '20s'"
"""A process that hangs in the middle of a transaction holds its locks no longer: nobody else could write."""

KEPT_OPEN, MOST_OPEN, PATIENCE = 4, 20, 60
"""Connections of a process that stay open, those it has at most, and the seconds that it waits for one."""

PLANNING: Final = (
    "SET jit = off; SET max_parallel_workers_per_gather = 0;"
    " SET random_page_cost = 1.1; SET plan_cache_mode = force_custom_plan"
)
"""Statements are short, indexes lie in memory or on disks without heads, and plans depend on what is looked for."""

_HINTS: Final = (
    ("password", "Check the user and the password in the database's address."),
    ("role ", "Check the user in the database's address."),
    ("does not exist", "Make it first: createdb NAME"),
    ("", "Check that the server runs and can be reached, and the database's address."),
)


def parsed(address: str) -> URL:
    """The address of a PostgreSQL database, for our driver.

    Raises:
        InputError: it is none.
    """
    try:
        url = make_url(address.strip())
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in SCHEMES or not url.database:
        raise InputError(
            f"The database's address {_scheme(address)} is none of PostgreSQL.",
            "Write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE",
        )
    if secret := url.query.get("password"):  # where no `repr` shows it
        url = url.set(password=str(secret)).difference_update_query(["password"])
    return url.set(drivername=DRIVER)


def shown(url: URL) -> str:
    """An address as people may see it: without the password and what else may be secret."""
    return URL.create("postgresql", url.username, None, url.host, url.port, url.database).render_as_string()


def open_postgres(url: URL, most: int = MOST_OPEN) -> Engine:
    """The database of an address; errors of the driver become ours.

    Whoever writes waits for the others, as in a file, but for those who append to a run of theirs (see `appending`).
    At most so many connections are open at once.

    Raises:
        MissingExtra: there is no driver.
    """
    try:
        import psycopg
    except ImportError as error:
        raise MissingExtra("A PostgreSQL database", "postgres") from error
    engine = create_engine(
        url,
        pool_size=min(KEPT_OPEN, most),
        max_overflow=max(0, most - KEPT_OPEN),
        pool_timeout=PATIENCE,
        pool_pre_ping=True,
        use_native_hstore=False,
        connect_args={"connect_timeout": 10, "application_name": "seedbed"},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: psycopg.Connection, _: object) -> None:
        from .values import register

        register(connection)  # type: ignore[arg-type]
        connection.execute(PLANNING)
        connection.execute(HUNG)
        connection.commit()

    @event.listens_for(engine, "handle_error")
    def translate(context: ExceptionContext) -> None:
        # One that is tried before it is used may be gone: it is replaced, and nobody hears of it.
        if isinstance(context.original_exception, psycopg.Error) and not context.is_pre_ping:
            raise _translated(context.original_exception, url) from context.original_exception

    @event.listens_for(engine, "set_connection_execution_options")
    def read(connection: Connection, options: dict[str, Any]) -> None:
        if options.get(READS):  # each statement by itself, as in a file: there is nothing to begin and to end
            connection.execution_options(isolation_level="AUTOCOMMIT")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get(READS) and not options.get(APPENDS):
            _take(connection, WRITERS)

    return engine


def appending(engine: Engine) -> Engine:
    """The same database for transactions that only append rows to a run that is theirs.

    They wait for no other writer; before they take numbers of records they call `in_order`.
    """
    return engine.execution_options(**{APPENDS: True}) if engine.dialect.name == "postgresql" else engine


def in_order(connection: Connection) -> None:
    """Until this transaction ends nobody else takes numbers of records.

    A sequence gives numbers out when rows are written, and the rows are seen when their transaction ends: without this
    lock a lower number could appear after a higher one, and those who follow by number would never see it.
    """
    if connection.dialect.name == "postgresql":
        _take(connection, NUMBERS)


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Errors of the driver become ours where it is used without the engine."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        raise _translated(error, url) from error


def _take(connection: Connection, lock: int) -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({lock})")


def _translated(error: BaseException, url: URL) -> SeedbedError:
    import psycopg

    words = _words(error, url)
    state = getattr(error, "sqlstate", None)
    if isinstance(error, psycopg.OperationalError) and (state is None or state[:2] in ("28", "3D")):
        hint = next(hint for sign, hint in _HINTS if sign in words)
        return StoreFailed(f"The database {shown(url)} cannot be used: {words}.", hint)
    return StoreFailed(
        f"The database {shown(url)} refused: {words}.", "See the log of the PostgreSQL server, then try again."
    )


def _words(error: BaseException, url: URL) -> str:
    """What the driver says in one line, without the password."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    words = (lines[-1] if lines and "FATAL" in lines[-1] else lines[0] if lines else type(error).__name__).rstrip(".")
    words = re.sub(r"^.*?(FATAL|ERROR):\s*|^connection failed: ", "", words)
    return words.replace(url.password, "…") if url.password else words


def _scheme(address: str) -> str:
    """As much of an address that is wrong as can be shown: no password is in its scheme."""
    scheme, found, _ = address.partition("://")
    return f"{scheme[:20]}://…" if found and scheme.isprintable() else "that was given"
