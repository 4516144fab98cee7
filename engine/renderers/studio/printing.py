"""The printer: per-pixel kernels compiled by numba, run in strips on two threads. No temporary picture is ever made.

All maps of the sitter live on the canvas and are sampled bilinearly; all maps of the backdrop live on the frame. Linear
light is kept as the square root in 16 bit (`code = √(v / 1.5) · 65535`), fine in the shadows and a third of the memory.
"""

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from engine.colour import DECODE_8BIT, decode, encode
from engine.contract.pixels import Rgb8
from engine.contract.styles import Grade

_THREADS = 2
_STRIPS = 8
_TOP = 1.5
"""Brightest value that the 16-bit code holds."""
_LUT = 2048
_ROOTS: Final = np.linspace(0, 1, _LUT + 1) ** 2
_ENCODE: Final = encode(_ROOTS).astype(np.float32)
"""√v → sRGB."""


@njit(cache=True, nogil=True, inline="always")
def _lookup(table: Any, position: float) -> float:
    """Linear interpolation in a table over [0, 1]."""
    p = min(max(position, 0.0), 1.0) * (table.shape[0] - 1)
    i = min(int(p), table.shape[0] - 2)
    return float(table[i] + (table[i + 1] - table[i]) * (p - i))


@njit(cache=True, nogil=True, inline="always")
def _smooth(low: float, high: float, value: float) -> float:
    t = min(max((value - low) / (high - low), 0.0), 1.0)
    return t * t * (3 - 2 * t)


@njit(cache=True, nogil=True)
def _lay_rows(
    first: int,
    last: int,
    source: Any,
    alpha: Any,
    detail: Any,
    picture: Any,
    foreground: Any,
    ratio: Any,
    place: Any,
    gain: Any,
    exposure: float,
    decode8: Any,
    out: Any,
) -> None:
    """Base rows: source pixels, decontaminated at the edges, balanced, exposed, retouched and sharpened."""
    width = source.shape[1]
    side, work = picture.shape[0], ratio.shape[0]
    shrink = work / side
    for y in range(first, last):
        cy = min(max(place[1] + (y + 0.5) * place[2] - 0.5, 0.0), side - 1.001)
        iy = int(cy)
        fy = cy - iy
        ry = min(max((cy + 0.5) * shrink - 0.5, 0.0), work - 1.001)
        jy = int(ry)
        gy = ry - jy
        for x in range(width):
            a = alpha[y, x] / 65535.0
            if a <= 0.0:
                out[y, x, 0] = out[y, x, 1] = out[y, x, 2] = 0
                continue
            cx = min(max(place[0] + (x + 0.5) * place[2] - 0.5, 0.0), side - 1.001)
            ix = int(cx)
            fx = cx - ix
            rx = min(max((cx + 0.5) * shrink - 0.5, 0.0), work - 1.001)
            jx = int(rx)
            gx = rx - jx
            keep = _smooth(0.85, 0.995, a)
            v0 = v1 = v2 = 0.0
            for c in range(3):
                v = decode8[source[y, x, c]]
                if keep < 1.0:
                    low = (decode8[picture[iy, ix, c]] * (1 - fx) + decode8[picture[iy, ix + 1, c]] * fx) * (1 - fy)
                    low += (decode8[picture[iy + 1, ix, c]] * (1 - fx) + decode8[picture[iy + 1, ix + 1, c]] * fx) * fy
                    own = (decode8[foreground[iy, ix, c]] * (1 - fx) + decode8[foreground[iy, ix + 1, c]] * fx) * (
                        1 - fy
                    )
                    own += (
                        decode8[foreground[iy + 1, ix, c]] * (1 - fx) + decode8[foreground[iy + 1, ix + 1, c]] * fx
                    ) * fy
                    v = v * keep + max(own + (v - low) * 0.6, 0.0) * (1 - keep)
                v *= gain[c] * exposure
                if c == 0:
                    v0 = v
                elif c == 1:
                    v1 = v
                else:
                    v2 = v
            luma = 0.2126 * v0 + 0.7152 * v1 + 0.0722 * v2
            roll = 1.0
            if exposure > 1.0 and luma > 0.72:
                roll = (0.72 + 0.28 * (1 - np.exp(-(luma - 0.72) / 0.28))) / luma
            lightness = _lookup(_ENCODE, np.sqrt(min(max(luma * roll, 0.0), 1.0)))
            crisp = min(max(1.0 + 2.2 * detail[y, x] / max(lightness * 254.0, 24.0), 0.6), 1.5)
            for c in range(3):
                r = (ratio[jy, jx, c] * (1 - gx) + ratio[jy, jx + 1, c] * gx) * (1 - gy)
                r += (ratio[jy + 1, jx, c] * (1 - gx) + ratio[jy + 1, jx + 1, c] * gx) * gy
                v = (v0 if c == 0 else (v1 if c == 1 else v2)) * roll * r * crisp
                out[y, x, c] = np.uint16(np.sqrt(min(max(v / 1.5, 0.0), 1.0)) * 65535.0 + 0.5)


