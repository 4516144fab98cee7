"""Buttons, menus and the questions that are asked before a press counts.

A `value` is the id of the button, wherever it stands; Slack wants an `action_id` besides, see `fitting.numbered`.
"""

from collections.abc import Sequence

from adapters.slack import limits
from adapters.slack.escape import Json, plain
from bot.messages import Button

FULL = 6
"""Buttons below a picture; more stand in its menu."""
FEW = 2
"""The same where there are many pictures, or much to say; a few more when the menu is full."""
MENU, LINK = "menu", "link"


def rows(buttons: Sequence[Button]) -> list[Json]:
    """All of them to be seen."""
    drawn = [to_button(button) for button in buttons]
    return [_actions(drawn[at : at + limits.ACTIONS]) for at in range(0, len(drawn), limits.ACTIONS)]


def row_with_menu(buttons: Sequence[Button], shown: int) -> list[Json]:
    """The first to be seen, the others in a menu. What asks back before it counts stays a button, because a menu asks the same
    for whatever is chosen in it; it goes in when it is alone there. Its own colour would shout from below each picture, so only
    the question has it, and it stands last. What opens an address stays a button, too: in a menu Slack would make a press of it.
    """
    free = [button for button in buttons if not button.confirm and not button.link]
    fixed = [button for button in buttons if button.confirm or button.link][: limits.ACTIONS - 1]
    at = max(shown, len(free) - limits.OVERFLOW)
    seen, hidden = free[:at], free[at:]
    if len(hidden) == 1:
        seen, hidden = free, []
    if not hidden and len(fixed) == 1 and fixed[0].confirm:
        hidden, fixed = fixed, []
    menu = [_menu(hidden)] if hidden else []
    last = [to_button(button, quiet=True) for button in fixed]
    first = [to_button(button) for button in seen[: limits.ACTIONS - len(menu) - len(last)]]
    return [_actions([*first, *menu, *last])] if first or menu or last else []


def overflow(buttons: Sequence[Button], more: Button | None) -> Json | None:
    """A menu and nothing else: the first that fit into it, and in the end `more`, where something is left out; see `row_with_menu`
    for what cannot stand in it.
    """
    free = [button for button in buttons if not button.confirm and not button.link]
    if more is not None and len(buttons) > min(len(free), limits.OVERFLOW):
        free = [*free[: limits.OVERFLOW - 1], more]
    return _menu(free[: limits.OVERFLOW]) if free else None


def to_button(button: Button, *, quiet: bool = False) -> Json:
    """One to be seen; `quiet`: a dangerous one without its colour."""
    drawn: Json = {"type": "button", "text": plain(button.label, limits.BUTTON)}
    if button.link:
        drawn |= {"action_id": LINK, "url": button.link}
    else:
        drawn |= {"action_id": button.action.partition(":")[0], "value": button.action}
    if button.look == "primary" or (button.look == "danger" and not quiet):
        drawn["style"] = button.look
    if button.hint:
        drawn["accessibility_label"] = plain(button.hint, limits.BUTTON)["text"]
    if button.confirm:
        drawn["confirm"] = _question(button)
    return drawn


def _menu(buttons: Sequence[Button]) -> Json:
    options = [{"text": plain(button.label, limits.OPTION), "value": button.action} for button in buttons]
    drawn: Json = {"type": "overflow", "action_id": MENU, "options": options}
    if buttons[0].confirm:
        drawn["confirm"] = _question(buttons[0])
    return drawn


def _question(button: Button) -> Json:
    asked: Json = {
        "title": plain(button.label, limits.CONFIRM_TITLE),
        "text": plain(button.confirm, limits.CONFIRM_TEXT),
        "confirm": plain(button.label, limits.CONFIRM_BUTTON),
        "deny": plain("Go back", limits.CONFIRM_BUTTON),
    }
    if button.look == "danger":
        asked["style"] = "danger"
    return asked


def _actions(elements: Sequence[Json]) -> Json:
    return {"type": "actions", "elements": list(elements)}
