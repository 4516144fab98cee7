"""`headroom check`: a verdict for every photo."""

from pathlib import Path

import click

from adapters.cli.album.report import to_intake
from adapters.cli.answers import DONE, PERSON, as_json_option, page, people, print_json
from adapters.cli.photos import photos_argument, read_photos
from adapters.cli.progress import stage_bars
from adapters.cli.studio import studio_of
from adapters.cli.verdicts import print_verdicts


@click.command()
@photos_argument
@as_json_option
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], as_json: bool) -> None:
    """Say which photos can be used, and what would make them better.

    SELFIES are photos, or folders of photos. Nothing is stored.
    """
    photos = read_photos(paths)
    with stage_bars(people(), quiet=as_json) as on_step:
        intake = studio_of(context).check(photos, on_step)
    if as_json:
        print_json(to_intake(intake))
    else:
        print_verdicts(intake, page())
    context.exit(DONE if intake.selfies else PERSON)
