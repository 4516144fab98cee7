"""Relighting as a ratio: what the style's lights would do over what the photo's own light did, everything low frequency.

Sources: Shashua and Riklin-Raviv 2001 (ratio images); Basri and Jacobs 2003 (first-order spherical harmonics).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import blur, guided, luminance, smoothstep, temperature_gain
from engine.contract.pixels import Linear, Plane
from engine.contract.styles import Light

CHANNELS = 9
"""Planes of a light map: gain R G B, rim R G B, mean luminance, skin, edge."""
_GAIN = (-0.55, 0.50)
"""Largest change in natural log."""


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """What lighting needs to know of one sitter, at about a quarter of the canvas: everything [h, h]."""

    normals: NDArray[np.float32]
    """[h, h, 3]."""
    skin: Plane
    skin_all: Plane
    face: Plane
    alpha: Plane
    linear: Linear
    """Balanced and exposed picture."""
    chin_px: float
    face_px: float


@dataclass(frozen=True, slots=True, eq=False)
class SourceLight:
    """The photo's own light: Y ≈ a + b · n on skin, mean 1."""

    coefficients: NDArray[np.float32]
    """[4]: a, b_x, b_y, b_z."""
    side: float
    """Signed: positive = from the picture's right. Above 0.4 it is hard side light."""
    residual: float
    """Median |residual| / mean. Above 0.35 the light casts hard shadows."""


def source_light(relief: Relief) -> SourceLight:
    """Robust first-order fit (iteratively re-weighted least squares)."""
    where = np.flatnonzero(relief.skin.ravel() > 0.7)
    if len(where) < 100:
        return SourceLight(np.array([1, 0, 0, 0], np.float32), 0.0, 0.0)
    where = where[:: max(1, len(where) // 6000)]
    design = np.c_[np.ones(len(where)), relief.normals.reshape(-1, 3)[where]]
    seen = luminance(relief.linear).ravel()[where].astype(np.float64)
    prior = np.diag([0, 0.02, 0.02, 0.02]) * len(where)
    weights, fit = np.ones(len(where)), np.zeros(4)
    for _ in range(6):
        weighted = design * weights[:, None]
        fit = np.linalg.solve(weighted.T @ design + prior, weighted.T @ seen)
        wrong = np.abs(seen - design @ fit)
        weights = 1 / np.maximum(wrong, 0.3 * np.median(wrong) + 1e-5)
        weights /= weights.max()
    mean = max(float(seen.mean()), 1e-4)
    residual = float(np.median(np.abs(seen - design @ fit)) / mean)
    level = float(np.mean(design @ fit))
    return SourceLight((fit / level).astype(np.float32), float(fit[1] / mean), residual)


def mirrored(light: Light, source: SourceLight) -> bool:
    """Whether the style's light must be flipped so that its key stands where the photo's light already is."""
    if abs(source.side) <= 0.04:
        return False
    return (source.side < 0) != (light.key_azimuth_deg < 0)


def light_map(relief: Relief, source: SourceLight, light: Light, *, flip: bool, strength: float) -> NDArray[np.float32]:
    """Planes [h, h, 9] that the printer multiplies and adds; see CHANNELS. `strength` scales everything, 1 = the style's."""
    side = -1 if flip else 1
    normals, skin, face_px = relief.normals, relief.skin, relief.face_px
    h = skin.shape[0]
    key = _lambert(normals, light.key_azimuth_deg * side, light.key_elevation_deg, light.softness)
    wanted = 1 + (light.ratio - 1) * key
    had = np.clip(source.coefficients[0] + normals @ source.coefficients[1:], 0.35, 2.2)
    rows = np.arange(h, dtype=np.float32)[:, None]
    body = smoothstep(relief.chin_px, relief.chin_px + 0.7 * face_px, rows)
    near = blur(relief.face, 0.12 * face_px)
    evened = light.delight * (1 - 0.75 * body) * (0.55 + 0.45 * near)
    ratio = wanted / np.power(had, evened)
    ratio /= max(float((ratio * skin).sum() / max(float(skin.sum()), 1e-3)), 1e-3)
    ratio *= 1 - light.falloff * body
    ratio = blur(
        np.exp(np.clip(np.log(ratio), *_GAIN) * (light.strength * strength)).astype(np.float32), 0.02 * face_px
    )
    gain = ratio * _fill(relief, light.fill * min(1.0, 0.5 + 0.5 * strength))

    tint = temperature_gain(light.temperature_k)
    key_share = np.clip(key / np.maximum(wanted, 1e-3) * (light.ratio - 1), 0, 1)[..., None]
    coloured = gain[..., None] * (1 + (tint - 1) * key_share)
    rim = np.zeros((h, h, 3), np.float32)
    edge = 1 - smoothstep(0.25, 0.9, normals[..., 2])
    for lamp in light.rims:
        towards = np.clip(normals @ _direction(lamp.azimuth_deg * side, lamp.elevation_deg) + 0.12, 0, 1) ** 1.4
        seen = blur((towards * edge).astype(np.float32), 0.010 * face_px).clip(0, 1) * (1 - 0.75 * relief.face)
        rim += (seen * lamp.strength * min(1.0, strength))[..., None] * temperature_gain(lamp.temperature_k)
    mean = blur(luminance(relief.linear) * gain, 0.02 * face_px)
    rims_edge = 1 - smoothstep(0.45, 0.98, normals[..., 2])
    return np.ascontiguousarray(np.dstack([coloured, rim, mean, relief.skin_all, rims_edge]), np.float32)


def _fill(relief: Relief, amount: float) -> Plane:
    """Gain that opens cast shadows on skin: an edge-preserving base of log luminance is lifted towards its mean."""
    logs = np.log2(np.maximum(luminance(relief.linear), 0.004)).astype(np.float32)
    guide = np.clip((logs + 8) / 8, 0, 1).astype(np.float32)
    base = guided(guide, logs, max(1, int(0.10 * relief.face_px)), 4e-3)
    mean = float((base * relief.skin).sum() / max(float(relief.skin.sum()), 1e-3))
    where = blur(np.maximum(relief.skin, relief.skin_all * 0.7), 0.015 * relief.face_px)
    return np.asarray(2 ** (np.clip(mean - base, 0, 2.2) * amount * where), np.float32)


def _direction(azimuth_deg: float, elevation_deg: float) -> NDArray[np.float32]:
    a, e = np.radians(azimuth_deg), np.radians(elevation_deg)
    return np.array([np.sin(a) * np.cos(e), -np.sin(e), np.cos(a) * np.cos(e)], np.float32)


def _lambert(normals: NDArray[np.float32], azimuth_deg: float, elevation_deg: float, softness: float) -> Plane:
    towards = normals @ _direction(azimuth_deg, elevation_deg)
    return np.asarray(np.clip((towards + softness) / (1 + softness), 0, 1), np.float32)


def resized(plane: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """The plane or picture at [side, side]."""
    mode = cv2.INTER_AREA if side < plane.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(plane, (side, side), interpolation=mode), np.float32)
