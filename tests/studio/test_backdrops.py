"""Painted backdrops."""

import numpy as np
import pytest

from engine.contract.styles import Backdrop, BackdropKind
from engine.renderers.studio.backdrops import PAINTERS
from engine.renderers.studio.backdrops.photographs import hung_picture, own_surroundings

SCENES = {"office": ("day", "warm"), "bokeh": ("city", "green", "warm", "evening")}
COLOURS: dict[str, tuple[str, ...]] = {
    "gradient": ("#8f969e", "#3c4148"),
    "canvas": ("#4a6285", "#16202f"),
    "haze": ("#d8d2c4", "#4a6285"),
}
ALL = [(kind, scene) for kind in PAINTERS for scene in SCENES.get(kind, ("",))]


@pytest.mark.parametrize(("kind", "scene"), ALL)
def test_a_backdrop_is_the_same_for_the_same_seed_and_another_for_another(kind: BackdropKind, scene: str) -> None:
    """A recipe reproduces its backdrop to the byte, and two colleagues do not get the same shelf."""
    backdrop = Backdrop("b", kind, COLOURS.get(kind, ()), scene)  # type: ignore[arg-type]

    first, again, other = (PAINTERS[kind](backdrop, 160, 128, np.random.default_rng(seed)) for seed in (1, 1, 2))

    assert first.shape == (160, 128, 3)
    assert np.isfinite(first).all()
    assert first.min() > -0.05
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_paper_has_the_brand_colours() -> None:
    """The centre of a gradient is its first colour and the far corner its second, to within two 8-bit steps or so."""
    paper = PAINTERS["gradient"](Backdrop("b", "gradient", ("#204080", "#102040")), 200, 160, np.random.default_rng(0))
    wanted = np.array([0.01444, 0.05127, 0.21586])

    assert paper[84, 80] == pytest.approx(wanted, rel=0.05)
    assert paper[-1, 0].mean() < 0.5 * paper[84, 80].mean()


def test_own_surroundings_hide_the_person() -> None:
    """Behind a sitter who was cut out, their photo's wall goes on: no ghost of the person is left to see."""
    wall = np.full((120, 100, 3), 0.4, np.float32)
    person = np.zeros((120, 100), np.float32)
    person[30:, 30:70] = 1
    photo = wall.copy()
    photo[30:, 30:70] = (0.9, 0.1, 0.1)

    behind = own_surroundings(Backdrop("own", "original", blur=0.02), photo, person)

    assert np.abs(behind - 0.4).max() < 0.03


def test_a_hung_picture_covers_the_frame_without_stretching() -> None:
    """A wide company picture fills a portrait frame: its middle is shown, its sides are cut."""
    picture = np.zeros((100, 300, 3), np.uint8)
    picture[:, 100:200] = 200

    hung = hung_picture(Backdrop("own", "picture", blur=0), picture, 200, 160)

    assert hung.shape == (200, 160, 3)
    assert hung[100, 80, 0] > 0.5
    assert hung[100].min() > 0.5
