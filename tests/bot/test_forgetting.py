"""Forgetting a person, on a real ledger, a real picture store and a real Valkey."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from adapters.queue.bell import RedisShootQueue
from adapters.queue.connection import connect
from adapters.queue.embedded import EmbeddedServer
from adapters.queue.feedback import RedisShootFeedback
from adapters.records.ledger import Ledger, open_ledger
from adapters.records.tables import metadata
from adapters.storage.pictures import Pictures
from bot.doorbell import Progress
from bot.events import Event, Said
from bot.forgetting import Forgetting, ForgottenCounts
from bot.ledger import Reply
from bot.messages import Message, to_json
from bot.payloads import ScreeningPayload, SelfieRef, SelfieVerdict, ShootPayload, VerdictEnding
from bot.payloads import to_json as payload_json
from bot.people import Person
from bot.shoots import Checkpoint, Ending, Lease, ShootOrder, ShootState, new_shoot_id
from engine.contract.errors import ArtifactUnreadable, RateLimited, StorageError
from tests.chat.fake_chat import FakeChat
from tests.storage.places import Place, folder_place

pytestmark = pytest.mark.asyncio
ANNA = Person("slack", "T1", "anna")
BEN = Person("slack", "T1", "ben")
NOTHING = (0, 0, 0, 0, 0, 0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """One real server for all tests."""
    with EmbeddedServer(tmp_path_factory.mktemp("queue")) as running:
        yield running


@dataclass
class House:
    """Everything that keeps something of somebody."""

    ledger: Ledger
    place: Place
    pictures: Pictures
    queue: RedisShootQueue
    feedback: RedisShootFeedback
    chat: FakeChat
    server: EmbeddedServer
    sleeps: list[float]

    def forgetting(self) -> Forgetting:
        """As one process has it."""

        async def sleep(seconds: float) -> None:
            self.sleeps.append(seconds)

        platforms = {"slack": self.chat}
        return Forgetting(self.ledger.people, self.pictures, self.queue, platforms, sleep=sleep)

    async def deliver(self) -> None:
        """What the relay does, in short."""
        while messages := await self.ledger.outbox.due(["slack"]):
            for message in messages:
                shown = Message(f"{message.kind} for {message.person.user}")
                posted = await self.chat.send(message.conversation, shown, message.key)
                assert await self.ledger.outbox.delivered(message, posted)

    async def give(self, person: Person, number: int) -> SelfieRef:
        """The person gives a selfie."""
        expires_at = self.place.clock() + timedelta(hours=24)
        data = f"selfie {number} of {person.user}".encode() * 50
        stored = await self.pictures.put(
            person.key, data, kind="selfie", media_type="image/jpeg", expires_at=expires_at
        )
        return SelfieRef(stored.id, f"Photo {number}")

    async def order(self, person: Person, kind: str, payload: object) -> str:
        """The person asks for something."""
        made = ShootOrder(new_shoot_id(), person, new_shoot_id(), kind, payload_json(payload), "C1")  # type: ignore[arg-type, type-var]
        return (await self.ledger.acceptance.accept(made, {"style": "corporate"})).shoot_id

    async def make(self, lease: Lease, rank: int) -> str:
        """The worker finishes a headshot."""
        person, expires_at = lease.order.person, self.place.clock() + timedelta(days=7)
        data = f"headshot {rank} of {person.user} {lease.order.id}".encode() * 50
        stored = await self.pictures.put(
            person.key, data, kind="headshot", media_type="image/jpeg", expires_at=expires_at
        )
        assert await self.ledger.leases.checkpoint(lease, Checkpoint(rank - 1, stored.id, {"rank": rank}))
        await self.feedback.report(Progress(lease.order.id, "finish", rank, 4, self.place.clock().timestamp()))
        return stored.id

    async def live(self, person: Person) -> Lease:
        """A whole life of somebody: consent, selfies, a gallery with a favourite, an export, replies, and a running shoot."""
        ledger = self.ledger
        await ledger.people.give_consent(person, "I agree.")
        selfies = tuple([await self.give(person, number) for number in (1, 2, 3)])
        await self.order(person, "screening", ScreeningPayload(selfies))
        lease = await self.claim("screenings")
        verdicts = tuple(
            SelfieVerdict(s.artifact, s.name, "s1", "accepted", "accepted_front", "Good.") for s in selfies
        )
        done = Ending(ShootState.FINISHED, payload_json(VerdictEnding(verdicts, None)))
        assert await ledger.leases.finish(lease, done)
        await self.order(person, "shoot", ShootPayload("corporate", 4, selfies))
        lease = await self.claim("shoots")
        first, _ = [await self.make(lease, rank) for rank in (1, 2)]
        assert await ledger.leases.finish(lease, Ending(ShootState.FINISHED, {"headshots": 2}))
        await ledger.galleries.mark(person, first, "favourite")
        await self.pictures.put(
            person.key, b"everything", kind="export", media_type="application/zip",
            expires_at=self.place.clock() + timedelta(hours=1),
        )  # fmt: skip
        for text in ("help", "status"):
            event = Event(f"{person.user}-{text}", person, f"D-{person.user}", f"D-{person.user}", Said(text))
            await ledger.inbox.receive(event)
            (received,) = [each for each in await ledger.inbox.due(["slack"]) if each.event.person == person]
            await ledger.inbox.done(received, [Reply(f"D-{person.user}", to_json(Message(f"about {text}")))])
        await ledger.inbox.receive(Event("later", person, "C1", "D", Said("what I say next")))
        await self.order(person, "shoot", ShootPayload("legal", 4, selfies))
        running = await self.claim("shoots")
        await self.make(running, 1)
        await self.deliver()
        await self.queue.cancel(await self.order(person, "shoot", ShootPayload("natural", 4, selfies)))
        return running

    async def claim(self, lane: str) -> Lease:
        """A worker starts the next one."""
        lease = await self.ledger.leases.claim(lane, "w1")  # type: ignore[arg-type]
        assert lease is not None
        return lease

    async def traces(self, person: Person, shoot_ids: set[str], refs: set[str]) -> tuple[int, ...]:
        """What is left of somebody: rows, files, keys in Redis, messages in the chat."""
        rows = 0
        async with self.ledger.database.engine.connect() as connection:
            for table in metadata.sorted_tables:
                found = (await connection.execute(select(table))).all()
                rows += sum(person.key in repr(row) or any(each in repr(row) for each in shoot_ids) for row in found)
        files = [path for path in self.place.thief.everything() if name_of(self.pictures, person) in path]
        client = connect(self.server.url)
        keys = [key for key in await client.keys("*") if any(each.encode() in key for each in shoot_ids)]
        await client.aclose()
        return rows, len(files), len(keys), len(refs & set(self.chat.messages))

    async def all_of(self, person: Person) -> tuple[set[str], set[str]]:
        """Ids of all shoots, and references of all messages."""
        export = await self.ledger.people.export(person)
        refs = {row["posted"] for row in export["messages"]} | {row["placeholder"] for row in export["shoots"]}
        return {row["id"] for row in export["shoots"]}, refs - {None}


def name_of(pictures: Pictures, person: Person) -> str:
    """The name of a person's folders in the store."""
    return pictures._seal.name_of(person.key)


