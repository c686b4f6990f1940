"""The one place where the environment is read."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_cache_path

from seedbed.core.errors import InputError, nearest
from seedbed.providers.model_part import ModelFileSettings

WORKSPACE = ".seedbed"
FILE = "seedbed.db"
DATABASE = "SEEDBED_DATABASE_URL"
LEASE = "SEEDBED_LEASE_SECONDS"
HUB = "https://huggingface.co"


LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("json", "text")


@dataclass(frozen=True, slots=True)
class LogSettings:
    """How lines of the log are written, and the least level of those that are; "" where nobody chose."""

    format: str = ""
    level: str = ""

    @property
    def chosen(self) -> bool:
        """Whether anything was."""
        return bool(self.format or self.level)

    @property
    def least(self) -> str:
        """The least level, as `logging` names it: who wants JSON wants each request."""
        return (self.level or ("info" if self.format == "json" else "warning")).upper()


@dataclass(frozen=True, slots=True)
class AppSettings:
    """Where things are on this machine.

    `database` is the address of a PostgreSQL database, with its password; "" where the store is a file of the
    workspace. `lease` is for how many seconds its processes own what they work on without renewing that.
    """

    workspace: Path
    files: ModelFileSettings
    database: str = field(default="", repr=False)
    lease: float = 15.0


def load_settings(workspace: str | Path | None = None, database_url: str | None = None) -> AppSettings:
    """Settings from the environment; `workspace` wins over SEEDBED_WORKSPACE, that over `.seedbed` here.

    `database_url` wins over SEEDBED_DATABASE_URL. That of a file names its workspace, too.

    Raises:
        InputError: the address names no database of Seedbed, or SEEDBED_LEASE_SECONDS is no length of time.
    """
    folder, database = _database(database_url or os.environ.get(DATABASE) or "")
    if folder is not None and (database_url or not workspace):
        workspace = folder
    models = os.environ.get("SEEDBED_MODELS")
    hub_cache = os.environ.get("HF_HUB_CACHE")
    if not hub_cache:
        hub_home = os.environ.get("HF_HOME")
        hub_cache = str(Path(hub_home) / "hub") if hub_home else str(Path.home() / ".cache" / "huggingface" / "hub")
    return AppSettings(
        workspace=Path(workspace or os.environ.get("SEEDBED_WORKSPACE") or WORKSPACE).absolute(),
        files=ModelFileSettings(
            cache=Path(models) if models else user_cache_path("seedbed") / "models",
            offline=_flag("SEEDBED_OFFLINE") or _flag("HF_HUB_OFFLINE"),
            hub_url=os.environ.get("HF_ENDPOINT") or HUB,
            hub_cache=Path(hub_cache),
        ),
        database=database,
        lease=_seconds(os.environ.get(LEASE) or "15"),
    )


def environment_of(settings: AppSettings) -> dict[str, str]:
    """The environment of processes that work for this one, in which they find the same database.

    Not on their command lines: those are seen by all users of a machine.
    """
    return {**os.environ, DATABASE: settings.database, LEASE: str(settings.lease)}


def _database(url: str) -> tuple[Path | None, str]:
    """The workspace that an address names, if it is that of a file; the address, if it is one of PostgreSQL."""
    kind, _, path = url.strip().partition("://")
    if not url:
        return None, ""
    if kind.partition("+")[0] in ("postgresql", "postgres"):
        from seedbed.storage.postgres.opening import parsed

        parsed(url)
        return None, url.strip()
    if kind != "sqlite" or not path.startswith("/") or Path(path).name != FILE:
        shown = f"{kind[:20]}://…" if path else "that was given"
        raise InputError(
            f"The database's address {shown} names no database of Seedbed.",
            "As in: postgresql://USER:PASSWORD@HOST/NAME or sqlite:////srv/seedbed/seedbed.db",
        )
    return Path(path[1:]).parent, ""


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0.2 <= found <= 3600:
        raise InputError(
            f"{LEASE} is to be a number of seconds from 0.2 to 3600.", "Set it to such a number, or not at all."
        )
    return found


def log_settings(form: str | None = None, level: str | None = None) -> LogSettings:
    """How to log: as given, else by SEEDBED_LOG_FORMAT and SEEDBED_LOG_LEVEL.

    Raises:
        InputError: there is no such format or level.
    """
    found = []
    for given, name, option, known in (
        (form, "SEEDBED_LOG_FORMAT", "--log-format", FORMATS),
        (level, "SEEDBED_LOG_LEVEL", "--log-level", LEVELS),
    ):
        value = (given or os.environ.get(name) or "").lower()
        if value and value not in known:
            raise InputError(
                f"{option if given else name} {value[:40]}: there is no such thing.", nearest(value, known)
            )
        found.append(value)
    return LogSettings(*found)


def pass_on(log: LogSettings) -> None:
    """Lets the processes that this one starts log in the same way."""
    for name, value in (("SEEDBED_LOG_FORMAT", log.format), ("SEEDBED_LOG_LEVEL", log.level)):
        if value:
            os.environ[name] = value


def server_address() -> str | None:
    """The server that commands work at, if any."""
    return os.environ.get("SEEDBED_SERVER") or None


def server_token() -> str | None:
    """The API token for it."""
    return os.environ.get("SEEDBED_TOKEN") or None


def environment_value(name: str) -> str | None:
    """The value of a variable that holds a key; None if it is unset or empty."""
    return os.environ.get(name) or None


def editor() -> str | None:
    """The command of the user's text editor."""
    return os.environ.get("VISUAL") or os.environ.get("EDITOR") or None


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")
