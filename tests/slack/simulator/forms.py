"""What people put into the elements of forms and messages, as Slack's own client lets them and tells of it."""

from collections.abc import Iterator
from typing import Any

from tests.slack.simulator.records import Json

FILE_BYTES = 10_000_000
_PLAIN = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
_INITIAL = {
    "selected_user": "initial_user",
    "selected_channel": "initial_channel",
    "selected_conversation": "initial_conversation",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_users": "initial_users",
    "selected_channels": "initial_channels",
    "selected_conversations": "initial_conversations",
}


class Impossible(AssertionError):
    """Slack's client does not let anybody do this."""


def elements_of(blocks: tuple[Json, ...] | list[Json]) -> Iterator[tuple[Json, Json]]:
    """Everything that can be used, with the block that it stands in."""
    for block in blocks:
        for element in (*block.get("elements", []), block.get("accessory"), block.get("element")):
            if isinstance(element, dict) and "action_id" in element:
                yield block, element
        yield from elements_of(block.get("child_blocks", []))


def options_of(element: Json) -> list[Json]:
    """Of menus, radio buttons and checkboxes."""
    grouped = [option for group in element.get("option_groups") or [] for option in group["options"]]
    return [*(element.get("options") or []), *grouped]


def state_of(element: Json, value: Any = None) -> Json:
    """What Slack tells of an element: with this value, or as it stood at first. Raises Impossible."""
    kind = element["type"]
    if kind in ("static_select", "radio_buttons", "overflow", "external_select"):
        chosen = element.get("initial_option") if value is None else _option(element, value)
        return {"type": kind, "selected_option": chosen}
    if kind in ("checkboxes", "multi_static_select"):
        values = [] if value is None else value if isinstance(value, (list, tuple)) else [value]
        chosen = element.get("initial_options", []) if value is None else [_option(element, each) for each in values]
        return {"type": kind, "selected_options": chosen}
    if kind in _PLAIN:
        name = _PLAIN[kind]
        return {"type": kind, name: element.get(_INITIAL[name]) if value is None else value}
    if kind == "file_input":
        return {"type": kind, "files": value or []}
    typed = element.get("initial_value") if value is None else str(value)
    return {"type": kind, "value": typed or None}


def check_filled(block: Json, element: Json, state: Json) -> None:
    """What the client says before it sends anything. Raises Impossible."""
    label = block.get("label", {}).get("text", "")
    told = next((state[name] for name in state if name != "type"), None)
    if not told:
        if block["type"] == "input" and not block.get("optional"):
            raise Impossible(f"{label}: please complete this required field")
        return
    if element["type"] == "plain_text_input" and isinstance(told, str):
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if not least <= len(told) <= most:
            raise Impossible(f"{label}: between {least} and {most} characters")
    if element["type"] == "number_input":
        _check_number(label, element, told)
    if element["type"] == "file_input" and len(told) > element.get("max_files", 10):
        raise Impossible(f"{label}: too many files")


def check_file(element: Json, name: str, data: bytes) -> None:
    """Before it is uploaded into a form. Raises Impossible."""
    kinds = element.get("filetypes")
    if kinds and name.rpartition(".")[2].lower() not in kinds:
        raise Impossible(f"{name}: not a type of file that is asked for")
    if len(data) > FILE_BYTES:
        raise Impossible(f"{name}: above 10 MB")


def _check_number(label: str, element: Json, told: str) -> None:
    try:
        number = float(told)
    except ValueError:
        raise Impossible(f"{label}: not a number") from None
    if not element["is_decimal_allowed"] and number != int(number):
        raise Impossible(f"{label}: a whole number, please")
    if not float(element.get("min_value", "-inf")) <= number <= float(element.get("max_value", "inf")):
        raise Impossible(f"{label}: out of range")


def _option(element: Json, value: str) -> Json:
    for option in options_of(element):
        if value in (option["value"], option["text"]["text"]):
            return option
    raise Impossible(f"there is no option {value}")