@pytest_asyncio.fixture
async def house(tmp_path: Path, server: EmbeddedServer) -> AsyncIterator[House]:
    """A house with two people in it."""
    place = folder_place(tmp_path / "pictures")
    ledger = await open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: place.clock().timestamp())
    queue, feedback = RedisShootQueue(server.url), RedisShootFeedback(server.url)
    yield House(ledger, place, await place.open(), queue, feedback, FakeChat(), server, [])
    await queue.close()
    await feedback.close()
    await ledger.close()


async def test_nothing_is_left_of_a_person_and_everything_of_a_neighbour(house: House) -> None:
    """No row, no file, no key of theirs, no entry in Redis, no message; the counts prove it. Ben does not notice."""
    running = await house.live(ANNA)
    await house.live(BEN)
    anna, ben = await house.all_of(ANNA), await house.all_of(BEN)
    before = (await house.traces(BEN, *ben), await house.ledger.people.export(BEN))
    assert all(await house.traces(ANNA, *anna))

    counts = await house.forgetting().forget(ANNA)

    assert await house.traces(ANNA, *anna) == (0, 0, 0, 0)
    assert (await house.traces(BEN, *ben), await house.ledger.people.export(BEN)) == before
    assert (counts.pictures, counts.keys, counts.remaining, counts.queue_reached) == (7, 1, 0, True)
    assert counts.size_bytes > 1000
    assert counts.messages == len(anna[1])
    assert counts.queue_entries >= 3
    assert {table: n for table, n in counts.rows.items() if n} == {
        "inbox": 3, "marks": 1, "checkpoints": 3, "outbox": 8, "shoots": 4, "consents": 1,
    }  # fmt: skip
    assert counts.records == sum(counts.rows.values())
    assert await house.ledger.leases.beat(running) is None


