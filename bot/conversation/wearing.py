"""Wearing: a headshot becomes the photo of its owner's profile, where the platform has that; or else they get the file."""

from dataclasses import replace

from bot.cards.answers import error_card, told
from bot.conversation.answers import Answer, shown
from bot.conversation.keeping import keep
from bot.conversation.picking import download
from bot.conversation.ports import Ports
from bot.conversation.varying import headshot_of
from bot.events import Event
from bot.shoots import Shoot
from engine.contract.errors import ArtifactUnreadable, PersonError

_FIRST = "profile_not_connected"
"""What the person can do something about: the same button works then."""


async def wear(ports: Ports, event: Event, shoot: Shoot, rank: int) -> Answer:
    """It is kept as long as a favourite. Who cannot wear it hears why and gets it at full size, to put it there by hand."""
    kept, facts = await headshot_of(ports, shoot, rank)
    await keep(ports, kept, shoot)
    try:
        _, picture = await ports.pictures.get(event.person.key, kept.artifact)
    except ArtifactUnreadable as error:
        raise PersonError("headshot_expired") from error
    try:
        if (profiles := ports.profiles.get(event.person.platform)) is None:
            raise PersonError("profile_not_offered")
        await profiles.wear(event.person, picture)
    except PersonError as error:
        why = shown(event, shoot, error_card(error))
        if error.code == _FIRST:
            return why
        file = await download(ports, event, shoot, facts.rank)
        return replace(why, replies=why.replies + file.replies)
    return shown(event, shoot, told(f"Headshot {facts.rank} is your profile photo now. It may take a minute to show."))
