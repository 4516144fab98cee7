"""Status: what is under way, which photos and galleries there are, and how long they stay."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.asked import title_of
from bot.cards.buttons import button, cancel_button, start_buttons
from bot.cards.consent import HOW_TO_SEND
from bot.cards.phrasing import counted, headline, left_words, short_id
from bot.cards.verdicts import OUTCOMES, remove_button
from bot.messages import Button, Buttons, Item, Items, Message, Part, Text
from bot.payloads import SelfieVerdict
from bot.shoots import Place, Shoot
from bot.verbs import Verb


@dataclass(frozen=True, slots=True)
class Waiting:
    """A shoot that is still to come."""

    shoot: Shoot
    place: Place | None


@dataclass(frozen=True, slots=True)
class Selfie:
    """A photo of the sitting."""

    artifact: str
    name: str
    left_s: float
    """Until it goes."""
    verdict: SelfieVerdict | None
    """None: it is still being looked at."""


def status_card(waiting: Sequence[Waiting], selfies: Sequence[Selfie], recent: Sequence[Shoot]) -> Message:
    """All of it, the most urgent first."""
    good = sum(map(_is_here, selfies))
    said = f"{counted(len(waiting), 'shoot')} under way, {counted(good, 'photo')} to work with, " + (
        counted(len(recent), "recent gallery").replace("gallerys", "galleries") + "."
    )
    parts: list[Part] = [Text("Status", "heading"), Text(headline(said))]
    if waiting:
        parts.append(Items(tuple(waiting_item(each) for each in waiting)))
    if recent:
        parts.append(Items(tuple(_gallery(shoot) for shoot in recent)))
    if selfies:
        parts.append(Text(expiry_of(selfies), "small"))
    parts.append(Buttons((*start_buttons(), button(Verb.EXPORT, "Export"), _forget())))
    return Message(said, tuple(parts))


def selfies_card(selfies: Sequence[Selfie]) -> Message:
    """The photos of the sitting, each with its verdict."""
    if not selfies:
        return Message("I have no photos of you.", (Text("I have no photos of you."), Text(HOW_TO_SEND)))
    said = f"I have {counted(sum(map(_is_here, selfies)), 'photo')} of you."
    items = tuple(selfie_item(selfie) for selfie in selfies)
    return Message(
        said, (Text(said, "heading"), Items(items), Text(expiry_of(selfies), "small"), Buttons(start_buttons()))
    )


def waiting_item(waiting: Waiting) -> Item:
    """A shoot that is still to come, with a way to end it."""
    order = waiting.shoot.order
    title = headline(title_of(order.kind, order.payload))
    place = "Under way."
    if waiting.place is not None and waiting.place.ahead:
        place = f"{waiting.place.ahead} ahead of you."
    return Item("open", title, place, (cancel_button(order.id, hint=f"Cancel {title}"),))


def _gallery(shoot: Shoot) -> Item:
    title, known = headline(title_of(shoot.order.kind, shoot.order.payload)), short_id(shoot.order.id)
    show = button(Verb.SHOW, "Show", shoot_id=shoot.order.id, hint=f"Show gallery {known}")
    return Item("good", title, f"Gallery {known}", (show,))


def selfie_item(selfie: Selfie) -> Item:
    """A photo with what was seen in it, and a way to take it out."""
    remove = (remove_button(selfie.artifact, selfie.name),) if _is_here(selfie) else ()
    if selfie.verdict is None:
        return Item("open", selfie.name, "Still being looked at.", remove)
    return Item(OUTCOMES[selfie.verdict.outcome], selfie.name, selfie.verdict.advice, remove)


def _is_here(selfie: Selfie) -> bool:
    """What was refused is destroyed already; only what was wrong with it is still told."""
    return selfie.verdict is None or selfie.verdict.outcome != "refused"


def expiry_of(selfies: Sequence[Selfie]) -> str:
    """When photos go."""
    soonest = min(selfie.left_s for selfie in selfies)
    return f"Photos go by themselves after your last shoot; the first of these in {left_words(soonest)}."


def _forget() -> Button:
    return button(Verb.FORGET, "Forget my photos", look="danger")
