"""A scene for transcripts: "Anna sends a photo, the bot shows …". Real ledger, real pictures, real relay; a chat in memory."""

from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path

from adapters.records.ledger import Ledger, open_ledger
from adapters.storage.pictures import Pictures, open_pictures
from adapters.storage.shelf import folder_shelf
from bot.actions import Action, read_action, to_id
from bot.cards.styles import REFERENCE, SELFIES
from bot.conversation.conversation import Conversation
from bot.conversation.ports import Ports
from bot.desk import Desk
from bot.dispatcher import Dispatcher
from bot.events import Attachment, Commanded, Event, Filled, Happening, Opened, Pointed, Pressed, Said, Withdrawn
from bot.exporting import Exporting
from bot.forgetting import Forgetting
from bot.messages import Album, Bar, Button, Buttons, File, Items, Message, Picture, Text, pictures_of
from bot.payloads import (
    GalleryEnding,
    HeadshotFacts,
    ScreeningPayload,
    SelfieVerdict,
    ShootPayload,
    VariationPayload,
    VerdictEnding,
    from_json,
    to_json,
)
from bot.people import Person
from bot.placeholders import Placeholders
from bot.relay import Relay
from bot.retention import Retention
from bot.shoots import Checkpoint, Ending, Lane, Lease, ShootState
from engine.catalogue import StudioCatalogue
from engine.contract.errors import PersonError
from tests.chat.fake_chat import FakeChat
from tests.ports.ledger.story import HandClock

ANNA = Person("playground", "office", "anna")
BEN = Person("playground", "office", "ben")
ANNA_ELSEWHERE = Person("playground", "rivals", "anna")
GUS = Person("playground", "office", "gus")
"""A guest."""
SELFIE = b"\xff\xd8\xff a photo of a person"
BLURRED = b"\xff\xd8\xff a blurred photo"


@dataclass
class Bell:
    """A doorbell that remembers who rang."""

    rung: list[tuple[str, Lane]] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    silent: bool = False

    async def wake(self, shoot_id: str, lane: Lane) -> bool:
        self.rung.append((shoot_id, lane))
        return not self.silent

    async def cancel(self, shoot_id: str) -> bool:
        self.cancelled.append(shoot_id)
        return not self.silent

    async def latest(self, shoot_id: str) -> None:
        return None

    async def changes(self, shoot_id: str) -> AsyncIterator[object]:
        raise NotImplementedError
        yield

    async def forget(self, shoot_ids: Collection[str]) -> int:
        return 0


@dataclass
class FakeProfiles:
    """Profile photos that remember what everybody wears."""

    worn: list[tuple[Person, bytes]] = field(default_factory=list)
    refusal: PersonError | None = None

    async def wear(self, person: Person, picture: bytes) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.worn.append((person, picture))


