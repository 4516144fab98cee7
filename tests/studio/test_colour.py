"""Colour arithmetic that every renderer rests on."""

import numpy as np
import pytest

from engine.colour import decode, encode, from_lab, guided, hex_linear, temperature_gain, to_lab


def test_linear_light_and_srgb_are_inverse() -> None:
    """Encoding what was decoded gives the same 8-bit values: nothing drifts when nothing is changed."""
    values = np.arange(256) / 255

    back = encode(decode(values)) * 255

    assert np.abs(back - np.arange(256)).max() < 0.01


def test_lab_round_trip_keeps_colours() -> None:
    """A brand colour survives the grade's colour space to within half an 8-bit step."""
    colours = np.random.default_rng(1).random((8, 8, 3))

    assert np.abs(from_lab(to_lab(colours)) - colours).max() < 1 / 510


def test_neutral_light_has_no_colour_and_warm_light_is_red() -> None:
    """5500 K leaves the picture alone; less is warmer, more is cooler, and green stays the anchor."""
    neutral, warm, cool = (temperature_gain(k) for k in (5500, 3800, 8500))

    assert neutral == pytest.approx([1, 1, 1], abs=1e-6)
    assert warm[0] > 1 > warm[2]
    assert cool[0] < 1 < cool[2]


def test_brand_colours_are_read_as_srgb() -> None:
    """#808080 is 21.6 % linear light, as the sRGB standard says."""
    assert hex_linear("#808080") == pytest.approx([0.2159] * 3, abs=1e-4)


def test_the_guided_filter_follows_the_edges_of_its_guide() -> None:
    """A blurred mask becomes crisp where the picture has an edge: this is what sharpens an enlarged matte."""
    guide = np.zeros((64, 64), np.float32)
    guide[:, 32:] = 1
    mask = np.tile(np.clip((np.arange(64) - 24) / 16, 0, 1).astype(np.float32), (64, 1))

    followed = guided(guide, mask, 6, 1e-4)

    assert followed[32, 31] < 0.3 < 0.7 < followed[32, 33]
