"""What the command line needs of a studio, and how a command gets one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import click

from engine.contract.ports import OnStep
from engine.contract.selfies import Intake, Photo
from engine.contract.shots import Gallery, Headshot, ShootRequest

OnHeadshot: TypeAlias = Callable[[Headshot], None]


@dataclass(frozen=True, slots=True)
class VariationRequest:
    """More of one headshot."""

    recipe: Mapping[str, Any]
    kind: str
    photos: tuple[Photo, ...]
    """Among them the one that the headshot was made from."""
    count: int
    height_px: int
    seed: int


class Studio(Protocol):
    """The engine, put together."""

    def check(self, photos: Sequence[Photo], on_step: OnStep) -> Intake:
        """Stage 1 alone."""
        ...

    def shoot(self, request: ShootRequest, on_step: OnStep, on_headshot: OnHeadshot) -> Gallery:
        """All stages; `on_headshot` gets each headshot as soon as it is finished."""
        ...

    def vary(self, variation: VariationRequest, on_step: OnStep, on_headshot: OnHeadshot) -> Gallery:
        """A shoot that starts from one headshot."""
        ...

    def recipe(self, headshot: Headshot) -> Mapping[str, Any]:
        """What reproduces a headshot, as JSON."""
        ...


def studio_of(context: click.Context) -> Studio:
    """The studio of this run: the one that was handed in, else the engine's own."""
    if context.obj is None:
        from engine.pipeline import open_studio  # heavy: `headroom --help` must not wait for it

        context.obj = open_studio()
    studio: Studio = context.obj
    return studio
