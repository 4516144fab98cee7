"""Sharing: the owner's own press puts one headshot into a channel, and another one takes it out again."""

from hashlib import sha256

from bot.cards.sharing import CHANNEL, share_form, shared_card, sharing_card, taken_back_card, unshared_card, where_card
from bot.conversation.answers import Answer, below, shown
from bot.conversation.picking import keep
from bot.conversation.ports import Ports
from bot.conversation.records import find_said
from bot.conversation.varying import headshot_of
from bot.delivery import INSTEAD, or_else
from bot.events import Event, Filled
from bot.ledger import Reply
from bot.messages import to_json
from bot.shoots import Shoot
from engine.contract.errors import PersonError, Undeliverable


async def ask_where(ports: Ports, event: Event, shoot: Shoot, rank: int, trigger: str) -> Answer:
    """The form with the channel; a button that opens it where there is nothing to open it with."""
    _, facts = await headshot_of(ports, shoot, rank)
    if trigger:
        try:
            await ports.platforms[event.person.platform].open_form(trigger, share_form(shoot.order.id, facts.rank))
        except Undeliverable:
            pass
        else:
            return Answer(seen=True)
    return shown(event, shoot, where_card(shoot.order.id, facts.rank))


async def share(ports: Ports, event: Event, shoot: Shoot, rank: int, form: Filled) -> Answer:
    """Post it, and tell the owner; they also hear when it cannot be posted. It is kept as long as a favourite."""
    if not (channel := form.values.get(CHANNEL, "")):
        raise PersonError("channel_missing")
    kept, facts = await headshot_of(ports, shoot, rank)
    await keep(ports, kept, shoot)
    key = sha256(f"share\n{event.person.key}\n{event.id}".encode()).hexdigest()[:16]
    failed = or_else(below(event, shoot), unshared_card(shoot.order.id, facts.rank))
    posted = to_json(shared_card(event.person, kept.artifact, facts))
    told = shown(event, shoot, sharing_card(shoot.order.id, facts.rank, key))
    return Answer((Reply(channel, posted, shoot.order.id, key=key, notes=failed), *told.replies))


async def take_back(ports: Ports, event: Event, shoot: Shoot, rank: int, key: str) -> Answer:
    """Delete it where it stands. Raises PlatformError: it is tried again."""
    said = await find_said(ports, event.person, key)
    stood = False
    if said is not None and said.posted and INSTEAD not in said.notes:
        try:
            await ports.platforms[event.person.platform].delete(said.posted)
        except Undeliverable:
            pass
        else:
            stood = True
    return shown(event, shoot, taken_back_card(rank, stood=stood))
