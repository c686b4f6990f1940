"""What owners set for the whole workspace, and the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from seedbed.core.serving.editions import edition, unchanged

from .clock import from_now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.stored import Store


SETTINGS: Final = "+settings"
"""Who sets something, in whatever process, does so alone."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`private_addresses`: connections may name this machine and private networks though the server is open to others.
    `retention_days`: how long lines of the audit log, jobs that have ended and logins that are not used are kept; as
    long as there is room without. What was made stays: datasets, runs, reports and spot checks."""

    private_addresses: bool = False
    retention_days: int | None = None


def read(store: Store) -> Settings:
    """What is set."""
    found = store.serving.settings()
    days = found.get("retention_days")
    return Settings(bool(found.get("private_addresses")), days if isinstance(days, int) else None)


def version_of(settings: Settings) -> int:
    """The version of what is set: another one wherever something else is."""
    return edition(settings.private_addresses, settings.retention_days)


def change(store: Store, values: Mapping[str, bool | int | None], version: int | None = None) -> Settings:
    """Sets what is named, where what is set has the `version`, or any.

    Raises:
        Changed: it has another version.
    """
    with store.naming(SETTINGS):
        unchanged("What is set", version_of(read(store)), version)
        for name, value in values.items():
            store.serving.set(name, value)
    forget(store)
    return read(store)


def forget(store: Store) -> None:
    """What is older than is to be kept goes: lines of the audit log, ended jobs, logins."""
    days = read(store).retention_days
    if days is None:
        return
    before = from_now(-days)
    store.serving.forget_deeds(before)
    store.serving.end_sessions(before=before)
    store.jobs.forget(before)


def note(store: Store, who: str, action: str, target: str, detail: str = "") -> None:
    """Adds a line to the audit log; what is older than is to be kept goes."""
    store.serving.note(who, action, target, detail)
    forget(store)
