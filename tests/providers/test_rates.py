from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from seedbed.core.chat import RateState
from seedbed.providers.rates import OPENAI_NAMES, rate_state, retry_after, seconds_in


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("20ms", 0.02),
        ("1h2m3.5s", 3723.5),
        ("1d", 86400.0),
        ("0", 0.0),
        ("12.5", 12.5),
        ("-3", 0.0),
    ],
)
def test_durations(value: str, seconds: float) -> None:
    assert seconds_in(value) == pytest.approx(seconds)


def test_moments() -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    for value in (later.isoformat(), later.strftime("%Y-%m-%dT%H:%M:%SZ"), format_datetime(later, True)):
        assert seconds_in(value) == pytest.approx(3600, abs=60)


@pytest.mark.parametrize("value", ["", "soon", "5 parsecs", "inf", "nan", "1s later", None])
def test_nonsense_is_nothing(value: str | None) -> None:
    assert seconds_in(value) is None


def test_a_moment_that_has_passed_is_now() -> None:
    assert seconds_in("Wed, 21 Oct 2015 07:28:00 GMT") == 0


def test_milliseconds_are_more_exact_than_seconds() -> None:
    assert retry_after({"retry-after-ms": "250", "retry-after": "1"}, None) == 0.25


def test_without_a_word_it_is_until_what_is_used_up_comes_back() -> None:
    rate = RateState(requests_left=3, requests_reset=1, tokens_left=0, tokens_reset=40)
    assert retry_after({}, rate) == 40
    assert retry_after({"retry-after": "2"}, rate) == 2
    assert retry_after({}, RateState(requests_left=3, requests_reset=1)) is None
    assert retry_after({}, None) is None


def test_headers_without_meaning_are_left_out() -> None:
    assert rate_state({}, OPENAI_NAMES) is None
    odd = {"x-ratelimit-remaining-requests": "-1", "x-ratelimit-remaining-tokens": "many"}
    assert rate_state(odd, OPENAI_NAMES) == RateState()
