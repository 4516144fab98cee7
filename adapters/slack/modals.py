"""Forms as modals. Pure.

A modal says in its `private_metadata` which form it is and where it was asked for, so that it is understood after a restart; and
which files show what can be chosen, so that the example follows the choice without a look into any table.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from adapters.slack import limits
from adapters.slack.escape import Json, brief, clean, plain, units
from bot.messages import Blank, Form, Option

FORM = "form"
"""`callback_id` of all of them."""
NOTHING = "-"
"""Stands for the value "" of an option, which Slack refuses."""
_RADIOS = 5
"""So many options are all seen at once, when there is something to say about each."""
_ONE_LINE = 200
"""Characters that are typed in one line."""
_PHOTOS = ["jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "mpo"]
_GIVEN = ("type", "callback_id", "title", "submit", "close", "private_metadata")
"""What a view may be updated with, but for its blocks; Slack tells more of it."""

Examples = Mapping[str, str]
"""`Option.picture` → id of the file that Slack has of it."""


class Kept(BaseModel):
    """The `private_metadata` of a modal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: str
    conversation: str
    examples: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    """Name of a field → value of an option → id of a file."""


def to_view(form: Form, conversation: str, examples: Examples) -> Json:
    """A modal. What is filled in there comes back with `conversation`. Choices without options are left out."""
    blanks = [blank for blank in form.fields if blank.kind != "choice" or blank.options]
    shown = {blank.name: _examples_of(blank, examples) for blank in blanks}
    kept = Kept(
        form=form.id, conversation=conversation, examples={name: files for name, files in shown.items() if files}
    )
    if units(kept.model_dump_json()) > limits.PRIVATE_METADATA:
        kept = kept.model_copy(update={"examples": {}})
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain(form.title, limits.VIEW_TITLE),
        "submit": plain(form.submit, limits.VIEW_TITLE),
        "close": plain("Cancel", limits.VIEW_TITLE),
        "private_metadata": kept.model_dump_json(),
        "blocks": _illustrated([_input(blank, blank.name in kept.examples) for blank in blanks], kept, {}),
    }


def with_examples(view: Json) -> Json | None:
    """The modal once more, after somebody chose something in it; None where nothing changes. `view`: as Slack tells it with
    the choice. What was typed stays, because the ids of the fields do.
    """
    kept = Kept.model_validate_json(view["private_metadata"])
    told = _unescaped(view)
    chosen = {name: _selected(view["state"]["values"], name) for name in kept.examples}
    inputs = [block for block in told["blocks"] if block["type"] != "image"]
    before = [block.get("slack_file", {}).get("id") for block in told["blocks"] if block["type"] == "image"]
    blocks = _illustrated(inputs, kept, chosen)
    if before == [block["slack_file"]["id"] for block in blocks if block["type"] == "image"]:
        return None
    return {**{name: told[name] for name in _GIVEN if told.get(name)}, "blocks": blocks}


def _illustrated(inputs: Sequence[Json], kept: Kept, chosen: Mapping[str, str]) -> list[Json]:
    """With the example of what is chosen below each choice that has some."""
    blocks: list[Json] = []
    for block in inputs[: limits.VIEW_BLOCKS - len(kept.examples)]:
        blocks.append(block)
        files = kept.examples.get(block["block_id"], {})
        option = _option_of(block["element"], chosen.get(block["block_id"]))
        if option is not None and option["value"] in files:
            blocks.append(_example(files[option["value"]], option))
    return blocks


def _example(file: str, option: Json) -> Json:
    label, about = option["text"]["text"], option.get("description", {}).get("text", "")
    title = f"{label}: {about}" if about else label
    return {
        "type": "image",
        "slack_file": {"id": file},
        "alt_text": plain(f"Example of {label}", limits.ALT)["text"],
        "title": plain(title, limits.IMAGE_TITLE),
    }


