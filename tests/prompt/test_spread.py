"""The spread of a plan over many lists, whatever their sizes."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.planning.spread import shares, spread

SIZES = st.lists(st.integers(1, 5), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(SIZES, st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_every_value_comes_up_as_often_as_its_share(sizes: list[int], picks: int, seed: int) -> None:
    """No crop, light, backdrop or grade is forgotten or overdone, whatever a style holds and whatever the seed."""
    found = spread([shares(size) for size in sizes], picks, seed=seed)
    every = int(np.prod(sizes))

    assert len(found) == picks
    assert max(Counter(found).values()) <= -(-picks // every)  # none again before all have come
    if picks <= every // 2:  # later, the combinations that are left decide
        for axis, size in enumerate(sizes):
            used = Counter(pick[axis] for pick in found)
            assert all(abs(used[value] - picks * share) <= 3.0 for value, share in enumerate(shares(size)))


def test_pairs_are_as_even_as_they_can_be() -> None:
    """Every light meets every backdrop before any pair has come much more often than its share."""
    found = spread([shares(4), shares(3), shares(5)], 60)

    for a, b in combinations(range(3), 2):
        used, sizes = Counter((pick[a], pick[b]) for pick in found), (4, 3, 5)
        assert len(used) == sizes[a] * sizes[b]


def test_what_is_not_allowed_never_comes() -> None:
    """A selfie without shoulders gets no wide crop, and the others still get all theirs."""
    allowed = np.ones((2, 3), dtype=np.bool_)
    allowed[0, 1:] = False

    found = spread([shares(2), shares(3)], 8, allowed)

    assert {pick for pick in found if pick[0] == 0} == {(0, 0)}
    assert {pick for pick in found if pick[0] == 1} == {(1, 0), (1, 1), (1, 2)}


def test_nothing_to_choose_from_is_a_mistake_of_ours() -> None:
    """An empty list would otherwise plan an empty gallery."""
    with pytest.raises(ValueError, match="every axis"):
        spread([shares(2), np.zeros(0)], 1)
    with pytest.raises(ValueError, match="every axis"):
        spread([shares(2)], 1, np.zeros(2, dtype=np.bool_))
