"""A quick studio for scenarios: it looks at a photo's bytes instead of its pixels, and waits where it is told to."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from engine.contract.ports import OnStep, Step
from engine.contract.selfies import Coverage, Finding, Intake, Outcome, Photo, Verdict
from engine.contract.shots import FileFormat, Gallery, Headshot, ShootRequest, VariationRequest
from tests.child.studios import STYLE, headshot, verdicts

STUDIO = "tests.scenarios.studio:open_quick"
GATE = "SCENARIO_GATE"
"""Names a file: as long as it is there, pictures are being taken and none is finished."""


class QuickStudio:
    """See `engine.pipeline.Studio`."""

    def check(self, photos: Sequence[Photo], on_step: OnStep) -> Intake:
        """Photos that say that they are blurred are refused."""
        on_step(Step("intake", len(photos), len(photos)))
        found = tuple(_verdict(photo) for photo in photos)
        return Intake(found, (), Coverage({"front": len(photos)}, {"even": 1}, {"mouth_closed": 1}, "next_smile"))

    def shoot(
        self, request: ShootRequest, on_step: OnStep, on_headshot: Callable[[Headshot], None], kept: Mapping[int, str]
    ) -> Gallery:
        """As many as were asked for."""
        return self._make(request.photos, request.count, request.style, on_step, on_headshot, kept)

    def vary(
        self,
        request: VariationRequest,
        on_step: OnStep,
        on_headshot: Callable[[Headshot], None],
        kept: Mapping[int, str],
    ) -> Gallery:
        """The photo that the headshot was made from has to be there."""
        shot: Any = request.recipe["shot"]
        photos = [photo for photo in request.photos if _selfie_id(photo) == shot["selfie_id"]]
        return self._make(photos, request.count, shot["style"], on_step, on_headshot, kept)

    def recipe(self, headshot: Headshot, file_format: FileFormat) -> Mapping[str, object]:
        """As much as the bot reads of it."""
        shot = headshot.shot
        told = {"style": shot.style, "selfie_id": shot.selfie_id, "crop": shot.crop, "prompt": {"unmet": []}}
        return {"schema": 1, "shot": {**told, "backdrop": {"name": "grey"}, "light": {"name": "even"}}}

    def _make(
        self,
        photos: Sequence[Photo],
        count: int,
        style: str,
        on_step: OnStep,
        on_headshot: Callable[[Headshot], None],
        kept: Mapping[int, str],
    ) -> Gallery:
        on_step(Step("intake", len(photos), len(photos)))
        while True:
            on_step(Step("render", min(count, 2), 2 * count))
            if not Path(os.environ[GATE]).exists():
                break
            time.sleep(0.02)
        made = [_headshot(rank, photos[rank % len(photos)], style) for rank in range(1, count + 1)]
        for done, one in enumerate(one for one in made if one.rank not in kept):
            on_step(Step("finish", done, count))
            on_headshot(one)
        return Gallery(STYLE, verdicts(photos), tuple(made), 2 * count, {}, {"render": 0.1})


def _headshot(rank: int, photo: Photo, style: str) -> Headshot:
    made = headshot(rank)
    return replace(made, shot=replace(made.shot, selfie_id=_selfie_id(photo), style=style), notes=())


def _verdict(photo: Photo) -> Verdict:
    if b"blurred" in photo.data:
        finding = Finding("blurred", True, 0.2, 0.3)
        return Verdict(photo.name, _selfie_id(photo), Outcome.REFUSED, (finding,), "Hold still and try again.", {})
    return Verdict(
        photo.name,
        _selfie_id(photo),
        Outcome.ACCEPTED,
        (),
        "A good base for headshots.",
        {"yaw_deg": 0.0, "pitch_deg": 0.0},
    )


def _selfie_id(photo: Photo) -> str:
    return sha256(photo.data).hexdigest()[:16]


def open_quick(own_styles: Path | None) -> QuickStudio:
    """Nothing to load."""
    return QuickStudio()
