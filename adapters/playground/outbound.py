"""Messages as JSON for the page. Pure, and shrinks what is too long instead of failing.

The page gets no key of a person: it asks for a picture by its id and the message it stands in is looked up for that.
"""

from collections.abc import Callable, Mapping
from typing import Any

from adapters.playground import limits
from adapters.playground.cast import CAST, Actor
from adapters.playground.entries import Entry, Spoken
from adapters.playground.places import TEAM
from bot.messages import (
    Album,
    Bar,
    Blank,
    Button,
    Buttons,
    File,
    Form,
    Item,
    Items,
    Message,
    Option,
    Part,
    Picture,
    Text,
)

Json = dict[str, Any]


def shrink(text: str, longest: int) -> str:
    """Cut at a word, with an ellipsis."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    if " " in cut[-40:] and not text[longest - 1].isspace():
        cut = cut.rsplit(None, 1)[0]
    return cut.rstrip(" ,.;:") + "…"


def entry_for_page(entry: Entry, viewer: Actor) -> Json:
    """A message as this person sees it."""
    return {
        "ref": entry.ref,
        "number": entry.number,
        "conversation": entry.place.name,
        "author": entry.author,
        "name": CAST[entry.author].name if entry.author else "Headroom",
        "id": entry.key if entry.author == viewer.user else "",
        "onlyYou": entry.only_to == viewer.user,
        "at": entry.created_at,
        "edited": entry.edited_at is not None and bool(entry.author),
        "change": entry.change,
        "replies": entry.replies,
        **_content(entry.content),
    }


def _content(content: Message | Spoken | None) -> Json:
    if content is None:
        return {"gone": True, "summary": "", "parts": []}
    if isinstance(content, Spoken):
        photos = [{"artifact": a.ref, "mediaType": a.media_type} for a in content.attachments]
        return {"summary": shrink(content.text, limits.SUMMARY), "text": content.text, "photos": photos, "parts": []}
    return {"summary": shrink(content.summary, limits.SUMMARY), "parts": parts_for_page(content.parts)}


def parts_for_page(parts: tuple[Part, ...]) -> list[Json]:
    """The parts, as many as a person wants to read. Pictures that follow one another stand side by side on the page, as those
    of an album shall.
    """
    single = [each for part in parts for each in (part.pictures if isinstance(part, Album) else (part,))]
    drawn = [_DRAW[type(part)](part) for part in single[: limits.PARTS]]
    if len(single) > limits.PARTS:
        drawn.append({"part": "text", "look": "small", "text": f"… and {len(single) - limits.PARTS} more."})
    return drawn


def _button(button: Button) -> Json:
    return {
        "action": button.action,
        "label": shrink(button.label, limits.LABEL),
        "look": button.look,
        "confirm": shrink(button.confirm, limits.CONFIRM),
        "hint": shrink(button.hint, limits.CONFIRM),
        **({"link": button.link} if button.link else {}),
    }


def _buttons(buttons: tuple[Button, ...]) -> list[Json]:
    return [_button(button) for button in buttons[: limits.BUTTONS]]


def _text(part: Text) -> Json:
    longest = limits.HEADING if part.look == "heading" else limits.TEXT
    return {"part": "text", "look": part.look, "text": shrink(part.text, longest)}


def _row(part: Buttons) -> Json:
    return {"part": "buttons", "buttons": _buttons(part.buttons)}


def _picture(part: Picture) -> Json:
    return {
        "part": "picture",
        "artifact": part.artifact,
        "alt": shrink(part.alt, limits.SUMMARY),
        "title": shrink(part.title, limits.HEADING),
        "text": shrink(part.text, limits.TEXT),
        "buttons": _buttons(part.buttons),
        "width": part.width_px,
        "height": part.height_px,
        "marked": part.marked,
    }


def _file(part: File) -> Json:
    return {"part": "file", "artifact": part.artifact, "name": part.name, "mediaType": part.media_type}


def _item(item: Item) -> Json:
    return {
        "outcome": item.outcome,
        "title": shrink(item.title, limits.HEADING),
        "text": shrink(item.text, limits.TEXT),
        "buttons": _buttons(item.buttons),
    }


def _items(part: Items) -> Json:
    items = [_item(item) for item in part.items[: limits.ITEMS]]
    if len(part.items) > limits.ITEMS:
        items.append(_item(Item("open", f"… and {len(part.items) - limits.ITEMS} more.")))
    return {"part": "items", "items": items}


def _bar(part: Bar) -> Json:
    return {"part": "bar", "share": min(max(part.share, 0.0), 1.0), "label": shrink(part.label, limits.SUMMARY)}


_DRAW: Mapping[type, Callable[[Any], Json]] = {
    Text: _text,
    Buttons: _row,
    Picture: _picture,
    File: _file,
    Items: _items,
    Bar: _bar,
}


def form_for_page(form: Form, trigger: str) -> Json:
    """A form for a dialog; `trigger` comes back with what was filled in."""
    return {
        "form": form.id,
        "trigger": trigger,
        "title": shrink(form.title, limits.HEADING),
        "submit": shrink(form.submit, limits.LABEL),
        "fields": [_blank(blank) for blank in form.fields[: limits.FIELDS]],
    }


def _blank(blank: Blank) -> Json:
    return {
        "name": blank.name,
        "label": shrink(blank.label, limits.HEADING),
        "kind": blank.kind,
        "value": blank.value,
        "hint": shrink(blank.hint, limits.CONFIRM),
        "options": [_option(option) for option in (*blank.options, *_channels(blank))[: limits.OPTIONS]],
        "least": blank.least,
        "most": blank.most,
        "longest": blank.longest or limits.TYPED,
        "optional": blank.optional,
    }


def _channels(blank: Blank) -> tuple[Option, ...]:
    """The one channel that everybody reads."""
    return (Option(TEAM, TEAM),) if blank.kind == "channel" else ()


def _option(option: Option) -> Json:
    return {
        "value": option.value,
        "label": shrink(option.label, limits.HEADING),
        "text": shrink(option.text, limits.CONFIRM),
        "picture": option.picture,
    }
