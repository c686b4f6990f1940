"""A project to look around in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..workspace import Workspace


def ensure_sample(workspace: Workspace) -> None:
    """Makes it."""
    del workspace
