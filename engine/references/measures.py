"""Reads a reference picture: behind the people, around them, and how light falls on the nearest face. Never who it is.

No embedding is made of anybody in it, and nothing but the numbers of a `Reading` leaves this module.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import decode8, encode, luminance, to_lab
from engine.contract.errors import PersonError
from engine.contract.faces import Face
from engine.contract.pixels import Plane, Rgb8
from engine.contract.ports import FaceAnalyzer
from engine.contract.selfies import Photo
from engine.contract.sentences import sentence
from engine.faces import landmarks as lm
from engine.intake.decode import decode
from engine.intake.sitter import clear_faces
from engine.mattes.canvas import lay
from engine.mattes.segment import person_probability
from engine.references.grounds import ground_of
from engine.references.people import people
from engine.references.reading import FaceLight, Reading
from engine.renderers.studio.light import Relief, resized, source_light
from engine.renderers.studio.normals import normals_of
from engine.renderers.studio.parts import parts_of

LEAST_PX = 120
"""Short side below which light and colour are guesses."""
_WORK_PX = 640
_FRAME = (2.2, 1.7, 2.3)
"""What a headshot would show around a face: to each side, above and below its centre, in face heights."""
_CANVAS_PX, _RELIEF_PX = 512, 192
_GREY_CHROMA = 12.0
_FEW = 0.012
"""Share of a picture that is needed to say anything about all of it."""
_SURE = 0.95
_FLAT = 1.5
_SILVER = 3.5
"""Scatter of a* and b* around one toning, in ΔE, below which a picture is black and white."""


def read_reference(photo: Photo, analyzer: FaceAnalyzer) -> Reading:
    """Light and colour of the picture.

    Raises PersonError: "reference_unusable" (cannot be opened, with the advice of a selfie), "reference_too_small",
    "reference_blank" (one flat colour).
    """
    rgb = next(iter(decode([photo])))
    if isinstance(rgb, PersonError):
        raise PersonError("reference_unusable", advice=sentence(rgb.code, **rgb.facts))
    if min(rgb.shape[:2]) < LEAST_PX:
        raise PersonError("reference_too_small", limit=LEAST_PX)
    return reading_of(rgb, analyzer)


def reading_of(rgb: Rgb8, analyzer: FaceAnalyzer) -> Reading:
    """Light and colour of upright pixels. Raises PersonError "reference_blank"."""
    scale = min(1.0, _WORK_PX / max(rgb.shape[:2]))
    if scale < 1:
        rgb = np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    if float(to_lab(rgb / np.float32(255)).reshape(-1, 3).std(0).max()) < _FLAT:
        raise PersonError("reference_blank")
    faces = clear_faces(analyzer.faces(rgb))
    covered = people(rgb, faces)
    window = _headshot_window(rgb, faces[0]) if faces else (slice(None), slice(None))
    seen, persons = rgb[window], covered[window]
    lab = to_lab(seen / np.float32(255)).reshape(-1, 3)
    somebody = persons.ravel() > _SURE
    dark, bright = np.percentile(lab[somebody, 0] if somebody.mean() > _FEW else lab[:, 0], (5, 95))
    return Reading(
        ground=ground_of(seen, persons),
        light=_face_light(rgb, faces[0]) if faces else None,
        lightness=float(lab[:, 0].mean()),
        contrast=float(bright - dark),
        blacks=float(np.percentile(lab[:, 0], 2)),
        warmth=_warmth(lab, somebody),
        chroma=float(np.hypot(lab[:, 1], lab[:, 2]).mean()),
        monochrome=_monochrome(lab, somebody=bool(faces)),
    )


def _headshot_window(rgb: Rgb8, face: Face) -> tuple[slice, slice]:
    x, y = face.mesh[lm.OVAL, :2].mean(0)
    side, above, below = (reach * face.height_px for reach in _FRAME)
    height, width = rgb.shape[:2]
    rows = slice(max(0, int(y - above)), min(height, int(y + below)))
    return rows, slice(max(0, int(x - side)), min(width, int(x + side)))


def _warmth(lab: NDArray[np.float32], somebody: NDArray[np.bool_]) -> float:
    """Mean b* of what is nearly grey and lit: people's clothes and whites if there are any, for a ground may be painted."""
    grey = (np.hypot(lab[:, 1], lab[:, 2]) < _GREY_CHROMA) & (lab[:, 0] > 50) & (lab[:, 0] < 99)
    worn = grey & somebody
    chosen = worn if worn.mean() > _FEW else grey
    if chosen.mean() <= _FEW:
        return 0.0
    return float(np.average(lab[chosen, 2], weights=lab[chosen, 0] ** 2))


def _monochrome(lab: NDArray[np.float32], *, somebody: bool) -> bool:
    """Every colour is one toning of its lightness. A grey wall alone is a grey wall: it takes a person or a range of tones."""
    lightness = lab[:, :1] / 100
    design = np.concatenate([np.ones_like(lightness), lightness, lightness**2], axis=1)
    toning, *_ = np.linalg.lstsq(design, lab[:, 1:], rcond=None)
    scatter = float(np.percentile(np.linalg.norm(lab[:, 1:] - design @ toning, axis=1), 95))
    spread = float(np.subtract(*np.percentile(lab[:, 0], (95, 5))))
    return scatter < _SILVER and float(np.hypot(*toning.sum(0))) < 25 and (somebody or spread > 35)


def _face_light(rgb: Rgb8, face: Face) -> FaceLight:
    """First-order shading of the skin, as the renderer reads it from a selfie."""
    canvas = lay(rgb, face, _CANVAS_PX)
    alpha = person_probability(rgb, canvas.matrix, canvas.side, canvas.face.height_px, canvas.centre)
    linear = decode8(canvas.picture)
    parts = parts_of(linear, alpha, canvas.face)
    h, shrink = _RELIEF_PX, _RELIEF_PX / canvas.side
    normals = resized(normals_of(alpha, canvas.valid, canvas.face), h)
    normals /= np.linalg.norm(normals, axis=2, keepdims=True)
    skin = resized(parts.skin, h).clip(0, 1)
    relief = Relief(
        normals=normals,
        skin=skin,
        skin_all=resized(parts.skin_all, h).clip(0, 1),
        face=resized(parts.face, h).clip(0, 1),
        alpha=resized(alpha, h),
        linear=resized(linear, h),
        chin_px=float(canvas.face.mesh[lm.CHIN, 1]) * shrink,
        face_px=canvas.face.height_px * shrink,
    )
    level, *towards = source_light(relief).coefficients
    shading = np.clip(level + normals @ np.asarray(towards, np.float32), 0.05, None)[skin > 0.7]
    side, up, front = (float(value) for value in towards)
    return FaceLight(
        azimuth_deg=float(np.degrees(np.arctan2(abs(side), max(front, 0.15)))),
        elevation_deg=float(np.degrees(np.arctan2(-up, np.hypot(side, max(front, 0.15))))),
        ratio=float(np.divide(*np.percentile(shading, (95, 10)))) if len(shading) else 1.0,
        highlight=_highlight(linear, parts.skin),
    )


def _highlight(linear: NDArray[np.float32], skin: Plane) -> float:
    bright = luminance(linear)[skin > 0.7]
    return float(encode(np.array(np.percentile(bright, 95)))) if len(bright) else 0.75
