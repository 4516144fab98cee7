"""Brushes of the painted backdrops. Everything is drawn in linear light, small, with lamps far above 1 so that blur blooms."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import hex_linear
from engine.contract.pixels import Linear, Plane


def plain(height: int, width: int, colour: NDArray[Any]) -> Linear:
    """One colour everywhere."""
    return np.ones((height, width, 3), np.float32) * np.asarray(colour, np.float32)


def clouds(
    height: int, width: int, rng: np.random.Generator, octaves: int = 5, base: int = 3, gain: float = 0.5
) -> Plane:
    """Fractal noise [H, W] around 0, about ±1: sums of smooth random fields, each twice as fine and `gain` as strong."""
    total, strength, sums = np.zeros((height, width), np.float32), 1.0, 0.0
    for octave in range(octaves):
        cells = base * 2**octave
        field = rng.standard_normal((max(2, int(cells * height / width) + 2), cells + 2)).astype(np.float32)
        total += strength * cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC)
        sums += strength
        strength *= gain
    return total / np.float32(sums)


def panel(
    picture: Linear, left: float, top: float, right: float, bottom: float, colour: Any, cover: float = 1.0
) -> None:
    """Fill a rectangle given in shares of width and height."""
    h, w = picture.shape[:2]
    x0, x1, y0, y1 = max(int(left * w), 0), int(right * w), max(int(top * h), 0), int(bottom * h)
    if x1 > x0 and y1 > y0:
        picture[y0:y1, x0:x1] = picture[y0:y1, x0:x1] * (1 - cover) + np.asarray(colour, np.float32) * cover


def lamp(picture: Linear, x: float, y: float, radius: float, colour: Sequence[float]) -> None:
    """A glowing disc; x in shares of the width, y and radius of the height."""
    h, w = picture.shape[:2]
    cv2.circle(picture, (int(x * w), int(y * h)), max(1, int(radius * h)), [float(v) for v in colour], -1, cv2.LINE_AA)


def plant(picture: Linear, x: float, y: float, size: float, rng: np.random.Generator, colour: str = "#46663f") -> None:
    """Leaves that fan out upwards from a point."""
    h, w = picture.shape[:2]
    green = hex_linear(colour)
    for _ in range(46):
        angle, length = rng.uniform(-2.6, -0.5), size * rng.uniform(0.4, 1) * h
        tip = (int(x * w + np.cos(angle) * length * 0.7), int(y * h + np.sin(angle) * length))
        axes = (int(0.22 * h * size * rng.uniform(0.4, 1)), int(0.048 * h * size))
        tint = [float(v) for v in green * rng.uniform(0.35, 1.7)]
        turn = float(np.degrees(angle) + rng.uniform(-30, 30))
        cv2.ellipse(picture, tip, axes, turn, 0, 360, tint, -1, cv2.LINE_AA)


def lens_blur(picture: Linear, radius_px: float) -> Linear:
    """Blur by a disc, as an open lens does: bright points become discs."""
    radius = round(radius_px)
    if radius < 1:
        return picture
    kernel = np.zeros((2 * radius + 1,) * 2, np.float32)
    cv2.circle(kernel, (radius, radius), radius, 1.0, -1, cv2.LINE_AA)
    blurred = cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT)
    return np.asarray(blurred, np.float32)
