"""Pointing at somebody else's photos: their author is asked, once, and nobody else can say yes."""

from collections.abc import Sequence
from hashlib import sha256

from pydantic import TypeAdapter

from bot.cards.offers import asked_card, left_card, offer_card
from bot.conversation.answers import Answer, answer
from bot.conversation.ports import Ports
from bot.conversation.records import find_said, said_to
from bot.conversation.selfies import take
from bot.events import Attachment, Event, Pointed
from bot.ledger import ASIDE_S, Reply
from bot.messages import to_json
from engine.contract.errors import PersonError

PHOTOS = "photos"
"""Note of the question: the references of the photos, which nobody has opened."""
_PHOTOS: TypeAdapter[tuple[Attachment, ...]] = TypeAdapter(tuple[Attachment, ...])


async def point(ports: Ports, event: Event, pointed: Pointed) -> Answer:
    """Ask the author. The question is theirs: it goes with them when they are forgotten, and it names nobody.

    PersonError "no_photo_there", "author_unreachable", "author_asked_lately".
    """
    if not pointed.attachments:
        raise PersonError("no_photo_there")
    author, person = pointed.author, event.person
    if not pointed.author_direct or (author.platform, author.workspace) != (person.platform, person.workspace):
        raise PersonError("author_unreachable")
    key = _key(author.key, pointed.attachments)
    since = ports.clock() - ASIDE_S
    lately = [said for said in await said_to(ports, author) if PHOTOS in said.notes and said.created_at > since]
    if lately and all(said.key != key for said in lately):
        raise PersonError("author_asked_lately")
    card = to_json(offer_card(key, len(pointed.attachments)))
    notes = {PHOTOS: _PHOTOS.dump_python(pointed.attachments, mode="json")}
    return Answer(
        (Reply(pointed.author_direct, card, person=author, key=key, notes=notes), *answer(event, asked_card()).replies)
    )


async def accept_offer(ports: Ports, event: Event, key: str, *, again: bool) -> Answer:
    """The author says yes: the photos are taken as if they had sent them. PersonError "offer_expired"."""
    said = await find_said(ports, event.person, key)
    if said is None or PHOTOS not in said.notes or said.created_at < ports.clock() - ASIDE_S:
        raise PersonError("offer_expired")
    return await take(ports, event, _PHOTOS.validate_python(said.notes[PHOTOS]), again=again)


async def leave(event: Event) -> Answer:
    """The author says no. Whoever pointed is not told."""
    return answer(event, left_card())


def _key(author: str, photos: Sequence[Attachment]) -> str:
    """The same photos are the same question."""
    return sha256("\n".join(["offer", author, *sorted(photo.ref for photo in photos)]).encode()).hexdigest()[:16]
