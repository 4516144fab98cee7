"""Judges of what we send to Slack: its own SDK, the simulator's strict rules, and what only we care about."""

import re
from collections.abc import Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from adapters.slack import limits
from adapters.slack.fitting import weight
from tests.slack.simulator.blockkit.surfaces import check_message, check_view
from tests.slack.simulator.records import File, Json

_ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")
_FORMAT = re.compile(r"[*_~`]")
_OURS = re.compile(r"^(?:[✅❌⭐]|⚠️)? ?\*[^*\n]+\*", re.MULTILINE)
"""Our own bold title, with its sign."""


def find_file(file_id: str) -> File | None:
    """Slack has every file that is called F…, and it is a picture."""
    return File(file_id, "a.jpg", "", "U1", "T1", b"", "image/jpeg", "jpg", 0) if file_id.startswith("F") else None


def message_complaints(text: str, blocks: list[Json]) -> list[str]:
    """Why Slack, or a person, would not take this message."""
    found = _sdk(blocks) + check_message(blocks, find_file) + speech_complaints(blocks)
    if weight(blocks) > limits.WEIGHT:
        found.append("heavy")
    if not 0 < len(text.encode()) <= 4_000 or re.search("[<>]", text) or _ENTITY.search(text):
        found.append(f"text {text!r}")
    ids = [element["action_id"] for element in pressed(blocks)]
    if len(ids) != len(set(ids)):
        found.append("an action id twice")
    if sum(element.get("style") == "primary" for element in pressed(blocks)) > 1:
        found.append("more than one first choice")
    return found


def view_complaints(view: Json) -> list[str]:
    """The same of a modal or a page."""
    found = _sdk(view["blocks"]) + check_view(view, view["type"], find_file) + speech_complaints(view["blocks"])
    try:
        View(**view).validate_json()
    except SlackObjectFormationError as error:
        found.append(str(error))
    return found


def speech_complaints(blocks: list[Json]) -> list[str]:
    """Text objects that could mention, link, format or become an emoji."""
    return [f"{said}" for block in blocks for said in texts(block) if _speaks(said)]


def texts(value: Any) -> Iterator[Json]:
    """All text objects inside."""
    match value:
        case {"type": "plain_text" | "mrkdwn"}:
            yield value
        case dict():
            for inside in value.values():
                yield from texts(inside)
        case list():
            for inside in value:
                yield from texts(inside)


def pressed(blocks: list[Json]) -> list[Json]:
    """All elements that can be pressed."""
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [*(e for row in rows for e in row), *(block["accessory"] for block in blocks if "accessory" in block)]


def _speaks(said: Json) -> bool:
    if said["type"] == "plain_text":
        return said.get("emoji") is not False
    text = said["text"]
    marked = (
        _FORMAT.search(_OURS.sub("", text))
        or re.search(r":[\w+'-]+:", text)
        or re.search(r"^\s*&gt;", text, re.MULTILINE)
    )
    return said.get("verbatim") is not True or bool(marked or re.search("[<>]", text) or _ENTITY.search(text))


def _sdk(blocks: list[Json]) -> list[str]:
    found = []
    for block in Block.parse_all(blocks):
        try:
            block.validate_json()
        except SlackObjectFormationError as error:
            found.append(str(error))
    return found
