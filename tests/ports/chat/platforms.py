"""The implementations of `ChatPlatform` that the suite runs on, each with what a person can do and see there."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol, TypeAlias

from bot.chat import ChatPlatform
from bot.events import Attachment
from bot.people import Person
from tests.chat.fake_chat import FakeChat
from tests.playground.places import port_place
from tests.slack.places import port_place as slack_place


class Place(Protocol):
    """A platform with a person on it."""

    chat: ChatPlatform
    anna: Person
    ben: Person
    """Of the same workspace."""
    conversation: str
    """A channel in which both read along."""

    async def reads(self, conversation: str, person: Person) -> list[str]:
        """Summaries of what stands in a conversation or thread, as this person sees it, from top to bottom."""
        ...

    async def uploads(self, person: Person, data: bytes) -> Attachment:
        """The person sends a file."""
        ...

    async def sets_off(self, person: Person) -> str:
        """The person presses something; the trigger."""
        ...

    async def forms(self, person: Person) -> list[str]:
        """Ids of the forms that were shown to the person."""
        ...


class FakePlace:
    """The fake, which every other test of the bot stands on."""

    anna = Person("fake", "W1", "anna")
    ben = Person("fake", "W1", "ben")
    conversation = "C1"

    def __init__(self) -> None:
        self.chat: ChatPlatform
        self.chat = self.fake = FakeChat()

    async def reads(self, conversation: str, person: Person) -> list[str]:
        """What is meant for somebody else is left out."""
        refs = [ref for ref in self.fake.conversations.get(conversation, []) if ref in self.fake.messages]
        messages = [self.fake.messages[ref] for ref in refs]
        return [m.summary for m in messages if m.only_to in ("", person.user)]

    async def uploads(self, person: Person, data: bytes) -> Attachment:
        """A file of theirs."""
        return self.fake.uploads(person, data)

    async def sets_off(self, person: Person) -> str:
        """A fresh trigger."""
        return self.fake.sets_off()

    async def forms(self, person: Person) -> list[str]:
        """All of them: nobody else is there."""
        return [form.id for _, form in self.fake.forms]


Opening: TypeAlias = Callable[[Path], AbstractAsyncContextManager[Place]]


@asynccontextmanager
async def fake(folder: Path) -> AsyncIterator[Place]:
    """Nothing to open."""
    yield FakePlace()


PLATFORMS: dict[str, Opening] = {"fake": fake, "playground": port_place, "slack": slack_place}
