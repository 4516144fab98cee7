"""Studios that behave badly on purpose. The engine process opens them by name, as it opens the real one."""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from engine.contract.errors import ModelUnavailable, PersonError, RenderFailed
from engine.contract.identities import Likeness
from engine.contract.ports import OnStep, Step
from engine.contract.selfies import Coverage, Finding, Intake, Outcome, Photo, Verdict
from engine.contract.shots import FileFormat, Gallery, Headshot, Prompt, Scores, ShootRequest, Shot, VariationRequest
from engine.contract.styles import Backdrop, Grade, Light, PromptParts, Style

STYLE = Style(
    "plain", "Plain", "A grey backdrop.", (Light("even"),), (Backdrop("grey", "gradient"),), (Grade(),), ("classic",),
    PromptParts(("a person",), ("soft light",)),
)  # fmt: skip


def headshot(rank: int, side_px: int = 40) -> Headshot:
    """A flat picture, of another grey for each rank."""
    shot = Shot(
        f"shot-{rank}", rank, "a" * 16, "plain", "square", STYLE.lights[0], STYLE.backdrops[0], STYLE.grades[0], 0.4,
        "own", Prompt("a person", "soft light", ""),
    )  # fmt: skip
    rgb = np.full((side_px, side_px, 3), 100 + rank, np.uint8)
    scores = Scores(0.9, {"focus": 0.8, "edges": float(np.float32(0.7))})
    return Headshot(rank, shot, rgb, scores, Likeness(0.9, 0.95, 0.97), "Chosen for a sharp face.", ("note_close",))


def verdicts(photos: Sequence[Photo]) -> Intake:
    """The first photo is refused."""
    found = tuple(
        Verdict(p.name, "b" * 16, Outcome.ACCEPTED if at else Outcome.REFUSED, (Finding("blurred", not at, 0.2, 0.3),),
                "Hold still.", {"sharpness": np.float32(0.5)})  # type: ignore[dict-item]
        for at, p in enumerate(photos)
    )  # fmt: skip
    return Intake(found, (), Coverage({"front": 1}, {"even": 1}, {"mouth_closed": 1}, None))


@dataclass
class PoliteStudio:
    """Does what it is told; the wish of a request says how a shoot goes wrong."""

    slow_s: float = 0.0
    """At every step."""
    behave: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    """Wish → what happens after the first headshot."""

    def check(self, photos: Sequence[Photo], on_step: OnStep) -> Intake:
        on_step(Step("intake", len(photos), len(photos)))
        return verdicts(photos)

    def shoot(
        self,
        request: ShootRequest,
        on_step: OnStep,
        on_headshot: Callable[[Headshot], None],
        kept: Mapping[int, str],
    ) -> Gallery:
        for stage in ("intake", "render"):
            time.sleep(self.slow_s)
            on_step(Step(stage, 1, 1))
        made = [headshot(rank) for rank in range(1, request.count + 1)]
        waiting = [one for one in made if one.rank not in kept]
        for done, one in enumerate(waiting):
            on_step(Step("finish", done, len(waiting)))
            time.sleep(self.slow_s)
            on_headshot(one)
            if request.wish in self.behave:
                self.behave[request.wish]()
        return Gallery(STYLE, verdicts(request.photos), tuple(made), 20, {"near_identical": 2}, {"render": 0.5})

    def vary(
        self,
        request: VariationRequest,
        on_step: OnStep,
        on_headshot: Callable[[Headshot], None],
        kept: Mapping[int, str],
    ) -> Gallery:
        return self.shoot(ShootRequest(request.photos, count=request.count), on_step, on_headshot, kept)

    def recipe(self, headshot: Headshot, file_format: FileFormat) -> Mapping[str, object]:
        return {"schema": 1, "shot": {"seed": headshot.shot.seed, "prompt": {"unmet": ["wish_unmet_logo"]}}}


def hang() -> None:
    """Forget the time, in native code that no exception reaches."""
    time.sleep(600)


def spin() -> None:
    """Forget the time, with the interpreter busy."""
    while True:
        pass


def eat() -> None:
    """Take memory and use it, 40 MB at a time."""
    taken = []
    while True:
        taken.append(np.ones(5_000_000))


def crash() -> None:
    """What a bug in a native library does."""
    os.kill(os.getpid(), signal.SIGSEGV)


def babble() -> None:
    """Write to what used to be the pipe, as libraries do."""
    sys.stdout.write("a stray line\n")
    sys.stdout.flush()
    os.write(1, b"and one past Python\n")


def blame_person() -> None:
    """An answer for the person."""
    raise PersonError("photo_too_heavy", megabytes=30, limit=25)


def fail_to_render() -> None:
    """An error of the engine's own."""
    raise RenderFailed("nothing_rendered", "render", shot="shot-1")


def stumble() -> None:
    """A bug: its text quotes the person and must stay inside."""
    raise KeyError("Ada Lovelace")


BEHAVIOURS: Mapping[str, Callable[[], None]] = {
    f.__name__: f for f in (hang, spin, eat, crash, babble, blame_person, fail_to_render, stumble)
}


def open_polite(own_styles: Path | None) -> PoliteStudio:
    """Quick."""
    return PoliteStudio(behave=BEHAVIOURS)


def open_slow(own_styles: Path | None) -> PoliteStudio:
    """A fifth of a second for every step."""
    return replace(open_polite(own_styles), slow_s=0.2)


def open_never(own_styles: Path | None) -> PoliteStudio:
    """Hangs while its models load."""
    hang()
    return open_polite(own_styles)


def open_broken(own_styles: Path | None) -> PoliteStudio:
    """A model file is missing."""
    raise ModelUnavailable("weights_missing", name="face", folder="models")


def environment(own_styles: Path | None) -> PoliteStudio:
    """Fails with the names of its environment variables as the place where they can be seen."""
    raise ModelUnavailable("weights_missing", name=",".join(sorted(os.environ)), folder=str(own_styles))
