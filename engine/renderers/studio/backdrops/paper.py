"""Studio backdrops: seamless paper with a light on it (`gradient`) and hand-painted muslin (`canvas`)."""

import numpy as np

from engine.colour import hex_linear, smoothstep
from engine.contract.pixels import Linear
from engine.contract.styles import Backdrop
from engine.renderers.studio.backdrops.drawing import clouds


def gradient(backdrop: Backdrop, height: int, width: int, rng: np.random.Generator) -> Linear:
    """Centre colour falling off to the edge colour."""
    inner, outer = (hex_linear(c) for c in (backdrop.colours * 2)[:2])
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x = (columns / width - backdrop.centre[0]) * width / height
    y = rows / height - backdrop.centre[1]
    share = smoothstep(0, backdrop.radius, np.hypot(x, y))[..., None]
    paper = inner * (1 - share) + outer * share
    return np.asarray(paper * (1 + 0.012 * clouds(height, width, rng, 3, 2, 0.6))[..., None], np.float32)


def muslin(backdrop: Backdrop, height: int, width: int, rng: np.random.Generator) -> Linear:
    """Two scales of painted clouds in one hue."""
    wide, fine = clouds(height, width, rng, 6, 3, 0.62), clouds(height, width, rng, 3, 10, 0.5)
    return np.asarray(gradient(backdrop, height, width, rng) * np.exp(0.32 * wide + 0.07 * fine)[..., None], np.float32)
