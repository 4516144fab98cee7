"""An export holds everything, as it is."""

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.records.ledger import Ledger, open_ledger
from adapters.storage.pictures import Pictures
from bot.artifacts import Artifact
from bot.exporting import Exporting
from bot.payloads import ScreeningPayload, SelfieRef, ShootPayload, to_json
from bot.people import Person
from bot.retention import Retention
from bot.shoots import Checkpoint, Ending, Kind, ShootOrder, ShootState, new_shoot_id
from engine.contract.errors import ArtifactUnreadable, PersonError
from engine.contract.sentences import sentence
from tests.storage.places import Place, folder_place

pytestmark = pytest.mark.asyncio
ANNA = Person("slack", "T1", "anna")
BEN = Person("slack", "T1", "ben")
RETENTION = Retention(exports=timedelta(hours=6))


class House:
    """A ledger and a picture store on one clock."""

    def __init__(self, ledger: Ledger, place: Place, pictures: Pictures) -> None:
        self.ledger, self.place, self.pictures = ledger, place, pictures
        self.exporting = Exporting(ledger.people, pictures, RETENTION, lambda: place.clock().timestamp())

    async def put(self, person: Person, data: bytes, kind: str, media_type: str = "image/jpeg", hours: int = 24) -> str:
        """A stored picture."""
        expires_at = self.place.clock() + timedelta(hours=hours)
        stored = await self.pictures.put(person.key, data, kind=kind, media_type=media_type, expires_at=expires_at)  # type: ignore[arg-type]
        return stored.id

    async def order(self, person: Person, kind: Kind, payload: ScreeningPayload | ShootPayload) -> None:
        """The person asks for something."""
        made = ShootOrder(new_shoot_id(), person, new_shoot_id(), kind, to_json(payload), "C1")
        await self.ledger.acceptance.accept(made, {"style": "corporate"})

    async def gallery(self, person: Person, selfies: tuple[SelfieRef, ...], *headshots: bytes) -> list[str]:
        """A shoot with its headshots."""
        await self.order(person, "shoot", ShootPayload("corporate", 4, selfies))
        lease = await self.ledger.leases.claim("shoots", "w")
        assert lease is not None
        made = []
        for index, data in enumerate(headshots):
            made.append(await self.put(person, data, "headshot", "image/png"))
            assert await self.ledger.leases.checkpoint(lease, Checkpoint(index, made[-1], {"rank": index + 1}))
        assert await self.ledger.leases.finish(lease, Ending(ShootState.FINISHED, {"headshots": len(headshots)}))
        return made

    async def unpacked(self, artifact: Artifact) -> dict[str, bytes]:
        """Files of an export by name."""
        facts, data = await self.pictures.get(artifact.owner, artifact.id)
        assert (facts.kind, facts.media_type) == ("export", "application/zip")
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            assert pack.testzip() is None
            return {name: pack.read(name) for name in pack.namelist()}


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """An empty one."""
    place = folder_place(tmp_path / "pictures")
    ledger = await open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: place.clock().timestamp())
    yield House(ledger, place, await place.open())
    await ledger.close()


