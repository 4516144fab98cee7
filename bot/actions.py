"""Ids of buttons: `verb:1.…`, at most 100 characters, with a version, so that a press of last month is still understood.

An id says what is asked and of which shoot, never that it is allowed: every press is checked against the shoot's owner.
"""

import re
from dataclasses import dataclass

VERSION = 1
LONGEST = 100
"""Characters; Discord's limit on a custom id."""
_ID = re.compile(r"([a-z]+(?:-[a-z]+)*):(\d{1,3})\.([0-9a-f]{32})?\.(\d{0,3})\.([a-z0-9#-]{0,40})")


@dataclass(frozen=True, slots=True)
class Action:
    """What a button asks for."""

    verb: str
    """Lower case words with hyphens, such as more-like-this."""
    shoot_id: str = ""
    """32 hexadecimal digits, or "" when it is about no shoot."""
    rank: int = 0
    """Of a headshot, from 1; 0 = about the shoot as a whole."""
    argument: str = ""
    """Such as the name of a style, or the id of a stored picture: lower case letters, digits and hyphens, at most 40."""


def to_id(action: Action) -> str:
    """The id of a button. Raises ValueError for what does not fit."""
    made = f"{action.verb}:{VERSION}.{action.shoot_id}.{action.rank or ''}.{action.argument}"
    if len(made) > LONGEST or read_action(made) != action:
        raise ValueError("this does not fit into a button")
    return made


def read_action(button_id: str) -> Action | None:
    """The action of an id; None when it is not ours or of a version that this code does not know."""
    if (match := _ID.fullmatch(button_id)) is None or int(match[2]) != VERSION:
        return None
    return Action(match[1], match[3] or "", int(match[4] or 0), match[5])
