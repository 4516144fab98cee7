"""A quick studio that writes down every candidate it makes, and goes wrong for photos that say so in their bytes."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import numpy as np

from engine.contract.ports import OnStep, Step
from engine.contract.selfies import Finding, Intake, Outcome, Photo, Verdict
from engine.contract.shots import FileFormat, Gallery, Headshot, ShootRequest, VariationRequest
from tests.chaos.journal import Journal
from tests.child.studios import STYLE, crash, eat, hang, headshot, stumble, verdicts

STUDIO = "tests.chaos.studio:open_recording"
PACE_S = 0.03
"""For every step and every headshot."""
STORE_S = 3.0
"""For the worker to store one."""


def kill_worker() -> None:
    """What exhausts the machine takes the worker along: nobody is left who could report an error."""
    os.kill(os.getppid(), 9)
    time.sleep(60)


POISONS: Mapping[str, Callable[[], None]] = {f.__name__: f for f in (crash, hang, eat, stumble, kill_worker)}
AT_SIGHT = "at-sight-"
"""Before the name of a poison: it already works while the photo is screened."""
RANKS = (1, 2, 3)
CHILD_PLACES = (
    "engine-intake",
    "engine-render",
    *(f"engine-{when}-{rank}" for rank in RANKS for when in ("finish", "made")),
    "engine-done",
)


@dataclass
class RecordingStudio:
    """Each headshot is a line in the journal: of which making, and which rank."""

    journal: Journal = field(default_factory=Journal.here)

    def check(self, photos: Sequence[Photo], on_step: OnStep) -> Intake:
        """Everybody looks well, until a photo brings the process down."""
        on_step(Step("intake", 0, len(photos)))
        _suffer(photos, AT_SIGHT)
        soft = (Finding("blurred", False, 0.4, 0.3),)
        found = tuple(Verdict(p.name, _selfie_id(p), Outcome.ACCEPTED, soft, "Good.", {}) for p in photos)
        return replace(verdicts(photos), verdicts=found)

    def shoot(
        self, request: ShootRequest, on_step: OnStep, on_headshot: Callable[[Headshot], None], kept: Mapping[int, str]
    ) -> Gallery:
        """See `engine.pipeline.Studio`."""
        return self._make(str(request.seed), request.photos, request.count, on_step, on_headshot, kept)

    def vary(
        self,
        request: VariationRequest,
        on_step: OnStep,
        on_headshot: Callable[[Headshot], None],
        kept: Mapping[int, str],
    ) -> Gallery:
        """A variation is named after what it varies."""
        making = making_of(request.recipe, request.kind)
        return self._make(making, request.photos, request.count, on_step, on_headshot, kept)

    def recipe(self, headshot: Headshot, file_format: FileFormat) -> Mapping[str, object]:
        """As little as the others read, and what it was made in."""
        return {"schema": 1, "making": self._making, "rank": headshot.rank, "shot": {"prompt": {"unmet": []}}}

    def _make(
        self,
        making: str,
        photos: Sequence[Photo],
        count: int,
        on_step: OnStep,
        on_headshot: Callable[[Headshot], None],
        kept: Mapping[int, str],
    ) -> Gallery:
        self._making = making
        self.journal.write("start", making=making, worker=os.getppid(), kept=len(kept))
        for stage in ("intake", "render"):
            self._reach(making, f"engine-{stage}")
            time.sleep(PACE_S)
            on_step(Step(stage, 1, 1))
        _suffer(photos, "")
        waiting = [rank for rank in range(1, count + 1) if rank not in kept]
        for done, rank in enumerate(waiting):
            on_step(Step("finish", done, len(waiting)))
            time.sleep(PACE_S)
            self._reach(making, f"engine-finish-{rank}")
            self.journal.write("made", making=making, rank=rank, worker=os.getppid())
            self._reach(making, f"engine-made-{rank}")
            before = self.journal.stored_by(os.getppid())
            on_headshot(_print(making, rank))
            self._await_store(before)
        self._reach(making, "engine-done")
        gallery = [_print(making, rank) for rank in range(1, count + 1)]
        return Gallery(STYLE, verdicts(photos), tuple(gallery), count, {}, {"render": PACE_S})

    def _await_store(self, before: int) -> None:
        """A real headshot takes seconds to make, and milliseconds to store; so this studio is never ahead of its worker."""
        until = time.monotonic() + STORE_S
        while self.journal.stored_by(os.getppid()) == before and time.monotonic() < until:
            time.sleep(0.002)

    def _reach(self, making: str, place: str) -> None:
        """Here the engine process may die, or its worker, or both may stand still for a while."""
        self.journal.reach(place, about=making)
        self.journal.reach(f"{place}-worker", about=making, victim=os.getppid())
        self.journal.freeze(f"{place}-freeze", making, os.getppid(), os.getpid())


def making_of(recipe: Mapping[str, object], variation: str) -> str:
    """What a variation is called in the journal."""
    return f"{recipe['making']}/{recipe['rank']}/{variation}"


def _print(making: str, rank: int) -> Headshot:
    """The same bytes whenever it is made, and like no other's."""
    pixels = np.random.default_rng(crc32(f"{making}#{rank}".encode()))
    return replace(headshot(rank), rgb=pixels.integers(0, 256, (40, 40, 3), np.uint8))


def _suffer(photos: Sequence[Photo], when: str) -> None:
    for photo in photos:
        for name, poison in POISONS.items():
            if photo.data.endswith(f"|{when}{name}|".encode()):
                poison()


def _selfie_id(photo: Photo) -> str:
    return sha256(photo.data).hexdigest()[:16]


def open_recording(own_styles: Path | None) -> RecordingStudio:
    """See `tests.chaos.journal.Journal.here`."""
    return RecordingStudio()
