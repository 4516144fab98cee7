"""The port `Acceptance`: an order is safe, counted and in line before anybody is answered."""

import asyncio

import pytest

from bot.ledger import QUOTA
from bot.people import Person
from bot.shoots import ShootState
from engine.contract.errors import PersonError
from tests.ports.ledger.story import ANNA, BEN, CARLA, GALLERY, Studio, to_order

pytestmark = pytest.mark.asyncio


async def test_an_order_and_its_acknowledgement_are_written_together(studio: Studio) -> None:
    """Who was accepted is told so, even if the process dies right after."""
    order = to_order()
    accepted = await studio.ledger.acceptance.accept(order, {"style": "corporate"})

    assert (accepted.shoot_id, accepted.new) == (order.id, True)
    found = await studio.ledger.acceptance.find(order.id, ANNA)
    assert found is not None
    assert (found.order, found.state, found.lane) == (order, ShootState.QUEUED, "shoots")
    assert await studio.said() == [("ack", order.id)]


async def test_an_order_can_be_accepted_without_a_word(studio: Studio) -> None:
    """Ten selfies in one message need no ten acknowledgements."""
    await studio.ledger.acceptance.accept(to_order(kind="screening"))

    assert await studio.said() == []


async def test_the_same_event_is_the_same_shoot(studio: Studio) -> None:
    """Platforms deliver again when they do not hear from us; the person gets one shoot and one acknowledgement."""
    first = await studio.asks(key="Ev1")
    again = await studio.ledger.acceptance.accept(to_order(key="Ev1"), {"style": "corporate"})

    assert (again.shoot_id, again.new) == (first, False)
    assert len(await studio.said()) == 1


async def test_the_same_event_delivered_side_by_side_is_the_same_shoot(studio: Studio) -> None:
    """The first copy may still be on its way to the disk when the second arrives."""
    orders = [to_order(key="Ev1") for _ in range(8)]
    answers = await asyncio.gather(*[studio.ledger.acceptance.accept(order, {}) for order in orders])

    assert sum(answer.new for answer in answers) == 1
    assert len({answer.shoot_id for answer in answers}) == 1


async def test_keys_of_different_persons_do_not_meet(studio: Studio) -> None:
    """Nobody can block, or find, what somebody else asked for by guessing an event's id."""
    assert await studio.asks(ANNA, key="Ev1") != await studio.asks(CARLA, key="Ev1")


async def test_a_fourth_open_shoot_is_answered_kindly(studio: Studio) -> None:
    """One running and two queued for each person; a re-delivered event is not counted again."""
    for number in range(QUOTA["shoots"]):
        await studio.asks(key=f"Ev{number}")

    with pytest.raises(PersonError, match="shoots_open_enough"):
        await studio.asks()
    assert (await studio.ledger.acceptance.accept(to_order(key="Ev0"))).new is False
    await studio.asks(BEN)
    await studio.asks(ANNA, "screening")


async def test_the_quota_holds_against_many_orders_at_once(studio: Studio) -> None:
    """Pressing a button ten times does not slip past the count."""
    orders = [studio.ledger.acceptance.accept(to_order()) for _ in range(8)]
    answers = await asyncio.gather(*orders, return_exceptions=True)

    assert sum(not isinstance(answer, PersonError) for answer in answers) == QUOTA["shoots"]


async def test_too_many_selfies_at_once_are_answered_kindly(studio: Studio) -> None:
    """A flood of selfies of one person ends before it fills the disk."""
    for _ in range(QUOTA["screenings"]):
        await studio.asks(kind="screening")

    with pytest.raises(PersonError, match="screenings_open_enough"):
        await studio.asks(kind="screening")


