"""What the command line needs of a studio, and how a command gets one."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import click

from engine.contract.ports import OnStep
from engine.contract.selfies import Intake, Photo
from engine.contract.shots import FileFormat, Gallery, Headshot, ShootRequest, VariationRequest

OnHeadshot: TypeAlias = Callable[[Headshot], None]
_OWN = "headroom.own"


def _remember(context: click.Context, _: click.Parameter, own: Path | None) -> None:
    context.find_root().meta[_OWN] = own


own_styles_option = click.option(
    "--own",
    type=click.Path(exists=True, path_type=Path),
    callback=_remember,
    expose_value=False,
    help="A style file of your own, or a folder of them.",
)


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

    def recipe(self, headshot: Headshot, file_format: FileFormat) -> Mapping[str, Any]:
        """What reproduces a headshot, as JSON."""
        ...


def studio_of(context: click.Context) -> Studio:
    """The studio of this run: the one that was handed in, else the engine's own."""
    root = context.find_root()
    if root.obj is None:
        from engine.pipeline import open_studio  # heavy: `headroom --help` must not wait for it

        root.obj = open_studio(root.meta.get(_OWN))
    studio: Studio = root.obj
    return studio
