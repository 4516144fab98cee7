"""Stage 3, Style: from the name that a person wrote to a checked record. Packaged styles and a company's own."""

import difflib
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from engine.contract.errors import PersonError
from engine.contract.styles import Style
from engine.styling.style_files import read_style, read_style_file, refuse_duplicates

FIRST_CHOICES = ("corporate", "natural", "linkedin-white")
"""Shown first, and offered when nothing is close to what was asked for."""


@cache
def packaged_styles() -> tuple[Style, ...]:
    """The styles that ship with Headroom, by name."""
    folder = files("engine").joinpath("styles")
    found = sorted((entry.name, entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".toml"))
    styles = [(name, read_style(data, name)) for name, data in found]
    refuse_duplicates(styles)
    return tuple(style for _, style in styles)


def styles(own: Path | None = None) -> tuple[Style, ...]:
    """All styles: the packaged ones, then those of `own`, a style file or a folder of them.

    Raises PersonError where a file is wrong or a name is taken. Files are read again only after they change.
    """
    if own is None:
        return packaged_styles()
    paths = sorted(own.glob("*.toml")) if own.is_dir() else [own]
    stamps = tuple((path, (seen := path.stat()).st_mtime_ns, seen.st_size) for path in paths if path.exists())
    return packaged_styles() + _own_styles(tuple(paths), stamps)


@lru_cache(maxsize=32)
def _own_styles(paths: tuple[Path, ...], _stamps: tuple[tuple[Path, int, int], ...]) -> tuple[Style, ...]:
    own = [(path.name, read_style_file(path)) for path in paths]
    refuse_duplicates([*((f"{style.name}.toml of Headroom", style) for style in packaged_styles()), *own])
    return tuple(style for _, style in own)


def style_labels(own: Path | None = None) -> Mapping[str, Style]:
    """Every label that a style answers to, as `label_of` spells it: names, aliases, titles."""
    all_styles = styles(own)
    known = {label_of(style.title): style for style in all_styles}
    return known | {
        label: style for style in all_styles for label in (*style.aliases, style.name)
    }  # these win over titles


def find_style(name: str, own: Path | None = None) -> Style:
    """The style with this name, alias or title, however it is spelled ("LinkedIn White", "linkedin_white").

    Raises PersonError "style_unknown" with the nearest names.
    """
    known = style_labels(own)
    wanted = label_of(name)
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=6, cutoff=0.5)
    near += [label for label in known if wanted and wanted in label.split("-")]
    closest = list(dict.fromkeys(known[label].name for label in near))[:3] or list(FIRST_CHOICES)
    raise PersonError("style_unknown", closest=", ".join(closest))


def example(name: str) -> bytes | None:
    """A small JPEG of a packaged style on a sitter whose picture is in the public domain; None for all other names.

    `python -m bench.style_examples` renews them.
    """
    if all(name != style.name for style in packaged_styles()):
        return None
    return files("engine").joinpath("styles", "examples", f"{name}.jpg").read_bytes()


def label_of(text: str) -> str:
    """Lower-case words joined by hyphens, at most 40 characters: how labels of styles are spelled."""
    plain = unicodedata.normalize("NFKC", text[:200]).casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
