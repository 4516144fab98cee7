"""The port `Galleries`: a person finds all that is theirs, and nothing of anybody else."""

import pytest

from bot.ledger import LEASE_S
from bot.people import Person
from bot.shoots import Checkpoint
from engine.contract.errors import PersonError
from tests.ports.ledger.story import ANNA, BEN, CARLA, GALLERY, Studio, to_reply

pytestmark = pytest.mark.asyncio
STRANGERS = (BEN, CARLA, Person("discord", "T1", "anna"), Person("slack", "T2", "anna"))


async def _gallery(studio: Studio, *made: tuple[str, int], person: Person = ANNA) -> str:
    """A finished shoot with these headshots: artifact and rank."""
    shoot_id = await studio.asks(person)
    lease = await studio.claims()
    for index, (artifact, rank) in enumerate(made):
        assert await studio.ledger.leases.checkpoint(lease, Checkpoint(index, artifact, {"rank": rank}))
    assert await studio.ledger.leases.finish(lease, GALLERY)
    await studio.said()
    return shoot_id


async def _shown(studio: Studio, shoot_id: str, person: Person = ANNA) -> list[str]:
    return [each.artifact for each in await studio.ledger.galleries.headshots(shoot_id, person)]


async def _given(studio: Studio, person: Person = ANNA) -> list[str]:
    return [each.artifact for each in await studio.ledger.galleries.selfies(person)]


async def test_headshots_come_by_rank_without_those_that_were_left_out(studio: Studio) -> None:
    """The order in which they were rendered is of no interest to anybody."""
    shoot_id = await _gallery(studio, ("b", 2), ("", 0), ("c", 3), ("a", 1))
    kept = await studio.ledger.galleries.headshots(shoot_id, ANNA)

    assert [(each.artifact, each.facts["rank"], each.shoot_id, each.marks) for each in kept] == [
        (artifact, rank, shoot_id, frozenset()) for artifact, rank in (("a", 1), ("b", 2), ("c", 3))
    ]
    assert {each.created_at for each in kept} == {studio.clock.now}


async def test_headshots_of_a_shoot_that_still_runs_are_there(studio: Studio) -> None:
    """What is done is done, also while a worker dies and another one goes on."""
    shoot_id = await studio.asks()
    await studio.makes(await studio.claims("w1"), 0)
    studio.clock.pass_s(LEASE_S)
    await studio.makes(await studio.claims("w2"), 1)

    assert await _shown(studio, shoot_id) == ["sha256-0", "sha256-1"]


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_nobody_else_sees_or_marks_a_picture(studio: Studio, stranger: Person) -> None:
    """Other user, other workspace, other platform: as if it did not exist."""
    shoot_id = await _gallery(studio, ("a", 1))
    await studio.sends(ANNA, "selfie")
    await studio.judges("selfie")
    galleries = studio.ledger.galleries

    assert await galleries.headshots(shoot_id, stranger) == await galleries.headshots("0" * 32, stranger) == ()
    assert await galleries.selfies(stranger) == await galleries.recent(stranger) == ()
    assert await galleries.latest(stranger) is await galleries.latest(stranger, "C1/1.2") is None
    answers = []
    for artifact in ("a", "selfie", "f" * 32, ""):
        for on in (True, False):
            with pytest.raises(PersonError) as caught:
                await galleries.mark(stranger, artifact, "favourite", on)
            answers.append(str(caught.value))
    assert answers == ["artifact_missing"] * 8
    assert await _shown(studio, shoot_id) == ["a"]


async def test_a_mark_is_put_and_taken_off_once(studio: Studio) -> None:
    """Pressing twice changes nothing, and marks of different kinds do not touch."""
    shoot_id = await _gallery(studio, ("a", 1), ("b", 2))
    galleries = studio.ledger.galleries

    assert await galleries.mark(ANNA, "a", "favourite")
    assert not await galleries.mark(ANNA, "a", "favourite")
    assert await galleries.mark(ANNA, "a", "downloaded")
    kept = await galleries.headshots(shoot_id, ANNA)
    assert [each.marks for each in kept] == [{"favourite", "downloaded"}, set()]
    assert await galleries.mark(ANNA, "a", "favourite", on=False)
    assert not await galleries.mark(ANNA, "a", "favourite", on=False)
    assert (await galleries.headshots(shoot_id, ANNA))[0].marks == {"downloaded"}