@njit(cache=True, nogil=True)
def _print_rows(
    first: int,
    last: int,
    base: Any,
    alpha: Any,
    light: Any,
    place: Any,
    backdrop: Any,
    glow: Any,
    wrap_share: Any,
    grain: Any,
    curve: Any,
    root3: Any,
    encode_table: Any,
    look: Any,
    out: Any,
) -> None:
    """Finished rows: relight, rim, spill and wrap, composite, shoulder, contrast, colour, vignette, grain, sRGB."""
    height, width = alpha.shape
    h_light = light.shape[0]
    h_back, w_back = backdrop.shape[0], backdrop.shape[1]
    h_glow, w_glow = glow.shape[0], glow.shape[1]
    grain_px = grain.shape[0]
    ev, saturation, warmth = look[0], look[1], look[2]
    shadow_a, shadow_b, high_a, high_b = look[3], look[4], look[5], look[6]
    vignette, grain_l, spill, wrap, mono = look[7], look[8], look[9], look[10], look[11]
    m = np.empty(9, np.float32)
    v = np.empty(3, np.float32)
    b = np.empty(3, np.float32)
    g = np.empty(3, np.float32)
    for y in range(first, last):
        by = min(max((y + 0.5) * h_back / height - 0.5, 0.0), h_back - 1.001)
        biy = int(by)
        bfy = by - biy
        gy = min(max((y + 0.5) * h_glow / height - 0.5, 0.0), h_glow - 1.001)
        giy = int(gy)
        gfy = gy - giy
        ly = min(max((place[1] + (y + 0.5) * place[2]) - 0.5, 0.0), h_light - 1.001)
        liy = int(ly)
        lfy = ly - liy
        for x in range(width):
            a = alpha[y, x] / 65535.0
            bx = min(max((x + 0.5) * w_back / width - 0.5, 0.0), w_back - 1.001)
            bix = int(bx)
            bfx = bx - bix
            skin = 0.0
            if a < 1.0:
                for c in range(3):
                    b[c] = (backdrop[biy, bix, c] * (1 - bfx) + backdrop[biy, bix + 1, c] * bfx) * (1 - bfy)
                    b[c] += (backdrop[biy + 1, bix, c] * (1 - bfx) + backdrop[biy + 1, bix + 1, c] * bfx) * bfy
            if a > 0.0:
                lx = min(max((place[0] + (x + 0.5) * place[2]) - 0.5, 0.0), h_light - 1.001)
                lix = int(lx)
                lfx = lx - lix
                for c in range(9):
                    m[c] = (light[liy, lix, c] * (1 - lfx) + light[liy, lix + 1, c] * lfx) * (1 - lfy)
                    m[c] += (light[liy + 1, lix, c] * (1 - lfx) + light[liy + 1, lix + 1, c] * lfx) * lfy
                gx = min(max((x + 0.5) * w_glow / width - 0.5, 0.0), w_glow - 1.001)
                gix = int(gx)
                gfx = gx - gix
                w = (wrap_share[giy, gix] * (1 - gfx) + wrap_share[giy, gix + 1] * gfx) * (1 - gfy)
                w += (wrap_share[giy + 1, gix] * (1 - gfx) + wrap_share[giy + 1, gix + 1] * gfx) * gfy
                w *= a * wrap
                for c in range(3):
                    q = base[y, x, c] / 65535.0
                    v[c] = q * q * 1.5
                    g[c] = (glow[giy, gix, c] * (1 - gfx) + glow[giy, gix + 1, c] * gfx) * (1 - gfy)
                    g[c] += (glow[giy + 1, gix, c] * (1 - gfx) + glow[giy + 1, gix + 1, c] * gfx) * gfy
                luma = 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]
                held = 1 - 0.7 * _smooth(0.45, 0.95, luma)  # highlights are not pushed further
                for c in range(3):
                    k = m[c]
                    if k > 1:
                        k = 1 + (k - 1) * held
                    v[c] *= k
                luma = 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]
                lift = 0.07 + 0.9 * min(m[6], 0.5) + 0.5 * min(max(luma - m[6], -0.2), 0.3)
                tone = max(0.2126 * g[0] + 0.7152 * g[1] + 0.0722 * g[2], 1e-3)
                share = spill * (0.35 + 0.9 * m[8])
                for c in range(3):
                    v[c] = (v[c] + m[3 + c] * lift) * ev
                    v[c] *= 1 + (min(max(g[c] / tone, 0.5), 1.7) - 1) * share
                    v[c] = v[c] * (1 - w * 0.55) + min(g[c], 1.2) * w
                    v[c] = v[c] * a + b[c] * (1 - a) if a < 1.0 else v[c]
                skin = m[7] * a
            else:
                v[0], v[1], v[2] = b[0], b[1], b[2]
            luma = 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]
            if luma > 0.8:
                roll = (0.8 + 0.2 * (1 - np.exp(-(luma - 0.8) / 0.2))) / luma
                v[0] *= roll
                v[1] *= roll
                v[2] *= roll
            for c in range(3):
                v[c] = _lookup(curve, np.sqrt(min(max(v[c], 0.0), 1.0)))
            fx = _lookup(root3, np.sqrt((0.412453 * v[0] + 0.357580 * v[1] + 0.180423 * v[2]) / 0.950456))
            fy = _lookup(root3, np.sqrt(0.212671 * v[0] + 0.715160 * v[1] + 0.072169 * v[2]))
            fz = _lookup(root3, np.sqrt((0.019334 * v[0] + 0.119193 * v[1] + 0.950227 * v[2]) / 1.088754))
            lightness = 116 * fy - 16
            if mono > 0:
                lab_a, lab_b = 0.4, 1.6
            else:
                free = 1 - 0.7 * skin
                k = 1 + (saturation - 1) * free
                dark, bright = _smooth(55.0, 5.0, lightness), _smooth(45.0, 95.0, lightness)
                lab_a = 500 * (fx - fy) * k + (shadow_a * dark + high_a * bright) * free
                lab_b = 200 * (fy - fz) * k + (shadow_b * dark + high_b * bright) * free
                lab_b += warmth * 0.5 * lightness / 100
            dx = ((x + 0.5) / width - 0.5) * width / height * 1.05
            dy = (y + 0.5) / height - 0.46
            lightness *= 1 - vignette * _smooth(0.32, 0.85, np.sqrt(dx * dx + dy * dy))
            middle = min(max(lightness / 100 * (1 - lightness / 100) * 4, 0.0), 1.0)
            speck = grain[y % grain_px, x % grain_px]
            lightness += speck * grain_l * (0.12 + 0.88 * middle) * (1 - 0.6 * _smooth(85.0, 97.0, lightness))
            fy = (lightness + 16) / 116
            fx = fy + lab_a / 500
            fz = fy - lab_b / 200
            xx = (fx * fx * fx if fx > 0.206893 else (fx - 0.137931) / 7.787) * 0.950456
            yy = fy * fy * fy if fy > 0.206893 else (fy - 0.137931) / 7.787
            zz = (fz * fz * fz if fz > 0.206893 else (fz - 0.137931) / 7.787) * 1.088754
            v[0] = 3.240479 * xx - 1.537150 * yy - 0.498535 * zz
            v[1] = -0.969256 * xx + 1.875991 * yy + 0.041556 * zz
            v[2] = 0.055648 * xx - 0.204043 * yy + 1.057311 * zz
            dither = 0.5 + 0.35 * (grain[(y + 37) % grain_px, (x + 101) % grain_px])
            for c in range(3):
                s = _lookup(encode_table, np.sqrt(min(max(v[c], 0.0), 1.0))) * 255.0 + min(max(dither, 0.0), 1.0)
                out[y, x, c] = np.uint8(min(max(s, 0.0), 255.0))


