"""Picking headshots: download, favourite, delete."""

import asyncio
from contextlib import suppress

from bot.cards.answers import download_card, told
from bot.cards.galleries import gallery_card, shown_of
from bot.cards.phrasing import span_words
from bot.conversation.answers import Answer, edited, pressed_on, shown
from bot.conversation.keeping import keep
from bot.conversation.ports import Ports
from bot.conversation.sharing import take_back_all
from bot.conversation.varying import headshot_of
from bot.events import Event, Pressed
from bot.ledger import KeptHeadshot
from bot.payloads import GalleryEnding, HeadshotFacts, from_json
from bot.shoots import Shoot
from engine.contract.errors import ArtifactUnreadable, PersonError


async def present(ports: Ports, shoot: Shoot) -> tuple[KeptHeadshot, ...]:
    """The headshots of a gallery that were neither deleted nor have expired."""
    headshots = await ports.galleries.headshots(shoot.order.id, shoot.order.person)
    owner = shoot.order.person.key
    found = await asyncio.gather(*(ports.pictures.find(owner, kept.artifact) for kept in headshots))
    return tuple(kept for kept, there in zip(headshots, found, strict=True) if there)


async def download(ports: Ports, event: Event, shoot: Shoot, rank: int) -> Answer:
    """The file at full size; it stays as long as a favourite."""
    kept, facts = await headshot_of(ports, shoot, rank)
    await keep(ports, kept, shoot)
    await ports.galleries.mark(event.person, kept.artifact, "downloaded")
    return shown(event, shoot, download_card(event.person, shoot, kept.artifact, facts, ports.retention))


async def favourite(ports: Ports, event: Event, shoot: Shoot, rank: int, *, on: bool) -> Answer:
    """Put the star on or take it off, where it can be seen, and say so where it cannot. Taking it off does not shorten how long
    the headshot stays.
    """
    kept, facts = await headshot_of(ports, shoot, rank)
    if on:
        await keep(ports, kept, shoot)
    await ports.galleries.mark(event.person, kept.artifact, "favourite", on)
    left = await present(ports, shoot)
    starred = kept.artifact in {each.artifact for each in shown_of(left)}
    gallery = (edited(shoot, gallery_card(shoot, left)),) if starred else ()
    if starred and isinstance(event.happened, Pressed) and pressed_on(event) in ("", shoot.placeholder):
        return Answer(gallery)
    said = f"Headshot {facts.rank} is a favourite: I keep it for {span_words(ports.retention.picked)} from now."
    words = told(said if on else f"Headshot {facts.rank} is no favourite any more.")
    return Answer((*gallery, *shown(event, shoot, words).replies))


async def delete(ports: Ports, event: Event, shoot: Shoot, rank: int) -> Answer:
    """Destroy a headshot. One that is gone is deleted: a press that is handled twice says the same twice."""
    if not 0 < rank <= from_json(GalleryEnding, shoot.ending).headshots:
        raise PersonError("headshot_missing", rank=rank)
    shared = 0
    for kept in await ports.galleries.headshots(shoot.order.id, shoot.order.person):
        if from_json(HeadshotFacts, kept.facts).rank == rank:
            with suppress(ArtifactUnreadable):
                await ports.pictures.expire(event.person.key, kept.artifact, ports.now())
            await ports.galleries.mark(event.person, kept.artifact, "deleted")
            shared = await take_back_all(ports, event.person, kept.artifact)
    words = f"Headshot {rank} is deleted." + (" Where you had shared it, it is taken away, too." if shared else "")
    said = shown(event, shoot, told(words))
    return Answer((edited(shoot, gallery_card(shoot, await present(ports, shoot))), *said.replies))
