"""`headroom shoot`: selfies in, a ranked gallery of headshots out."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from adapters.cli.delivery import deliver, delivery_options
from adapters.cli.photos import photos_argument, read_photos
from adapters.cli.studio import studio_of
from engine.contract.errors import StorageError
from engine.contract.shots import FileFormat, ShootRequest
from engine.contract.styles import Backdrop, CropName, Wardrobe
from engine.planning.backdrops import COLOURS, colour_backdrops

_Command = TypeVar("_Command", bound=Callable[..., Any])
_SHOOT_OPTIONS = (
    click.option("--style", default="corporate", show_default=True, help="Name of a style; `headroom styles` lists them."),
    click.option("--count", type=click.IntRange(1, 100), default=12, show_default=True, help="Headshots in the gallery."),
    click.option("--candidates", type=click.IntRange(20, 100), help="Pictures to choose from; without it, twice the count."),
    click.option("--top", type=click.IntRange(1, 100), help="Finish only the best so many of the count."),
    click.option("--wish", default="", metavar="WORDS", help="Your own words, such as “warm light, navy backdrop”."),
    click.option("--polish", type=click.FloatRange(0, 1), default=0.4, show_default=True,
                 help="0 keeps the skin as it is, 1 retouches it like a magazine."),
    click.option("--backdrop", metavar="COLOUR|PICTURE", help="A colour (#1a2b3c or a name) or a picture of your own."),
    click.option("--reference", metavar="PICTURE", type=click.Path(exists=True, dir_okay=False, path_type=Path),
                 help="A picture whose light and colours the headshots follow. Nobody in it is looked at."),
    click.option("--wardrobe", type=click.Choice(get_args(Wardrobe)), help="Tone of plain clothes."),
    click.option("--crop", "crops", type=click.Choice(get_args(CropName)), multiple=True,
                 help="Frame; may be given several times. Without it, those of the style."),
)  # fmt: skip


def shoot_options(command: _Command) -> _Command:
    """Options of a shoot."""
    for option in reversed(_SHOOT_OPTIONS):
        command = option(command)
    return command


@click.command()
@photos_argument
@shoot_options
@delivery_options
@click.pass_context
def shoot(context: click.Context, /, paths: tuple[Path, ...], **options: Any) -> None:
    """Turn SELFIES (photos, or folders of photos) into a ranked gallery of headshots."""
    run(context, read_photos(paths), **options)


def run(
    context: click.Context,
    photos: Any,
    *,
    out: Path,
    file_format: FileFormat,
    as_json: bool,
    count: int,
    top: int | None,
    candidates: int | None,
    backdrop: str | None,
    reference: Path | None,
    **wanted: Any,
) -> None:
    """Shoot these photos as the options say."""
    behind, picture = _backdrop(backdrop) if backdrop else (None, None)
    request = ShootRequest(
        photos=photos,
        count=min(count, top or count),
        candidates=candidates or min(max(2 * count, 20), 100),
        backdrop=behind,
        backdrop_picture=picture,
        reference=read_photos([reference])[0] if reference else None,
        **wanted,
    )
    studio = studio_of(context)
    deliver(context, lambda *calls: studio.shoot(request, *calls), out, file_format, as_json=as_json)


def _backdrop(text: str) -> tuple[Backdrop, bytes | None]:
    if re.fullmatch(r"#[0-9a-fA-F]{6}", text) or text in COLOURS:
        return colour_backdrops(text)[0], None
    path = Path(text)
    if not path.is_file():
        names = ", ".join(COLOURS)
        raise click.BadParameter(
            f"neither a picture, nor a colour as #rrggbb, nor one of {names}", param_hint="--backdrop"
        )
    try:
        return Backdrop("own-picture", "picture"), path.read_bytes()
    except OSError as error:
        raise StorageError("file_unreadable", file=path.name) from error
