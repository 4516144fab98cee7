"""What somebody filled into a modal. Pure; fields by the names that they were made with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from adapters.slack.escape import Json
from adapters.slack.modals import FORM, NOTHING, Kept
from adapters.slack.places import Place, find_place


@dataclass(frozen=True, slots=True)
class Filling:
    """A form that was sent off from `conversation`."""

    form: str
    conversation: str
    values: Mapping[str, str] = field(default_factory=dict)
    """What was left empty is ""."""
    files: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    """By field, the file objects of Slack in the order in which they were added."""


class _Chosen(BaseModel):
    value: str


class _Entry(BaseModel):
    """Of one element; its type decides which of these there is."""

    type: str
    value: str | None = None
    selected_option: _Chosen | None = None
    selected_conversation: str | None = None
    files: list[dict[str, Any]] | None = None


class _State(BaseModel):
    values: dict[str, dict[str, _Entry]] = Field(default_factory=dict)


class _View(BaseModel):
    callback_id: str
    private_metadata: str
    state: _State = Field(default_factory=_State)


def read_view(view: Mapping[str, Any]) -> Filling | None:
    """None for a view that is no form of ours."""
    try:
        read = _View.model_validate(view)
        kept = Kept.model_validate_json(read.private_metadata)
    except ValidationError:
        return None
    if read.callback_id != FORM or (place := find_place(kept.conversation)) is None:
        return None
    entries = [(name, entry) for inside in read.state.values.values() for name, entry in inside.items()]
    values, files = _sorted(entries, place)
    return Filling(kept.form, kept.conversation, values, files)


def channels_in(view: Mapping[str, Any]) -> dict[str, Place]:
    """The channels that were chosen in a form of ours, by field."""
    if (filling := read_view(view)) is None:
        return {}
    entries = {name for inside in _View.model_validate(view).state.values.values() for name in _choosers(inside)}
    places = {name: find_place(filling.values.get(name, "")) for name in entries}
    return {name: place for name, place in places.items() if place is not None}


def _choosers(inside: Mapping[str, _Entry]) -> list[str]:
    return [name for name, entry in inside.items() if entry.type == "conversations_select"]


def _sorted(entries: Iterable[tuple[str, _Entry]], place: Place) -> tuple[dict[str, str], dict[str, tuple[Json, ...]]]:
    values: dict[str, str] = {}
    files: dict[str, tuple[Json, ...]] = {}
    for name, entry in entries:
        match entry.type:
            case "file_input":
                files[name] = tuple(entry.files or ())
            case "conversations_select":
                channel = entry.selected_conversation
                values[name] = str(Place(place.workspace, channel)) if channel else ""
            case "static_select" | "radio_buttons":
                chosen = entry.selected_option.value if entry.selected_option else ""
                values[name] = "" if chosen == NOTHING else chosen
            case _:
                values[name] = (entry.value or "").strip()
    return values, files
