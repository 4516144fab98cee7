"""Everything that is known of one selfie before any style is chosen: computed once, used by every variation."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import decode8
from engine.contract.faces import Face
from engine.contract.pixels import Linear, Plane, Rgb8
from engine.contract.ports import Matte, Matter
from engine.contract.selfies import Selfie
from engine.faces import landmarks as lm
from engine.faces.analyzer import moved
from engine.grain import grain
from engine.renderers.studio.balance import Balance, balance_of, exposed
from engine.renderers.studio.light import Relief, SourceLight, resized, source_light
from engine.renderers.studio.normals import normals_of
from engine.renderers.studio.parts import Parts, clothing, parts_of
from engine.renderers.studio.retouch import retouch
from engine.renderers.studio.whites import eye_whites

_WORK_PX = 576
"""Masks and retouching are worked out on a canvas of at most this side."""
_RELIEF_PX = 288
_NOISY = 2.2


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Where the head stands on the canvas, in canvas pixels."""

    top: float
    chin: float
    eye_line: float
    eye_x: float
    oval_x: float
    hair_cut: bool
    """The photo itself cuts the hair off."""

    @property
    def height(self) -> float:
        """Top of the hair to the chin."""
        return self.chin - self.top


@dataclass(frozen=True, slots=True, eq=False)
class Negative:
    """One selfie, ready to print."""

    selfie_id: str
    photo: Rgb8
    """Denoised where it needs it."""
    matte: Matte
    parts: Parts
    """On a canvas of side `work`."""
    work: int
    linear: Linear
    """[work, work, 3]: balanced and exposed."""
    balance: Balance
    relief: Relief
    source: SourceLight
    head: Head
    yaw_deg: float

    @property
    def side(self) -> int:
        """Side of the canvas."""
        return int(self.matte.alpha.shape[0])

    @property
    def face_px(self) -> float:
        """Forehead to chin in canvas pixels."""
        return self.matte.face.height_px

    def retouched(self, polish: float) -> Linear:
        """Ratio [work, work, 3] of the retouching."""
        return retouch(self.linear, self.parts, self.face_px * self.work / self.side, polish)

    def cloth(self) -> Plane:
        """Mask of the garment [work, work]."""
        face = moved(self.matte.face, _scaling(self.side / self.work))
        alpha = np.asarray(resized(self.matte.alpha, self.work), np.float32)
        return clothing(self.linear, alpha, self.parts, face)


def develop(selfie: Selfie, matter: Matter) -> Negative:
    """The negative of a selfie; one to two seconds, most of it matting."""
    photo = _denoised(selfie.rgb, selfie.face)
    matte = matter.matte(photo, selfie.face)
    side = matte.alpha.shape[0]
    work = min(side, _WORK_PX)
    face = moved(matte.face, _scaling(side / work))
    alpha = resized(matte.alpha, work)
    foreground = decode8(np.asarray(cv2.resize(matte.foreground, (work, work), interpolation=cv2.INTER_AREA), np.uint8))
    parts = parts_of(foreground, alpha, face)
    balance = balance_of(photo, foreground, alpha, parts, eye_whites(photo, selfie.face))
    linear = exposed(foreground * balance.gain, balance.ev)
    relief = _relief(matte, parts, linear)
    return Negative(
        selfie_id=selfie.id,
        photo=photo,
        matte=matte,
        parts=parts,
        work=work,
        linear=linear,
        balance=balance,
        relief=relief,
        source=source_light(relief),
        head=_head(matte),
        yaw_deg=selfie.face.yaw_deg,
    )


def _scaling(factor: float) -> NDArray[np.float64]:
    return np.array([[factor, 0, 0], [0, factor, 0]], np.float64)


def _relief(matte: Matte, parts: Parts, linear: Linear) -> Relief:
    side, h = matte.alpha.shape[0], _RELIEF_PX
    normals = resized(normals_of(matte.alpha, matte.valid, matte.face), h)
    normals /= np.linalg.norm(normals, axis=2, keepdims=True)
    return Relief(
        normals=normals,
        skin=resized(parts.skin, h).clip(0, 1),
        skin_all=resized(parts.skin_all, h).clip(0, 1),
        face=resized(parts.face, h).clip(0, 1),
        alpha=resized(matte.alpha, h),
        linear=resized(linear, h),
        chin_px=float(matte.face.mesh[lm.CHIN, 1]) * h / side,
        face_px=matte.face.height_px * h / side,
    )


def _head(matte: Matte) -> Head:
    face: Face = matte.face
    mesh, side = face.mesh, matte.alpha.shape[0]
    oval_x = float(mesh[lm.OVAL, 0].mean())
    eyes = (mesh[lm.EYE_RIGHT_OUTER] + mesh[lm.EYE_LEFT_OUTER] + mesh[lm.EYE_RIGHT_INNER] + mesh[lm.EYE_LEFT_INNER]) / 4
    chin = float(mesh[lm.CHIN, 1])
    columns = slice(int(max(0, oval_x - 0.30 * face.width_px)), int(min(side, oval_x + 0.30 * face.width_px)))
    covered = np.flatnonzero(matte.alpha[: int(eyes[1]), columns].mean(1) > 0.5)
    top = float(covered[0]) if len(covered) else 2 * float(eyes[1]) - chin
    top = max(top, float(mesh[lm.FOREHEAD, 1]) - 0.75 * face.height_px)  # big hair is not head
    first = int(np.argmax(matte.valid[:, int(np.clip(oval_x, 0, side - 1))] > 0.9))
    hair_cut = first > 0 and float(matte.alpha[first + 2 : first + 8, columns].mean()) > 0.35
    top = max(top, float(first)) if hair_cut else top
    return Head(top, chin, float(eyes[1]), float(eyes[0]), oval_x, bool(hair_cut))


def _denoised(rgb: Rgb8, face: Face) -> Rgb8:
    """The photo with its noise removed around the sitter (non-local means), untouched when it is clean."""
    x, y = face.mesh[lm.OVAL, :2].mean(0)
    reach = 2.2 * face.height_px
    rows = slice(int(max(0, y - 1.6 * face.height_px)), int(min(rgb.shape[0], y + reach)))
    columns = slice(int(max(0, x - reach)), int(min(rgb.shape[1], x + reach)))
    region = np.ascontiguousarray(rgb[rows, columns])
    sigma = grain(np.asarray(cv2.cvtColor(region, cv2.COLOR_RGB2GRAY), np.float32))
    if sigma <= _NOISY:
        return rgb
    strength = float(min(10.0, sigma * 1.1))
    cleaned = rgb.copy()
    cleaned[rows, columns] = cv2.fastNlMeansDenoisingColored(region, None, strength * 0.8, strength * 1.6, 5, 13)
    return cleaned
