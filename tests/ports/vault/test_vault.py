"""The port `Vault` on both databases and on the fake: what is kept comes back to one, ends in time, and is noise to a thief."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select, update

from adapters.records.ledger import connect
from adapters.records.tables import vault as rows
from bot.people import Person
from bot.vault import of_person
from tests.ports.ledger.story import ANNA, BEN
from tests.ports.vault.conftest import Place, Strongroom

pytestmark = pytest.mark.asyncio
TOKEN = b"xoxb-CANARY-a-token-of-a-workspace"


async def test_what_is_put_is_got_until_it_is_replaced_or_dropped(place: Place) -> None:
    """A workspace that installs us again has a new token, and the old one is gone."""
    vault = place.vault
    assert await vault.get("slack/T1/bot") is None
    await vault.put("slack/T1/bot", b"old")
    await vault.put("slack/T1/bot", TOKEN)

    assert await vault.get("slack/T1/bot") == TOKEN
    assert await vault.drop("slack/T1/bot") == 1
    assert await vault.get("slack/T1/bot") is None


async def test_bytes_come_back_as_they_were(place: Place) -> None:
    """Empty ones, too."""
    for secret in (b"", b"\x00\xff" * 1000, "ü".encode()):
        await place.vault.put("notes/of any kind", secret)
        assert await place.vault.get("notes/of any kind") == secret


async def test_of_many_who_take_it_one_gets_it(place: Place) -> None:
    """The state of a log-in is good for one log-in, however often its address is called."""
    for number in range(5):
        await place.vault.put(f"states/{number}", TOKEN)
        taken = await asyncio.gather(*[place.vault.take(f"states/{number}") for _ in range(8)])

        assert sorted(taken, key=str) == sorted([TOKEN] + [None] * 7, key=str)
    assert await place.vault.names("states/") == ()


async def test_what_has_expired_is_as_if_it_were_not_there(place: Place) -> None:
    """To the second, for whoever gets, takes, lists or drops."""
    at = place.clock.now + 600
    for name in ("a/1", "a/2", "a/3"):
        await place.vault.put(name, TOKEN, at)
    await place.vault.put("a/ever", TOKEN)
    place.clock.now = at - 0.001
    assert await place.vault.get("a/1") == await place.vault.take("a/2") == TOKEN
    place.clock.now = at

    assert await place.vault.get("a/1") is await place.vault.take("a/3") is None
    assert await place.vault.names("a/") == ("a/ever",)
    assert await place.vault.drop("a/") == 1


async def test_an_expiry_is_replaced_with_the_secret(place: Place) -> None:
    """Putting it again without one keeps it."""
    await place.vault.put("a", b"1", place.clock.now + 1)
    await place.vault.put("a", b"2")
    place.clock.pass_s(10)

    assert await place.vault.get("a") == b"2"


async def test_prefixes_are_exact(place: Place) -> None:
    """What stands for any character elsewhere stands for itself, and capital letters differ."""
    for name in ("slack/T1/bot", "slack/t1/bot", "slack/T10/bot", "slack/T%/bot", "slack/T_/bot", "slack/T1/user/é"):
        await place.vault.put(name, TOKEN)

    assert await place.vault.names("slack/T1/") == ("slack/T1/bot", "slack/T1/user/é")
    assert await place.vault.drop("slack/T%") == 1
    assert await place.vault.drop("slack/T_") == 1
    assert await place.vault.drop("slack/t") == 1
    assert await place.vault.names("") == ("slack/T1/bot", "slack/T1/user/é", "slack/T10/bot")


async def test_every_process_sees_the_same(strongroom: Strongroom) -> None:
    """One takes the log-in, another one talks."""
    await strongroom.opened_with().put("slack/T1/bot", TOKEN)

    assert await strongroom.opened_with().get("slack/T1/bot") == TOKEN


async def test_nothing_can_be_read_in_the_database(strongroom: Strongroom, tmp_path: Path) -> None:
    """A copy of it without the install key tells which workspaces there are, and no token."""
    vault = strongroom.opened_with()
    await vault.put("slack/T1/bot", TOKEN)
    await vault.put("slack/T2/bot", TOKEN)
    async with strongroom.database.engine.connect() as connection:
        sealed = (await connection.execute(select(rows.c.sealed))).scalars().all()

    assert len(sealed) == len(set(sealed)) == 2, "the same secret twice is not seen to be the same"
    assert not any(TOKEN in each for each in sealed)
    if strongroom.database.is_sqlite:
        files = [file.read_bytes() for file in tmp_path.glob("ledger.db*")]
        assert b"slack/T1/bot" in b"".join(files), "the test has gone blind"
        assert TOKEN not in b"".join(files)


async def test_another_install_key_opens_nothing(strongroom: Strongroom) -> None:
    """It is as if nothing were there, and can be put anew."""
    await strongroom.opened_with().put("slack/T1/bot", TOKEN)
    other = strongroom.opened_with(bytes(32))

    assert await other.get("slack/T1/bot") is None
    assert await other.names("slack/") == ()
    await other.put("slack/T1/bot", b"new")
    assert await other.get("slack/T1/bot") == b"new"


async def test_a_box_under_another_name_does_not_open(strongroom: Strongroom) -> None:
    """Whoever can write into the database cannot give a workspace the token of another, nor change one."""
    vault = strongroom.opened_with()
    await vault.put("slack/T1/bot", TOKEN)
    await vault.put("slack/T2/bot", b"of the other")
    async with strongroom.database.engine.begin() as connection:
        stolen = select(rows.c.sealed).where(rows.c.name == "slack/T1/bot").scalar_subquery()
        await connection.execute(update(rows).where(rows.c.name == "slack/T2/bot").values(sealed=stolen))
    assert await vault.get("slack/T2/bot") is None

    async with strongroom.database.engine.begin() as connection:
        await connection.execute(update(rows).values(sealed=b"short"))
    assert await vault.get("slack/T1/bot") is await vault.take("slack/T1/bot") is None


async def test_what_has_expired_is_purged(strongroom: Strongroom) -> None:
    """Log-ins that nobody finished leave no rows for ever."""
    vault = strongroom.opened_with()
    await vault.put("states/1", TOKEN, strongroom.clock.now + 600)
    await vault.put("slack/T1/bot", TOKEN)
    ledger = connect(strongroom.url, strongroom.clock)
    try:
        strongroom.clock.pass_s(600)
        await ledger.reconciler.purge(strongroom.clock.now - 86400)
    finally:
        await ledger.close()

    async with strongroom.database.engine.connect() as connection:
        assert (await connection.execute(select(rows.c.name))).scalars().all() == ["slack/T1/bot"]


async def test_what_belongs_to_a_person_is_forgotten_with_them(strongroom: Strongroom) -> None:
    """Whoever has a name that begins the same, or lets a slash into theirs, keeps what is theirs."""
    vault = strongroom.opened_with()
    others = [
        BEN,
        Person("slack", "T1", "anna2"),
        Person("slack", "T1", "anna/profile"),
        Person("discord", "T1", "anna"),
    ]
    for person in (ANNA, *others):
        await vault.put(of_person(person, "profile"), TOKEN)
    await vault.put(of_person(ANNA, "state/1"), TOKEN, strongroom.clock.now + 600)
    await vault.put("slack/T1/bot", TOKEN)
    ledger = connect(strongroom.url, strongroom.clock)
    try:
        export = await ledger.people.export(ANNA)
        forgotten = await ledger.people.forget(ANNA)
        left = await ledger.people.export(ANNA)
    finally:
        await ledger.close()

    assert export["vault"] == [
        {"name": "person/slack/T1/anna/profile", "expires_at": None},
        {"name": "person/slack/T1/anna/state/1", "expires_at": strongroom.clock.now + 600},
    ], "what is kept is told, and never the token"
    assert forgotten.counts["vault"] == 2
    assert left["vault"] == []
    assert len(await vault.names("person/")) == len(others)
    assert await vault.get("slack/T1/bot") == TOKEN