async def test_an_ended_shoot_makes_room_for_the_next(studio: Studio) -> None:
    """Whoever waits for a gallery or cancels may ask again."""
    first, second, _ = [await studio.asks() for _ in range(3)]
    await studio.ledger.leases.finish(await studio.claims(), GALLERY)
    await studio.ledger.acceptance.cancel(second, ANNA)

    assert await studio.state(first) is ShootState.FINISHED
    await studio.asks()
    await studio.asks()


async def test_only_the_owner_finds_and_cancels_a_shoot(studio: Studio) -> None:
    """Somebody else is answered as if there were no such shoot."""
    shoot_id = await studio.asks()
    answers = []
    for asked, person in ((shoot_id, BEN), (shoot_id, Person("discord", "T1", "anna")), ("0" * 32, ANNA)):
        assert await studio.ledger.acceptance.find(asked, person) is None
        with pytest.raises(PersonError) as caught:
            await studio.ledger.acceptance.cancel(asked, person)
        answers.append(str(caught.value))

    assert answers == ["shoot_unknown"] * 3
    assert await studio.state(shoot_id) is ShootState.QUEUED


async def test_a_variation_starts_from_an_own_shoot(studio: Studio) -> None:
    """An id that was seen over a shoulder is no key to somebody's pictures."""
    parent = await studio.asks()

    await studio.asks(kind="variation", parent=parent)
    with pytest.raises(PersonError, match="shoot_unknown"):
        await studio.asks(BEN, kind="variation", parent=parent)


async def test_cancelling_is_told_once_and_final(studio: Studio) -> None:
    """A second press finds it over."""
    shoot_id = await studio.asks()

    assert await studio.ledger.acceptance.cancel(shoot_id, ANNA)
    assert not await studio.ledger.acceptance.cancel(shoot_id, ANNA)
    assert await studio.ledger.leases.claim("shoots", "w1") is None
    assert await studio.said() == [("ack", shoot_id), ("cancelled", shoot_id)]


async def test_cancelling_takes_the_shoot_from_its_worker(studio: Studio) -> None:
    """At the next beat the worker knows, and what it writes meanwhile is not kept."""
    shoot_id = await studio.asks()
    lease = await studio.claims()
    await studio.ledger.acceptance.cancel(shoot_id, ANNA)

    assert await studio.ledger.leases.beat(lease) is None
    assert not await studio.makes(lease, 0)
    assert not await studio.ledger.leases.finish(lease, GALLERY)
    assert await studio.state(shoot_id) is ShootState.CANCELLED


async def test_a_person_sees_what_is_still_to_come(studio: Studio) -> None:
    """The oldest first, nobody else's, nothing that is over."""
    first, second, third = [await studio.asks() for _ in range(3)]
    await studio.asks(BEN)
    await studio.ledger.acceptance.cancel(second, ANNA)

    assert [shoot.order.id for shoot in await studio.ledger.acceptance.open_shoots(ANNA)] == [first, third]


async def test_a_place_in_line_tells_what_an_estimate_needs(studio: Studio) -> None:
    """Ahead, waiting, running, and how long the latest shoots took."""
    done = await studio.asks(CARLA)
    lease = await studio.claims()
    studio.clock.pass_s(40)
    await studio.ledger.leases.finish(lease, GALLERY)
    running, waiting, last = await studio.asks(ANNA), await studio.asks(ANNA), await studio.asks(ANNA)
    await studio.claims()
    places = [await studio.ledger.acceptance.place(each) for each in (done, running, waiting, last)]

    assert places[0] is None
    assert [(p.ahead, p.waiting, p.running, p.shoot_s) for p in places[1:] if p] == [
        (0, 2, 1, 40),
        (0, 2, 1, 40),
        (1, 2, 1, 40),
    ]


async def test_a_huge_payload_is_our_mistake(studio: Studio) -> None:
    """Pictures do not belong into the ledger."""
    order = to_order()
    object.__setattr__(order, "payload", {"picture": "x" * 70_000})

    with pytest.raises(ValueError, match="payload"):
        await studio.ledger.acceptance.accept(order)
