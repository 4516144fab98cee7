"""The port `ArtifactStore`: what every place for pictures must do. Runs on a folder and on a server that speaks S3."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.storage.pictures import open_pictures
from bot.artifacts import Artifact, ArtifactStore, Removed
from bot.people import Person
from engine.contract.errors import ArtifactUnreadable
from tests.storage.places import DAY, INSTALL_KEY, START, CrossedShelf, Place, bucket_place, folder_place, s3_server

ADA = Person("slack", "T0COMPANY", "U0ADALOVELACE").key
BEN = Person("discord", "company", "ben../../etc/passwd").key
CANARY = b"CANARY-the-very-pixels-of-a-face"
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """URL of an S3 server on this machine."""
    with s3_server() as url:
        yield url


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty place of each kind."""
    if request.param == "folder":
        return folder_place(tmp_path / "pictures")
    return bucket_place(request.getfixturevalue("s3"))[1]


async def _put(
    store: ArtifactStore, owner: str = ADA, data: bytes = CANARY, expires_at: datetime = START + DAY
) -> Artifact:
    return await store.put(owner, data, kind="selfie", media_type="image/jpeg", expires_at=expires_at)


async def _code(store: ArtifactStore, owner: str, artifact_id: str) -> str:
    with pytest.raises(ArtifactUnreadable) as caught:
        await store.get(owner, artifact_id)
    assert not caught.value.facts, "nothing may tell one reason from another"
    return caught.value.code


def _pictures(place: Place) -> list[str]:
    return [path for path in place.thief.everything() if path.startswith("pictures/")]


