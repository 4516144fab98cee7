"""All measures of one face in one photo, by name. Names follow ISO/IEC 29794-5 where the measure matches; units stand in the name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.contract.faces import Face
from engine.contract.pixels import Rgb8
from engine.contract.selfies import Appearance
from engine.intake.appearance import appearance
from engine.intake.capture import blockiness, noise, sharpness
from engine.intake.eyes_and_mouth import openness, visibility
from engine.intake.face_patch import FacePatch, face_patch
from engine.intake.figure import figure
from engine.intake.framing import framing
from engine.intake.light import face_light

_DARK_HIGHLIGHT: Final = 68.0
"""A bright background harms only a face that is dark itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One face, measured."""

    measures: Mapping[str, float]
    appearance: Appearance
    patch: FacePatch


def measured(rgb: Rgb8, face: Face) -> Measured:
    """Measure a face; `face` is in the pixels of `rgb`."""
    patch, whole = face_patch(rgb, face), figure(rgb, face)
    seen, opening = visibility(patch), openness(face)
    light, frame = face_light(rgb, face, patch), framing(rgb, face, whole)
    looks = appearance(patch, whole, seen)
    values = {
        "min_side_px": float(min(rgb.shape[:2])),
        "face_px": face.height_px,
        "inter_eye_distance_px": face.inter_eye_px,
        "face_presence": face.mesh_score,
        "sharpness": sharpness(patch),
        "noise": noise(rgb, face),
        "compression": blockiness(rgb, face),
        "highlight": light.highlight,
        "over_exposure": light.clipped,
        "illumination_uniformity": light.evenness,
        "side_light_ev": light.side_ev,
        "backlight": max(0.0, light.backlight) if light.highlight < _DARK_HIGHLIGHT else 0.0,
        "yaw_deg": face.yaw_deg,
        "pitch_deg": face.pitch_deg,
        "roll_deg": face.roll_deg,
        "eyes_open": opening.eyes,
        "mouth_open": opening.mouth,
        "eyes_visible": seen.eyes,
        "mouth_visible": seen.mouth,
        "face_cut": frame.face_cut,
        "hair_cut": frame.hair_cut,
        "shoulders": frame.shoulders,
        "background_complexity": frame.background,
        "monochrome": float(looks.monochrome),
    }
    return Measured({name: round(float(value), 4) for name, value in values.items()}, looks, patch)
