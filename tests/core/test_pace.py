import gc

import pytest

from seedbed.core.pace import rare_collections


def test_the_collector_has_the_slowest_pace_asked_for_and_its_own_afterwards():
    usual = gc.get_threshold()
    first, second = rare_collections(20_000), rare_collections(100_000)
    first.__enter__()
    assert gc.get_threshold() == (20_000, *usual[1:])
    second.__enter__()
    assert gc.get_threshold() == (100_000, *usual[1:])
    first.__exit__(None, None, None)  # as from another thread
    assert gc.get_threshold() == (100_000, *usual[1:])
    second.__exit__(None, None, None)
    assert gc.get_threshold() == usual


def test_an_error_leaves_the_usual_pace():
    usual = gc.get_threshold()
    with pytest.raises(KeyError), rare_collections(20_000):
        {}["none"]
    assert gc.get_threshold() == usual
