"""Messages as blocks. Pure, and shrinks what is too long instead of failing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.slack import limits
from adapters.slack.escape import Json, clean, fallback, plain, titled, units
from adapters.slack.fitting import Need, Piece, Room, numbered
from adapters.slack.pressing import FEW, FULL, overflow, row_with_menu, rows, to_button
from bot.messages import Album, Bar, Buttons, File, Item, Items, Message, Picture, Text

Files = Mapping[str, str]
"""Artifact → id of the file that Slack has of it."""

_PAGE = Room(limits.VIEW_BLOCKS)
_SIGNS = {"good": "✅", "fair": "⚠️", "bad": "❌", "open": ""}
_STAR = "⭐"
_STEPS = 10
_LONG = 300
"""Characters from which on Slack might fold a paragraph."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What `chat.postMessage` and `chat.update` are given."""

    text: str
    """For notifications and screen readers; escaped."""
    blocks: list[Json]


def to_blocks(message: Message, files: Files, weight: int = limits.WEIGHT) -> Posted:
    """A message. A picture of which Slack has no file is told in words. `weight`: the most that it may have."""
    blocks = _fitted(message, files, Room(limits.BLOCKS, weight))
    return Posted(fallback(message.summary, limits.SUMMARY_BYTES) or "…", blocks)


def shorter_and_shorter(message: Message, files: Files) -> Iterator[Posted]:
    """The same, and then with less and less in it, for a Slack that finds it too long."""
    posted = to_blocks(message, files)
    yield posted
    for weight in limits.LIGHTER:
        before, posted = posted, to_blocks(message, files, weight)
        if posted != before:
            yield posted


def to_home(message: Message, files: Files) -> Json:
    """The page of the app, which looks like a message and may be longer."""
    return {"type": "home", "blocks": _fitted(message, files, _PAGE)}


def _fitted(message: Message, files: Files, room: Room) -> list[Json]:
    """With all buttons below pictures in sight, then with most of them in menus, then without what is needed least."""
    parts = message.parts or (Text(message.summary),)
    for shown in (FULL, FEW):
        pieces = numbered(piece for part in parts for piece in _DRAW[type(part)](part, files, shown) if piece.blocks)
        if room.holds(pieces):
            break
    else:
        pieces = room.cut(pieces)
    return [block for piece in pieces for block in piece.blocks] or [_section("…")]


def _text(part: Text, _files: Files, _shown: int) -> Iterator[Piece]:
    if not clean(part.text):
        return
    match part.look:
        case "heading":
            yield Piece(({"type": "header", "text": plain(" ".join(part.text.split()), limits.HEADER)},), Need.HEADING)
        case "small":
            yield Piece((_context(plain(part.text, limits.CONTEXT)),), Need.SMALL)
        case _:
            yield Piece((_section(part.text),), Need.PROSE)


def _buttons(part: Buttons, _files: Files, _shown: int) -> Iterator[Piece]:
    yield Piece(tuple(rows(part.buttons)), Need.BUTTONS)


def _picture(part: Picture, files: Files, shown: int) -> Iterator[Piece]:
    """The picture, its caption, what can be done with it."""
    alt = plain(part.alt, limits.ALT)["text"]
    if part.artifact not in files:
        yield Piece((_context(plain(f"{alt} (no longer here)", limits.CONTEXT)),), Need.PICTURE)
        return
    blocks: list[Json] = [{"type": "image", "slack_file": {"id": files[part.artifact]}, "alt_text": alt}]
    if clean(part.title) or clean(part.text) or part.marked:
        blocks.append(_context(titled(part.title, part.text, limits.CONTEXT, sign=_STAR if part.marked else "")))
    yield Piece((*blocks, *row_with_menu(part.buttons, shown)), Need.PICTURE)


def _album(part: Album, files: Files, _shown: int) -> Iterator[Piece]:
    """The pictures stand in a message above, see `albums`. Here is what each is called, and a menu of what can be done with it;
    and the picture, where it has a file to be shown after all.
    """
    for picture in part.pictures:
        alt = plain(picture.alt, limits.ALT)["text"]
        title, sign = picture.title if clean(picture.title) else alt, _STAR if picture.marked else ""
        said: Json = {"type": "section", "text": titled(title, picture.text, limits.SECTION, sign=sign)}
        if (menu := overflow(picture.buttons, picture.more)) is not None:
            said["accessory"] = menu
        file = files.get(picture.artifact)
        image: list[Json] = [{"type": "image", "slack_file": {"id": file}, "alt_text": alt}] if file else []
        yield Piece((*image, said), Need.PICTURE)


def _file(part: File, _files: Files, _shown: int) -> Iterator[Piece]:
    """Its name; the file itself is shared beside the message."""
    yield Piece((_context(plain(f"📎 {part.name}", limits.CONTEXT)),), Need.LIST)


def _items(part: Items, _files: Files, shown: int) -> Iterator[Piece]:
    """Each by itself when there is something to do with one of them; else as lines of one paragraph."""
    if any(item.buttons for item in part.items):
        yield from (_item(item, shown) for item in part.items)
    else:
        yield from _lines(part.items)


def _item(item: Item, shown: int) -> Piece:
    section: Json = {
        "type": "section",
        "text": titled(item.title, item.text, limits.SECTION, sign=_SIGNS[item.outcome]),
    }
    if len(item.buttons) == 1:
        return Piece(({**section, "accessory": to_button(item.buttons[0])},), Need.LIST)
    return Piece((section, *row_with_menu(item.buttons, shown)), Need.LIST)


def _lines(items: Sequence[Item]) -> Iterator[Piece]:
    """As many to a section as it holds."""
    lines: list[str] = []
    for item in items:
        line = titled(item.title, item.text, limits.SECTION, sign=_SIGNS[item.outcome], gap=" – ")["text"]
        if lines and units("\n".join([*lines, line])) > limits.SECTION:
            yield _paragraph(lines)
            lines = []
        lines.append(line)
    if lines:
        yield _paragraph(lines)


def _paragraph(lines: Sequence[str]) -> Piece:
    said = {"type": "mrkdwn", "text": "\n".join(lines), "verbatim": True}
    return Piece(({"type": "section", "text": said},), Need.LIST, len(lines))


def _bar(part: Bar, _files: Files, _shown: int) -> Iterator[Piece]:
    """In words first; nothing is said to be done before it is."""
    percent = int(min(max(part.share, 0.0), 1.0) * 100)
    full = percent * _STEPS // 100
    yield Piece((_section(f"{part.label}\n{'▰' * full}{'▱' * (_STEPS - full)} {percent}%"),), Need.HEADING)


def _section(text: str) -> Json:
    said: Json = {"type": "section", "text": plain(text, limits.SECTION)}
    return {**said, "expand": True} if len(text) > _LONG else said


def _context(text: Json) -> Json:
    return {"type": "context", "elements": [text]}


_DRAW: Mapping[type, Callable[[Any, Files, int], Iterator[Piece]]] = {
    Text: _text,
    Buttons: _buttons,
    Picture: _picture,
    Album: _album,
    File: _file,
    Items: _items,
    Bar: _bar,
}
