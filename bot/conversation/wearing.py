"""Wearing: a headshot becomes the photo of its owner's profile, where the platform has that."""

from bot.cards.answers import told
from bot.conversation.answers import Answer, shown
from bot.conversation.keeping import keep
from bot.conversation.ports import Ports
from bot.conversation.varying import headshot_of
from bot.events import Event
from bot.shoots import Shoot
from engine.contract.errors import ArtifactUnreadable, PersonError


async def wear(ports: Ports, event: Event, shoot: Shoot, rank: int) -> Answer:
    """It is kept as long as a favourite. PersonError as of `bot.profiles.ProfilePhotos`."""
    profiles = ports.profiles.get(event.person.platform)
    if profiles is None:
        raise PersonError("profile_not_offered")
    kept, facts = await headshot_of(ports, shoot, rank)
    await keep(ports, kept, shoot)
    try:
        _, picture = await ports.pictures.get(event.person.key, kept.artifact)
    except ArtifactUnreadable as error:
        raise PersonError("headshot_expired") from error
    await profiles.wear(event.person, picture)
    return shown(event, shoot, told(f"Headshot {facts.rank} is your profile photo now. It may take a minute to show."))