def _option_of(element: Json, value: str | None) -> Json | None:
    """The option of that value; what stood there at first when nothing was chosen."""
    if value is None:
        return element.get("initial_option")
    return next((option for option in element.get("options", []) if option["value"] == value), None)


def _selected(values: Mapping[str, Mapping[str, Any]], name: str) -> str:
    selected = (values.get(name, {}).get(name) or {}).get("selected_option") or {}
    return str(selected.get("value", ""))


def _examples_of(blank: Blank, examples: Examples) -> dict[str, str]:
    return {_value(option): examples[option.picture] for option in _options(blank) if option.picture in examples}


def _options(blank: Blank) -> list[Option]:
    """Those that can be told apart and fit."""
    distinct = {option.value: option for option in reversed(blank.options) if len(option.value) <= limits.OPTION_VALUE}
    return list(reversed(distinct.values()))[: limits.OPTIONS]


def _value(option: Option) -> str:
    return option.value or NOTHING


def _input(blank: Blank, dispatch: bool) -> Json:
    """`dispatch`: Slack tells of each choice at once."""
    drawn: Json = {
        "type": "input",
        "block_id": blank.name,
        "label": plain(blank.label, limits.LABEL),
        "element": {"action_id": blank.name, **_element(blank)},
        "optional": blank.optional,
    }
    if clean(blank.hint):
        drawn["hint"] = plain(blank.hint, limits.HINT)
    if dispatch:
        drawn["dispatch_action"] = True
    return drawn


def _element(blank: Blank) -> Json:
    match blank.kind:
        case "choice":
            return _choice(blank)
        case "text":
            return _typed(blank)
        case "number":
            return _number(blank)
        case "photos":
            most = min(max(blank.most, 1), limits.FILES)
            return {"type": "file_input", "filetypes": _PHOTOS, "max_files": most}
        case "channel":
            return {
                "type": "conversations_select",
                "placeholder": plain("Choose a channel", limits.PLACEHOLDER),
                "filter": {
                    "include": ["public", "private"],
                    "exclude_external_shared_channels": True,
                    "exclude_bot_users": True,
                },
            }


def _choice(blank: Blank) -> Json:
    options = {option.value: _drawn_option(option) for option in _options(blank)}
    described = [option for option in blank.options if option.text]
    drawn: Json = {"type": "static_select", "options": list(options.values())}
    if described and len(options) <= _RADIOS and not any(option.picture for option in blank.options):
        drawn["type"] = "radio_buttons"
    if blank.value in options:
        drawn["initial_option"] = options[blank.value]
    return drawn


def _drawn_option(option: Option) -> Json:
    drawn: Json = {"text": plain(option.label, limits.OPTION), "value": _value(option)}
    if clean(option.text):
        drawn["description"] = plain(brief(clean(option.text), limits.OPTION), limits.OPTION)
    return drawn


def _typed(blank: Blank) -> Json:
    most = min(blank.longest or limits.TYPED, limits.TYPED)
    drawn: Json = {"type": "plain_text_input", "max_length": most, "multiline": most > _ONE_LINE}
    if clean(blank.value):
        drawn["initial_value"] = clean(blank.value)[:most]
    return drawn


def _number(blank: Blank) -> Json:
    drawn: Json = {"type": "number_input", "is_decimal_allowed": False}
    bounds = {"min_value": str(blank.least), "max_value": str(blank.most)} if blank.most > blank.least else {}
    if blank.value.isdecimal() and (not bounds or blank.least <= int(blank.value) <= blank.most):
        drawn["initial_value"] = str(int(blank.value))
    return drawn | bounds


def _unescaped(told: Any) -> Any:
    """What Slack tells, as it was told: it escapes all texts."""
    match told:
        case str():
            return told.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        case dict():
            return {name: _unescaped(value) for name, value in told.items()}
        case list():
            return [_unescaped(value) for value in told]
        case _:
            return told
