"""Opening the page: everything of one person, drawn anew each time that they look at it."""

from bot.cards.buttons import FIRST_STYLE
from bot.cards.home import Belongings, GalleryRow, Habit, home_page, stranger_page
from bot.cards.status import Waiting
from bot.cards.styles import COUNT, DIALS, POLISH
from bot.consent_text import holds
from bot.conversation.ports import Ports
from bot.conversation.sittings import sitting_of
from bot.ledger import KeptHeadshot
from bot.messages import Message
from bot.payloads import HeadshotFacts, ShootPayload, from_json
from bot.people import Person
from bot.shoots import Shoot
from engine.contract.errors import PersonError

LOOKED_THROUGH = 20
"""Galleries."""


async def page_of(ports: Ports, person: Person) -> Message:
    """The page of this person, now."""
    consent = await ports.people.consent(person)
    if consent is None or not holds(consent, ports.text()):
        return stranger_page(ports.text(), known=consent is not None)
    under_way = await ports.acceptance.open_shoots(person)
    recent = await ports.galleries.recent(person, LOOKED_THROUGH)
    rows = [await _row(ports, shoot) for shoot in recent]
    return home_page(
        Belongings(
            agreed_at=consent.at,
            habit=habit_of(ports, recent),
            waiting=[Waiting(shoot, await ports.acceptance.place(shoot.order.id)) for shoot in under_way],
            selfies=await sitting_of(ports, person),
            galleries=[row for row in rows if row.headshots],
        )
    )


async def habit(ports: Ports, person: Person) -> Habit:
    """What this person used last."""
    return habit_of(ports, await ports.galleries.recent(person, LOOKED_THROUGH))


def habit_of(ports: Ports, recent: tuple[Shoot, ...]) -> Habit:
    """The same, of galleries of theirs, the newest first."""
    for shoot in recent:
        if shoot.order.kind == "shoot":
            asked = from_json(ShootPayload, shoot.order.payload)
            polish = str(asked.polish)
            try:
                style = ports.catalogue.style(asked.style).name
            except PersonError:
                continue  # a company took its style away
            return Habit(style, asked.count, polish if polish in DIALS else POLISH)
    return Habit(FIRST_STYLE, COUNT, POLISH)


async def _row(ports: Ports, shoot: Shoot) -> GalleryRow:
    kept = await ports.galleries.headshots(shoot.order.id, shoot.order.person)
    left = [headshot for headshot in kept if _is_likely_there(ports, headshot)]
    ranks = [from_json(HeadshotFacts, each.facts).rank for each in left if "favourite" in each.marks]
    return GalleryRow(shoot, len(left), tuple(ranks))


def _is_likely_there(ports: Ports, kept: KeptHeadshot) -> bool:
    """By its age: only the store knows for sure, and it would be asked about each headshot of all galleries."""
    span = ports.retention.unpicked
    if kept.marks & {"favourite", "downloaded"}:
        span += ports.retention.picked
    return ports.clock() < kept.created_at + span.total_seconds()