def test_a_picture_comes_back_with_its_facts(place: Place) -> None:
    """Any process of the install reads what another one stored."""

    async def story() -> None:
        put = await _put(await place.open())
        got, data = await (await place.open()).get(ADA, put.id)

        assert data == CANARY
        assert got == put == await (await place.open()).find(ADA, put.id)
        assert (put.owner, put.kind, put.media_type, put.size_bytes) == (ADA, "selfie", "image/jpeg", len(CANARY))
        assert (put.created_at, put.expires_at) == (START, START + DAY)

    asyncio.run(story())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300) | st.integers(0, 5 * MEGABYTE).map(lambda n: b"\xff\xd8\x00"[n % 3 :] * (n // 3)))
def test_every_size_comes_back_to_the_byte(place: Place, data: bytes) -> None:
    """From nothing to the largest headshot."""

    async def story() -> None:
        store = await place.open()
        assert (await store.get(ADA, (await _put(store, data=data)).id))[1] == data

    asyncio.run(story())


@pytest.mark.parametrize("size", [0, 1, 5 * MEGABYTE, 25 * MEGABYTE])
def test_the_smallest_and_the_largest_come_back(place: Place, size: int) -> None:
    """25 MB is the heaviest photo that anybody may send."""

    async def story() -> None:
        store = await place.open()
        data = bytes(size)
        assert (await store.get(ADA, (await _put(store, data=data)).id))[1] == data

    asyncio.run(story())


def test_storing_the_same_again_changes_nothing_but_moves_the_expiry_to_later(place: Place) -> None:
    """A step that runs twice leaves one picture; a second shoot keeps the selfies for longer."""

    async def story() -> None:
        store = await place.open()
        first = await _put(store)
        before = place.thief.everything()
        place.clock.now += timedelta(hours=1)

        assert await _put(store) == first
        assert await _put(store, expires_at=START + DAY / 2) == first
        assert place.thief.everything() == before

        later = await _put(store, expires_at=START + 3 * DAY)
        assert (later.id, later.created_at, later.expires_at) == (first.id, START, START + 3 * DAY)
        assert await store.get(ADA, first.id) == (later, CANARY)
        assert len(_pictures(place)) == 1

    asyncio.run(story())


def test_twenty_at_once_store_one_picture(place: Place) -> None:
    """Two engines that finish the same candidate, and a person's first pictures that race for a key, lose nothing."""

    async def story() -> None:
        stores = [await place.open() for _ in range(4)]
        same = await asyncio.gather(*(_put(stores[i % 4]) for i in range(20)))
        others = await asyncio.gather(*(_put(stores[i % 4], BEN, b"%d" % i) for i in range(20)))

        assert len(set(same)) == 1
        assert len({a.id for a in others}) == 20
        for i, artifact in enumerate(others):
            assert (await stores[0].get(BEN, artifact.id))[1] == b"%d" % i
        assert len(_pictures(place)) == 21
        assert sum(path.startswith("keys/") for path in place.thief.everything()) == 2

    asyncio.run(story())


def test_whatever_cannot_be_had_is_not_found_in_the_same_words(place: Place) -> None:
    """Nobody learns from an answer whether somebody else has a picture, or ever had."""

    async def story() -> None:
        store = await place.open()
        adas = await _put(store)
        short = await _put(store, BEN, b"short", START + timedelta(minutes=1))
        await _put(store, BEN)
        place.clock.now += timedelta(minutes=1)

        codes = {
            await _code(store, BEN, adas.id),
            await _code(store, BEN, short.id),
            await _code(store, BEN, "0" * 32),
            await _code(store, BEN, f"../{adas.id}"),
            await _code(store, BEN, ""),
            await _code(store, "slack/T/nobody", adas.id),
        }
        assert codes == {"artifact_missing"}
        for artifact_id in (adas.id, short.id, "0" * 32, f"../{adas.id}", ""):
            assert await store.find(BEN, artifact_id) is None
        assert await store.find("slack/T/nobody", adas.id) is None
        with pytest.raises(ArtifactUnreadable, match="artifact_missing"):
            await store.expire(BEN, adas.id, START + 9 * DAY)
        with pytest.raises(ArtifactUnreadable, match="artifact_missing"):
            await store.expire(BEN, adas.id, START)
        assert (await store.get(ADA, adas.id))[1] == CANARY

    asyncio.run(story())


def test_reading_makes_nothing(place: Place) -> None:
    """Asking for somebody who has no pictures leaves no trace of the question."""

    async def story() -> None:
        store = await place.open()
        await _code(store, ADA, "0" * 32)
        assert await store.delete_owner(ADA) == Removed()
        assert set(place.thief.everything()) == {"install"}

    asyncio.run(story())


@pytest.mark.parametrize("at", [0, 3, 4, 15, 16, 300, 511, 512, 523, 524, -17, -16, -1])
def test_one_flipped_bit_is_found(place: Place, at: int) -> None:
    """A damaged picture is never shown, wherever the damage lies."""

    async def story() -> None:
        store = await place.open()
        artifact = await _put(store)
        (path,) = _pictures(place)
        broken = bytearray(place.thief.everything()[path])
        broken[at] ^= 1
        place.thief.write(path, bytes(broken))

        assert await _code(store, ADA, artifact.id) == "artifact_damaged"

    asyncio.run(story())


@pytest.mark.parametrize("size", [0, 3, 100, 511, 512, 530, -1])
def test_a_cut_object_is_found_and_the_same_picture_heals_it(place: Place, size: int) -> None:
    """What a full disk or a power cut left of an object is damage, and a step that runs again repairs it."""

    async def story() -> None:
        store = await place.open()
        artifact = await _put(store)
        (path,) = _pictures(place)
        place.thief.write(path, place.thief.everything()[path][:size])

        assert await _code(store, ADA, artifact.id) == "artifact_damaged"
        assert await _put(store) == artifact
        assert (await store.get(ADA, artifact.id))[1] == CANARY

    asyncio.run(story())


def test_objects_cannot_be_exchanged(place: Place) -> None:
    """Whoever may write to the store still cannot show one person's face to another, or one picture as another."""

    async def story() -> None:
        store = await place.open()
        one, two, bens = await _put(store, data=b"one"), await _put(store, data=b"two"), await _put(store, BEN, b"ben")
        stored = place.thief.everything()
        paths = {a.id: next(p for p in stored if p.endswith(a.id)) for a in (one, two, bens)}

        place.thief.write(paths[one.id], stored[paths[two.id]])
        place.thief.write(paths[two.id], stored[paths[two.id]][:512] + stored[paths[one.id]][512:])
        place.thief.write(paths[bens.id], stored[paths[one.id]])

        for owner, artifact in ((ADA, one), (ADA, two), (BEN, bens)):
            assert await _code(store, owner, artifact.id) == "artifact_damaged"

    asyncio.run(story())


def test_keys_cannot_be_exchanged(place: Place) -> None:
    """Another person's wrapped key does not open as one's own."""

    async def story() -> None:
        store = await place.open()
        artifact = await _put(store)
        stored = place.thief.everything()
        (adas,) = (p for p in stored if p.startswith("keys/"))
        await _put(store, BEN)
        (bens,) = (p for p in place.thief.everything() if p.startswith("keys/") and p != adas)
        place.thief.write(adas, place.thief.everything()[bens])

        assert await _code(store, ADA, artifact.id) == "artifact_damaged"
        with pytest.raises(ArtifactUnreadable, match="artifact_damaged"):
            await _put(store, data=b"more")
        place.thief.write(adas, stored[adas])
        assert (await store.get(ADA, artifact.id))[1] == CANARY

    asyncio.run(story())


def test_expiry_is_exact_and_can_be_moved_both_ways(place: Place) -> None:
    """A picked headshot lives longer; a deleted one is gone at once, and its bytes with it."""

    async def story() -> None:
        store = await place.open()
        artifact = await _put(store)
        place.clock.now = START + DAY - timedelta(microseconds=1)
        await store.get(ADA, artifact.id)
        await store.expire(ADA, artifact.id, START + 30 * DAY)
        place.clock.now = START + 29 * DAY
        assert (await store.get(ADA, artifact.id))[0].expires_at == START + 30 * DAY
        await store.expire(ADA, artifact.id, START + 29 * DAY + timedelta(hours=1))
        place.clock.now += timedelta(hours=1)
        assert await _code(store, ADA, artifact.id) == "artifact_missing"

        again = await _put(store, expires_at=START + 40 * DAY)
        assert again.created_at == place.clock.now
        await store.expire(ADA, again.id, place.clock.now)
        assert _pictures(place) == []

    asyncio.run(story())


def test_a_sweep_takes_what_expired_and_nothing_else(place: Place) -> None:
    """Retention is kept even when nobody asks for anything any more; a second sweep finds nothing."""

    async def story() -> None:
        store = await place.open()
        kept = [await _put(store, owner, b"kept %d" % i, START + 2 * DAY) for i in range(3) for owner in (ADA, BEN)]
        for i in range(20):
            await _put(store, ADA, b"gone %d" % i, START + DAY)
        place.clock.now = START + DAY

        removed = await store.sweep(place.clock.now)
        assert (removed.artifacts, removed.keys, removed.leftovers) == (20, 0, 0)
        assert removed.size_bytes == sum(512 + 28 + len(b"gone %d" % i) for i in range(20))
        assert await store.sweep(place.clock.now) == Removed()
        for artifact in kept:
            await store.get(artifact.owner, artifact.id)
        assert len(_pictures(place)) == len(kept)

    asyncio.run(story())


def test_a_sweep_is_not_stopped_by_a_damaged_object_or_key(place: Place) -> None:
    """Damage is kept for thirty days, in case a key comes back, and then goes too; strange files are let alone."""

    async def story() -> None:
        store = await place.open()
        await _put(store, data=b"expires")
        await _put(store, BEN, b"locked out")
        stored = place.thief.everything()
        adas = next(p for p in stored if p.startswith("pictures/") and len(stored[p]) == 547)
        place.thief.write(f"{adas[:-32]}{'0' * 32}", b"not an object")
        place.thief.write(f"{adas[:-32]}strange.txt", b"whose is this?")
        place.thief.write(
            next(p for p in stored if p.startswith("keys/") and adas.split("/")[1] not in p), b"broken key"
        )

        assert (await store.sweep(START + DAY)).artifacts == 1
        written = datetime.now(START.tzinfo)
        assert await store.sweep(written + 29 * DAY) == Removed()
        assert (await store.sweep(written + 31 * DAY)).leftovers == 2
        assert [p.rsplit("/")[-1] for p in _pictures(place)] == ["strange.txt"]

    asyncio.run(story())


def test_forgetting_leaves_nothing_and_says_how_much_it_was(place: Place) -> None:
    """Key and pictures are gone for every process, other people keep theirs, and whoever returns starts afresh."""

    async def story() -> None:
        store, other = await place.open(), await place.open()
        await _put(store, BEN)
        before = place.thief.everything()
        adas = [await _put(store, data=CANARY + b"%d" % i) for i in range(40)]
        size = sum(map(len, place.thief.everything().values())) - sum(map(len, before.values()))

        assert await store.delete_owner(ADA) == Removed(artifacts=40, keys=1, leftovers=0, size_bytes=size)
        assert place.thief.everything() == before
        assert {await _code(other, ADA, a.id) for a in adas} == {"artifact_missing"}
        assert await store.delete_owner(ADA) == Removed()

        again = await _put(other, data=CANARY + b"0")
        assert again.id != adas[0].id

    asyncio.run(story())


def test_without_the_key_a_copy_of_the_pictures_is_worthless(place: Place) -> None:
    """A backup of the pictures dies with the key, for the owner too, even when the person has come back; a sweep clears it."""

    async def story() -> None:
        store = await place.open()
        artifact = await _put(store)
        backup = {path: data for path, data in place.thief.everything().items() if path.startswith("pictures/")}
        await store.delete_owner(ADA)
        back = await _put(store, data=b"back again")
        for path, data in backup.items():
            place.thief.write(path, data)

        assert await _code(store, ADA, artifact.id) == "artifact_damaged"
        assert (await store.get(ADA, back.id))[1] == b"back again"

        await store.delete_owner(ADA)
        for path, data in backup.items():
            place.thief.write(path, data)
        assert await _code(store, ADA, artifact.id) == "artifact_missing"
        assert (await store.sweep(START)).leftovers == 1

    asyncio.run(story())


def test_a_forgetting_that_was_interrupted_after_the_key_is_finished_by_the_sweep(place: Place) -> None:
    """The key goes first: what a crash leaves behind can be read by nobody, and does not stay."""

    async def story() -> None:
        store = await place.open()
        artifact = await _put(store)
        place.thief.remove(next(p for p in place.thief.everything() if p.startswith("keys/")))

        assert await _code(store, ADA, artifact.id) == "artifact_missing"
        assert (await store.sweep(START)).leftovers == 1
        assert set(place.thief.everything()) == {"install"}

    asyncio.run(story())


@pytest.mark.parametrize("returns", [False, True], ids=["for good", "and comes back"])
@pytest.mark.parametrize("again", [False, True], ids=["first put", "later expiry"])
def test_what_is_stored_while_its_owner_is_forgotten_is_refused(place: Place, returns: bool, again: bool) -> None:
    """An engine that finishes a candidate in the very moment of the forgetting leaves nothing, under no key, old or new."""

    async def story() -> None:
        store = await place.open()
        await _put(store, data=CANARY if again else b"earlier")

        async def meanwhile() -> None:
            await store.delete_owner(ADA)
            if returns:
                await _put(store, data=b"back again")

        crossed = await open_pictures(CrossedShelf(place.shelf(), meanwhile), INSTALL_KEY, place.clock)
        with pytest.raises(ArtifactUnreadable, match="artifact_missing"):
            await _put(crossed, expires_at=START + 2 * DAY)
        assert len(_pictures(place)) == returns

    asyncio.run(story())


def test_a_change_of_expiry_that_crosses_a_forgetting_brings_nothing_back(place: Place) -> None:
    """Picking a headshot in one window and forgetting in another ends forgotten."""

    async def story() -> None:
        store = await place.open()
        artifact = await _put(store)
        shelf = CrossedShelf(place.shelf(), lambda: store.delete_owner(ADA))
        crossed = await open_pictures(shelf, INSTALL_KEY, place.clock)
        with pytest.raises(ArtifactUnreadable, match="artifact_missing"):
            await crossed.expire(ADA, artifact.id, START + 30 * DAY)
        assert set(place.thief.everything()) == {"install"}

    asyncio.run(story())


def test_forgetting_among_many_puts_leaves_only_what_can_be_read(place: Place) -> None:
    """Whatever the order: each put is refused, forgotten or kept, and nothing unreadable stays behind."""

    async def story() -> None:
        stores = [await place.open() for _ in range(3)]
        for round_ in range(4):
            puts = [_put(stores[i % 2], data=b"%d %d" % (round_, i)) for i in range(12)]
            done = await asyncio.gather(*puts[:6], stores[2].delete_owner(ADA), *puts[6:], return_exceptions=True)
            refused = [r for r in done if isinstance(r, BaseException)]
            assert {str(r) for r in refused} <= {"artifact_missing", "storage_unavailable"}  # swept half-written: again
            kept = {path.rsplit("/")[-1] for path in _pictures(place)}
            for artifact_id in kept:
                await stores[0].get(ADA, artifact_id)
            assert kept <= {r.id for r in done if isinstance(r, Artifact)}
            await stores[2].delete_owner(ADA)
            assert set(place.thief.everything()) == {"install"}

    asyncio.run(story())


def test_deleting_the_last_picture_does_not_disturb_the_next(place: Place) -> None:
    """A person deletes and sends at the same time; folders that become empty are tidied away under the writer's feet."""

    async def story() -> None:
        store, other = await place.open(), await place.open()
        last = await _put(store, data=b"0")
        for i in range(1, 40):
            _, next_ = await asyncio.gather(store.expire(ADA, last.id, START), _put(other, data=b"%d" % i))
            assert (await store.get(ADA, next_.id))[1] == b"%d" % i
            last = next_

    asyncio.run(story())


def test_nothing_stored_tells_who_or_what(place: Place) -> None:
    """No pixel, name, workspace, kind, type or date can be read in any path or byte; equal pictures do not look equal."""

    async def story() -> None:
        store = await place.open()
        adas, bens = await _put(store), await _put(store, BEN)
        stored = place.thief.everything()
        said = b"\n".join([*(p.encode() for p in stored), *stored.values()])

        for word in (CANARY, b"slack", b"discord", b"T0COMPANY", b"U0ADA", b"ben", b"etc", b"selfie", b"jpeg", b"2026"):
            assert word not in said
        assert adas.sha256.encode() not in said
        assert adas.id != bens.id
        assert len(set(stored.values())) == len(stored)
        assert all(set(p) <= set("abcdefghijklmnopqrstuvwxyz0123456789/") for p in stored)

    asyncio.run(story())


def test_two_installs_name_and_lock_differently(place: Place) -> None:
    """A store opened with another install key is refused at the start, before it could be read, filled or swept."""

    async def story() -> None:
        await _put(await place.open())
        before = place.thief.everything()

        with pytest.raises(ArtifactUnreadable, match="install_key_wrong"):
            await place.open(bytes(32))
        with pytest.raises(ValueError, match="32 bytes"):
            await place.open(INSTALL_KEY[:16])
        assert place.thief.everything() == before

    asyncio.run(story())


def test_wrong_calls_are_refused_before_anything_is_stored(place: Place) -> None:
    """Every picture has an expiry in the future and a type that cannot smuggle text."""

    async def story() -> None:
        store = await place.open()
        with pytest.raises(ValueError, match="expire"):
            await _put(store, expires_at=START)
        for media_type in ("jpeg", "image/jpeg; name=Ada Lovelace", "image/" + "x" * 81):
            with pytest.raises(ValueError, match="media type"):
                await store.put(ADA, CANARY, kind="selfie", media_type=media_type, expires_at=START + DAY)
        assert set(place.thief.everything()) == {"install"}

    asyncio.run(story())


def test_the_same_bytes_as_another_kind_are_another_picture(place: Place) -> None:
    """A selfie that is also exported has two lives."""

    async def story() -> None:
        store = await place.open()
        selfie = await _put(store)
        export = await store.put(ADA, CANARY, kind="export", media_type="image/jpeg", expires_at=START + 2 * DAY)
        await store.expire(ADA, selfie.id, START)
        assert (await store.get(ADA, export.id))[1] == CANARY

    asyncio.run(story())
