"""Ports of the ledger, by use case. What it has accepted is owed until there is a gallery or an explanation.

Every method is one transaction: it has happened completely or not at all, and may be called again. Failures are
`StorageError`; what the person can fix is `PersonError`. A shoot of somebody else is answered like one that does not exist.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from bot.consents import Consent, Forgotten
from bot.events import Event
from bot.people import Person
from bot.shoots import Accepted, Checkpoint, Ending, Json, Kind, Lane, Lease, Place, Shoot, ShootOrder, ShootState
from engine.contract.errors import HeadroomError

Clock: TypeAlias = Callable[[], float]
"""Unix seconds. All processes on one ledger need clocks that agree within a second or two."""
MessageKind: TypeAlias = Literal["ack", "gallery", "verdict", "explanation", "cancelled", "reply"]
"""A reply answers an event and carries the whole message as JSON; the others tell how a shoot goes and carry facts."""
Mark: TypeAlias = Literal["favourite", "downloaded", "deleted"]
"""What a person did with a stored picture, be it a headshot or a selfie."""

LEASE_S = 15.0
"""A worker that was not heard of for so long has lost its shoot. Beats come every quarter of it."""
QUOTA = {"shoots": 3, "screenings": 60}
"""Open shoots of one person: one running and two queued; and selfies whose verdict is still to come."""
STALLS = {"shoots": 3, "screenings": 3, "quarantine": 2}
"""Starts without a new candidate before a shoot leaves the lane: to quarantine, and from there to an explanation."""
ASIDE_S = 86_400.0
"""How long an event that was set aside, because there was no consent yet, is kept."""
ERRORS = 3
"""Starts that ended in an error before the person gets an explanation."""


class Acceptance(Protocol):
    """What the conversation does: a person asks, looks and cancels."""

    async def accept(self, order: ShootOrder, ack: Json | None = None) -> Accepted:
        """Write the order and its acknowledgement, if any. PersonError: too many open, or the parent is unknown."""
        ...

    async def cancel(self, shoot_id: str, person: Person) -> bool:
        """End an open shoot at once; False when it was over already. PersonError: unknown."""
        ...

    async def find(self, shoot_id: str, person: Person) -> Shoot | None:
        """The person's shoot."""
        ...

    async def open_shoots(self, person: Person) -> tuple[Shoot, ...]:
        """All that the person still waits for, the oldest first."""
        ...

    async def place(self, shoot_id: str) -> Place | None:
        """Where it stands in line; None when it does not wait or run."""
        ...


class Leases(Protocol):
    """What a worker does. Whoever gets None or False has lost the shoot: stop, and throw away what was not written."""

    async def claim(self, lane: Lane, owner: str) -> Lease | None:
        """The next shoot by fair share, be it new or left behind by a dead worker. None: nothing to do."""
        ...

    async def beat(self, lease: Lease) -> Lease | None:
        """Keep the lease for another while."""
        ...

    async def checkpoint(self, lease: Lease, made: Checkpoint) -> bool:
        """Write one candidate down; a second time changes nothing. ValueError: one before it is missing."""
        ...

    async def finish(self, lease: Lease, ending: Ending) -> bool:
        """Write the ending and the message that tells of it."""
        ...

    async def give_back(self, lease: Lease, error: HeadroomError | None = None) -> bool:
        """Without an error the start does not count (clean stop); the third error is told to the person instead."""
        ...


@dataclass(frozen=True, slots=True)
class Kick:
    """A shoot that somebody should be woken for."""

    shoot_id: str
    lane: Lane


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one look over the ledger found."""

    kicks: tuple[Kick, ...]
    """Ready to start or left behind; bounded, since a worker goes on until there is nothing left to claim."""
    quarantined: tuple[str, ...]
    explained: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Books of the ledger: `accepted - finished - explained - open` is 0."""

    accepted: int
    finished: int
    """Ended with a gallery or verdict, and its message is in the outbox or delivered."""
    explained: int
    """Ended with an explanation or cancelled, and its message is in the outbox or delivered."""
    open: int
    oldest_queued_s: float
    oldest_message_s: float
    """Age of the oldest message that is still to be delivered."""

    @property
    def lost(self) -> int:
        """Must be 0."""
        return self.accepted - self.finished - self.explained - self.open


@dataclass(frozen=True, slots=True)
class Standing:
    """An open shoot whose first message stands in a chat and is edited as the shoot goes on."""

    shoot_id: str
    kind: Kind
    person: Person
    placeholder: str
    """The platform's reference."""
    payload: Json
    """Of the order."""
    state: ShootState
    created_at: float
    started_at: float | None
    next_index: int
    """Headshots that are done."""


class Reconciler(Protocol):
    """What is done every few seconds, so that nothing depends on a bell having been heard."""

    async def reconcile(self) -> Reconciled:
        """Quarantine what stalls, explain what stalls in quarantine, and name what is to be kicked."""
        ...

    async def counts(self) -> Counts:
        """The books, for metrics and tests."""
        ...

    async def standing(self, platforms: Collection[str], limit: int = 200) -> tuple[Standing, ...]:
        """Open shoots whose progress can be shown, those that run first, then the oldest."""
        ...

    async def purge(self, before: float) -> int:
        """Delete the rows of shoots and events that ended before a moment, and whose messages are out; how many shoots.

        Consent stays: it says why there were pictures at all.
        """
        ...


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """Something that must be said; held by the relay that got it for a while."""

    id: int
    key: str
    """Random, 16 hexadecimal digits: names the message to the platform, so that it is posted once."""
    shoot_id: str | None
    """None: a reply that is about no shoot."""
    kind: MessageKind
    about: Kind | None
    """Kind of the shoot."""
    person: Person
    conversation: str
    payload: Json
    tries: int
    """Times that it was handed out, this one included."""
    created_at: float
    placeholder: str | None
    """The first message of the shoot, to be edited; None: there is none. Replies edit nothing."""
    notes: Json
    """What a reply came with, and what earlier tries noted, for example ids of uploaded files."""
    edits: bool = False
    """A reply that takes the place of the shoot's first message."""


