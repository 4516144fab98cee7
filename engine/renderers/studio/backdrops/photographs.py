"""Backdrops made of photographs: the person's own surroundings out of focus, or a picture that the company brings."""

import cv2
import numpy as np

from engine.colour import blur, decode8, smoothstep
from engine.contract.pixels import Linear, Plane, Rgb8
from engine.contract.styles import Backdrop
from engine.renderers.studio.backdrops.drawing import lens_blur

_FILL_SIGMAS = (2, 5, 12, 28, 64, 140)


def own_surroundings(backdrop: Backdrop, surround: Linear, person: Plane) -> Linear:
    """The photo's own background at [H, W, 3]: filled in behind the person from near to far, then blurred like a lens does.

    `person` is 1 where the person (or nothing) is seen.
    """
    height = surround.shape[0]
    grown = cv2.dilate(person, np.ones((9, 9), np.uint8))
    seen = np.where(grown < 0.5, 1 - grown, 0).astype(np.float32)
    filled = np.zeros_like(surround)
    left = np.ones(seen.shape, np.float32)
    for sigma in _FILL_SIGMAS:
        weight = blur(seen, sigma)
        colour = blur(surround * seen[..., None], sigma) / np.maximum(weight, 1e-5)[..., None]
        share = left * smoothstep(0.05, 0.35, weight) if sigma != _FILL_SIGMAS[-1] else left
        filled += colour * share[..., None]
        left = left - share
    whole = surround * seen[..., None] + filled * (1 - seen[..., None])
    bloom = whole * (1 + 1.6 * smoothstep(0.8, 1, whole.max(2))[..., None])
    return lens_blur(np.asarray(bloom, np.float32), backdrop.blur * height).clip(0, None)


def hung_picture(backdrop: Backdrop, picture: Rgb8, height: int, width: int) -> Linear:
    """A picture cut to cover the frame, centred, blurred as if it stood some metres behind."""
    scale = max(height / picture.shape[0], width / picture.shape[1])
    size = (max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale)))
    mode = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    large = np.asarray(cv2.resize(picture, size, interpolation=mode), np.uint8)
    x, y = (large.shape[1] - width) // 2, (large.shape[0] - height) // 2
    return lens_blur(decode8(np.ascontiguousarray(large[y : y + height, x : x + width])), backdrop.blur * height)
