"""A gallery in which nothing repeats."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.contract.styles import Backdrop
from engine.ranking.diversity import (
    SAME_LOOK,
    SAME_VARIATION,
    diverse_order,
    look_distance,
    near_identical,
    similarity,
    thumb,
)
from tests.ranking.prints import headshot, lit, recompressed, shot

SLATE, WHITE = (Backdrop(name, "gradient", ("#ffffff",)) for name in ("slate", "white"))


def test_a_copy_of_a_picture_looks_the_same() -> None:
    """Re-encoding or a tenth of a stop does not make a new headshot."""
    first = thumb(headshot())

    assert look_distance(first, first) == 0
    assert look_distance(first, thumb(recompressed(headshot(), 60))) < SAME_LOOK
    assert look_distance(first, thumb(lit(headshot(), 1.07))) < SAME_LOOK
    assert look_distance(first, thumb(lit(headshot(), 0.6))) > SAME_LOOK


def test_one_plan_is_one_picture() -> None:
    """Two seeds of one plan differ in a cloud on the backdrop; another backdrop, crop or selfie is another picture."""
    far = SAME_LOOK + 10

    assert near_identical(shot(0), shot(1), far)
    assert not near_identical(shot(0), shot(1, backdrop=WHITE), far)
    assert not near_identical(shot(0), shot(1, crop="tight"), 0.0)
    assert not near_identical(shot(0), shot(1, selfie_id="other"), 0.0)
    assert near_identical(shot(0), shot(1, backdrop=WHITE), SAME_LOOK - 1)


def test_variations_of_one_headshot_may_differ_a_little() -> None:
    """Whoever asks for more like this gets four pictures, not one: degrees count there, and only copies are left out."""
    one, other = (replace(shot(seed), parent="p" * 16) for seed in (0, 1))

    assert not near_identical(one, other, SAME_VARIATION + 0.1)
    assert near_identical(one, other, SAME_VARIATION - 0.1)
    assert near_identical(one, replace(other, parent=None), SAME_VARIATION + 0.1)


def test_the_best_comes_first_and_then_something_else() -> None:
    """With two equal pictures and one other that is a little worse, the other is second: that is what variety means."""
    alike = np.array([[1.0, 0.98, 0.4], [0.98, 1.0, 0.4], [0.4, 0.4, 1.0]])

    assert diverse_order([0.95, 0.94, 0.90], alike, 3) == [0, 2, 1]


def test_quality_still_decides_between_equally_different_pictures() -> None:
    """Variety never pushes a bad picture before a good one that is as different."""
    alike = np.full((4, 4), 0.3) + 0.7 * np.eye(4)

    assert diverse_order([0.5, 0.9, 0.7, 0.8], alike, 4) == [1, 3, 2, 0]


@given(st.integers(1, 12), st.integers(0, 15), st.integers(0, 2**16))
def test_every_index_comes_at_most_once(n: int, count: int, seed: int) -> None:
    """For any merits and likenesses, equal pictures included, the order is a part of a permutation."""
    random = np.random.default_rng(seed)
    points = random.normal(size=(n, 3)).round(0)
    alike = np.exp(-((points[:, None] - points[None]) ** 2).sum(2))

    order = diverse_order(random.uniform(0.1, 1, n).tolist(), alike, count)

    assert len(order) == len(set(order)) == min(n, count)
    assert set(order) <= set(range(n))


def test_the_short_list_of_a_long_plan_is_varied() -> None:
    """Forty candidates of four backdrops, five crops and two selfies: the first eight hold every backdrop and both selfies."""
    crops = ("classic", "tight", "wide", "square", "three-four")
    plans = [
        shot(i, backdrop=Backdrop(f"b{i % 4}", "gradient"), crop=crops[i % 5], selfie_id="xy"[i // 20])
        for i in range(40)
    ]
    random = np.random.default_rng(1)
    alike = similarity(plans, [thumb(headshot())] * 40)

    short = [plans[i] for i in diverse_order(random.uniform(0.9, 0.95, 40).tolist(), alike, 8)]

    assert {plan.backdrop.name for plan in short} == {"b0", "b1", "b2", "b3"}
    assert {plan.selfie_id for plan in short} == {"x", "y"}
