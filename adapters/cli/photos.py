"""Photos named on the command line: files, folders of files, or the sample sitter."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import click

from engine.contract.errors import PersonError, StorageError
from engine.contract.selfies import Photo

_SUFFIXES = {".jpg", ".jpeg", ".jpe", ".mpo", ".png", ".webp", ".heic", ".heif", ".hif", ".avif"}

photos_argument = click.argument(
    "paths", metavar="SELFIES...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)


def read_photos(paths: Sequence[Path]) -> tuple[Photo, ...]:
    """Photos in the order given; a folder stands for the pictures in it, by name.

    Raises PersonError "folder_without_photos", StorageError "file_unreadable".
    """
    return tuple(_read(path) for named in paths for path in (_pictures(named) if named.is_dir() else [named]))


def sample_sitter() -> tuple[Photo, ...]:
    """NASA's portrait of the astronaut Eileen Collins, public domain, which scikit-image ships."""
    return (Photo("astronaut.png", files("skimage").joinpath("data", "astronaut.png").read_bytes()),)


def _pictures(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file())
    if not found:
        raise PersonError("folder_without_photos", folder=folder.name)
    return found


def _read(path: Path) -> Photo:
    try:
        return Photo(path.name, path.read_bytes())
    except OSError as error:
        raise StorageError("file_unreadable", file=path.name) from error