async def test_a_picture_of_a_neighbour_can_still_be_opened(house: House) -> None:
    """Keys are per person."""
    await house.live(ANNA)
    kept = await house.give(BEN, 9)
    await house.forgetting().forget(ANNA)

    _, data = await house.pictures.get(BEN.key, kept.artifact)
    assert data.startswith(b"selfie 9 of ben")


async def test_a_stolen_copy_cannot_be_read_after_forgetting(house: House) -> None:
    """Whoever copied the pictures, but not the keys, has noise."""
    selfie = await house.give(ANNA, 1)
    stolen = {path: data for path, data in house.place.thief.everything().items() if path.startswith("pictures/")}
    await house.forgetting().forget(ANNA)
    for path, data in stolen.items():
        house.place.thief.write(path, data)

    with pytest.raises(ArtifactUnreadable, match="artifact_missing"):
        await (await house.place.open()).get(ANNA.key, selfie.artifact)


async def test_forgetting_again_finds_nothing(house: House) -> None:
    """Whoever presses twice does no harm, and whoever was never here hears the same."""
    await house.live(ANNA)
    await house.forgetting().forget(ANNA)

    for person in (ANNA, Person("discord", "G", "nobody")):
        again = await house.forgetting().forget(person)
        assert (
            again.pictures,
            again.keys,
            again.records,
            again.messages,
            again.queue_entries,
            again.remaining,
        ) == NOTHING


class Crash(BaseException):
    """The process dies here."""


class Dying:
    """Any port, that dies with its process just before or just after the n-th call of all."""

    def __init__(self, inner: object, fuse: list[int]) -> None:
        self._inner = inner
        self._fuse = fuse

    def __getattr__(self, name: str) -> object:
        call = getattr(self._inner, name)

        async def burn(*args: object, **more: object) -> object:
            if self._tick():
                raise Crash
            answer = await call(*args, **more)
            if self._tick():
                raise Crash
            return answer

        return burn

    def _tick(self) -> bool:
        self._fuse[0] -= 1
        return self._fuse[0] == 0


async def test_a_crash_at_any_step_is_made_good_by_calling_again(house: House) -> None:
    """Before and after each of its calls to the world the process may die; the next one destroys the rest, and nothing of others."""
    await house.ledger.people.give_consent(BEN, "I agree.")
    bens = await house.give(BEN, 1)
    crashes = 0
    for cut in range(1, 200):
        selfies = (await house.give(ANNA, cut),)
        await house.order(ANNA, "shoot", ShootPayload("legal", 4, selfies))
        lease = await house.claim("shoots")
        await house.make(lease, 1)
        await house.deliver()
        anna, fuse = await house.all_of(ANNA), [cut]
        ports = (Dying(house.ledger.people, fuse), Dying(house.pictures, fuse), Dying(house.queue, fuse))
        dying = Forgetting(*ports, {"slack": Dying(house.chat, fuse)})  # type: ignore[arg-type, dict-item]
        try:
            await dying.forget(ANNA)
        except Crash:
            crashes += 1
            counts: ForgottenCounts = await house.forgetting().forget(ANNA)
            assert counts.remaining == 0
        rows, files, keys, messages = await house.traces(ANNA, *anna)
        assert (rows, files, messages) == (0, 0, 0), cut
        assert keys <= 1, cut  # a cancellation that was rung by a process that died: an id, for a day
        if fuse[0] > 0:
            break
    assert crashes >= 15
    await house.pictures.get(BEN.key, bens.artifact)
    assert await house.ledger.people.consent(BEN)


async def test_a_chat_that_asks_to_wait_is_waited_for(house: House) -> None:
    """A few seconds are waited out; the messages are gone before the rows that name them."""
    await house.live(ANNA)
    anna = await house.all_of(ANNA)
    house.chat.busy_s = 4.0
    house.chat.fails("busy", 2, "delete")
    counts = await house.forgetting().forget(ANNA)

    assert house.sleeps == [4.0, 4.0]
    assert counts.messages == len(anna[1])


