"""Buttons: short labels, and for screen readers a hint that says which headshot is meant."""

from typing import Literal

from bot.actions import Action, to_id
from bot.cards.phrasing import headline
from bot.messages import Button
from bot.verbs import Verb

FIRST_STYLE = "corporate"
"""Offered where a person has not chosen one."""
ENOUGH = 4
"""Headshots that a gallery shows at once."""


def button(
    verb: Verb,
    label: str,
    *,
    shoot_id: str = "",
    rank: int = 0,
    argument: str = "",
    look: Literal["plain", "primary", "danger"] = "plain",
    confirm: str = "",
    hint: str = "",
) -> Button:
    """A button that asks for `verb`."""
    return Button(to_id(Action(verb, shoot_id, rank, argument)), label, look, confirm, hint)


def headshot_buttons(
    shoot_id: str, rank: int, *, favourite: bool, first: bool = False, profile: bool = False
) -> tuple[Button, ...]:
    """What can be done with one headshot; the five that people want most come first. `profile`: the platform has
    profile photos.
    """

    def one(
        verb: Verb, label: str, hint: str, argument: str = "", look: Literal["plain", "primary", "danger"] = "plain"
    ) -> Button:
        return button(
            verb,
            label,
            shoot_id=shoot_id,
            rank=rank,
            argument=argument,
            look=look,
            hint=headline(hint.format(f"headshot {rank}")),
        )

    keep = ("Unfavourite", "Take the star off {}", "off") if favourite else ("Favourite", "Keep {} longer", "on")
    return (
        one(Verb.DOWNLOAD, "Download", "Download {} at full size", look="primary" if first else "plain"),
        one(Verb.MORE_LIKE_THIS, "More like this", "More like {}"),
        one(Verb.NEW_LIGHT, "New light", "{} in another light"),
        one(Verb.NEW_BACKDROP, "New backdrop", "{} before another backdrop"),
        one(Verb.FAVOURITE, *keep),
        one(Verb.NEW_CROP, "New crop", "{} in another frame"),
        *([one(Verb.PROFILE, "Use as my photo", "Make {} my profile photo")] if profile else []),
        one(Verb.SHARE, "Share", "Share {} in a channel"),
        button(
            Verb.DELETE,
            "Delete",
            shoot_id=shoot_id,
            rank=rank,
            look="danger",
            confirm=f"Delete headshot {rank} for good?",
            hint=f"Delete headshot {rank}",
        ),
    )


def gallery_buttons(shoot_id: str, shown: int, total: int) -> tuple[Button, ...]:
    """What can be done with a whole gallery."""
    rest = (button(Verb.SHOW_ALL, f"Show all {total}", shoot_id=shoot_id),) if total > shown else ()
    return (
        *rest,
        button(Verb.MORE, "More of these", shoot_id=shoot_id, hint="Another gallery in the same style"),
        button(Verb.STYLE, "Another style", shoot_id=shoot_id),
        button(Verb.FORGET, "Forget my photos", look="danger"),
    )


def start_buttons() -> tuple[Button, ...]:
    """The two ways to begin."""
    return (
        button(Verb.MAKE, f"Make {FIRST_STYLE} headshots", argument=FIRST_STYLE, look="primary"),
        button(Verb.STYLES, "Choose a style"),
    )


def cancel_button(shoot_id: str, label: str = "Cancel", hint: str = "") -> Button:
    """Ends a shoot that is still to come."""
    return button(Verb.CANCEL, label, shoot_id=shoot_id, hint=hint or "Cancel this shoot")
