"""Times as the store keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> str:
    """The time, ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def from_now(days: float) -> str:
    """The time in so many days, before now if they are negative."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")
