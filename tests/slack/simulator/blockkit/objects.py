"""Composition objects: texts, options, confirmations, files. Limits: docs.slack.dev/reference/block-kit/composition-objects."""

from typing import Any

from tests.slack.simulator.blockkit.shapes import (
    Check,
    Findings,
    anything,
    array,
    boolean,
    every,
    exactly_one,
    one_of,
    record,
    string,
    typed,
    when_object,
)
from tests.slack.simulator.records import Json

ACTION_ID = string(1, 255)
URL = string(1, 3000)


def plain(most: int) -> Check:
    """A plain_text object."""
    return typed({"plain_text": record({"type": anything, "text": string(1, most)}, {"emoji": boolean})}, "text type")


def text(most: int) -> Check:
    """A plain_text or mrkdwn object."""
    mrkdwn = record({"type": anything, "text": string(1, most)}, {"verbatim": boolean})
    flat = record({"type": anything, "text": string(1, most)}, {"emoji": boolean})
    return typed({"plain_text": flat, "mrkdwn": mrkdwn}, "text type")


CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
_OPTION = {"text": plain(75), "value": string(1, 150)}
OPTION = record(_OPTION, {"description": plain(75)})
RICH_OPTION = record({**_OPTION, "text": text(75)}, {"description": text(75)})
"""Of radio buttons and checkboxes: mrkdwn is allowed."""
MENU_OPTION = record(_OPTION, {"description": plain(75), "url": URL})
"""Of an overflow menu."""
OPTION_GROUP = record({"label": plain(75), "options": array(OPTION, 1, 100)})
DISPATCH = record({"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1, 2)})
FILTER = record(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)


def slack_file(value: Any, where: str, findings: Findings) -> None:
    """By id or url; a picture that is ready, and that whoever posts may see."""
    every(record({}, {"id": string(1, 255), "url": URL}), exactly_one("id", "url"))(value, where, findings)
    if not isinstance(value, dict):
        return
    named = value.get("id") or str(value.get("url", "")).rpartition("-")[2].partition("/")[0]
    file = findings.file(named)
    if file is None or file.deleted or not file.is_ready or not file.is_picture:
        findings.add("invalid slack file", where)


IMAGE_SOURCE = exactly_one("image_url", "slack_file")


def chosen_among(initial: str, *, several: bool = False) -> Check:
    """What is chosen at first is one of the options, letter by letter."""

    @when_object
    def check(value: Json, where: str, findings: Findings) -> None:
        if initial not in value:
            return
        grouped = [option for group in value.get("option_groups") or [] for option in group.get("options", [])]
        options = (value.get("options") or []) + grouped
        wanted = value[initial] if several else [value[initial]]
        if not wanted or not all(each in options for each in wanted):
            findings.add("does not match any of the options", f"{where}/{initial}")

    return check


@when_object
def distinct_values(value: Json, where: str, findings: Findings) -> None:
    """Two options with the same value could not be told from each other."""
    grouped = [option for group in value.get("option_groups") or [] for option in group.get("options", [])]
    values = [option.get("value") for option in (value.get("options") or []) + grouped if isinstance(option, dict)]
    if len(set(values)) < len(values):
        findings.add("options with the same value", f"{where}/options")