_ROOT3: Final = np.where(_ROOTS > 0.008856, np.cbrt(_ROOTS), 7.787 * _ROOTS + 16 / 116).astype(np.float32)


def lay_base(
    source: Rgb8,
    alpha: NDArray[np.uint16],
    detail: NDArray[np.float32],
    picture: Rgb8,
    foreground: Rgb8,
    ratio: NDArray[np.float32],
    place: tuple[float, float, float],
    gain: NDArray[np.float32],
    ev: float,
) -> NDArray[np.uint16]:
    """The sitter at frame size [H, W, 3], coded linear light. `place` is x, y of the frame on the canvas and its px per px.

    `detail` [H, W] is the sharpening to add, in 8-bit grey levels.
    """
    out = np.empty(source.shape, np.uint16)
    where = np.array(place, np.float64)
    _in_strips(
        source.shape[0],
        _lay_rows,
        (
            source,
            alpha,
            detail,
            picture,
            foreground,
            ratio,
            where,
            gain.astype(np.float64),
            float(2**ev),
            DECODE_8BIT,
            out,
        ),
    )
    return out


def print_frame(
    base: NDArray[np.uint16],
    alpha: NDArray[np.uint16],
    light: NDArray[np.float32],
    place: tuple[float, float, float],
    backdrop: NDArray[np.float32],
    glow: NDArray[np.float32],
    wrap_share: NDArray[np.float32],
    grain: NDArray[np.float32],
    grade: Grade,
) -> Rgb8:
    """The finished picture [H, W, 3]. `place` is the frame on the light map: x, y and map px per frame px."""
    tones = _ENCODE + grade.contrast * (_ENCODE * _ENCODE * (3 - 2 * _ENCODE) - _ENCODE)
    look = np.array(
        [
            2**grade.exposure_ev,
            grade.saturation,
            grade.warmth,
            *grade.shadow_tint,
            *grade.highlight_tint,
            grade.vignette,
            grade.grain * 60,
            grade.spill,
            grade.wrap,
            float(grade.monochrome),
        ],
        np.float64,
    )
    out = np.empty((*alpha.shape, 3), np.uint8)
    arguments = (base, alpha, light, np.array(place, np.float64), backdrop, glow, wrap_share, grain)
    tables = (decode(tones), _ROOT3, _ENCODE, look, out)
    _in_strips(alpha.shape[0], _print_rows, (*arguments, *tables))
    return out


def _in_strips(height: int, kernel: Any, arguments: tuple[Any, ...]) -> None:
    edges = np.linspace(0, height, _STRIPS + 1).astype(int)
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(lambda span: kernel(span[0], span[1], *arguments), itertools.pairwise(edges)))
