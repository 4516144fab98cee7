"""Keeping a headshot that somebody picked: by downloading, starring, sharing or wearing it."""

from bot.conversation.ports import Ports
from bot.ledger import KeptHeadshot
from bot.shoots import Shoot
from engine.contract.errors import ArtifactUnreadable, PersonError


async def keep(ports: Ports, kept: KeptHeadshot, shoot: Shoot) -> None:
    """Until long after this pick. PersonError "artifact_missing" when it has expired."""
    until = ports.now() + ports.retention.picked
    try:
        await ports.pictures.expire(shoot.order.person.key, kept.artifact, until)
    except ArtifactUnreadable as error:
        raise PersonError("headshot_expired") from error
