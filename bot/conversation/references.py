"""The picture whose look is wanted: fetched and stored like a photo, and never taken for one of the person."""

from collections.abc import Sequence

from bot.conversation.ports import Ports
from bot.conversation.selfies import stored
from bot.conversation.sittings import touched
from bot.events import Attachment, Event
from bot.payloads import SelfieRef, ShootPayload
from bot.people import Person
from engine.contract.errors import PersonError

NAME = "your reference picture"


async def keep(ports: Ports, event: Event, attachments: Sequence[Attachment]) -> SelfieRef | None:
    """The first of the files, stored; None where there is none. Raises PersonError "reference_unusable"."""
    for attachment in attachments:
        file = await stored(ports, event.person, attachment, "reference")
        if isinstance(file, str):
            raise PersonError("reference_unusable", advice=file)
        return SelfieRef(file.id, NAME, attachment.ref)
    return None


async def still_there(ports: Ports, person: Person, asked: ShootPayload) -> SelfieRef | None:
    """That of an earlier order, which from now on stays as long as after a shoot. Raises PersonError "reference_gone"."""
    if asked.reference is None:
        return None
    if not await touched(ports, person, (asked.reference,)):
        raise PersonError("reference_gone")
    return asked.reference
