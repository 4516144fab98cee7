"""The coach: what was seen in each selfie, and the one photo that would help most."""

from collections.abc import Mapping
from typing import Literal

from bot.cards.asked import title_of
from bot.cards.buttons import button, start_buttons
from bot.messages import Button, Buttons, Item, Items, Message, Part, Text
from bot.payloads import ScreeningPayload, SelfieVerdict, VerdictEnding, from_json
from bot.shoots import Shoot
from bot.verbs import Verb
from engine.contract.sentences import SENTENCES

OUTCOMES: Mapping[str, Literal["good", "fair", "bad"]] = {"accepted": "good", "usable": "fair", "refused": "bad"}


def verdict_card(shoot: Shoot) -> Message:
    """Answer to the photos of one message."""
    ending, order = from_json(VerdictEnding, shoot.ending), from_json(ScreeningPayload, shoot.order.payload)
    used = sum(verdict.outcome != "refused" for verdict in ending.verdicts)
    summary = _summary(used, len(ending.verdicts))
    parts: list[Part] = [Text(summary, "heading")]
    parts.append(Items(tuple(to_item(verdict, _remove(verdict)) for verdict in ending.verdicts)))
    helps = SENTENCES.get(ending.next_photo or "", "")
    if used or order.earlier:
        parts.append(Text(f"{helps} You can start now, or send more photos first.".lstrip()))
        parts.append(Buttons(start_buttons()))
    else:
        parts.append(Text(helps or SENTENCES["next_first_photo"]))
    return Message(f"{title_of('screening', shoot.order.payload)}: {summary}", tuple(parts))


def to_item(verdict: SelfieVerdict, buttons: tuple[Button, ...] = ()) -> Item:
    """One photo and what to do about it."""
    return Item(OUTCOMES[verdict.outcome], verdict.name, verdict.advice, buttons)


def _remove(verdict: SelfieVerdict) -> tuple[Button, ...]:
    """What was refused is destroyed already."""
    return () if verdict.outcome == "refused" else (remove_button(verdict.artifact, verdict.name),)


def remove_button(artifact: str, name: str) -> Button:
    """Takes a selfie out of the sitting and destroys it."""
    return button(Verb.REMOVE_SELFIE, "Remove", argument=artifact, hint=f"Remove {name}")


def _summary(used: int, total: int) -> str:
    if total == 1:
        return "This photo can be used." if used else "This photo cannot be used."
    if used == total:
        return f"All {total} photos can be used."
    return f"{used or 'None'} of {total} photos can be used."
