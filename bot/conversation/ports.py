"""What the conversation needs of the world around it, in one record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from bot.artifacts import Artifact, ArtifactStore
from bot.catalogue import Catalogue
from bot.chat import ChatPlatform
from bot.consent_text import consent_text
from bot.doorbell import ShootQueue
from bot.events import Event
from bot.ledger import Acceptance, Clock, Galleries, Inbox, People
from bot.messages import Form
from bot.people import Person
from bot.profiles import ProfilePhotos
from bot.retention import Retention
from engine.contract.errors import Undeliverable


class ForgottenCounts(Protocol):
    """What was destroyed."""

    @property
    def pictures(self) -> int:
        """In the store."""
        ...

    @property
    def records(self) -> int:
        """Rows of the ledger."""
        ...

    @property
    def messages(self) -> int:
        """In the chat."""
        ...

    @property
    def remaining(self) -> int:
        """What a last look still found: 0, or somebody was writing at that moment."""
        ...


class Forgetting(Protocol):
    """Destroys all that is kept of a person, in every place; may be called again."""

    async def forget(self, person: Person) -> ForgottenCounts:
        """Everything."""
        ...


class Exporting(Protocol):
    """Puts all that is kept of a person into one file."""

    async def export(self, person: Person) -> Artifact:
        """The file, stored for a while."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Made once, at start."""

    acceptance: Acceptance
    people: People
    galleries: Galleries
    inbox: Inbox
    queue: ShootQueue
    pictures: ArtifactStore
    catalogue: Catalogue
    platforms: Mapping[str, ChatPlatform]
    """By `Person.platform`."""
    forgetting: Forgetting
    exporting: Exporting
    clock: Clock
    operator: str
    retention: Retention = field(default_factory=Retention)
    allow_guests: bool = False
    profiles: Mapping[str, ProfilePhotos] = field(default_factory=dict)
    """By `Person.platform`, where it has profile photos and they are set up."""

    def now(self) -> datetime:
        """The clock, as the picture store wants it."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def text(self) -> str:
        """What people agree to."""
        return consent_text(self.operator, self.retention)


async def opened(ports: Ports, event: Event, trigger: str, form: Form) -> bool:
    """Show a form to whoever set the trigger off. False: it is too late for that."""
    try:
        await ports.platforms[event.person.platform].open_form(trigger, form)
    except Undeliverable:
        return False
    return True
