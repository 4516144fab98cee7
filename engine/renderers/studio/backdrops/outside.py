"""Far places through an open lens (`bokeh`): a city at night, greenery, warm lights; and a painted brick wall."""

import cv2
import numpy as np

from engine.colour import blur, hex_linear, smoothstep
from engine.contract.pixels import Linear
from engine.contract.styles import Backdrop
from engine.renderers.studio.backdrops.drawing import clouds, lens_blur
from engine.renderers.studio.backdrops.paper import gradient

_PALETTES: dict[str, tuple[str, ...]] = {
    "city": ("#1b2433", "#0c0f16", "#ffb45a", "#ff8a3c", "#ffd9a0", "#7fb4ff", "#ff6a55"),
    "evening": ("#2a2f3f", "#14161f", "#ffc27a", "#ffa058", "#ffe0b0", "#9fc0f0", "#ffd0a0"),
    "green": ("#75836a", "#323d31", "#d5e0bc", "#b8c69c", "#fff6de", "#98a985", "#eef2de"),
    "warm": ("#4a3a2d", "#1e1712", "#ffd398", "#ffbb78", "#ffe9c8", "#e6a066", "#fff2de"),
}


def bokeh(backdrop: Backdrop, height: int, width: int, rng: np.random.Generator) -> Linear:
    """Out-of-focus lights over a soft ground; `scene` picks palette and kind, `colours` may replace the palette."""
    scene = backdrop.scene if backdrop.scene in _PALETTES else "city"
    palette = (backdrop.colours + _PALETTES[scene][len(backdrop.colours) :]) if backdrop.colours else _PALETTES[scene]
    ground = Backdrop("ground", "gradient", palette[:2], centre=(0.5, 0.35), radius=0.9)
    picture = gradient(ground, height, width, rng) * np.exp(0.35 * clouds(height, width, rng, 4, 3, 0.6))[..., None]
    green = scene == "green"
    if green:
        leaves = clouds(height, width, rng, 6, 4, 0.65)
        sky = np.linspace(1, 0, height, dtype=np.float32)[:, None, None]
        picture = picture * np.exp(0.75 * leaves)[..., None] * (1 + 0.9 * sky**2)
        picture += np.clip(leaves - 0.45, 0, 1)[..., None] * hex_linear("#f3f2de") * 1.1
    lights = np.zeros((height, width, 3), np.float32)
    for _ in range(110 if green else 150):
        y = height * (rng.beta(1.2, 2.2) if green else rng.beta(2.2, 2.2))
        colour = hex_linear(palette[2 + int(rng.integers(len(palette) - 2))])
        colour = (colour * 0.6 + colour.mean() * 0.4) * np.exp(rng.normal(-0.9, 0.9)) * (0.35 if green else 1)
        where = (int(rng.uniform(0, width)), int(y))
        cv2.circle(lights, where, int(rng.uniform(1.5, 3.5)), [float(v) for v in colour * 7], -1, cv2.LINE_AA)
    radius = backdrop.blur / 0.028 * 0.046 * height
    far = lens_blur(np.ascontiguousarray(np.roll(lights, width // 3, 1)), radius * 0.6)
    lights = 0.75 * lens_blur(lights, radius) + 0.25 * far
    lights = np.asarray(cv2.GaussianBlur(lights, (0, 0), 0.0035 * height), np.float32)
    picture = lens_blur(picture.astype(np.float32), 0.03 * height) + lights * (0.9 if green else 0.8)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.2), np.float32)


def haze(backdrop: Backdrop, height: int, width: int, rng: np.random.Generator) -> Linear:
    """A place so far out of focus that nothing but its colours is left: `colours` in two rows of four."""
    cells = np.stack([hex_linear(colour) for colour in (backdrop.colours * 8)[:8]]).reshape(2, 4, 3)
    shown = cv2.resize(cells, (width, height), interpolation=cv2.INTER_NEAREST)
    shown = blur(shown, (0.10 + 1.2 * backdrop.blur) * height)
    return np.asarray(shown * np.exp(0.05 * clouds(height, width, rng, 3, 2, 0.6))[..., None], np.float32)


def brick(backdrop: Backdrop, height: int, width: int, rng: np.random.Generator) -> Linear:
    """A painted brick wall a few steps behind the sitter, lit from one side."""
    colour = hex_linear(backdrop.colours[0] if backdrop.colours else "#9c9a97")
    wall = np.ones((height, width, 3), np.float32) * hex_linear("#8a8885") * 0.8
    course = height // 17
    length, joint = int(course * 2.7), max(1, height // 400)
    for row in range(19):
        for brick_no in range(-1, width // length + 2):
            x = brick_no * length + (length // 2 if row % 2 else 0)
            tint = np.array([1 + rng.normal(0, 0.015), 1, 1 + rng.normal(0, 0.015)])
            shade = [float(v) for v in colour * np.exp(rng.normal(0, 0.11)) * tint]
            corner = (x + length - 2 * joint, (row + 1) * course - 2 * joint)
            cv2.rectangle(wall, (x + joint, row * course + joint), corner, shade, -1)
    wall *= np.exp(0.16 * clouds(height, width, rng, 7, 6, 0.75))[..., None]
    wall = lens_blur(wall, max(backdrop.blur, 0.004) * height)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.hypot((columns / width - 0.25) * 0.9, rows / height - 0.25)
    return np.asarray(wall * (1.25 - 0.75 * smoothstep(0, 1.1, away))[..., None], np.float32)
