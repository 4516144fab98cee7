"""Every key of a style file and what it may hold, read off the contract records: one truth for error messages and docs."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic.fields import FieldInfo

from engine.contract.styles import Backdrop, Grade, Light, PromptParts, Rim, Style

RECORDS: Mapping[str, type] = {
    "style": Style,
    "lights": Light,
    "rims": Rim,
    "backdrops": Backdrop,
    "grades": Grade,
    "prompt": PromptParts,
}
"""Table of a style file → the record it is read into."""


@dataclass(frozen=True, slots=True)
class StyleField:
    """One key of a style file."""

    table: str
    """Key of RECORDS."""
    name: str
    allowed: str
    """What it may hold, in words: "1 to 4", "one of day, warm", "a colour as #rrggbb"."""
    item: str
    """The same of one entry, where it is a list."""
    default: str
    """As written in TOML; "" where the key is required."""


def _number(value: Any) -> str:
    return f"{float(value):g}"


def _bounds(metadata: tuple[Any, ...], kind: type) -> tuple[str | None, str | None]:
    low = high = None
    for info in metadata:
        for rule in info.metadata if isinstance(info, FieldInfo) else ():
            match rule:
                case Ge(ge=value) | MinLen(min_length=value):
                    low = _number(value)
                case Le(le=value) | MaxLen(max_length=value):
                    high = _number(value)
                case _ if kind is str and (pattern := getattr(rule, "pattern", "")):
                    low = pattern
    return low, high


def _text(low: str | None, high: str | None) -> str:
    if low and low.startswith("^#"):
        return "a colour as #rrggbb"
    if low and low.startswith("^["):
        return f"lower-case words joined by hyphens, at most {high} characters"
    return f"text of {low or 0} to {high} characters" if high else "text"


def _allowed(hint: Any, metadata: tuple[Any, ...] = ()) -> str:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _allowed(inner[0], (*metadata, *hint.__metadata__))
    if origin is Literal:
        return "one of " + ", ".join(word or '""' for word in inner)
    if origin is tuple and inner[-1] is Ellipsis:
        low, high = _bounds(metadata, tuple)
        size = f"{low} to {high}" if low and high else f"at most {high}" if high else "any number"
        return f"list of {size}, each {_allowed(inner[0])}"
    if origin is tuple:
        return f"list of {len(inner)}, each {_allowed(inner[0])}"
    if dataclasses.is_dataclass(hint):
        return "a table"
    if hint is bool:
        return "true or false"
    low, high = _bounds(metadata, hint)
    return _text(low, high) if hint is str else f"{low} to {high}"


def _toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case tuple():
            return (
                f"{len(value)} tables"
                if value and dataclasses.is_dataclass(value[0])
                else f"[{', '.join(map(_toml, value))}]"
            )
        case _:
            return _number(value)


@cache
def style_fields() -> tuple[StyleField, ...]:
    """All keys of all tables, in the order of the records."""
    found = []
    for table, record in RECORDS.items():
        hints = get_type_hints(record, include_extras=True)
        for field in dataclasses.fields(record):
            allowed = _allowed(hints[field.name])
            default = "" if field.default is dataclasses.MISSING else _toml(field.default)
            found.append(StyleField(table, field.name, allowed, allowed.rpartition(", each ")[2], default))
    return tuple(found)


def field_at(path: tuple[int | str, ...]) -> StyleField | None:
    """The field that a key path such as ("lights", 0, "ratio") points into; None for an unknown key."""
    names = [re.sub(r"\W", "", part) for part in path if isinstance(part, str)]
    table, name = "style", ""
    for name in names:
        if name in RECORDS and name != names[-1]:
            table = name
    return next((field for field in style_fields() if (field.table, field.name) == (table, name)), None)
