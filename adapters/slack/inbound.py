"""What Slack sends, translated into events of the bot. Pure: `workspace` is what the installation belongs to, see `receiving`.

None: nothing that concerns us. Our direct conversation with somebody is always `T1/@U1`, whatever id Slack gives its channel.
A slash command and a shortcut are answered there too, wherever they were used, so that nothing is ever posted into a channel.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from adapters.slack.filling import read_view
from adapters.slack.places import Place, direct, find_place, home
from adapters.slack.reading import typed
from bot.events import Attachment, Commanded, Event, Filled, Happening, Opened, Pointed, Pressed, Said, Withdrawn
from bot.people import Person

Payload = Mapping[str, Any]

COMMAND = "/headshot"
FROM_MESSAGE, NEW = "headshot_from_message", "headshot_new"
"""Callback ids of the shortcuts."""
_TYPED = (None, "file_share", "thread_broadcast")
"""Kinds of messages that a person has just written; the last is a reply that was sent to the conversation, too."""
_STONES = ("tombstone", "hidden_by_limit")
"""What stands in the place of a file that was deleted, or that is too old for the plan of the workspace."""


def to_event(payload: Payload, workspace: str) -> Event | None:
    """An event, command, press, form or shortcut, by what the payload says that it is."""
    if "command" in payload:
        return _command(payload, workspace)
    read = _BY_TYPE.get(payload.get("type", ""))
    return read(payload, workspace) if read else None


def _event_callback(payload: Payload, workspace: str) -> Event | None:
    happened = payload["event"]
    match happened:
        case {"type": "message", "channel_type": "im", "previous_message": Mapping()}:
            return _taken_back(payload["event_id"], happened, workspace)
        case {"type": "message", "channel_type": "im"} if happened.get("subtype") in _TYPED:
            return _said(payload["event_id"], happened, workspace)
        case {"type": "app_home_opened", "tab": "home", "user": user}:
            return _event(payload["event_id"], workspace, user, Opened(), home(workspace, user))
        case _:
            return None


def _said(event_id: str, message: Payload, workspace: str) -> Event | None:
    user, text = message.get("user", ""), typed(message.get("text", ""))
    files = _attachments(message)
    if not user or "bot_id" in message or not (text or files):
        return None
    return _event(event_id, workspace, user, Said(text, files), _below(direct(workspace, user), message))


def _taken_back(event_id: str, change: Payload, workspace: str) -> Event | None:
    """A message that was changed or deleted; only files that are gone from it matter. One that stands above a thread is not
    deleted but changed into a stone, and so is a file in a message with more than that file.
    """
    before, after = change["previous_message"], change.get("message", {})
    user, left = before.get("user", ""), {file.ref for file in _attachments(after)}
    gone = tuple(file["id"] for file in before.get("files", ()) if file["id"] not in left)
    if not user or "bot_id" in before or not gone:
        return None
    return _event(event_id, workspace, user, Withdrawn(gone), _below(direct(workspace, user), before))


def _command(payload: Payload, workspace: str) -> Event | None:
    if payload["command"] != COMMAND:
        return None
    user, trigger = payload["user_id"], payload["trigger_id"]
    place = direct(workspace, user)
    return _event(trigger, workspace, user, Commanded(typed(payload["text"]), (), to_trigger(place, trigger)), place)


def _pressed(payload: Payload, workspace: str) -> Event | None:
    user, trigger = payload["user"]["id"], payload["trigger_id"]
    action, container = _action(payload["actions"][0]), payload["container"]
    if not action:
        return None
    if container["type"] == "view":
        if payload["view"]["type"] != "home":
            return None
        place, message, page = direct(workspace, user), "", str(home(workspace, user))
    else:
        place = _below(_channel(container["channel_id"], workspace, user), {**payload.get("message", {}), **container})
        message, page = str(place.message(container["message_ts"])), ""
    return _event(trigger, workspace, user, Pressed(action, to_trigger(place, trigger), message, page), place)


def _action(element: Payload) -> str:
    """The id of our button, or of what was chosen in a menu; "" for a link, which only tells that it was followed."""
    chosen: str = (element.get("selected_option") or element).get("value", "")
    return chosen


def _filled(payload: Payload, workspace: str) -> Event | None:
    user, view = payload["user"]["id"], payload["view"]
    filling = read_view(view)
    if filling is None or (place := find_place(filling.conversation)) is None:
        return None
    files = {name: _read_files(given) for name, given in filling.files.items()}
    happened = Filled(filling.form, filling.values, files=files)
    return _event(f"{view['id']}:{view['hash']}", workspace, user, happened, place)


def _shortcut(payload: Payload, workspace: str) -> Event | None:
    user, trigger, name = payload["user"]["id"], payload["trigger_id"], payload["callback_id"]
    if name not in (FROM_MESSAGE, NEW):
        return None
    place = direct(workspace, user)
    message = payload.get("message", {})
    photos, author = _photos(message), message.get("user") or message.get("bot_id", "")
    happened: Happening
    if not photos:
        happened = Commanded("", (), to_trigger(place, trigger))
    elif author == user:
        happened = Said("", photos)
    else:
        reached = "" if _is_out_of_reach(message, workspace) else str(direct(workspace, author))
        happened = Pointed(Person("slack", workspace, author), reached, photos)
    return _event(trigger, workspace, user, happened, place)


def _is_out_of_reach(message: Payload, workspace: str) -> bool:
    """Whoever wrote it cannot be written to: a bot, or somebody of another company in a shared channel."""
    home_of = message.get("user_team") or message.get("team") or workspace
    return "bot_id" in message or (workspace.startswith("T") and home_of != workspace)


def _event(event_id: str, workspace: str, user: str, happened: Happening, place: Place) -> Event:
    return Event(
        id=event_id,
        person=Person("slack", workspace, user),
        conversation=str(place),
        direct=str(direct(workspace, user)),
        happened=happened,
        private=bool(place.user),
    )


def to_trigger(place: Place, trigger_id: str) -> str:
    """What a form can be opened with for three seconds: `T1|trigger id|conversation`."""
    return f"{place.workspace}|{trigger_id}|{place}"


def _channel(channel: str, workspace: str, user: str) -> Place:
    """The bot can post in no direct conversation but its own, so a button in one stands in ours."""
    return direct(workspace, user) if channel.startswith("D") else Place(workspace, channel)


def _below(place: Place, message: Payload) -> Place:
    """The thread that a message stands in. A message above a thread names that thread, but stands in the channel."""
    top = message.get("thread_ts", "")
    return place.message(top) if top and top != message.get("message_ts", message.get("ts")) else place


def _attachments(message: Payload) -> tuple[Attachment, ...]:
    return _read_files(message.get("files", ()))


def _photos(message: Payload) -> tuple[Attachment, ...]:
    """Those that say they are pictures, or do not say what they are."""
    kinds = ("", "image")
    return tuple(file for file in _attachments(message) if file.media_type.partition("/")[0] in kinds)


def _read_files(files: Iterable[Payload]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(file["id"], file.get("mimetype", ""), file.get("size", 0))
        for file in files
        if file.get("mode") not in _STONES
    )


_BY_TYPE: Mapping[str, Callable[[Payload, str], Event | None]] = {
    "event_callback": _event_callback,
    "block_actions": _pressed,
    "view_submission": _filled,
    "message_action": _shortcut,
    "shortcut": _shortcut,
}
