"""The page that the bot has on some platforms: everything of one person, with a button for each thing to do about it.

Parts are counted so that it fits where a page has a hundred blocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.cards.asked import title_of
from bot.cards.buttons import button
from bot.cards.consent import HOW_TO_SEND, consent_card
from bot.cards.phrasing import counted, headline, listed, short_id, style_words
from bot.cards.status import Selfie, Waiting, expiry_of, selfie_item, waiting_item
from bot.cards.styles import polish_label
from bot.messages import Button, Buttons, Item, Items, Message, Part, Text
from bot.shoots import Shoot
from bot.verbs import Verb

MOST_SELFIES, MOST_GALLERIES, MOST_FAVOURITES = 16, 8, 12
_FORGET = "Destroy your photos, all headshots and every record of them, your consent included? What you have not downloaded is gone."


@dataclass(frozen=True, slots=True)
class GalleryRow:
    """A gallery of which something is left."""

    shoot: Shoot
    headshots: int
    favourites: tuple[int, ...]
    """Ranks."""


@dataclass(frozen=True, slots=True)
class Habit:
    """What a person used last, or what everybody begins with."""

    style: str
    count: int
    polish: str


@dataclass(frozen=True, slots=True)
class Belongings:
    """All that the page shows."""

    agreed_at: float
    """Unix seconds."""
    habit: Habit
    waiting: Sequence[Waiting] = ()
    selfies: Sequence[Selfie] = ()
    galleries: Sequence[GalleryRow] = ()
    """The newest first."""


def stranger_page(text: str, *, known: bool) -> Message:
    """What it is, and the question with which it begins. `text`: what people agree to. `known`: they agreed to other words
    before, so that something of them may be kept.
    """
    asked = consent_card(text)
    what = Text("I make studio headshots of you from a few ordinary photos, and show the best of them to you alone.")
    return Message(
        "Headshots from your own photos.",
        (
            Text("Studio headshots from your photos", "heading"),
            what,
            *asked.parts,
            Buttons((button(Verb.HELP, "Help"), *((button(Verb.EXPORT, "Export"), _forget()) if known else ()))),
        ),
    )


def home_page(mine: Belongings) -> Message:
    """The page of somebody who has agreed."""
    parts: list[Part] = [Text("Your headshots", "heading"), _start(mine.habit, ready=bool(mine.selfies))]
    if mine.waiting:
        parts += [Text("Under way", "heading"), Items(tuple(waiting_item(each) for each in mine.waiting))]
    parts += [Text("Your photos", "heading"), *_photos(mine.selfies)]
    if mine.galleries:
        shown = mine.galleries[:MOST_GALLERIES]
        parts += [Text("Your galleries", "heading"), Items(tuple(_gallery(row) for row in shown))]
    if favourites := [(row, rank) for row in mine.galleries for rank in row.favourites][:MOST_FAVOURITES]:
        parts += [Text("Your favourites", "heading"), Items(tuple(_favourite(row, rank) for row, rank in favourites))]
    parts += [
        Text("How you like them", "heading"),
        Text(f"{headline(_habit(mine.habit))}. That is what you used last, and what the form begins with."),
        Text("Your consent", "heading"),
        Text(
            f"You agreed on {_day(mine.agreed_at)} to how I use your photos. To take it back is to have everything forgotten."
        ),
        Buttons((_forget(), button(Verb.EXPORT, "Export"), button(Verb.HELP, "Help"))),
        Text("What you press here is answered in our direct messages.", "small"),
    ]
    count = counted(sum(row.headshots for row in mine.galleries), "headshot")
    return Message(f"Your page: {count}, {counted(len(mine.selfies), 'photo')}.", tuple(parts))


def _start(habit: Habit, *, ready: bool) -> Buttons:
    label = f"Make {style_words(habit.style)} headshots"
    make = button(Verb.MAKE, label, argument=habit.style, look="primary")
    return Buttons(((make,) if ready else ()) + (button(Verb.ASK, "New headshots…", hint="Choose style and more"),))


def _photos(selfies: Sequence[Selfie]) -> list[Part]:
    if not selfies:
        return [Text(HOW_TO_SEND)]
    shown = sorted(selfies, key=lambda selfie: selfie.verdict is not None and selfie.verdict.outcome == "refused")
    return [Items(tuple(selfie_item(each) for each in shown[:MOST_SELFIES])), Text(expiry_of(selfies), "small")]


def _gallery(row: GalleryRow) -> Item:
    order, known = row.shoot.order, short_id(row.shoot.order.id)
    told = [counted(row.headshots, "headshot")]
    if row.favourites:
        told.append(counted(len(row.favourites), "favourite"))
    show = button(Verb.SHOW, "Show", shoot_id=order.id, hint=f"Show gallery {known}")
    return Item("open", headline(title_of(order.kind, order.payload)), f"Gallery {known}: {listed(told)}.", (show,))


def _favourite(row: GalleryRow, rank: int) -> Item:
    shoot_id, hint = row.shoot.order.id, f"headshot {rank} of gallery {short_id(row.shoot.order.id)}"

    def one(verb: Verb, label: str, argument: str = "") -> Button:
        return button(verb, label, shoot_id=shoot_id, rank=rank, argument=argument, hint=f"{label}: {hint}")

    buttons = (one(Verb.DOWNLOAD, "Download"), one(Verb.MORE_LIKE_THIS, "More like this"))
    return Item("good", headline(hint), "", buttons)


def _habit(habit: Habit) -> str:
    style = style_words(habit.style)
    return f"{style}, {counted(habit.count, 'headshot')}, {polish_label(habit.polish).lower()}"


def _day(at: float) -> str:
    day = datetime.fromtimestamp(at, UTC)
    return f"{day.day} {day:%B %Y}"


def _forget() -> Button:
    return button(Verb.FORGET_NOW, "Forget my photos", look="danger", confirm=_FORGET)
