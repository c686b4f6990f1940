"""The tables an index is kept in, against a dictionary and a list."""

import random
from math import lcm

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.near.table import Table

HASHES = st.integers(-(2**63), 2**63 - 1) | st.integers(0, 40) | st.integers(0, 40).map(lambda high: high << 61)


@pytest.mark.parametrize(("bits", "mask"), [(40, 2**40 - 1), (60, 2**60 - 1)])
@given(given=st.lists(st.tuples(HASHES, st.integers(0, 2**32 - 1), st.booleans())), asked=st.lists(HASHES))
def test_a_table_holds_what_a_dictionary_holds(
    bits: int, mask: int, given: list[tuple[int, int, bool]], asked: list[int]
) -> None:
    table, known = Table(bits), dict[int, int]()

    def name(hashed: int) -> tuple[int, int]:
        """What of a hash counts: its lowest bits, and of the others none and one are the same."""
        return hashed & 255, (hashed & mask) >> 8 or 1

    for hashed, number, keeps in given:
        if keeps:
            assert table.setdefault(hashed, number) == known.setdefault(name(hashed), number)
        else:
            table.put(hashed, number)
            known[name(hashed)] = number
    asked = [*asked, *(hashed for hashed, _, _ in given)]
    assert [table.get(hashed) for hashed in asked] == [known.get(name(hashed), -1) for hashed in asked]
    assert table.among(asked) == [known[name(hashed)] for hashed in asked if name(hashed) in known]


@pytest.mark.parametrize("bits", [40, 60])
def test_a_table_of_many_loses_none_while_it_grows(bits: int) -> None:
    rng, table = random.Random(1), Table(bits)
    hashes = [rng.getrandbits(63) for _ in range(30_000)]
    for number, hashed in enumerate(hashes):
        table.put(hashed, number)
    assert [table.get(hashed) for hashed in hashes] == list(range(30_000))
    assert table.among(rng.getrandbits(63) for _ in range(30_000)) == []


def test_marks_that_want_one_place_all_find_their_own() -> None:
    """All in one part, and the same place first in every size the part grows through."""
    table = Table(60)
    hashes = [number * lcm(8, 10, 13, 17, 22, 29, 38, 50, 66, 88) << 8 for number in range(1, 60)]
    for number, hashed in enumerate(hashes):
        table.put(hashed, number)
    assert [table.get(hashed) for hashed in hashes] == list(range(59))
