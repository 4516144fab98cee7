"""A mouth at rest or smiling. Geometry only: talking and shouting open it further than a smile does."""

from engine.contract.faces import Face
from engine.intake.eyes_and_mouth import openness
from engine.ranking.bells import inside

_OPEN = 0.30
"""Inner opening / mouth width: smiles that show teeth were 0.10-0.28, speech from 0.4 on."""


def mouth(face: Face) -> float:
    """In [0, 1]: 1 up to a broad smile."""
    return inside(openness(face).mouth, 0.0, _OPEN, 1.0, 0.12)
