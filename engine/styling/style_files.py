"""Style files: TOML in, a checked `Style` out, or one clear line for every mistake in the file."""

import difflib
import json
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from engine.contract.errors import PersonError
from engine.contract.styles import Backdrop, Style
from engine.styling.style_fields import RECORDS, field_at, style_fields

LARGEST_FILE_BYTES = 64 * 1024
_STYLE: TypeAdapter[Style] = TypeAdapter(Style)

_SCENES = {"office": ("day", "warm"), "bokeh": ("city", "green", "warm", "evening")}
_COLOURS_NEEDED = {"gradient": 2, "canvas": 2, "brick": 1, "haze": 8}
_COLOURS_ALLOWED = {"gradient": 2, "canvas": 2, "brick": 1, "bokeh": 8, "haze": 8}


def read_style(data: bytes, file: str) -> Style:
    """Style in a TOML file. `file` is its name for messages.

    Raises PersonError "style_file_unreadable" (not TOML) or "style_file_invalid" (all mistakes at once, one line each).
    """
    try:
        if len(data) > LARGEST_FILE_BYTES:
            raise ValueError(f"it is larger than {LARGEST_FILE_BYTES // 1024} KiB")
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PersonError("style_file_unreadable", file=file, reason="it is not UTF-8 text") from error
    except RecursionError as error:
        raise PersonError("style_file_unreadable", file=file, reason="it is nested too deeply") from error
    except ValueError as error:  # TOMLDecodeError is one
        raise PersonError("style_file_unreadable", file=file, reason=_lower_first(str(error))) from error
    try:
        style = _STYLE.validate_json(json.dumps(table, default=str), strict=True)
    except ValidationError as error:
        raise _invalid(file, [line for e in error.errors() if (line := _line(dict(e), table))]) from error
    if mistakes := list(_contradictions(style)):
        raise _invalid(file, mistakes)
    return style


def read_style_file(path: Path) -> Style:
    """Style in the file at `path`; raises PersonError as `read_style`, and "style_file_missing"."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise PersonError("style_file_missing", file=path.name, reason=error.strerror or "unknown reason") from error
    return read_style(data, path.name)


def refuse_duplicates(styles: Sequence[tuple[str, Style]]) -> None:
    """Raise PersonError "style_name_taken" where two of (file, style) share a name or alias."""
    owner: dict[str, str] = {}
    for file, style in styles:
        for name in (style.name, *style.aliases):
            if name in owner:
                raise PersonError("style_name_taken", name=name, file=file, other=owner[name])
            owner[name] = file


def _invalid(file: str, lines: Sequence[str]) -> PersonError:
    return PersonError("style_file_invalid", file=file, mistakes="\n".join(f"  {line}" for line in lines))


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _key(path: Sequence[int | str], table: Any) -> str:
    """Key path for people: lists count from 1 and carry the entry's own name: `lights #2 "rembrandt".ratio`."""
    text, here = "", table
    for part in path:
        match part, here:
            case str(), dict():
                here = here.get(part)
            case int(), list() if part < len(here):
                here = here[part]
            case _:
                here = None
        if isinstance(part, str):
            text += f".{part}" if text else part
        else:
            name = here.get("name") if isinstance(here, dict) else None
            text += f" #{part + 1}" + (f' "{name[:40]}"' if isinstance(name, str) else "")
    return text


def _line(error: dict[str, Any], table: dict[str, Any]) -> str:
    """One mistake in one line; "" for the echo of a mistake that has its own line."""
    path: tuple[int | str, ...] = error["loc"]
    key, field, value = _key(path, table), field_at(path), error.get("input")
    allowed = f"allowed: {field.item if isinstance(path[-1], int) else field.allowed}" if field and path else ""
    shown = f'"{value[:40]}"' if isinstance(value, str) else str(value)[:40]
    match error["type"]:
        case "too_short" if isinstance(value, list) and len(value) >= error["ctx"]["min_length"]:
            return ""
        case "missing":
            return f"{key} is missing; {allowed}."
        case "unexpected_keyword_argument":
            return f"{key} is not a key of a style file{_nearest(path)}"
        case "too_short" | "too_long":
            return f"{key} has {len(value) if isinstance(value, list) else error['ctx']['actual_length']} entries; {allowed}."
        case "greater_than_equal" | "less_than_equal" if isinstance(value, int | float):
            return f"{key} is {value:g}; {allowed}."
        case kind if kind.endswith("_type") or kind.startswith("dataclass"):
            return f"{key} is {_kind(value)}; {allowed}."
        case _:
            return f"{key} is {shown}; {allowed}."


def _kind(value: object) -> str:
    match value:
        case str():
            return f'the text "{value[:40]}"'
        case bool():
            return str(value).lower()
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return f"the number {value}"


def _nearest(path: Sequence[int | str]) -> str:
    names = [part for part in path if isinstance(part, str)]
    table = next((name for name in reversed(names[:-1]) if name in RECORDS), "style")
    known = [field.name for field in style_fields() if field.table == table]
    near = difflib.get_close_matches(names[-1], known, n=1)
    return f"; did you mean {near[0]}?" if near else f"; known keys: {', '.join(known)}."


def _contradictions(style: Style) -> Iterator[str]:
    """What the ranges cannot say: repeated names, and backdrops without what their kind needs."""
    lists: dict[str, list[str]] = {
        "lights": [light.name for light in style.lights],
        "backdrops": [backdrop.name for backdrop in style.backdrops],
        "grades": [grade.name for grade in style.grades],
        "crops": list(style.crops),
        "wardrobe": list(style.wardrobe),
        "aliases": [style.name, *style.aliases],
    }
    for key, names in lists.items():
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f'{key} holds "{name}" twice; every entry needs a name of its own.'
    if not style.wardrobe:
        yield 'wardrobe is empty; write ["own"] to leave the clothes as they are.'
    for number, backdrop in enumerate(style.backdrops, start=1):
        for problem in _backdrop_problems(backdrop):
            yield f'backdrops #{number} "{backdrop.name}".{problem}'


def _backdrop_problems(backdrop: Backdrop) -> Iterator[str]:
    kind, count = backdrop.kind, len(backdrop.colours)
    needed, most = _COLOURS_NEEDED.get(kind, 0), _COLOURS_ALLOWED.get(kind, 0)
    if kind == "picture":
        yield "kind is picture; a picture comes with a shoot, not with a style file."
        return
    if count < needed:
        yield f"colours has {count} entries; {kind} needs {needed}."
    elif count > most:
        yield f"colours has {count} entries; {kind} takes {'none' if not most else f'at most {most}'}."
    if kind == "bokeh" and 0 < count < 3:
        yield f"colours has {count} entries; bokeh needs two grounds and at least one lamp, or none for the scene's own."
    scenes = _SCENES.get(kind, ("",))
    if backdrop.scene not in scenes:
        yield f'scene is "{backdrop.scene}"; {kind} ' + (
            f"needs one of {', '.join(scenes)}." if scenes != ("",) else "takes none."
        )
