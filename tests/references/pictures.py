"""Pictures that somebody could want the look of: the examples of our styles and photographs that scikit-image ships."""

import io
from functools import cache

import numpy as np
from PIL import Image
from skimage import data

from engine.contract.pixels import Rgb8
from engine.stages.style import example

STYLES = ("navy", "warm-office", "outdoor", "classic-bw", "linkedin-white", "city-evening", "editorial", "creative")
PLACES = ("coffee", "rocket", "chelsea")
ALL = STYLES + PLACES


@cache
def picture(name: str) -> Rgb8:
    """Pixels of the example of a style, or of a photograph."""
    if name in STYLES:
        shown = example(name)
        assert shown is not None
        return np.array(Image.open(io.BytesIO(shown)).convert("RGB"))
    return np.ascontiguousarray(getattr(data, name)()[..., :3])


def png(rgb: Rgb8) -> bytes:
    """A file of these pixels."""
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "PNG")
    return out.getvalue()
