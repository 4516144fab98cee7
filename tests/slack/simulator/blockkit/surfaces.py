"""Whole messages and views: what is counted across blocks."""

import json
from collections.abc import Callable

from tests.slack.simulator.blockkit.blocks import BLOCK
from tests.slack.simulator.blockkit.objects import plain
from tests.slack.simulator.blockkit.shapes import Check, Findings, anything, array, boolean, record, string
from tests.slack.simulator.records import File, Json

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
VIEW_BYTES = 250_000
_MODAL: dict[str, Check] = {
    "close": plain(24),
    "submit": plain(24),
    "private_metadata": string(0, 3000),
    "callback_id": string(1, 255),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "external_id": string(0, 255),
    "submit_disabled": boolean,
}
_HOME: dict[str, Check] = {name: _MODAL[name] for name in ("private_metadata", "callback_id", "external_id")}
FileOf = Callable[[str], File | None]


def check_message(blocks: object, file: FileOf) -> list[str]:
    """Complaints about the blocks of a message; empty when Slack takes it."""
    findings = Findings("message", file)
    array(BLOCK, 0, MESSAGE_BLOCKS)(blocks, "/blocks", findings)
    _check_across(blocks, "/blocks", findings)
    return findings.complaints


def check_view(view: object, kind: str, file: FileOf) -> list[str]:
    """Complaints about a modal or a home tab."""
    if not isinstance(view, dict) or view.get("type") != kind:
        return [f"must be a valid enum value: {kind} [json-pointer:/view/type]"]
    findings = Findings(kind, file)
    blocks = array(BLOCK, 1 if kind == "modal" else 0, VIEW_BLOCKS)
    if kind == "modal":
        rule = record({"type": anything, "title": plain(24), "blocks": blocks}, _MODAL)
    else:
        rule = record({"type": anything, "blocks": blocks}, _HOME)
    rule(view, "/view", findings)
    _check_across(view.get("blocks"), "/view/blocks", findings)
    if kind == "modal" and any(_type(block) == "input" for block in view.get("blocks") or []) and "submit" not in view:
        findings.add("missing required field: submit, where there is an input", "/view")
    return findings.complaints


def is_too_large(view: Json) -> bool:
    """More than Slack takes, whatever it says."""
    return len(json.dumps(view).encode()) > VIEW_BYTES


def _type(block: object) -> str:
    return str(block.get("type")) if isinstance(block, dict) else ""


def _check_across(blocks: object, where: str, findings: Findings) -> None:
    if not isinstance(blocks, list):
        return
    known = [block for block in blocks if isinstance(block, dict)]
    ids = [block["block_id"] for block in known if "block_id" in block]
    for again in sorted({each for each in ids if ids.count(each) > 1}, key=str):
        findings.add(f"`block_id` already exists: {again}", where)
    if sum(len(str(block.get("text", ""))) for block in known if _type(block) == "markdown") > 12_000:
        findings.add("markdown blocks must be less than 12001 characters together", where)
    if sum(_type(block) == "table" for block in known) > 1:
        findings.add("only one table is allowed", where)
    focused = json.dumps(known).count('"focus_on_load": true')
    if focused > 1:
        findings.add("only one element can have focus_on_load", where)


def with_ids(blocks: list[Json], fresh: Callable[[], str]) -> tuple[Json, ...]:
    """As Slack keeps them: every block and every element that can be used has an id."""
    kept = json.loads(json.dumps(blocks))
    for block in kept:
        block.setdefault("block_id", fresh())
        for element in [*block.get("elements", []), block.get("accessory"), block.get("element")]:
            if isinstance(element, dict) and element.get("type") not in (
                None,
                "image",
                "mrkdwn",
                "plain_text",
                "rich_text_section",
            ):
                element.setdefault("action_id", fresh())
    return tuple(kept)
