"""What is read in a reference picture, and what is answered when nothing can be."""

import re
from dataclasses import asdict

import numpy as np
import pytest

from engine.contract.errors import PersonError
from engine.contract.selfies import Photo
from engine.faces.analyzer import MeshFaceAnalyzer
from engine.references.measures import LEAST_PX, read_reference, reading_of
from engine.references.reading import Reading
from tests.references.pictures import picture, png

COLOUR = re.compile("#[0-9a-f]{6}")


def _reading(rgb: np.ndarray) -> Reading:
    return reading_of(rgb, MeshFaceAnalyzer())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "reference_unusable"),
        (b"<html><body>Sign in</body></html>", "reference_unusable"),
        (png(np.random.default_rng(1).integers(0, 255, (LEAST_PX - 1, 400, 3)).astype(np.uint8)), "reference_too_small"),
        (png(np.full((300, 300, 3), 140, np.uint8)), "reference_blank"),
    ],
)  # fmt: skip
def test_a_picture_that_says_nothing_is_answered_with_advice(data: bytes, code: str) -> None:
    """The person hears which picture it is about and what to do; the advice for a damaged file is that of a selfie."""
    with pytest.raises(PersonError, match=code) as refused:
        read_reference(Photo("look", data), MeshFaceAnalyzer())

    if code == "reference_unusable":
        assert str(refused.value.facts["advice"]).endswith(".")


def test_the_same_picture_reads_the_same() -> None:
    """A shoot that goes on after a crash plans the same shots."""
    assert _reading(picture("warm-office")) == _reading(picture("warm-office"))


def test_people_are_not_part_of_the_ground() -> None:
    """The orange suit of the sitter is not taken for the wall, nor her hair for its shadows."""
    ground = _reading(picture("linkedin-white")).ground

    assert ground is not None
    assert all(min(int(colour[at : at + 2], 16) for at in (1, 3, 5)) > 190 for colour in ground.layout)


def test_paper_rests_and_places_do_not() -> None:
    """What decides between a painted backdrop and a place out of focus."""
    unrest = {name: getattr(_reading(picture(name)).ground, "unrest", 0) for name in ("linkedin-white", "warm-office")}

    assert unrest["linkedin-white"] < 2 < 9 < unrest["warm-office"]


def test_lamps_are_seen_at_night_only() -> None:
    """City lights become lights again; a bright window by day is no lamp."""
    night, day = (_reading(picture(name)).ground for name in ("city-evening", "warm-office"))

    assert night is not None
    assert day is not None
    assert len(night.lamps) == 6
    assert day.lamps == ()


def test_a_black_and_white_photograph_is_one_and_a_grey_wall_is_not() -> None:
    """A picture of a wall asks for a wall, not for a print without colour."""
    wall = np.random.default_rng(2).normal(128, 6, (300, 300, 1)).clip(0, 255).astype(np.uint8).repeat(3, 2)

    assert _reading(picture("classic-bw")).monochrome
    assert not _reading(picture("navy")).monochrome
    assert not _reading(wall).monochrome


def test_nothing_is_kept_but_numbers_and_colours() -> None:
    """No pixels, no embedding, no landmarks: who stands in the picture cannot be found again in what is read of it."""
    reading = _reading(picture("warm-office"))
    assert reading.ground is not None
    assert reading.light is not None
    values = [value for record in (reading, reading.ground, reading.light) for value in asdict(record).values()]
    flat = [part for value in values for part in (value if isinstance(value, tuple) else (value,))]

    assert all(isinstance(part, bool | float | dict) or COLOUR.fullmatch(part) for part in flat)
    assert len(flat) < 40


def test_a_mirrored_picture_has_the_same_light() -> None:
    """The side is the selfie's to say, so it is not read."""
    rgb = picture("navy")
    one, other = _reading(rgb).light, _reading(np.ascontiguousarray(rgb[:, ::-1])).light

    assert one is not None
    assert other is not None
    assert abs(one.ratio - other.ratio) < 0.3
