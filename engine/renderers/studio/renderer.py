"""The `studio` renderer: keeps the person's own pixels and does what a portrait photographer and retoucher do. CPU only."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colour import blur, encode, to_lab
from engine.contract.crops import CROPS
from engine.contract.pixels import Linear, Rgb8
from engine.contract.ports import FaceEmbedder, Matter, OnStep, RendererCard, Sitting, Step
from engine.contract.shots import Candidate, Shot
from engine.contract.styles import CropName
from engine.faces.analyzer import moved
from engine.planning.shot_ids import with_id
from engine.renderers.studio.backdrops import PAINTERS
from engine.renderers.studio.backdrops.photographs import hung_picture, own_surroundings
from engine.renderers.studio.darkroom import Darkroom
from engine.renderers.studio.frame import Frame, surroundings
from engine.renderers.studio.framing import LARGE_HEAD
from engine.renderers.studio.light import light_map, mirrored
from engine.renderers.studio.negative import Negative
from engine.renderers.studio.printing import print_frame
from engine.weights import path_of

CARD = RendererCard(name="studio", resolution_free=True, keeps_pixels=True)
SIMILARITY = 0.93
"""Below this cosine to its own selfie a colour picture is processed too hard and printed again, gentler."""
SIMILARITY_MONOCHROME = 0.86
REJECTED = 0.80
_GENTLER = (1.0, 0.5, 0.25)
_NARROWER: tuple[CropName, ...] = ("tight", "three-four", "two-three", "square-tight")
"""Tried in this order where the photo is too narrow for the planned crop."""
_PAINT_PX = 640
_HARD_SIDE, _HARD_RESIDUAL = 0.40, 0.35
_UNSURE_MATTE = 0.55


class StudioRenderer:
    """Prints shots from selfies. `backdrop_picture` hangs behind shots whose backdrop is of kind "picture".

    `batch`: pictures in work at a time. It changes time and memory, and no bit of a picture.
    """

    def __init__(
        self, matter: Matter, embedder: FaceEmbedder, backdrop_picture: Rgb8 | None = None, batch: int = 2
    ) -> None:
        self._matter = matter
        self._embedder = embedder
        self._hung = backdrop_picture
        self._batch = batch
        self._darkroom: Darkroom | None = None

    @property
    def card(self) -> RendererCard:
        """What it can do."""
        return CARD

    def load(self) -> None:
        """Check the weight files; raises ModelUnavailable."""
        for name in ("face-mesh", "selfie-segmentation", "sface"):
            path_of(name)

    def unload(self) -> None:
        """Forget the sitting."""
        self._darkroom = None

    def render(self, sitting: Sitting, shots: Sequence[Shot], height_px: int, on_step: OnStep) -> Iterator[Candidate]:
        """Candidates in the order of the shots; one that would not look like its sitter is left out.

        Heights: `height_px`, or the largest at which the photo is still sharp if that is less.
        """
        if self._darkroom is None or self._darkroom.sitting is not sitting:
            self._darkroom = Darkroom(sitting, self._matter, self._embedder.card.name, self._batch)
        darkroom, ahead = self._darkroom, self._batch + 1
        on_step(Step("render", 0, len(shots)))
        with ThreadPoolExecutor(self._batch, thread_name_prefix="print") as pool:
            waiting = iter(shots)
            running: list[Future[Candidate | None]] = [
                pool.submit(self._print, darkroom, s, height_px) for s in islice(waiting, ahead)
            ]
            for done in range(1, len(shots) + 1):
                candidate = running.pop(0).result()
                running += [pool.submit(self._print, darkroom, s, height_px) for s in islice(waiting, 1)]
                on_step(Step("render", done, len(shots)))
                if candidate is not None:
                    yield candidate

    def _print(self, darkroom: Darkroom, planned: Shot, height_px: int) -> Candidate | None:
        shot = _fitting(darkroom, planned)
        if shot is None:
            return None
        honest = darkroom.honest_height(shot)
        height = min(height_px, honest) // 2 * 2
        bar = SIMILARITY_MONOCHROME if shot.grade.monochrome else SIMILARITY
        backdrop = self._backdrop(darkroom, shot, height)
        rgb, similarity = np.zeros((0, 0, 3), np.uint8), -1.0
        for strength in _GENTLER:
            laid = darkroom.frame(shot, height, round(shot.polish * strength, 3))
            rgb = _picture(darkroom.negative(shot.selfie_id), laid, shot, backdrop, strength)
            selfie = darkroom.sitting.selfie(shot.selfie_id)
            vector = self._embedder.embed(rgb, moved(selfie.face, laid.to_photo))
            similarity = float(vector @ darkroom.vector(shot.selfie_id))
            if similarity >= bar:
                break
        if similarity < REJECTED:
            return None
        negative = darkroom.negative(shot.selfie_id)
        framing = _framing(negative, laid, backdrop)
        return Candidate(shot, rgb, similarity, honest, framing, _notes(negative, laid, height_px, height))

    def _backdrop(self, darkroom: Darkroom, shot: Shot, height: int) -> Linear:
        """The backdrop in linear light, small: it is out of focus."""
        negative = darkroom.negative(shot.selfie_id)
        kind = shot.backdrop.kind
        aspect = _aspect(darkroom, shot, height)
        rows, columns = _PAINT_PX, max(8, round(_PAINT_PX * aspect))
        if kind == "picture" and self._hung is not None:
            return hung_picture(shot.backdrop, self._hung, rows, columns)
        if kind in ("original", "picture"):
            laid = darkroom.frame(shot, height, shot.polish)
            return own_surroundings(shot.backdrop, *surroundings(negative, laid, 480))
        painted = PAINTERS[kind](shot.backdrop, rows, columns, np.random.default_rng(shot.seed)).clip(0, None)
        if shot.backdrop.light_side == "key":  # windows are painted on the left
            from_right = (shot.light.key_azimuth_deg > 0) != mirrored(shot.light, negative.source)
            painted = painted[:, ::-1] if from_right else painted
        return np.ascontiguousarray(painted, np.float32)


def _fitting(darkroom: Darkroom, shot: Shot) -> Shot | None:
    """The shot in the planned crop, or in the one that cuts least close, without showing where the photo cut the person off.

    None when every crop would show that.
    """
    closest: dict[CropName, float] = {}
    for crop in (shot.crop, *_NARROWER):
        framing = darkroom.framing(shot.selfie_id, crop)
        if framing.missing == 0:
            closest[crop] = framing.head
            if framing.head <= max(LARGE_HEAD, 1.3 * CROPS[crop].head):  # a banner is a close cut by nature
                return _in_crop(shot, crop)
    if not closest:
        return None
    return _in_crop(shot, min(closest, key=lambda crop: closest[crop]))


def _in_crop(shot: Shot, crop: CropName) -> Shot:
    return shot if crop == shot.crop else with_id(replace(shot, crop=crop))


def _aspect(darkroom: Darkroom, shot: Shot, height: int) -> float:
    laid = darkroom.frame(shot, height, shot.polish)
    return laid.width / laid.height


def _picture(negative: Negative, frame: Frame, shot: Shot, backdrop: Linear, strength: float) -> Rgb8:
    flip = mirrored(shot.light, negative.source)
    light = light_map(negative.relief, negative.source, shot.light, flip=flip, strength=strength)
    scale = light.shape[0] / negative.side
    place = (frame.framing.x * scale, frame.framing.y * scale, frame.px * scale)
    large = backdrop
    if frame.height > 1.6 * backdrop.shape[0]:
        size = (frame.width // 2, frame.height // 2)
        large = np.asarray(cv2.resize(backdrop, size, interpolation=cv2.INTER_CUBIC), np.float32).clip(0, None)
    small = cv2.resize(
        np.minimum(backdrop, 1.5), (backdrop.shape[1] // 4, backdrop.shape[0] // 4), interpolation=cv2.INTER_AREA
    )
    glow = blur(np.asarray(small, np.float32), 0.03 * small.shape[0])
    share = cv2.resize(frame.wrap_share, (glow.shape[1], glow.shape[0]), interpolation=cv2.INTER_AREA)
    wrap_share = np.ascontiguousarray(share, np.float32)
    grain = _grain(frame.height)
    return print_frame(frame.base, frame.alpha, light, place, large, glow, wrap_share, grain, shot.grade)


@lru_cache(maxsize=4)
def _grain(height: int) -> NDArray[np.float32]:
    """Film grain tile [512, 512], standard deviation 1, as coarse as the picture is large."""
    tile = np.random.default_rng(20).standard_normal((512, 512)).astype(np.float32)
    tile = np.asarray(
        cv2.GaussianBlur(tile, (0, 0), 0.7 * height / 1600 + 0.3, borderType=cv2.BORDER_REFLECT), np.float32
    )
    return np.asarray(tile / tile.std(), np.float32)


def _framing(negative: Negative, frame: Frame, backdrop: Linear) -> dict[str, float]:
    """What the renderer knows of the frame; see `Candidate.framing`."""
    confidence = negative.matte.confidence
    return {
        "missing": frame.framing.missing,
        "headroom": frame.framing.headroom,
        "head": frame.framing.head,
        "enlargement": frame.enlargement,
        "matte_confidence": confidence,
        "edge_risk": float((1 - confidence) * _contrast_with_old(negative, backdrop)),
        "side_light": abs(negative.source.side),
        "shadow": negative.source.residual,
    }


def _contrast_with_old(negative: Negative, backdrop: Linear) -> float:
    """How different the new backdrop is from the photo's own beside the hair, in [0, 1] (ΔE / 60)."""
    side, n = negative.side, 96
    alpha = cv2.resize(negative.matte.alpha, (n, n), interpolation=cv2.INTER_AREA)
    near = cv2.dilate((alpha > 0.5).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    rows = np.arange(n)[:, None] < negative.head.chin * n / side
    ring = near & (alpha < 0.05) & rows & (cv2.resize(negative.matte.valid, (n, n)) > 0.9)
    if ring.sum() < 8:
        return 0.0
    old = to_lab(cv2.resize(negative.matte.picture, (n, n), interpolation=cv2.INTER_AREA) / 255.0)[ring]
    top = backdrop[: int(backdrop.shape[0] * 0.7)]
    new = to_lab(encode(np.minimum(cv2.resize(top, (24, 24), interpolation=cv2.INTER_AREA), 1.0))).reshape(-1, 3)
    return min(1.0, float(np.linalg.norm(old.mean(0) - new.mean(0))) / 60)


def _notes(negative: Negative, frame: Frame, wanted: int, height: int) -> tuple[str, ...]:
    notes = []
    if height < wanted and height < 1024:
        notes.append("note_small_source")
    if abs(negative.source.side) > _HARD_SIDE or negative.source.residual > _HARD_RESIDUAL:
        notes.append("note_hard_light")
    if negative.head.hair_cut:
        notes.append("note_hair_cut")
    if frame.framing.head > LARGE_HEAD:
        notes.append("note_close")
    if negative.matte.confidence < _UNSURE_MATTE:
        notes.append("note_soft_edges")
    if not frame.garment_found:
        notes.append("note_no_garment")
    return tuple(notes)