async def test_a_chat_that_is_busy_for_long_is_asked_again_later_and_goes_on_where_it_was(house: House) -> None:
    """Rows stay until their messages are gone, and no call is wasted on those that are. The pictures are gone at once."""
    await house.live(ANNA)
    anna = await house.all_of(ANNA)
    house.chat.busy_s = 30.0
    calls = [0]

    def two_a_minute(verb: str) -> str | None:
        calls[0] += verb == "delete"
        return "busy" if verb == "delete" and calls[0] % 3 == 0 else None

    house.chat.weather = two_a_minute  # type: ignore[assignment]
    forgetting, rounds = house.forgetting(), 0
    while True:
        try:
            await forgetting.forget(ANNA)
            break
        except RateLimited:
            rounds += 1
            traces = await house.traces(ANNA, *anna)
            assert traces[0] > 0
            assert traces[1] == 0
    assert rounds == (len(anna[1]) - 1) // 2
    assert await house.traces(ANNA, *anna) == (0, 0, 0, 0)


async def test_what_is_gone_or_out_of_reach_in_the_chat_does_not_hold_up_the_rest(house: House) -> None:
    """Deleted messages, closed conversations, lost answers, and a platform that is not connected any more."""
    await house.live(ANNA)
    anna = await house.all_of(ANNA)
    house.chat.messages.pop(sorted(anna[1])[0])
    for fault in ("gone", "refused", "answer_lost"):
        house.chat.fails(fault, verb="delete")  # type: ignore[arg-type]
    counts = await house.forgetting().forget(ANNA)
    assert counts.messages == len(anna[1]) - 3  # gone, out of reach, and one whose answer got lost

    stranger = Person("discord", "G", "zoe")
    await house.ledger.people.give_consent(stranger, "I agree.")
    assert (await house.forgetting().forget(stranger)).rows["consents"] == 1


async def test_without_redis_forgetting_goes_on_and_says_so(house: House) -> None:
    """What Redis holds are ids and counts, which go within a day."""
    await house.live(ANNA)
    away = RedisShootQueue("unix:///nowhere.sock")
    forgetting = Forgetting(house.ledger.people, house.pictures, away, {"slack": house.chat})
    counts = await forgetting.forget(ANNA)
    await away.close()

    assert (counts.queue_reached, counts.queue_entries, counts.remaining) == (False, 0, 0)


class Crossing:
    """A picture store with a worker that stores one more picture while the rows are being deleted."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._calls = 0

    async def delete_owner(self, owner: str) -> object:
        self._calls += 1
        if self._calls == 2:
            await self._house.give(ANNA, 99)
        return await self._house.pictures.delete_owner(owner)


async def test_a_picture_that_crosses_forgetting_is_destroyed_too(house: House) -> None:
    """A worker that was just storing one makes a new key; both are gone before the person is told."""
    await house.live(ANNA)
    anna = await house.all_of(ANNA)
    forgetting = Forgetting(house.ledger.people, Crossing(house), house.queue, {"slack": house.chat})  # type: ignore[arg-type]
    counts = await forgetting.forget(ANNA)

    assert (counts.pictures, counts.keys, counts.remaining) == (8, 2, 0)
    assert await house.traces(ANNA, *anna) == (0, 0, 0, 0)


async def test_the_pictures_are_gone_even_when_the_records_are_out_of_reach(house: House) -> None:
    """The key is destroyed first: what cannot be finished now has nothing left to show."""
    selfie = await house.give(ANNA, 1)

    class Down:
        async def export(self, person: Person) -> object:
            raise StorageError("records_unreachable")

    with pytest.raises(StorageError):
        await Forgetting(Down(), house.pictures, house.queue, {}).forget(ANNA)  # type: ignore[arg-type]
    with pytest.raises(ArtifactUnreadable):
        await house.pictures.get(ANNA.key, selfie.artifact)


async def test_two_at_once_do_not_disturb_each_other(house: House) -> None:
    """An event that is handed out twice forgets once."""
    await house.live(ANNA)
    anna = await house.all_of(ANNA)
    one, other = await asyncio.gather(house.forgetting().forget(ANNA), house.forgetting().forget(ANNA))

    assert one.remaining == other.remaining == 0
    assert one.keys + other.keys == 1
    assert await house.traces(ANNA, *anna) == (0, 0, 0, 0)
    assert json.dumps(dict(one.rows))
