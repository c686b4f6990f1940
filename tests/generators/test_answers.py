"""What small models write instead of a text is no record."""

from __future__ import annotations

import pytest

from seedbed.core.attempt import Failure
from seedbed.core.chat import Completion
from seedbed.core.record import Record
from seedbed.generators.answers import to_records


@pytest.mark.parametrize("reply", ['{"text": "…"}', '{"text": "..."}', "…", "Here is the text:"])
def test_a_copied_placeholder_is_no_text(reply):
    [found] = to_records(Completion(reply), ["text"], {})
    assert isinstance(found, Failure)
    assert found.reason == "unparseable"


def test_an_emoji_is_a_text():
    [found] = to_records(Completion('{"text": "👍"}'), ["text"], {"label": "polite"})
    assert isinstance(found, Record)
    assert found.values == {"text": "👍", "label": "polite"}
