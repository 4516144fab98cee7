"""`headroom vary`: more of one headshot, from its recipe."""

import json
from pathlib import Path
from typing import Any

import click

from adapters.cli.delivery import deliver, delivery_options
from adapters.cli.photos import read_photos, sample_sitter
from adapters.cli.studio import studio_of
from engine.contract.errors import PersonError
from engine.contract.shots import FileFormat, VariationRequest
from engine.planning.variations import VARIATIONS

_SHOWN = tuple(VARIATIONS)[:12]


@click.command()
@click.argument("recipe", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("paths", metavar="[SELFIES]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--kind", default="more-like-this", show_default=True, help=f"What shall change: {', '.join(_SHOWN)}, …")
@click.option("--count", type=click.IntRange(1, 24), default=4, show_default=True, help="Headshots in the gallery.")
@delivery_options
@click.pass_context
def vary(
    context: click.Context,
    recipe: Path,
    paths: tuple[Path, ...],
    kind: str,
    count: int,
    height_px: int,
    seed: int,
    out: Path,
    file_format: FileFormat,
    as_json: bool,
) -> None:
    """Make variations of the headshot that RECIPE, a JSON file of a gallery, describes.

    SELFIES are the photos that the gallery was made from; without them, the sample sitter of `headroom demo`.
    """
    request = VariationRequest(
        recipe=_read(recipe),
        kind=kind,
        photos=read_photos(paths) if paths else sample_sitter(),
        count=count,
        height_px=height_px,
        seed=seed,
    )
    studio = studio_of(context)
    deliver(context, lambda *calls: studio.vary(request, *calls), out, file_format, as_json=as_json)


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise PersonError("recipe_unreadable", file=path.name) from error
    if not isinstance(document, dict):
        raise PersonError("recipe_unreadable", file=path.name)
    return document
