"""Running a shoot: progress, files as they become ready, and the words at the end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.markup import escape

from adapters.cli.album.folder import PAGE, Album
from adapters.cli.album.report import note_text, unmet_wishes
from adapters.cli.answers import STOPPED, as_json_option, people, print_json
from adapters.cli.progress import stage_bars
from adapters.cli.studio import OnHeadshot, own_styles_option, studio_of
from engine.contract.errors import Cancelled
from engine.contract.ports import OnStep
from engine.contract.selfies import Outcome
from engine.contract.shots import FileFormat, Gallery

_Command = TypeVar("_Command", bound=Callable[..., Any])
_OPTIONS = (
    click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out"), show_default=True,
                 help="Folder for the gallery; what an earlier shoot left there moves into its folder “earlier”."),
    click.option("--format", "file_format", type=click.Choice(["jpeg", "png", "webp"]), default="jpeg",
                 show_default=True, help="Kind of picture file."),
    click.option("--height", "height_px", type=click.IntRange(512, 4096), default=2048, show_default=True,
                 help="Height in pixels; less is delivered where the photo does not carry it."),
    click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
                 help="Another number, another choice of lights and backdrops."),
    own_styles_option,
    as_json_option,
)  # fmt: skip


def delivery_options(command: _Command) -> _Command:
    """Options of every command that makes headshots."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def deliver(
    context: click.Context,
    shoot: Callable[[OnStep, OnHeadshot], Gallery],
    out: Path,
    file_format: FileFormat,
    *,
    as_json: bool,
) -> None:
    """Make the gallery in the folder; Ctrl-C keeps what is finished."""
    console = people()
    album = Album(out, file_format, studio_of(context).recipe)
    try:
        with stage_bars(console, quiet=as_json) as on_step:
            gallery = shoot(on_step, album.add)
    except (Cancelled, KeyboardInterrupt):
        console.print(_kept(len(album), out), markup=False)
        context.exit(STOPPED)
    report = album.close(gallery)
    if as_json:
        print_json({"folder": str(out), **report})
    else:
        _summary(console, gallery, out)


def _kept(count: int, out: Path) -> str:
    match count:
        case 0:
            return f"Stopped before the first headshot was finished; {out} holds nothing new."
        case 1:
            return f"Stopped. One finished headshot is kept in {out}, with its recipe."
        case _:
            return f"Stopped. {count} finished headshots are kept in {out}, with their recipes."


def _summary(console: Console, gallery: Gallery, out: Path) -> None:
    for verdict in gallery.intake.verdicts:
        if verdict.outcome is not Outcome.ACCEPTED:
            console.print(f"[dim]{escape(verdict.name)}[/], {verdict.outcome.value}: {escape(verdict.advice)}")
    if gallery.intake.coverage.next_photo is not None:
        console.print(f"[dim]Your next photo:[/] {escape(note_text(gallery.intake.coverage.next_photo))}")
    for wish in unmet_wishes(gallery):
        console.print(wish, markup=False)
    count = len(gallery.headshots)
    noun = "headshot" if count == 1 else "headshots"
    seconds = sum(gallery.seconds.values())
    console.print(f"{count} {noun} chosen from {gallery.rendered} candidates in {seconds:.0f} s.")
    console.print(f"Open [bold]{escape(str(out / PAGE))}[/] to see them.")
