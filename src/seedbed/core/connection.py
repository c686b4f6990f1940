"""One named address and key of a provider, as data."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field

from .part import Positive, Settings, Share, shaped

VARIABLE = shaped(
    r"[A-Za-z_][A-Za-z0-9_]*",
    "must be the name of an environment variable (letters, digits and _), never the key itself",
)
PROVIDER = shaped(
    r"[a-z][a-z0-9_]{0,23}", "must be the name of a provider, such as openai (a key goes into what `key_env` names)"
)
ADDRESS = shaped(
    r"\s*https?://[^/?#@\s]+(/[^?#@\s]*)?\s*",
    "must be a web address such as http://127.0.0.1:8000/v1, without user name, password or `?…`; a key goes into the "
    "variable that `key_env` names, a version into `api_version`",
)


_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


def _in_seconds(value: Any) -> Any:
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smh]?)\s*", value) if isinstance(value, str) else None
    if found is None and isinstance(value, str):
        raise ValueError('must be a time such as "30s", "10m" or "2h"')
    return float(found[1]) * _UNITS[found[2]] if found else value


class PriceOf(Settings):
    """US dollars for a million tokens."""

    input: Share
    output: Share


class Batching(Settings):
    """How requests are put together where they are asked for in batches.

    A batch is sent when it has `size` requests, or when no further one came for `wait` seconds; `slices` of them may be
    under way at once. After `poll` seconds the provider is asked how far it is, later less and less often.
    """

    size: Annotated[int, Field(ge=1, le=10_000)] = 500
    slices: Annotated[int, Field(ge=1, le=100)] = 4
    wait: Positive = 1.0
    poll: Positive = 10.0


class Connection(Settings):
    """How to reach a provider. Never holds a key, only where one is.

    `concurrency` is where the number of simultaneous calls starts and its ceiling. `timeout` is in seconds and for
    one HTTP request. `retries` is how often a call that failed for a passing reason is sent again. `patience` is how
    long (seconds, or "10m") an address that answered before is waited for while it is out of order; with 0 it is given
    up as soon as that is clear. The capability fields (`json_schema`, `system_role`, `raw_completions`, `prefers_raw`,
    `logprobs`, `prefix_cache`) override what the provider declares. `local` says whether its models run on this machine
    or in its network, where the address does not say it rightly: nothing is masked for those. `prices` are those of its
    models, where the list prices do not hold. `batch` is for recipes that ask in batches.
    """

    # A value that is refused may be a secret.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    provider: Annotated[str, PROVIDER]
    base_url: Annotated[str, ADDRESS] | None = None
    key_env: Annotated[str, VARIABLE] | None = None
    api_version: str | None = None
    requests_per_minute: Positive | None = None
    tokens_per_minute: Positive | None = None
    concurrency: Annotated[int, Field(ge=1, le=10_000)] | None = None
    timeout: Positive | None = None
    retries: Annotated[int, Field(ge=0, le=20)] = 6
    patience: Annotated[
        float,
        BeforeValidator(_in_seconds, json_schema_input_type=float | str),
        Field(strict=True, ge=0, le=604_800, allow_inf_nan=False),
    ] = 600.0
    json_schema: bool | None = None
    system_role: bool | None = None
    raw_completions: bool | None = None
    prefers_raw: bool | None = None
    logprobs: bool | None = None
    prefix_cache: bool | None = None
    local: bool | None = None
    prices: dict[str, PriceOf] = {}
    batch: Batching = Batching()


def split_model(name: str) -> tuple[str, str]:
    """`connection:model` → (connection, model); the model may hold colons and may be empty."""
    connection, _, model = name.partition(":")
    return connection, model
