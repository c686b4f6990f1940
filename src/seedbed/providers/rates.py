"""What the headers of an answer say about limits."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

from seedbed.core.chat import RateState

if TYPE_CHECKING:
    from collections.abc import Mapping

_PIECE = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class RateNames(NamedTuple):
    """How a provider calls its headers."""

    requests_left: str
    requests_reset: str
    tokens_left: str
    tokens_reset: str


OPENAI_NAMES = RateNames(
    "x-ratelimit-remaining-requests",
    "x-ratelimit-reset-requests",
    "x-ratelimit-remaining-tokens",
    "x-ratelimit-reset-tokens",
)


def rate_state(headers: Mapping[str, str], names: RateNames) -> RateState | None:
    """What is left until the reset, if the headers (found in any case) say so."""
    requests, tokens = headers.get(names.requests_left), headers.get(names.tokens_left)
    if requests is None and tokens is None:
        return None
    return RateState(
        requests_left=_count(requests),
        requests_reset=seconds_in(headers.get(names.requests_reset)),
        tokens_left=_count(tokens),
        tokens_reset=seconds_in(headers.get(names.tokens_reset)),
    )


def retry_after(headers: Mapping[str, str], rate: RateState | None) -> float | None:
    """Seconds to wait: as the server says, else until what is used up is reset."""
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return max(0.0, milliseconds / 1000)
    if (asked := seconds_in(headers.get("retry-after"))) is not None:
        return asked
    if rate is None:
        return None
    pairs = ((rate.requests_left, rate.requests_reset), (rate.tokens_left, rate.tokens_reset))
    return max((reset for left, reset in pairs if left == 0 and reset is not None), default=None)


def seconds_in(value: str | None) -> float | None:
    """Seconds from now of `20`, `1.5s`, `6m0s`, `20ms`, an HTTP date or an RFC 3339 time."""
    if not value:
        return None
    if (number := _number(value)) is not None:
        return max(0.0, number)
    pieces = _PIECE.findall(value)
    if pieces and "".join(number + unit for number, unit in pieces) == value.strip():
        return sum(float(number) * _UNITS[unit] for number, unit in pieces)
    moment = _moment(value)
    return None if moment is None else max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _moment(value: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(value.strip())
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _count(value: str | None) -> int | None:
    number = _number(value)
    return None if number is None or number < 0 else int(number)


def _number(value: str | None) -> float | None:
    try:
        number = float(value) if value else None
    except ValueError:
        return None
    return number if number is not None and abs(number) < 1e9 else None
