"""One named address and key of a provider, as data."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .part import Settings

Positive = Annotated[float, Field(gt=0)]


class Connection(Settings):
    """How to reach a provider. Never holds a key, only where one is.

    `concurrency` is where the number of simultaneous calls starts and its ceiling. `timeout` is in seconds and for
    one HTTP request. `retries` is how often a call that failed for a passing reason is sent again. The capability
    fields (`json_schema`, `system_role`, `raw_completions`, `prefers_raw`, `logprobs`, `prefix_cache`) override
    what the provider declares.
    """

    provider: str
    base_url: str | None = None
    key_env: str | None = None
    api_version: str | None = None
    requests_per_minute: Positive | None = None
    tokens_per_minute: Positive | None = None
    concurrency: Annotated[int, Field(ge=1, le=10_000)] | None = None
    timeout: Positive | None = None
    retries: Annotated[int, Field(ge=0, le=20)] = 6
    json_schema: bool | None = None
    system_role: bool | None = None
    raw_completions: bool | None = None
    prefers_raw: bool | None = None
    logprobs: bool | None = None
    prefix_cache: bool | None = None


def split_model(name: str) -> tuple[str, str]:
    """`connection:model` → (connection, model); the model may hold colons and may be empty."""
    connection, _, model = name.partition(":")
    return connection, model
