"""Selfies as stage 1 would hand them over, without pixels worth looking at."""

import numpy as np

from engine.contract.faces import Face
from engine.contract.ports import RendererCard
from engine.contract.selfies import Appearance, Finding, Outcome, Selfie

STUDIO = RendererCard("studio", resolution_free=True, keeps_pixels=True)
DIFFUSION = RendererCard("diffusion", resolution_free=False, keeps_pixels=False)


def appearance(
    *,
    glasses: float = 0.0,
    facial_hair: float = 0.0,
    hair: str = "brown",
    clothing: str = "navy",
    monochrome: bool = False,
) -> Appearance:
    """What was measured; by default short brown hair and a plain navy garment."""
    return Appearance(
        skin_ita_deg=30.0,
        skin_lab=(62.0, 12.0, 18.0),
        hair_lab=(25.0, 3.0, 6.0),
        hair_colour=hair,
        glasses=glasses,
        facial_hair=facial_hair,
        clothing_lab=(30.0, 0.0, -12.0),
        clothing_colour=clothing,
        clothing_plain=0.9,
        monochrome=monochrome,
    )


def selfie(name: str = "front", quality: float = 0.8, *findings: str, looks: Appearance | None = None) -> Selfie:
    """An accepted selfie with these findings."""
    few, many = np.zeros((5, 2), np.float32), np.zeros((468, 3), np.float32)
    face = Face((0, 0, 1, 1), 1.0, few, many, 1.0, few, few, few, few, 0.0, 0.0, 0.0)
    return Selfie(
        id=name,
        name=name,
        rgb=np.zeros((2, 2, 3), np.uint8),
        face=face,
        appearance=looks or appearance(),
        measures={},
        quality=quality,
        outcome=Outcome.USABLE if findings else Outcome.ACCEPTED,
        findings=tuple(Finding(code, refuses=False) for code in findings),
    )
