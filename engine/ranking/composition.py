"""Where the head stands in the frame: eye line, head size, centre, room above and beside, level eyes."""

from dataclasses import dataclass

import numpy as np

from engine.contract.crops import Crop
from engine.contract.faces import Face
from engine.faces import landmarks as lm
from engine.ranking.bells import inside

_SKULL = 1.32
"""Head height with hair / forehead to chin."""
_HAIR = 0.34
"""Hair above the forehead point, as a share of the face height."""
_LEAD = 0.05
"""Room given to the side where the sitter looks at 45° of yaw, as a share of the width."""
_FREE = Crop("classic", 0.8, 0.54, 0.40)
"""Compared with when nothing was planned."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Measured places as shares of the frame, y down."""

    eye_line: float
    centre: float
    head: float
    headroom: float
    roll_deg: float
    lead: float
    """Where the centre should be, given where the sitter looks."""


def placement(face: Face, width: int, height: int) -> Placement:
    """Places of a face in a frame of this size in pixels."""
    eyes = (face.points[0] + face.points[1]) / 2
    centre = (float(face.mesh[lm.OVAL, 0].mean()) + float(eyes[0])) / 2
    return Placement(
        eye_line=float(eyes[1]) / height,
        centre=centre / width,
        head=face.height_px * _SKULL / height,
        headroom=(float(face.mesh[lm.FOREHEAD, 1]) - _HAIR * face.height_px) / height,
        roll_deg=face.roll_deg,
        lead=0.5 - _LEAD * float(np.clip(face.yaw_deg / 45, -1, 1)),
    )


def composition(face: Face, width: int, height: int, crop: Crop | None = None) -> float:
    """In [0, 1]. The eye line near the crop's plan (about the upper third), the head of its size or a little larger, the face
    centred with room where the sitter looks, some space above the hair, eyes level."""
    at, plan = placement(face, width, height), crop or _FREE
    eye_line = inside(at.eye_line, plan.eye_line - 0.06, plan.eye_line + 0.05, 0.07)
    head = 0.25 + 0.75 * inside(at.head, plan.head - 0.14, plan.head + 0.20, 0.12)  # a close photo has no other frame
    off_px = (at.centre - at.lead) * width / min(width, height)
    centred = inside(off_px, -0.045, 0.045, 0.09)
    above = inside(at.headroom, -0.06, 0.26, 0.10)
    level = inside(at.roll_deg, -3.0, 3.0, 12.0)
    return eye_line * head * centred * above * level
