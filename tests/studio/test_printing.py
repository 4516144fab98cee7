"""The printer's kernels."""

import numpy as np

from engine.colour import decode
from engine.contract.styles import Grade
from engine.renderers.studio.light import CHANNELS
from engine.renderers.studio.printing import print_frame

PLAIN = Grade(contrast=0, vignette=0, grain=0, spill=0, wrap=0)


def _printed(
    linear: np.ndarray, alpha: np.ndarray, grade: Grade, backdrop: float = 0.2, gain: float = 1.0
) -> np.ndarray:
    light = np.zeros((16, 16, CHANNELS), np.float32)
    light[..., :3] = gain
    base = (np.sqrt(linear / 1.5) * 65535 + 0.5).astype(np.uint16)
    wall = np.full((20, 16, 3), backdrop, np.float32)
    return print_frame(
        base,
        (alpha * 65535).astype(np.uint16),
        light,
        (0.0, 0.0, 16 / linear.shape[0]),
        wall,
        wall[::4, ::4].copy(),
        np.zeros((5, 4), np.float32),
        np.zeros((512, 512), np.float32),
        grade,
    )


def test_a_neutral_print_gives_back_the_pixels() -> None:
    """With neutral light and grade the person's own pixels come out as they went in, below the highlight shoulder."""
    pixels = np.random.default_rng(3).integers(8, 226, (80, 64, 3)).astype(np.uint8)

    out = _printed(decode(pixels / 255), np.ones((80, 64)), PLAIN)

    assert np.abs(out.astype(int) - pixels).max() <= 1


def test_the_backdrop_shows_where_the_person_is_not() -> None:
    """Half coverage is half of each in linear light, as in a real lens."""
    person = np.full((40, 32, 3), 0.6, np.float32)
    alpha = np.zeros((40, 32))
    alpha[:, 16:] = 0.5

    out = _printed(person, alpha, PLAIN) / 255

    assert abs(float(decode(out[20, 4]).mean()) - 0.2) < 0.005
    assert abs(float(decode(out[20, 28]).mean()) - 0.4) < 0.005


def test_highlights_roll_off_instead_of_clipping() -> None:
    """Twice the light on bright skin stays below white and keeps its order."""
    ramp = np.tile(np.linspace(0.3, 0.9, 64, dtype=np.float32)[None, :, None], (80, 1, 3))

    out = _printed(ramp, np.ones((80, 64)), PLAIN, gain=2.0)[40, :, 1].astype(int)

    assert out.max() < 255
    assert (np.diff(out) >= 0).all()


def test_black_and_white_has_one_tint() -> None:
    """A monochrome print has the same faint warm tone everywhere."""
    pixels = np.random.default_rng(4).random((80, 64, 3)).astype(np.float32) * 0.7

    out = _printed(pixels, np.ones((80, 64)), Grade(contrast=0, vignette=0, grain=0, spill=0, wrap=0, monochrome=True))

    assert np.abs(out[..., 0].astype(int) - out[..., 2]).max() <= 8


def test_pictures_do_not_depend_on_the_number_of_rows_a_thread_gets() -> None:
    """Strips meet without a seam: printing the top half alone gives the top half of the whole."""
    pixels = np.random.default_rng(5).random((80, 64, 3)).astype(np.float32) * 0.7
    whole = _printed(pixels, np.ones((80, 64)), PLAIN)

    again = _printed(pixels, np.ones((80, 64)), PLAIN)

    assert np.array_equal(whole, again)
