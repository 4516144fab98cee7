"""Photos given twice: the same bytes, or the same moment saved, cropped or compressed again."""

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.contract.faces import Face
from engine.intake.face_patch import FacePatch

_HASH_PX = 16
_SAME_BITS = 0.90
"""Share of equal bits; the same moment re-saved or cropped keeps 0.95 and more, another moment below 0.85."""
_SAME_POSE_DEG = 4.0


def photo_id(data: bytes) -> str:
    """First 16 hex digits of the SHA-256 of the bytes as they came."""
    return hashlib.sha256(data).hexdigest()[:16]


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What stays the same when one photo is saved again: brightness steps over the upright face, and the pose."""

    bits: NDArray[np.bool_]
    """[2 × 16 × 16]: difference hash across and down."""
    pose_deg: tuple[float, float]
    """Yaw and pitch."""

    def same_as(self, other: "Moment") -> bool:
        """True when both show one moment."""
        poses = zip(self.pose_deg, other.pose_deg, strict=True)
        if any(abs(a - b) > _SAME_POSE_DEG for a, b in poses):
            return False
        return float((self.bits == other.bits).mean()) > _SAME_BITS


def moment(patch: FacePatch, face: Face) -> Moment:
    """Difference hash (Krawetz 2013) of the upright face patch, both directions."""
    side = _HASH_PX + 1
    small = cv2.resize(patch.grey, (side, side), interpolation=cv2.INTER_AREA)
    across, down = small[:-1, 1:] > small[:-1, :-1], small[1:, :-1] > small[:-1, :-1]
    return Moment(np.concatenate([across.ravel(), down.ravel()]), (face.yaw_deg, face.pitch_deg))
