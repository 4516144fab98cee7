"""Blocks, and on which surface each may stand. Limits: docs.slack.dev/reference/block-kit/blocks."""

from collections.abc import Mapping

from tests.slack.simulator.blockkit.elements import (
    BUTTON,
    FEEDBACK,
    FILE_INPUT,
    ICON_BUTTON,
    IMAGE,
    MENUS,
    OVERFLOW,
    TYPED,
)
from tests.slack.simulator.blockkit.objects import IMAGE_SOURCE, URL, plain, slack_file, text
from tests.slack.simulator.blockkit.shapes import (
    Check,
    Findings,
    anything,
    array,
    at_least_one,
    boolean,
    every,
    one_of,
    record,
    string,
    typed,
    when_object,
)
from tests.slack.simulator.records import Json

BLOCK_ID = string(1, 255)
_ANY: dict[str, Check] = {"type": anything}
_PRESSED = {"button": BUTTON, "overflow": OVERFLOW}
ACCESSORY = typed({**_PRESSED, **{k: v for k, v in MENUS.items() if k != "datetimepicker"}, "image": IMAGE}, "element")
ACTION = typed({**_PRESSED, **MENUS}, "element")
CONTEXT = typed({"image": IMAGE, "plain_text": text(2000), "mrkdwn": text(2000)}, "element")
INPUT = {
    "message": {**MENUS, **TYPED},
    "home": {**MENUS, **TYPED},
    "modal": {**MENUS, **TYPED, "file_input": FILE_INPUT},
}


@when_object
def _distinct_actions(block: Json, where: str, findings: Findings) -> None:
    """An action id is said once in its block."""
    elements = [each for each in block.get("elements", []) if isinstance(each, dict)]
    ids = [each["action_id"] for each in elements if "action_id" in each]
    for again in {each for each in ids if ids.count(each) > 1}:
        findings.add(f"`action_id` already exists: {again}", f"{where}/elements")


def _input_element(value: object, where: str, findings: Findings) -> None:
    typed(INPUT[findings.surface], "element")(value, where, findings)


def _block(required: Mapping[str, Check], optional: Mapping[str, Check] = {}, *more: Check) -> Check:
    return every(record({**_ANY, **required}, {"block_id": BLOCK_ID, **optional}), *more)


def _on(*surfaces: str) -> Check:
    @when_object
    def check(block: Json, where: str, findings: Findings) -> None:
        if findings.surface not in surfaces:
            findings.add(f"unsupported type on this surface: {block.get('type')}", f"{where}/type")

    return check


_RICH_PARTS: dict[str, dict[str, Check]] = {
    "rich_text_section": {},
    "rich_text_list": {
        "style": one_of("bullet", "ordered"),
        "indent": anything,
        "offset": anything,
        "border": anything,
    },
    "rich_text_preformatted": {"border": anything, "language": anything},
    "rich_text_quote": {"border": anything},
}
_SAID = array(anything, 0, 1000)
_RICH = array(
    typed({kind: record({**_ANY, "elements": _SAID}, more) for kind, more in _RICH_PARTS.items()}, "element"), 1, 1000
)
_CELL = typed(
    {
        "raw_text": record({**_ANY, "text": string(1, 3000)}),
        "raw_number": record({**_ANY, "value": anything}, {"text": string(1, 3000)}),
        "rich_text": record({**_ANY, "elements": _RICH}, {"block_id": BLOCK_ID}),
    },
    "cell",
)
_CARD_PARTS: dict[str, Check] = {
    "hero_image": IMAGE,
    "icon": IMAGE,
    "title": text(150),
    "subtitle": text(150),
    "body": text(200),
    "actions": array(typed(_PRESSED, "element"), 1, 3),
}
CARD = _block({}, _CARD_PARTS, at_least_one("hero_image", "title", "actions", "body"), _on("message"))
_TASK_STATUS = one_of("pending", "in_progress", "complete", "error")
_TASK = {"task_id": string(1, 255), "title": string(1, 255)}

BLOCKS: dict[str, Check] = {
    "section": _block(
        {},
        {"text": text(3000), "fields": array(text(2000), 1, 10), "accessory": ACCESSORY, "expand": boolean},
        at_least_one("text", "fields"),
    ),
    "header": _block({"text": plain(150)}),
    "divider": _block({}),
    "image": _block(
        {"alt_text": string(1, 2000)}, {"image_url": URL, "slack_file": slack_file, "title": plain(2000)}, IMAGE_SOURCE
    ),
    "actions": _block({"elements": array(ACTION, 1, 25)}, {}, _distinct_actions),
    "context": _block({"elements": array(CONTEXT, 1, 10)}),
    "context_actions": _block(
        {"elements": array(typed({"feedback_buttons": FEEDBACK, "icon_button": ICON_BUTTON}, "element"), 1, 5)},
        {},
        _distinct_actions,
        _on("message"),
    ),
    "input": _block(
        {"label": plain(2000), "element": _input_element},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "markdown": _block({"text": string(1, 12000)}, {}, _on("message")),
    "rich_text": _block({"elements": _RICH}),
    "table": _block(
        {"rows": array(array(_CELL, 1, 20), 1, 100)}, {"column_settings": array(anything, 0, 20)}, _on("message")
    ),
    "video": _block(
        {"alt_text": string(1, 2000), "title": plain(199), "thumbnail_url": URL, "video_url": URL},
        {
            "author_name": string(1, 49),
            "description": plain(200),
            "provider_icon_url": URL,
            "provider_name": string(1, 50),
            "title_url": URL,
        },
    ),
    "file": _block({"external_id": string(1, 255), "source": one_of("remote")}, {}, _on("message")),
    "task_card": _block(
        _TASK, {"status": _TASK_STATUS, "details": anything, "output": anything, "sources": anything}, _on("message")
    ),
    "plan": _block({"title": string(1, 255)}, {"tasks": array(anything, 0, 100)}, _on("message")),
    "alert": _block(
        {"text": text(200)}, {"level": one_of("default", "info", "warning", "error", "success")}, _on("modal")
    ),
    "card": CARD,
    "carousel": _block({"elements": array(typed({"card": CARD}, "element"), 1, 10)}, {}, _on("message")),
}
_CHILDREN = {kind: rule for kind, rule in BLOCKS.items() if kind not in ("card", "carousel", "context_actions")}
BLOCKS["container"] = _block(
    {"child_blocks": array(typed(_CHILDREN), 1, 10)},
    {
        "title": plain(150),
        "subtitle": plain(150),
        "icon": IMAGE,
        "width": one_of("narrow", "standard", "wide", "full"),
        "is_collapsible": boolean,
        "is_collapsed": boolean,
        "has_header_divider": boolean,
    },
    _on("message"),
)
BLOCK = typed(BLOCKS)