@dataclass
class Scene:
    """Who does what, and what the chat then shows. Every method of a person returns the messages that came of it."""

    ledger: Ledger
    pictures: Pictures
    clock: HandClock
    chat: FakeChat = field(default_factory=FakeChat)
    bell: Bell = field(default_factory=Bell)
    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    allow_guests: bool = False
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    first_selfie: str = ""
    """The stored photo that a test is about."""

    def __post_init__(self) -> None:
        chats = {"playground": self.chat}
        people, galleries = self.ledger.people, self.ledger.galleries
        self.ports = Ports(
            acceptance=self.ledger.acceptance,
            people=people,
            galleries=galleries,
            inbox=self.ledger.inbox,
            queue=self.bell,  # type: ignore[arg-type]
            pictures=self.pictures,
            catalogue=StudioCatalogue(),
            platforms=chats,
            forgetting=Forgetting(people, self.pictures, self.bell, chats),  # type: ignore[arg-type]
            exporting=Exporting(people, self.pictures, Retention(), self.clock),
            clock=self.clock,
            operator="ACME",
            allow_guests=self.allow_guests,
            profiles={"playground": self.profiles},
        )
        self.desk = Desk(self.ledger.inbox)
        self.conversation = Conversation(self.ports)
        self.dispatcher = Dispatcher(self.ledger.inbox, self.desk, self.conversation, chats)
        outbox, acceptance = self.ledger.outbox, self.ledger.acceptance
        self.relay = Relay(outbox, acceptance, galleries, chats, Placeholders(self.clock), self.clock)

    # ---- what people do

    async def says(self, person: Person, text: str = "", *photos: bytes, below: str = "", channel: str = "") -> "Shown":
        """Typed in the direct conversation, in the thread below a message, or in a channel."""
        files = self._files(person, photos)
        return await self.does(self.event(person, Said(text, files), below or channel, private=not channel))

    async def commands(
        self, person: Person, text: str = "", *photos: bytes, channel: str = "", form: bool = False
    ) -> "Shown":
        """A slash command; `form`: of a platform that can open forms."""
        trigger = self.chat.sets_off() if form else ""
        happened = Commanded(text, self._files(person, photos), trigger)
        return await self.does(self.event(person, happened, channel, private=not channel))

    async def presses(self, person: Person, label: str, rank: int = 0, *, form: bool = False) -> "Shown":
        """The newest button with this label, of this headshot."""
        ref, found = self.button(label, rank)
        trigger = self.chat.sets_off() if form else ""
        return await self.does(self.event(person, Pressed(found.action, trigger, ref), ref.rpartition(":")[0]))

    async def presses_id(self, person: Person, action: Action, *, guest: bool = False) -> "Shown":
        """A button by what it asks for, whoever it was shown to."""
        return await self.does(replace(self.event(person, Pressed(to_id(action))), guest=guest))

    async def fills(self, person: Person, *photos: bytes, look: bytes | None = None, **values: str) -> "Shown":
        """Send off the form that was opened last, with photos in its field for them, and a picture whose look is wanted."""
        _, form = self.chat.forms[-1]
        given = {SELFIES: photos, REFERENCE: () if look is None else (look,)}
        files = {field.name: self._files(person, given[field.name]) for field in form.fields if field.kind == "photos"}
        return await self.does(self.event(person, Filled(form.id, values, files=files)))

    async def opens(self, person: Person) -> Message:
        """Their page; what stands on it then. Nothing else may be said."""
        shown = await self.does(self.event(person, Opened(), page(person)))
        (message,) = shown.messages
        assert shown.refs[0].startswith(page(person))
        return message

    async def presses_on_page(self, person: Person, label: str) -> "Shown":
        """The first button with this label on the page that they opened last."""
        ref = [ref for ref in self.chat.messages if ref.startswith(page(person))][-1]
        found = next(each for each in buttons_of(self.chat.messages[ref]) if each.label == label)
        return await self.does(self.event(person, Pressed(found.action, page=page(person))))

    async def points(self, person: Person, author: Person, *photos: bytes) -> "Shown":
        """At photos that somebody else posted; those who asked hear in their own direct conversation."""
        files = self._files(author, photos)
        return await self.does(self.event(person, Pointed(author, self._direct(author), files)))

    async def withdraws(self, person: Person, *refs: str) -> "Shown":
        """Deletes files that they had sent."""
        return await self.does(self.event(person, Withdrawn(refs)))

    async def agreed(self, person: Person = ANNA) -> None:
        """Consent was given earlier."""
        await self.ledger.people.give_consent(person, self.ports.text())

    async def has_gallery(self, person: Person = ANNA, words: str = "corporate 6") -> "Shown":
        """Consent, two good photos and a gallery."""
        await self.agreed(person)
        await self.says(person, "", SELFIE + person.key.encode(), SELFIE + b"2" + person.key.encode())
        await self.screens()
        await self.commands(person, words)
        return await self.makes()

    # ---- what the studio does

    async def screens(self) -> "Shown":
        """A worker looks at all photos that wait."""
        while (lease := await self.ledger.leases.claim("screenings", "w")) is not None:
            order = from_json(ScreeningPayload, lease.order.payload)
            verdicts = []
            for ref in order.new:
                _, data = await self.pictures.get(lease.order.person.key, ref.artifact)
                good = b"blurred" not in data
                verdicts.append(
                    SelfieVerdict(
                        ref.artifact,
                        ref.name,
                        _selfie_id(data),
                        "accepted" if good else "refused",
                        "accepted_front" if good else "blurred",
                        "A good base." if good else "This photo is blurred.",
                    )
                )
            ending = Ending(ShootState.FINISHED, to_json(VerdictEnding(tuple(verdicts), "next_smile")))
            assert await self.ledger.leases.finish(lease, ending)
        return await self.shown()

    async def makes(self, headshots: int | None = None) -> "Shown":
        """A worker makes the next gallery."""
        lease = await self.ledger.leases.claim("shoots", "w")
        assert lease is not None
        order, style, selfie = await self._order(lease)
        total = order.count if headshots is None else headshots
        for index in range(total):
            picture = f"headshot {index} of {lease.order.id}".encode()
            expires = self.ports.now() + self.ports.retention.unpicked
            owner = lease.order.person.key
            made = await self.pictures.put(owner, picture, kind="headshot", media_type="image/jpeg", expires_at=expires)
            shot = {
                "style": style,
                "selfie_id": selfie,
                "crop": "classic",
                "backdrop": {"name": "grey"},
                "light": {"name": "loop"},
            }
            facts = HeadshotFacts(
                index + 1, f"s{index}", 800, 1000, "jpeg", {"schema": 1, "shot": shot}, 0.8, 0.91, "Chosen."
            )
            assert await self.ledger.leases.checkpoint(lease, Checkpoint(index, made.id, to_json(facts)))
        ending = to_json(GalleryEnding(style, total, 2 * total))
        assert await self.ledger.leases.finish(lease, Ending(ShootState.FINISHED, ending))
        return await self.shown()

    async def _order(self, lease: Lease) -> tuple[ShootPayload | VariationPayload, str, str]:
        kind = ShootPayload if lease.order.kind == "shoot" else VariationPayload
        order = from_json(kind, lease.order.payload)
        assert isinstance(order, ShootPayload | VariationPayload)
        style = order.style if isinstance(order, ShootPayload) else str(order.recipe["shot"]["style"])
        _, data = await self.pictures.get(lease.order.person.key, order.selfies[0].artifact)
        return order, style, _selfie_id(data)

    # ---- how it goes

    def event(self, person: Person, happened: Happening, conversation: str = "", *, private: bool = True) -> Event:
        """Something that this person does now."""
        direct = self._direct(person)
        guest = person == GUS
        return Event(f"event-{next(self.numbers)}", person, conversation or direct, direct, happened, private, guest)

    @staticmethod
    def _direct(person: Person) -> str:
        return f"D-{person.workspace}-{person.user}"

    async def does(self, event: Event) -> "Shown":
        """Hand it in and serve everybody."""
        assert await self.desk.receive(event)
        await self.dispatcher.drain()
        return await self.shown()

    async def shown(self) -> "Shown":
        """Deliver what is due; the messages that came of it, posted or edited, in order."""
        before = len(self.chat.history)
        while messages := await self.ledger.outbox.due(["playground"], 50):
            for message in messages:
                await self.relay.deliver(message)
        refs = [call.ref for call in self.chat.history[before:] if call.verb != "deleted"]
        return Shown(self.chat, tuple(dict.fromkeys(refs)))

    def button(self, label: str, rank: int = 0) -> tuple[str, Button]:
        """The newest with this label, and the reference of its message."""
        for ref, message in reversed(self.chat.messages.items()):
            for found in buttons_of(message):
                action = read_action(found.action)
                assert action is not None
                if found.label == label and rank in (0, action.rank):
                    return ref, found
        raise AssertionError(f"there is no button {label}")

    def _files(self, person: Person, photos: tuple[bytes, ...]) -> tuple[Attachment, ...]:
        return tuple(self.chat.uploads(person, photo) for photo in photos)

    async def open_orders(self, person: Person = ANNA) -> list[tuple[str, str]]:
        """Kind and style or variation of all that is under way."""
        told = []
        for shoot in await self.ledger.acceptance.open_shoots(person):
            payload = shoot.order.payload
            told.append((str(shoot.order.kind), str(payload.get("variation") or payload.get("style") or "")))
        return told