async def test_pictures_and_rows_come_back_as_they_are(house: House) -> None:
    """Byte for byte and row for row, with nothing of anybody else; a photo that was given twice is in it once."""
    await house.ledger.people.give_consent(ANNA, "I agree to “this”.")
    jpeg, heic = b"\xff\xd8\xff one" * 99, b"....ftypheic two" * 99
    selfies = (
        SelfieRef(await house.put(ANNA, jpeg, "selfie"), "Photo 1"),
        SelfieRef(await house.put(ANNA, heic, "selfie", "image/heic"), "Photo 2"),
    )
    await house.order(ANNA, "screening", ScreeningPayload(selfies))
    made = await house.gallery(ANNA, selfies, b"first", b"second")
    await house.gallery(ANNA, selfies, b"third")
    await house.ledger.galleries.mark(ANNA, made[0], "favourite")
    other = await house.put(BEN, b"not hers", "selfie")
    await house.order(BEN, "screening", ScreeningPayload((SelfieRef(other, "Photo 1"),)))
    rows = await house.ledger.people.export(ANNA)

    artifact = await house.exporting.export(ANNA)
    files = await house.unpacked(artifact)

    assert artifact.expires_at == house.place.clock() + RETENTION.exports
    pictures = {name: data for name, data in files.items() if not name.endswith((".json", ".txt"))}
    assert pictures == {
        "selfie-01.jpg": jpeg,
        "selfie-02.heic": heic,
        "gallery-01-headshot-01.png": b"first",
        "gallery-01-headshot-02.png": b"second",
        "gallery-02-headshot-01.png": b"third",
    }
    assert json.loads(files["records.json"]) == rows
    assert "I agree to “this”." in files["records.json"].decode()
    assert b"anna" in files["records.json"]
    assert b"ben" not in files["records.json"]
    assert all(re.fullmatch(r"[a-z0-9.-]+", name) for name in files)
    named = {row["artifact"]: row["file"] for row in json.loads(files["files.json"])}
    assert named[selfies[0].artifact] == "selfie-01.jpg"
    assert named[made[1]] == "gallery-01-headshot-02.png"
    assert "5 pictures are in this file" in files["readme.txt"].decode()
    assert all(table in files["readme.txt"].decode() for table in rows if table != "person")


async def test_pictures_that_are_gone_are_named_and_left_out(house: House) -> None:
    """Expired or damaged: the rest is exported, and the list says what is missing and why."""
    kept = SelfieRef(await house.put(ANNA, b"kept", "selfie"), "Photo 1")
    short = SelfieRef(await house.put(ANNA, b"short", "selfie", hours=1), "Photo 2")
    broken = SelfieRef(await house.put(ANNA, b"broken", "selfie"), "Photo 3")
    await house.order(ANNA, "screening", ScreeningPayload((kept, short, broken)))
    house.place.clock.now += timedelta(hours=2)
    (path,) = [path for path in house.place.thief.everything() if path.endswith(broken.artifact)]
    house.place.thief.write(path, house.place.thief.everything()[path][:-1] + b"?")

    files = await house.unpacked(await house.exporting.export(ANNA))

    assert {name for name in files if name.startswith("selfie")} == {"selfie-01.jpg"}
    gone = {row["artifact"]: row.get("why") for row in json.loads(files["files.json"]) if row["file"] is None}
    assert gone == {short.artifact: "artifact_missing", broken.artifact: "artifact_damaged"}


async def test_somebody_of_whom_nothing_is_kept_gets_an_export_that_says_so(house: House) -> None:
    """Asking is always answered."""
    files = await house.unpacked(await house.exporting.export(ANNA))

    assert set(files) == {"readme.txt", "records.json", "files.json"}
    assert json.loads(files["records.json"])["shoots"] == []


async def test_an_export_that_is_asked_for_twice_is_one(house: House) -> None:
    """An event that is handled again makes no second file, as long as nothing happened in between."""
    await house.gallery(ANNA, (), b"first")

    assert (await house.exporting.export(ANNA)).id == (await house.exporting.export(ANNA)).id


async def test_an_export_goes_with_its_owner_and_when_its_time_is_over(house: House) -> None:
    """It is a picture like any other."""
    artifact = await house.exporting.export(ANNA)
    house.place.clock.now += RETENTION.exports
    with pytest.raises(ArtifactUnreadable):
        await house.pictures.get(ANNA.key, artifact.id)

    artifact = await house.exporting.export(ANNA)
    await house.pictures.delete_owner(ANNA.key)
    with pytest.raises(ArtifactUnreadable):
        await house.pictures.get(ANNA.key, artifact.id)


async def test_an_export_that_memory_cannot_hold_is_answered_with_advice(house: House) -> None:
    """The bot stays up, and the person learns another way."""
    small = Exporting(house.ledger.people, house.pictures, RETENTION, lambda: 0.0, largest_mb=1)
    selfies = tuple([SelfieRef(await house.put(ANNA, bytes([n]) * 600_000, "selfie"), "Photo") for n in (1, 2)])
    await house.order(ANNA, "screening", ScreeningPayload(selfies))

    with pytest.raises(PersonError) as refused:
        await small.export(ANNA)
    assert sentence(refused.value.code, **refused.value.facts).startswith("Your pictures have more than 1 MB together")
