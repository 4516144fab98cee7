"""The default `Upscaler`: Lanczos and a limited unsharp mask. It invents nothing, so no eye is ever changed."""

import cv2
import numpy as np

from engine.contract.pixels import Rgb8

_LARGEST = 2.0
"""Beyond this a picture only becomes soft, so the honest size is delivered instead."""


class LanczosUpscaler:
    """Enlarges up to twice."""

    def upscale(self, rgb: Rgb8, height_px: int) -> Rgb8:
        """Same picture at `height_px`, or at twice its height if that is less; a larger picture is reduced."""
        scale = min(height_px / rgb.shape[0], _LARGEST)
        size = (round(rgb.shape[1] * scale), round(rgb.shape[0] * scale))
        if scale <= 1:
            return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
        large = cv2.resize(rgb, size, interpolation=cv2.INTER_LANCZOS4).astype(np.float32)
        grey = np.asarray(cv2.cvtColor(large, cv2.COLOR_RGB2GRAY), np.float32)
        lost = np.clip(grey - cv2.GaussianBlur(grey, (0, 0), 1.1 * scale), -12, 12) * (0.5 * min(1.0, scale - 1))
        return np.asarray(np.clip(large + lost[..., None] + 0.5, 0, 255), np.uint8)
