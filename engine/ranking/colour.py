"""Colour cast, judged on skin: all skin tones share one narrow range of hue, and one person's skin has one colour."""

import numpy as np

from engine.ranking.bells import inside
from engine.ranking.skin import Skin

_HUE_DEG = (38.0, 66.0)
"""Hue of skin in CIELAB in neutral light, rosy to olive, very light to very dark."""
_CHROMA = (9.0, 36.0)
_AWAY = 6.0
"""Distance in a*, b* from what is usual in the gallery that a warm or cool grade may cause."""
_TONING = 4.0
"""Chroma that a black-and-white print may be toned by."""


def colour(skin: Skin, usual: Skin | None, *, monochrome: bool) -> float:
    """In [0, 1]: 1 = skin looks as under neutral light. A black-and-white picture must only be without a tint."""
    chroma = float(np.hypot(skin.a, skin.b))
    if monochrome:
        return inside(chroma, 0.0, _TONING, 1.0, 6.0)
    hue = float(np.degrees(np.arctan2(skin.b, skin.a)))
    absolute = inside(hue, *_HUE_DEG, 11.0) * inside(chroma, *_CHROMA, 4.0, 9.0)
    relative = 1.0 if usual is None else inside(float(np.hypot(skin.a - usual.a, skin.b - usual.b)), 0.0, _AWAY, 8.0)
    return absolute * relative


def is_monochrome(lab: np.ndarray) -> bool:
    """True for a picture [h, w, 3] in CIELAB of one hue: 95 % of it lies within a chroma of 5 around its median colour."""
    tint = np.median(lab[..., 1:].reshape(-1, 2), axis=0)
    away = np.hypot(*(lab[..., 1:] - tint).reshape(-1, 2).T)
    return bool(np.percentile(away, 95) < 5.0)
