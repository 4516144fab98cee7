"""What the sitter's skin usually looks like in one gallery: the reference for exposure and colour of each picture.

Absolute limits alone cannot tell a rosy skin in green light from an olive one in neutral light. The other pictures of the
same person can.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.contract.faces import Face
from engine.contract.pixels import Rgb8
from engine.intake.face_patch import FacePatch, face_patch

_DARK = 20.0
"""L* below which colour means nothing."""


@dataclass(frozen=True, slots=True)
class Skin:
    """Skin of one picture, or the usual one of several, in CIELAB."""

    highlight: float
    """95th percentile of L*."""
    a: float
    b: float
    """Median."""


def skin_of(patch: FacePatch) -> Skin:
    """Skin of one face."""
    pixels = patch.lab[patch.skin if patch.skin.sum() > 50 else patch.oval]
    lit = pixels[pixels[:, 0] > _DARK] if (pixels[:, 0] > _DARK).sum() > 50 else pixels
    a, b = (float(v) for v in np.median(lit[:, 1:], axis=0))
    return Skin(float(np.percentile(pixels[:, 0], 95)), a, b)


def usual_skin(pictures: Sequence[tuple[Rgb8, Face, bool]]) -> Skin | None:
    """Median skin of several pictures of one person, given with their face and whether they are monochrome; None for fewer than
    three in colour. Without colour pictures nothing is usual."""
    skins = [skin_of(face_patch(rgb, face)) for rgb, face, monochrome in pictures if not monochrome]
    if len(skins) < 3:
        return None
    highlight, a, b = (float(np.median([getattr(s, name) for s in skins])) for name in ("highlight", "a", "b"))
    return Skin(highlight, a, b)
