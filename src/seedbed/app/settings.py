"""The one place where the environment is read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from seedbed.providers.model_part import ModelFileSettings

WORKSPACE = ".seedbed"
HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class AppSettings:
    """Where things are on this machine."""

    workspace: Path
    files: ModelFileSettings


def load_settings(workspace: str | Path | None = None) -> AppSettings:
    """Settings from the environment; `workspace` wins over SEEDBED_WORKSPACE, that over `.seedbed` here."""
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
    )


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
