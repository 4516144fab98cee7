"""The bar of the ranking: a clean headshot outranks its spoiled copy."""

from functools import cache

import pytest

from engine.contract.crops import CROPS
from engine.contract.pixels import Rgb8
from engine.contract.styles import CropName
from engine.ranking.measures import measure
from engine.ranking.skin import usual_skin
from engine.ranking.totals import total
from tests.ranking.prints import headshot, lit, only_face, spoiled

FAULTS = tuple(spoiled(headshot()))


@cache
def _score(crop: CropName, fault: str = "") -> float:
    picture = spoiled(headshot(crop))[fault] if fault else headshot(crop)
    return _total(picture, crop)


def _total(picture: Rgb8, crop: CropName) -> float:
    return total(measure(picture, only_face(picture), crop=CROPS[crop]))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("crop", ["classic", "square-tight"])
def test_a_clean_headshot_outranks_its_spoiled_copy(crop: CropName, fault: str) -> None:
    """For whoever looks at the gallery: the first picture is never the one with the fault, not even without others to compare."""
    assert _score(crop) > _score(crop, fault)


def test_a_rosy_skin_in_green_light_is_seen_beside_the_others() -> None:
    """Absolute limits cannot tell a cast from a complexion; the other pictures of the same person can."""
    pictures = [headshot(crop) for crop in ("classic", "square", "tight")]
    usual = usual_skin([(picture, only_face(picture), False) for picture in pictures])
    slightly_green = lit(headshot(), 0.92, 1.06, 0.92)
    face = only_face(slightly_green)

    alone = measure(slightly_green, face)["colour"]
    beside = measure(slightly_green, face, usual=usual)["colour"]

    assert usual is not None
    assert beside < alone
