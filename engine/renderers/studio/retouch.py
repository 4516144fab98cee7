"""Gentle retouching as a low-frequency correction: pores are never touched, moles, scars and wrinkles stay, skin is not lightened."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import blur, decode, encode, from_lab, smoothstep, to_lab
from engine.contract.pixels import Linear, Plane
from engine.renderers.studio.parts import Parts


def retouch(linear: Linear, parts: Parts, face_px: float, polish: float) -> Linear:
    """Ratio [N, N, 3] to multiply linear light with; `polish` 0 (faithful, all ones) to 1."""
    if polish <= 0:
        return np.ones_like(linear)
    lab = to_lab(encode(linear))
    before = lab.copy()
    skin = np.maximum(parts.skin, 0.6 * parts.skin_all * (1 - parts.face))
    form = _within(lab, skin, 0.045 * face_px)
    blotch = _within(lab, skin, 0.010 * face_px) - form
    # blotches are evened where they are small; a large step is a feature of the face and is kept
    keep = np.exp(-((np.abs(blotch) / np.array([9, 6, 7], np.float32)) ** 2))
    lab -= blotch * (np.array([0.42, 0.55, 0.45], np.float32) * polish) * keep * skin[..., None]
    _calm_spots(lab, form, parts, face_px, polish)
    _calm_shine(lab, before[..., 0], parts, polish)
    _open_under_eyes(lab, form, parts, face_px, polish)
    _clear_eyes_and_teeth(lab, parts, face_px, polish)
    after, was = decode(from_lab(lab)), decode(from_lab(before))
    ratio = (after + 0.004) / (was + 0.004)
    return np.asarray(cv2.GaussianBlur(ratio, (0, 0), 0.6).clip(0.6, 1.6), np.float32)


def _within(lab: NDArray[np.float32], skin: Plane, sigma_px: float) -> NDArray[np.float32]:
    """Blur that does not mix skin with lips, brows or hair."""
    weight = skin + 1e-3
    return np.asarray(
        blur(lab * weight[..., None], sigma_px) / np.maximum(blur(weight, sigma_px), 1e-4)[..., None], np.float32
    )


def _calm_spots(
    lab: NDArray[np.float32], form: NDArray[np.float32], parts: Parts, face_px: float, polish: float
) -> None:
    """Small red and dark spots: -25 % lightness, -42 % redness at polish 0.5."""
    redder = lab[..., 1] - blur(lab[..., 1], 0.03 * face_px)
    darker = blur(lab[..., 0], 0.03 * face_px) - lab[..., 0]
    spot = (
        smoothstep(2.2, 5, blur(redder, 0.006 * face_px))
        * smoothstep(-0.5, 3, blur(darker, 0.006 * face_px))
        * parts.skin
    )
    spot = np.asarray(cv2.dilate(spot, np.ones((3, 3))), np.float32)
    share = blur(spot, 0.004 * face_px)[..., None] * (0.84 * polish) * np.array([0.6, 1, 0.8], np.float32)
    lab *= 1 - share
    lab += form * share


def _calm_shine(lab: NDArray[np.float32], lightness: Plane, parts: Parts, polish: float) -> None:
    on_skin = parts.skin > 0.6
    bar = float(np.percentile(lightness[on_skin], 92)) if on_skin.sum() > 100 else 95.0
    over = np.maximum(lab[..., 0] - bar, 0) * parts.skin
    lab[..., 0] -= over * (0.7 * polish) * smoothstep(0, 8, over)


def _open_under_eyes(
    lab: NDArray[np.float32], form: NDArray[np.float32], parts: Parts, face_px: float, polish: float
) -> None:
    cheek = (parts.skin > 0.5) & (parts.bags < 0.1)
    if not cheek.any():
        return
    gap = float(np.median(form[cheek][::11, 0])) - blur(lab[..., 0], 0.03 * face_px)
    lab[..., 0] += parts.bags * parts.skin * np.clip(gap, 0, 14) * (0.56 * polish)


def _clear_eyes_and_teeth(lab: NDArray[np.float32], parts: Parts, face_px: float, polish: float) -> None:
    whites = blur(parts.sclera, 1.2)
    lab[..., 1] -= whites * np.maximum(lab[..., 1] - 3, 0) * (0.72 * polish)
    lab[..., 2] -= whites * np.maximum(lab[..., 2] - 4, 0) * (0.64 * polish)
    lab[..., 0] += whites * (2.2 * polish)
    iris = blur(parts.iris * parts.eyes, 1.5)
    lab[..., 0] += iris * (lab[..., 0] - blur(lab[..., 0], 0.03 * face_px)) * (0.35 * polish)
    teeth = blur(parts.mouth * smoothstep(45, 60, lab[..., 0]) * smoothstep(22, 10, np.abs(lab[..., 1])), 1.5)
    lab[..., 2] -= teeth * np.maximum(lab[..., 2] - 5, 0) * (0.64 * polish)
    lab[..., 0] += teeth * (1.5 * polish)
