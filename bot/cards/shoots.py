"""The messages that tell how a shoot goes: one placeholder that is edited, and one fresh line when it is done.

Pure builders, facts in and a message out; the relay posts them.
"""

from collections.abc import Mapping, Sequence

from bot.cards.asked import title_of, understood, wanted_count, wanted_style
from bot.cards.buttons import button, cancel_button
from bot.cards.galleries import gallery_card, shown_of
from bot.cards.phrasing import counted, headline, short_id, style_words, wait_words
from bot.cards.verdicts import verdict_card
from bot.doorbell import Progress
from bot.ledger import KeptHeadshot, Standing
from bot.messages import Bar, Button, Buttons, Message, Part, Text
from bot.shoots import Json, Kind, Place, Shoot, ShootState
from bot.verbs import Verb
from engine.contract.sentences import sentence

__all__ = [
    "ack_card",
    "cancelled_card",
    "explanation_card",
    "gallery_card",
    "progress_card",
    "ready_card",
    "shown_of",
    "verdict_card",
]

STAGES: Mapping[str, tuple[str, float, float]] = {
    "intake": ("Looking at your photos", 0.00, 0.15),
    "identity": ("Learning your face", 0.15, 0.20),
    "style": ("Setting up the light", 0.20, 0.22),
    "prompt": ("Planning the pictures", 0.22, 0.25),
    "render": ("Taking pictures", 0.25, 0.75),
    "select": ("Choosing the best", 0.75, 0.85),
    "finish": ("Printing them at full size", 0.85, 1.00),
}
"""Stage → words, and the part of the bar that it fills."""
_NO_USE = {"recipe_selfie_missing", "recipe_broken", "recipe_newer", "style_unknown", "variation_at_limit"}
"""Endings that the same request would meet again."""
_PHOTOS_FIRST = {"no_usable_selfie", "selfies_disagree", "nothing_rendered", "nothing_passed", "recipe_selfie_missing"}
"""Endings where other photos help."""


def ack_card(
    kind: Kind, payload: Json, shoot_id: str, place: Place | None = None, wait_s: float | None = None
) -> Message:
    """Says what was understood, right after it is safe; becomes the placeholder of the shoot."""
    said = understood(kind, payload)
    return Message(
        said,
        (
            Text(headline(title_of(kind, payload)), "heading"),
            *([] if kind == "screening" else [Text(said)]),
            Text(_in_line(kind, place, wait_s)),
            Buttons((_cancel(kind, shoot_id),)),
        ),
    )


def progress_card(standing: Standing, place: Place | None, progress: Progress | None, wait_s: float | None) -> Message:
    """The placeholder while the shoot waits or runs: place in line, then the stage in plain words with a bar."""
    if standing.state is not ShootState.RUNNING:
        return ack_card(standing.kind, standing.payload, standing.shoot_id, place, wait_s)
    title = headline(title_of(standing.kind, standing.payload))
    parts: list[Part] = [Text(title, "heading")]
    if standing.kind == "screening":
        state = _stage_words(progress)
        parts.append(Text(f"{state}. {_soon(wait_s)}".rstrip()))
    else:
        state, total = _stage_words(progress), wanted_count(standing.kind, standing.payload)
        parts.append(Bar(share_done(progress), state))
        done = f"{standing.next_index} of {counted(total, 'headshot')} done." if standing.next_index else ""
        if words := " ".join(filter(None, [done, _soon(wait_s)])):
            parts.append(Text(words))
    parts.append(Buttons((_cancel(standing.kind, standing.shoot_id),)))
    return Message(f"{title}: {state[:1].lower()}{state[1:]}", tuple(parts))


def ready_card(shoot: Shoot, headshots: Sequence[KeptHeadshot]) -> Message:
    """The one fresh notification below the gallery."""
    title, count = title_of(shoot.order.kind, shoot.order.payload), len(headshots)
    if shoot.order.kind == "variation":
        done = f"{title}: {counted(count, 'headshot')} ready."
    else:
        style = style_words(wanted_style(shoot.order.kind, shoot.order.payload))
        done = f"Your {counted(count, f'{style} headshot')} {'is' if count == 1 else 'are'} ready, the best first."
    hint = "Type here to go on: “warmer”, “more like 2”, “white background”, “show all” or “download 1”."
    return Message(done, (Text(done), Text(hint, "small")))


def explanation_card(shoot: Shoot) -> Message:
    """Why there is no gallery, and what to do next."""
    code = str(shoot.ending.get("code", ""))
    why = _why(code, shoot.ending.get("facts"), shoot.order.id)
    title = headline(title_of(shoot.order.kind, shoot.order.payload))
    parts: list[Part] = [Text(title, "heading"), Text(why)]
    if shoot.order.kind == "screening":
        parts.append(Text("Send the photos again, or type “help”.", "small"))
    else:
        again = () if code in _NO_USE else (_again(shoot.order.id),)
        if code in _PHOTOS_FIRST:
            parts.append(Text("Send other photos here first; I look at each at once.", "small"))
        parts.append(Buttons((*again, button(Verb.STYLES, "Choose a style"))))
    return Message(f"{title}: {why}", tuple(parts))


def cancelled_card(shoot: Shoot) -> Message:
    """The person took it back."""
    title = headline(title_of(shoot.order.kind, shoot.order.payload))
    parts: list[Part] = [Text(f"{title}: cancelled.")]
    if shoot.order.kind != "screening":
        parts.append(Buttons((_again(shoot.order.id),)))
    return Message(f"{title}: cancelled.", tuple(parts))


def _again(shoot_id: str) -> Button:
    return button(Verb.TRY_AGAIN, "Try again", shoot_id=shoot_id, look="primary")


def _cancel(kind: Kind, shoot_id: str) -> Button:
    return cancel_button(shoot_id, hint="Do not look at these photos" if kind == "screening" else "")


def _in_line(kind: Kind, place: Place | None, wait_s: float | None) -> str:
    if place is None:
        return "In line."
    if place.ahead:
        told = f"{place.ahead} ahead of you"
        return f"{told}, {wait_words(wait_s)}." if wait_s is not None else f"{told}."
    return f"You are next. {_soon(wait_s)}".rstrip() if kind != "screening" else f"On its way. {_soon(wait_s)}".rstrip()


def _soon(wait_s: float | None) -> str:
    return "" if wait_s is None else f"Ready in {wait_words(wait_s)}."


def _stage_words(progress: Progress | None) -> str:
    if progress is None:
        return "Starting"
    words = STAGES[progress.stage][0] if progress.stage in STAGES else "Working on it"
    return f"{words}, {progress.done} of {progress.total}" if progress.total > 1 and progress.done else words


def share_done(progress: Progress | None) -> float:
    """Of the whole shoot, by its stage."""
    if progress is None or progress.stage not in STAGES:
        return 0.0
    _, low, high = STAGES[progress.stage]
    return low + (high - low) * (min(progress.done / progress.total, 1.0) if progress.total else 0.0)


def _why(code: str, facts: object, shoot_id: str) -> str:
    """The sentence of an ending; one that we cannot tell, say of a later version, is answered with a number to ask about."""
    try:
        return sentence(code, **{str(k): v for k, v in facts.items()} if isinstance(facts, Mapping) else {})
    except (KeyError, IndexError):
        return sentence("engine_failed", reference=short_id(shoot_id))
