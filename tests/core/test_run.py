"""The accounts of a run: every slot is somewhere, and shares are of what they say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.quota import Axis, apportion
from seedbed.core.run import DUPLICATES, Accounts

ENDS = (
    ("accepted", ""),
    ("surplus", ""),
    ("failed", "http"),
    ("rejected", "length"),
    *(("rejected", reason) for reason in DUPLICATES),
)


def test_what_was_masked_is_told_where_something_is_to_be_masked() -> None:
    accounts = Accounts.of(apportion(1, []))
    accounts.call("a", (1, 1), None, 1)
    assert "redacted" not in accounts.as_dict()
    assert Accounts.like({"cells": [], "redacted": {"email": 1}}).as_dict()["redacted"] == {}
    accounts.call("a", (1, 1), None, 3, {"phone": 2})
    accounts.call("a", (1, 1), None, 1, {"email": 1, "phone": 1})
    assert accounts.as_dict()["redacted"] == {"email": 1, "phone": 3}


@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["a", "b"]), st.sampled_from(ENDS), st.integers(1, 9))))
def test_the_accounts_add_up_and_rates_are_shares_of_attempts(slots) -> None:
    accounts = Accounts.of(apportion(10, [Axis.of("label", {"polite": 1, "rude": 1})]))
    for cell, model, (state, reason), count in slots:
        accounts.slot(cell, model, state, reason, count)
    figures = accounts.as_dict()
    handed_out = sum(count for *_, count in slots)
    parts = figures["accepted"] + figures["surplus"]
    parts += sum(figures["rejected"].values()) + sum(figures["failed"].values())
    assert figures["attempts"] == parts == handed_out
    duplicates = figures["duplicates"]
    for axis, names in (("by_label", ["polite", "rude"]), ("by_model", ["a", "b"])):
        for place, name in enumerate(names):
            own = [s for s in slots if (s[0] == place if axis == "by_label" else s[1] == name)]
            found = sum(count for *_, (_, reason), count in own if reason in DUPLICATES)
            total = sum(count for *_, count in own)
            assert duplicates[axis].get(name, 0) == found
            assert duplicates["rates"][axis].get(name, 0) == (round(found / total, 4) if total else 0)
