"""HTML from small template files: every value is escaped unless it is markup already."""

from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from string import Template


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


@cache
def _template(name: str) -> Template:
    return Template(files("adapters.cli.album").joinpath("templates", name).read_text(encoding="utf-8"))


def fill(name: str, /, **values: object) -> Markup:
    """The template with its `$placeholders` filled; raises KeyError when one is missing."""
    safe = {key: v if isinstance(v, Markup) else escape(str(v), quote=True) for key, v in values.items()}
    return Markup(_template(name).substitute(safe))


def join(parts: Iterable[Markup]) -> Markup:
    """Pieces of markup one after the other."""
    return Markup("\n".join(parts))


def text_of(name: str) -> Markup:
    """A file that holds no placeholders, such as the style sheet."""
    return Markup(_template(name).template)