async def test_a_deleted_headshot_is_gone_from_its_gallery(studio: Studio) -> None:
    """The others keep their ranks, because buttons name them."""
    shoot_id = await _gallery(studio, ("a", 1), ("b", 2))
    await studio.ledger.galleries.mark(ANNA, "a", "deleted")

    (left,) = await studio.ledger.galleries.headshots(shoot_id, ANNA)
    assert (left.artifact, left.facts["rank"]) == ("b", 2)


async def test_selfies_come_once_with_their_latest_verdict_oldest_first(studio: Studio) -> None:
    """The same photo sent again is the same photo, judged anew."""
    for artifacts, outcome in ((("s1", "s2"), "refused"), (("s3",), "accepted"), (("s1",), "accepted")):
        await studio.sends(ANNA, *artifacts)
        studio.clock.pass_s(1)
        await studio.judges(*artifacts, outcome=outcome)  # type: ignore[arg-type]
    kept = await studio.ledger.galleries.selfies(ANNA)

    assert [(each.artifact, each.verdict["outcome"]) for each in kept] == [
        ("s2", "refused"), ("s3", "accepted"), ("s1", "accepted"),
    ]  # fmt: skip
    assert [each.at for each in kept] == sorted(each.at for each in kept)


async def test_a_selfie_can_be_deleted_before_its_verdict(studio: Studio) -> None:
    """Whoever regrets a photo at once does not have to wait; the mark stays when the verdict comes."""
    await studio.sends(ANNA, "s1", "s2")
    assert await studio.ledger.galleries.selfies(ANNA) == ()
    assert await studio.ledger.galleries.mark(ANNA, "s1", "deleted")
    await studio.judges("s1", "s2")

    assert await _given(studio) == ["s2"]
    await studio.ledger.galleries.mark(ANNA, "s1", "deleted", on=False)
    assert await _given(studio) == ["s1", "s2"]


async def test_other_words_of_an_order_are_no_selfie(studio: Studio) -> None:
    """Only ids of pictures can be marked, not whatever stands in an order, nor a part of an id."""
    await studio.sends(ANNA, "s1-long")
    for wrong in ("Photo 1", "new", "s1", "%", "s1-lon_"):
        with pytest.raises(PersonError, match="artifact_missing"):
            await studio.ledger.galleries.mark(ANNA, wrong, "favourite")


async def test_the_latest_gallery_is_that_of_the_thread(studio: Studio) -> None:
    """Below the first message of a shoot or a copy of its gallery, or where it was asked for; without a thread the newest of all."""
    older = await _gallery(studio, ("a", 1))
    studio.clock.pass_s(1)
    newer = await _gallery(studio, ("b", 1))
    studio.clock.pass_s(1)
    await studio.asks()
    await studio.sends(ANNA, "s1")
    await studio.judges("s1")
    await studio.said()
    first = await studio.ledger.acceptance.find(older, ANNA)
    assert first is not None

    await studio.answers(to_reply("Your gallery once more.", shoot_id=older), to_reply("Hello."))
    for posted in ("copy", "hello"):  # one after the other
        (message,) = await studio.ledger.outbox.due(["slack"])
        await studio.ledger.outbox.delivered(message, posted)

    for conversation, expected in ((first.placeholder, older), ("copy", older), ("C1/1.2", newer), (None, newer)):
        found = await studio.ledger.galleries.latest(ANNA, conversation)
        assert found is not None
        assert found.order.id == expected
    assert await studio.ledger.galleries.latest(ANNA, "elsewhere") is None
    assert await studio.ledger.galleries.latest(ANNA, "hello") is None
    assert await studio.ledger.galleries.latest(BEN, "copy") is None


async def test_recent_galleries_come_newest_first(studio: Studio) -> None:
    """Without what is open, was cancelled, is a screening, or somebody else's."""
    ids = []
    for name in "abc":
        ids.append(await _gallery(studio, (name, 1)))
        studio.clock.pass_s(1)
    await _gallery(studio, ("x", 1), person=BEN)
    await studio.ledger.acceptance.cancel(await studio.asks(), ANNA)
    await studio.asks()

    assert [shoot.order.id for shoot in await studio.ledger.galleries.recent(ANNA)] == ids[::-1]
    assert [shoot.order.id for shoot in await studio.ledger.galleries.recent(ANNA, 2)] == ids[:0:-1]
