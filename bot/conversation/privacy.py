"""Consent, export and forgetting."""

from bot.cards.answers import export_card, forget_card, forgotten_card
from bot.cards.consent import agreed_card, declined_card
from bot.consent_text import holds
from bot.conversation.answers import Answer, answer
from bot.conversation.ports import Ports
from bot.events import Event
from bot.ledger import Reply
from bot.messages import to_json


async def agree(ports: Ports, event: Event) -> Answer:
    """Write the consent down, once, then take up what had to wait for it."""
    text = ports.text()
    if not holds(await ports.people.consent(event.person), text):
        await ports.people.give_consent(event.person, text)
    return answer(event, agreed_card(await ports.inbox.resume(event.person)))


async def decline(_ports: Ports, event: Event) -> Answer:
    """Nothing happens, and nothing was opened."""
    return answer(event, declined_card())


async def ask_to_forget(_ports: Ports, event: Event) -> Answer:
    """Once, because it cannot be undone."""
    return answer(event, forget_card())


async def forget(ports: Ports, event: Event) -> Answer:
    """Destroy everything. The answer goes to the direct conversation, since threads go with what they hung below."""
    gone = await ports.forgetting.forget(event.person)
    card = forgotten_card(gone.pictures, gone.records, gone.messages, gone.remaining)
    return Answer((Reply(event.direct, to_json(card)),), forgotten=True)


async def export(ports: Ports, event: Event) -> Answer:
    """Everything as one file."""
    return answer(event, export_card(await ports.exporting.export(event.person), ports.retention))
