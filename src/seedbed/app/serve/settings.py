"""What owners set for the whole workspace, and the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .clock import from_now

if TYPE_CHECKING:
    from seedbed.core.stored import Store


@dataclass(frozen=True, slots=True)
class Settings:
    """`private_addresses`: connections may name this machine and private networks though the server is open to others.
    `retention_days`: how long lines of the audit log are kept; as long as there is room without."""

    private_addresses: bool = False
    retention_days: int | None = None


def read(store: Store) -> Settings:
    """What is set."""
    found = store.serving.settings()
    days = found.get("retention_days")
    return Settings(bool(found.get("private_addresses")), days if isinstance(days, int) else None)


def change(store: Store, **values: bool | int | None) -> Settings:
    """Sets what is named."""
    for name, value in values.items():
        store.serving.set(name, value)
    return read(store)


def note(store: Store, who: str, action: str, target: str, detail: str = "") -> None:
    """Adds a line to the audit log; what is older than is to be kept goes."""
    store.serving.note(who, action, target, detail)
    days = read(store).retention_days
    if days is not None:
        store.serving.forget_deeds(from_now(-days))
