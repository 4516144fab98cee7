"""Studios that the worker's engine processes open: polite ones that also write down what they make, in the file HISTORY,
and pictures whose look is wanted in the file "looks" beside it.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.contract.errors import ModelUnavailable
from engine.contract.ports import OnStep
from engine.contract.shots import Gallery, Headshot, ShootRequest
from tests.child.studios import BEHAVIOURS, PoliteStudio, eat


def dawdle() -> None:
    """Take a while for each headshot."""
    time.sleep(0.15)


def eat_unless_small() -> None:
    """Have enough memory for one picture at a time only."""
    if os.environ["HEADROOM_BATCH"] != "1":
        eat()


def leave() -> None:
    """End as a process does that was told to end."""
    os._exit(0)


@dataclass
class RecordingStudio(PoliteStudio):
    """Writes down process, seed and rank of each headshot, for those who ask what was made twice."""

    def shoot(
        self, request: ShootRequest, on_step: OnStep, on_headshot: Callable[[Headshot], None], kept: Mapping[int, str]
    ) -> Gallery:
        def made(headshot: Headshot) -> None:
            with open(os.environ["HISTORY"], "a") as history:
                history.write(f"{os.getpid()} {request.seed} {headshot.rank}\n")
            on_headshot(headshot)

        if request.reference is not None:
            with open(Path(os.environ["HISTORY"]).with_name("looks"), "ab") as looks:
                looks.write(request.reference.data + b"\n")
        return super().shoot(request, on_step, made, kept)


def open_if_possible(own_styles: Path | None) -> RecordingStudio:
    """As long as no file says that the models are missing."""
    if Path(os.environ["HISTORY"]).with_name("models-missing").exists():
        raise ModelUnavailable("weights_missing", name="face", folder="models")
    return open_recording(own_styles)


def open_recording(own_styles: Path | None) -> RecordingStudio:
    """Quick, unless the wish says otherwise."""
    return RecordingStudio(behave={**BEHAVIOURS, **{f.__name__: f for f in (dawdle, eat_unless_small, leave)}})