@dataclass(frozen=True)
class Shown:
    """Messages that were just posted or edited."""

    chat: FakeChat
    refs: tuple[str, ...]

    @property
    def messages(self) -> list[Message]:
        """As they stand now."""
        return [self.chat.messages[ref] for ref in self.refs if ref in self.chat.messages]

    @property
    def text(self) -> str:
        """All that can be read in them."""
        return "\n".join(text_of(message) for message in self.messages)

    @property
    def summaries(self) -> list[str]:
        """One line each."""
        return [message.summary for message in self.messages]

    @property
    def labels(self) -> list[str]:
        """Of all buttons."""
        return [found.label for message in self.messages for found in buttons_of(message)]

    @property
    def pictures(self) -> list[Picture]:
        """Of all messages."""
        return [picture for message in self.messages for picture in pictures_of(message)]

    @property
    def files(self) -> list[File]:
        """To take along."""
        return [part for message in self.messages for part in message.parts if isinstance(part, File)]

    def __contains__(self, words: str) -> bool:
        return words.casefold() in self.text.casefold()

    def __bool__(self) -> bool:
        return bool(self.messages)


def page(person: Person) -> str:
    """Address of the page of a person."""
    return f"page-{person.workspace}-{person.user}"


def buttons_of(message: Message) -> list[Button]:
    """All of its buttons, from top to bottom."""
    found: list[Button] = []
    for part in message.parts:
        match part:
            case Buttons():
                found += part.buttons
            case Picture():
                found += part.buttons
            case Album():
                found += [each for picture in part.pictures for each in picture.buttons]
            case Items():
                found += [each for item in part.items for each in item.buttons]
    return found


def text_of(message: Message) -> str:
    """All of its words."""
    lines = [message.summary]
    for part in message.parts:
        match part:
            case Text():
                lines.append(part.text)
            case Bar():
                lines.append(part.label)
            case Items():
                lines += [f"{item.title}: {item.text}" for item in part.items]
            case Picture():
                lines += [part.title, part.text]
            case Album():
                lines += [words for picture in part.pictures for words in (picture.title, picture.text)]
    return "\n".join(lines)


def _selfie_id(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]


@asynccontextmanager
async def open_scene(folder: Path, *, allow_guests: bool = False) -> AsyncIterator[Scene]:
    """Nobody has done anything yet."""
    clock = HandClock()
    ledger = await open_ledger(f"sqlite:///{folder / 'ledger.db'}", clock)
    shelf = folder_shelf(folder / "pictures")
    pictures = await open_pictures(shelf, bytes(32), lambda: datetime.fromtimestamp(clock(), UTC))
    yield Scene(ledger, pictures, clock, allow_guests=allow_guests)
    await ledger.close()
