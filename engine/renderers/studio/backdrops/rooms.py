"""Interiors seen through an open lens: an office with a window wall, and book shelves."""

import cv2
import numpy as np

from engine.colour import hex_linear
from engine.contract.pixels import Linear
from engine.contract.styles import Backdrop
from engine.renderers.studio.backdrops.drawing import lamp, lens_blur, panel, plain, plant

_BOOKS = ("#6f4038", "#3b4f66", "#cfc6b6", "#4a5d4a", "#a58453", "#ddd8ce", "#3a3d43", "#7d6a58")


def office(backdrop: Backdrop, height: int, width: int, rng: np.random.Generator) -> Linear:
    """Window wall on the left, glass partition and shelf behind, lamps; `scene` day or warm."""
    warm = backdrop.scene in ("warm", "evening")
    room = plain(height, width, hex_linear("#94836f" if warm else "#b9b8b5") * 0.62)
    room *= (1.12 - 0.38 * np.linspace(0, 1, height, dtype=np.float32))[:, None, None]
    _window(room, rng, warm)
    panel(room, 0.46, 0.0, 0.50, 1, hex_linear("#6f6a63") * 0.8)
    panel(room, 0.52, 0.10, 0.76, 0.86, hex_linear("#c8ced2") * 0.75, 0.5)
    for post in (0.52, 0.60, 0.68, 0.76):
        panel(room, post - 0.004, 0.08, post + 0.004, 0.9, hex_linear("#3a3c40"))
    panel(room, 0.79, 0.18, 1.0, 0.9, hex_linear("#65513f" if warm else "#7d7063") * 0.8)
    _shelf(room, rng, 0.79, 1.0, (0.30, 0.43, 0.56, 0.69))
    panel(room, 0.0, 0.84, 1, 1, hex_linear("#6a5744" if warm else "#84807a") * 0.7)
    panel(room, 0.42, 0.78, 0.95, 0.815, hex_linear("#8b6c4c") * 0.9)
    for screen in (0.56, 0.70):
        panel(room, screen, 0.66, screen + 0.10, 0.78, hex_linear("#2a2d32"))
        panel(room, screen + 0.006, 0.668, screen + 0.094, 0.77, hex_linear("#8fa3b5") * 0.8)
    plant(room, 0.44, 0.80, 0.26, rng)
    plant(room, 0.93, 0.17, 0.10, rng)
    for x in rng.uniform(0.55, 0.97, 3):
        lamp(room, float(x), float(rng.uniform(0.05, 0.12)), 0.012, (4.5, 3.5, 2.3) if warm else (4.2, 3.9, 3.5))
    for row in range(4):
        shift = row * 0.018
        panel(room, 0.50 + row * 0.02, shift, 1, shift + 0.008, (2.2, 2.15, 2.05), 0.5)
    return _focus(room, backdrop)


def shelves(backdrop: Backdrop, height: int, width: int, rng: np.random.Generator) -> Linear:
    """Book shelves on both sides of a wall, a warm lamp: a study or a law library."""
    wall = hex_linear(backdrop.colours[0] if backdrop.colours else "#6b5b4b")
    room = plain(height, width, wall * 0.55)
    room *= (1.15 - 0.4 * np.linspace(0, 1, height, dtype=np.float32))[:, None, None]
    for left, right in ((0.0, 0.40), (0.60, 1.0)):
        panel(room, left, 0.0, right, 1.0, hex_linear("#4b392b") * 0.55)
        _shelf(room, rng, left + 0.01, right - 0.01, (0.13, 0.28, 0.43, 0.58, 0.73, 0.88))
    panel(room, 0.40, 0.0, 0.60, 1.0, wall * 0.75)
    for x in (0.44, 0.56):
        lamp(room, x, float(rng.uniform(0.16, 0.24)), 0.018, (3.6, 2.5, 1.4))
    return _focus(room, backdrop)


def _window(room: Linear, rng: np.random.Generator, warm: bool) -> None:
    edge = 0.46
    sky = np.array([1.5, 1.18, 0.84] if warm else [1.08, 1.2, 1.36], np.float32)
    panel(room, 0, 0.02, edge, 0.80, sky * 1.25)
    for _ in range(9):
        x, w, h = rng.uniform(0, edge - 0.04), rng.uniform(0.04, 0.11), rng.uniform(0.25, 0.6)
        panel(room, x, 0.80 - h, min(x + w, edge), 0.80, sky * rng.uniform(0.45, 0.8), 0.75)
    for row in range(6):
        panel(room, 0, 0.56 + row * 0.04, edge, 0.58 + row * 0.045, hex_linear("#64755f") * rng.uniform(0.7, 1.3), 0.25)
    for post in np.linspace(0, edge, 4)[1:]:
        panel(room, post - 0.011, 0.0, post + 0.011, 0.82, hex_linear("#44474b"))
    panel(room, 0, 0.30, edge, 0.312, hex_linear("#4a4d51"))
    panel(room, 0, 0.79, edge, 0.83, hex_linear("#d8d5cf") * 0.7)


def _shelf(room: Linear, rng: np.random.Generator, left: float, right: float, boards: tuple[float, ...]) -> None:
    for board in boards:
        x = left + 0.01
        while x < right - 0.005:
            w, h = rng.uniform(0.008, 0.022), rng.uniform(0.05, 0.095)
            colour = hex_linear(_BOOKS[int(rng.integers(len(_BOOKS)))])
            if rng.random() < 0.8:
                panel(room, x, board - h, min(x + w, right), board, colour * 0.8)
            x += w + 0.002
        panel(room, left, board, right, board + 0.012, hex_linear("#3c2f26"))


def _focus(room: Linear, backdrop: Backdrop) -> Linear:
    height = room.shape[0]
    blurred = lens_blur(room, backdrop.blur * height)
    return np.asarray(cv2.GaussianBlur(blurred, (0, 0), 0.004 * height), np.float32)
