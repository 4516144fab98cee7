"""Sharing: the owner's own press puts one headshot into a channel, and another one takes it out again."""

from contextlib import suppress
from hashlib import sha256

from bot.cards.sharing import CHANNEL, share_form, shared_card, sharing_card, taken_back_card, unshared_card, where_card
from bot.conversation.answers import Answer, below, shown
from bot.conversation.keeping import keep
from bot.conversation.ports import Ports, opened
from bot.conversation.records import SHARED, find_said, said_to
from bot.conversation.varying import headshot_of
from bot.delivery import or_else
from bot.events import Event, Filled
from bot.ledger import Reply
from bot.messages import to_json
from bot.people import Person
from bot.shoots import Shoot
from engine.contract.errors import PersonError, Undeliverable


async def ask_where(ports: Ports, event: Event, shoot: Shoot, rank: int, trigger: str) -> Answer:
    """The form with the channel; a button that opens it where there is nothing to open it with."""
    _, facts = await headshot_of(ports, shoot, rank)
    if trigger and await opened(ports, event, trigger, share_form(shoot.order.id, facts.rank)):
        return Answer(seen=True)
    return shown(event, shoot, where_card(shoot.order.id, facts.rank))


async def share(ports: Ports, event: Event, shoot: Shoot, rank: int, form: Filled) -> Answer:
    """Post it, and tell the owner; they also hear when it cannot be posted. It is kept as long as a favourite."""
    if not (channel := form.values.get(CHANNEL, "")):
        raise PersonError("channel_missing")
    kept, facts = await headshot_of(ports, shoot, rank)
    await keep(ports, kept, shoot)
    key = sha256(f"share\n{event.person.key}\n{event.id}".encode()).hexdigest()[:16]
    notes = {SHARED: kept.artifact, **or_else(below(event, shoot), unshared_card(shoot.order.id, facts.rank))}
    posted = to_json(shared_card(event.person, kept.artifact, facts))
    told = shown(event, shoot, sharing_card(shoot.order.id, facts.rank, key))
    return Answer((Reply(channel, posted, shoot.order.id, key=key, notes=notes), *told.replies))


async def take_back(ports: Ports, event: Event, shoot: Shoot, rank: int, key: str) -> Answer:
    """Delete it where it stands. Raises PlatformError: it is tried again."""
    said = await find_said(ports, event.person, key)
    if stood := said is not None and SHARED in said.notes and said.stands:
        with suppress(Undeliverable):  # it is gone, or the channel is
            await ports.platforms[event.person.platform].delete(said.posted)
    return shown(event, shoot, taken_back_card(rank, stood=stood))


async def take_back_all(ports: Ports, person: Person, artifact: str) -> int:
    """The same for every place where a headshot was shared; how many. Raises PlatformError: it is tried again."""
    posts = [said.posted for said in await said_to(ports, person) if said.notes.get(SHARED) == artifact and said.stands]
    for posted in posts:
        with suppress(Undeliverable):
            await ports.platforms[person.platform].delete(posted)
    return len(posts)