class Outbox(Protocol):
    """What a relay does. Messages of one shoot come one after the other, each when the one before is out or given up; so do
    replies to one person in one conversation.
    """

    async def due(self, platforms: Collection[str], limit: int = 10) -> tuple[OutboxMessage, ...]:
        """Messages to deliver now on these platforms; nobody else gets them for 30 s."""
        ...

    async def note(self, message: OutboxMessage, notes: Json) -> bool:
        """Keep what a later try needs. False, here and below: the message was handed to somebody else since."""
        ...

    async def delivered(self, message: OutboxMessage, posted: str) -> bool:
        """It is out; `posted` is the platform's reference of what was posted last for it. That of a message without a
        placeholder becomes the placeholder: an acknowledgement's, or one's that was sent anew because the first was gone.
        """
        ...

    async def retry_later(self, message: OutboxMessage, after_s: float, code: str) -> bool:
        """Hand it out again after a while."""
        ...

    async def give_up(self, message: OutboxMessage, code: str) -> bool:
        """It can never arrive."""
        ...


class People(Protocol):
    """What belongs to a person rather than to a shoot."""

    async def give_consent(self, person: Person, text: str) -> Consent:
        """Write down that the person agreed to exactly these words."""
        ...

    async def withdraw_consent(self, person: Person) -> Consent | None:
        """Write down that they took it back; None when there was nothing to take back."""
        ...

    async def consent(self, person: Person) -> Consent | None:
        """The consent that holds now. StorageError when the entries were tampered with."""
        ...

    async def forget(self, person: Person) -> Forgotten:
        """Delete every row of the person; workers on their shoots lose their leases."""
        ...

    async def export(self, person: Person) -> dict[str, Any]:
        """Every row of the person, as JSON."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """A message that answers an event, ready to be shown."""

    conversation: str
    message: Json
    """See `bot.messages.to_json`."""
    shoot_id: str | None = None
    """Which of the person's shoots it belongs to, when it shows its pictures."""
    edits: bool = False
    """True: it takes the place of the shoot's first message instead of standing below it."""
    person: Person | None = None
    """Whose it is, when it is not for whoever did something: it is kept, exported and forgotten with what is theirs."""
    key: str = ""
    """16 hexadecimal digits: a message with this key is said once, however often it is to be said. "" = a fresh key."""
    notes: Json = field(default_factory=dict)
    """What is kept beside it: see `bot.delivery.OR_ELSE` and `bot.conversation.pointing`."""


@dataclass(frozen=True, slots=True)
class Received:
    """An event that is handed out to be handled; `tries` is its fence."""

    id: int
    event: Event
    tries: int
    received_at: float


class Inbox(Protocol):
    """What happened in a chat, written down before the platform gets its answer. Each person's events come one after the
    other, each when the one before is done.
    """

    async def receive(self, event: Event) -> bool:
        """Write it down. False: it is known already."""
        ...

    async def due(self, platforms: Collection[str], limit: int = 10) -> tuple[Received, ...]:
        """Events to handle now; nobody else gets them for a minute."""
        ...

    async def done(self, received: Received, replies: Sequence[Reply] = (), *, aside: bool = False) -> bool:
        """Write the replies into the outbox and forget what the event said, in one transaction. False, and nothing written:
        it was handed to somebody else since.

        `aside`: keep what it said for `resume`, at most `ASIDE_S`. Of several set aside right after one another, only the
        first is replied to.
        """
        ...

    async def resume(self, person: Person) -> int:
        """Hand out again what was set aside; how many events."""
        ...

    async def retry_later(self, received: Received, after_s: float, code: str) -> bool:
        """Hand it out again after a while. False as above."""
        ...


@dataclass(frozen=True, slots=True)
class KeptHeadshot:
    """A finished headshot of a gallery."""

    shoot_id: str
    artifact: str
    facts: Json
    """See `bot.payloads.HeadshotFacts`."""
    created_at: float
    marks: frozenset[Mark] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class KeptSelfie:
    """A selfie whose verdict is known."""

    artifact: str
    verdict: Json
    """See `bot.payloads.SelfieVerdict`."""
    at: float
    """When the verdict was written."""


class Galleries(Protocol):
    """What a person has: selfies and headshots. Nobody sees anything of somebody else."""

    async def headshots(self, shoot_id: str, person: Person) -> tuple[KeptHeadshot, ...]:
        """Of one gallery, by rank; those that the person deleted are left out."""
        ...

    async def selfies(self, person: Person) -> tuple[KeptSelfie, ...]:
        """Each selfie once, with its latest verdict, the oldest first; those that the person deleted are left out. Pictures
        may have expired: the store knows.
        """
        ...

    async def mark(self, person: Person, artifact: str, mark: Mark, on: bool = True) -> bool:
        """Put a mark on one of the person's own pictures or take it off; False when nothing changed.
        PersonError "artifact_missing": no headshot or selfie of theirs.
        """
        ...

    async def latest(self, person: Person, conversation: str | None = None) -> Shoot | None:
        """The newest shoot or variation with a gallery; in this thread, when a conversation is given: the one whose first
        message it hangs below, or another message that shows its pictures, or that was asked for inside it.
        """
        ...

    async def recent(self, person: Person, limit: int = 10) -> tuple[Shoot, ...]:
        """Shoots and variations with a gallery, the newest first."""
        ...
