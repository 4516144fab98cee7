"""Elements of blocks. Limits: docs.slack.dev/reference/block-kit/block-elements, checked against slack_sdk's own models."""

from collections.abc import Mapping

from tests.slack.simulator.blockkit.objects import (
    ACTION_ID,
    CONFIRM,
    DISPATCH,
    FILTER,
    IMAGE_SOURCE,
    MENU_OPTION,
    OPTION,
    OPTION_GROUP,
    RICH_OPTION,
    URL,
    chosen_among,
    distinct_values,
    plain,
    slack_file,
)
from tests.slack.simulator.blockkit.shapes import (
    Check,
    Findings,
    anything,
    array,
    boolean,
    every,
    exactly_one,
    number,
    one_of,
    record,
    string,
    when_object,
)
from tests.slack.simulator.records import Json

_USERS, _CHANNELS = array(string(1, 255), 1, 100), array(string(1, 255), 1, 100)
_COMMON = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": boolean}
_HINTED = {**_COMMON, "placeholder": plain(150)}
_TYPED = {
    "action_id": ACTION_ID,
    "focus_on_load": boolean,
    "placeholder": plain(150),
    "dispatch_action_config": DISPATCH,
    "initial_value": string(1, 3000),
}
_TYPE: dict[str, Check] = {"type": anything}


def _element(optional: Mapping[str, Check], required: Mapping[str, Check] = {}, *more: Check) -> Check:
    return every(record({**_TYPE, **required}, optional), *more)


@when_object
def _ordered(value: Json, where: str, findings: Findings) -> None:
    """The least is not above the most."""
    for least, most in (("min_length", "max_length"), ("min_value", "max_value")):
        if least in value and most in value and float(value[least]) > float(value[most]):
            findings.add(f"{least} must not be above {most}", where)


@when_object
def _within(value: Json, where: str, findings: Findings) -> None:
    """What stands there at first can be sent off."""
    if isinstance(initial := value.get("initial_value"), str) and len(initial) > value.get("max_length", 3000):
        findings.add("initial_value is longer than max_length", where)


BUTTON = _element(
    {
        "action_id": ACTION_ID,
        "url": URL,
        "value": string(1, 2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(1, 75),
        "visible_to_user_ids": _USERS,
    },
    {"text": plain(75)},
)
IMAGE = _element({"image_url": URL, "slack_file": slack_file}, {"alt_text": string(1, 2000)}, IMAGE_SOURCE)
OVERFLOW = _element(
    {"action_id": ACTION_ID, "confirm": CONFIRM}, {"options": array(MENU_OPTION, 1, 5)}, distinct_values
)
_OPTIONS = {"options": array(OPTION, 1, 100), "option_groups": array(OPTION_GROUP, 1, 100)}
_EITHER = exactly_one("options", "option_groups")
_SEVERAL = number(1, 100)
_TICKED = {"options": array(RICH_OPTION, 1, 10)}

MENUS: Mapping[str, Check] = {
    "static_select": _element(
        {**_HINTED, **_OPTIONS, "initial_option": OPTION}, {}, _EITHER, chosen_among("initial_option"), distinct_values
    ),
    "external_select": _element({**_HINTED, "initial_option": OPTION, "min_query_length": number(0, 300)}),
    "users_select": _element({**_HINTED, "initial_user": string(1, 255)}),
    "channels_select": _element({**_HINTED, "initial_channel": string(1, 255), "response_url_enabled": boolean}),
    "conversations_select": _element(
        {
            **_HINTED,
            "initial_conversation": string(1, 255),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": FILTER,
        }
    ),
    "multi_static_select": _element(
        {**_HINTED, **_OPTIONS, "initial_options": array(OPTION, 1, 100), "max_selected_items": _SEVERAL},
        {},
        _EITHER,
        chosen_among("initial_options", several=True),
        distinct_values,
    ),
    "multi_users_select": _element({**_HINTED, "initial_users": _USERS, "max_selected_items": _SEVERAL}),
    "multi_channels_select": _element({**_HINTED, "initial_channels": _CHANNELS, "max_selected_items": _SEVERAL}),
    "multi_conversations_select": _element(
        {
            **_HINTED,
            "initial_conversations": _CHANNELS,
            "default_to_current_conversation": boolean,
            "max_selected_items": _SEVERAL,
            "filter": FILTER,
        }
    ),
    "radio_buttons": _element(
        {**_COMMON, "initial_option": RICH_OPTION}, _TICKED, chosen_among("initial_option"), distinct_values
    ),
    "checkboxes": _element(
        {**_COMMON, "initial_options": array(RICH_OPTION, 1, 10)},
        _TICKED,
        chosen_among("initial_options", several=True),
        distinct_values,
    ),
    "datepicker": _element({**_HINTED, "initial_date": string(10, 10)}),
    "timepicker": _element({**_HINTED, "initial_time": string(5, 5), "timezone": string(1, 100)}),
    "datetimepicker": _element({**_COMMON, "initial_date_time": number(0, 9_999_999_999)}),
}
"""Things to choose from, in actions, sections and inputs."""

TYPED: Mapping[str, Check] = {
    "plain_text_input": _element(
        {**_TYPED, "multiline": boolean, "min_length": number(0, 3000), "max_length": number(1, 3000)},
        {},
        _ordered,
        _within,
    ),
    "number_input": _element(
        {**_TYPED, "min_value": string(1, 30), "max_value": string(1, 30)}, {"is_decimal_allowed": boolean}, _ordered
    ),
    "email_text_input": _element(_TYPED),
    "url_text_input": _element(_TYPED),
    "rich_text_input": _element({**_TYPED, "initial_value": anything}),
}
"""Things to type into, in inputs alone."""

FILE_INPUT = _element({"action_id": ACTION_ID, "filetypes": array(string(1, 20), 1, 100), "max_files": number(1, 10)})
_FEEDBACK = record({"text": plain(75), "value": string(1, 2000)}, {"accessibility_label": string(1, 75)})
FEEDBACK = _element({"action_id": ACTION_ID}, {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK})
ICON_BUTTON = _element(
    {
        "action_id": ACTION_ID,
        "value": string(1, 2000),
        "confirm": CONFIRM,
        "accessibility_label": string(1, 75),
        "visible_to_user_ids": _USERS,
    },
    {"icon": one_of("trash"), "text": plain(75)},
)
