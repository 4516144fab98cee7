"""Fair share: workspaces take turns, persons take turns, and the place that was told is the place that is got."""

import pytest
from sqlalchemy import select

from adapters.records.tables import shoots
from bot.people import Person
from bot.shoots import Lease, new_shoot_id
from tests.ports.ledger.story import GALLERY, Studio

pytestmark = pytest.mark.asyncio


async def _next(studio: Studio) -> Lease:
    """One worker makes the next shoot."""
    lease = await studio.claims()
    await studio.ledger.leases.finish(lease, GALLERY)
    return lease


async def _photo_day(studio: Studio, many: int) -> None:
    """As many shoots of a big workspace, each of another person."""
    await studio.asks(Person("slack", "BIG", "u0"))
    async with studio.ledger.database.engine.begin() as connection:
        first = dict((await connection.execute(select(shoots))).mappings().one())
        del first["seq"]
        others = [Person("slack", "BIG", f"u{number}").key for number in range(1, many)]
        rows = [first | {"id": new_shoot_id(), "person": person} for person in others]
        await connection.execute(shoots.insert(), rows)


async def test_a_workspace_of_a_thousand_delays_another_by_at_most_one_shoot(studio: Studio) -> None:
    """A company's photo day is no bad day for anybody else."""
    await _photo_day(studio, 1_000)
    for _ in range(3):
        await _next(studio)
    running = await studio.claims()
    small = await studio.asks(Person("slack", "SMALL", "zoe"))

    place = await studio.ledger.acceptance.place(small)
    assert place is not None
    assert (place.ahead, place.waiting) == (0, 997)
    await studio.ledger.leases.finish(running, GALLERY)
    assert (await _next(studio)).order.id == small


async def test_workspaces_take_turns(studio: Studio) -> None:
    """Six of one and three of another come out alternating for as long as both wait."""
    for workspace, many in (("A", 6), ("B", 3)):
        for number in range(many):
            await studio.asks(Person("slack", workspace, f"u{number}"))

    assert "".join([(await _next(studio)).order.person.workspace for _ in range(9)]) == "ABABABAAA"


async def test_persons_of_a_workspace_take_turns(studio: Studio) -> None:
    """Whoever asked three times first does not make a colleague wait for all three."""
    for user, many in (("a", 3), ("b", 1), ("c", 2)):
        for _ in range(many):
            await studio.asks(Person("slack", "T", user))

    assert "".join([(await _next(studio)).order.person.user for _ in range(6)]) == "abcaca"


async def test_the_place_that_was_told_is_the_place_that_is_got(studio: Studio) -> None:
    """The estimate of the waiting time rests on the very order in which shoots start."""
    ids = []
    for workspace, user in ("Aa", "Aa", "Ab", "Ba", "Ac", "Bb", "Ba", "Ca", "Aa", "Ab"):
        ids.append(await studio.asks(Person("slack", workspace, user)))
    await _next(studio)
    await _next(studio)
    places = {each: await studio.ledger.acceptance.place(each) for each in ids}
    told = {each: place.ahead for each, place in places.items() if place is not None}

    assert [told[(await _next(studio)).order.id] for _ in range(8)] == list(range(8))
