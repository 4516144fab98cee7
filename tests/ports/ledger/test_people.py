"""The port `People`: consent that cannot be changed unnoticed, forgetting that is complete, an export of everything."""

import asyncio
import json

import pytest
from sqlalchemy import select

from adapters.records.tables import consents, metadata
from bot.consents import broken_link, hash_of
from engine.contract.errors import StorageError
from tests.ports.ledger.story import ANNA, BEN, GALLERY, PLATFORMS, Studio, to_reply

pytestmark = pytest.mark.asyncio
TEXT = "I agree that my selfies are used to make headshots of me."


async def test_consent_names_the_exact_words_the_person_and_the_moment(studio: Studio) -> None:
    """Before it there is none, and nobody else's counts."""
    people = studio.ledger.people
    assert await people.consent(ANNA) is None
    given = await people.give_consent(ANNA, TEXT)

    assert (given.person, given.text_hash, given.at) == (ANNA, hash_of(TEXT), studio.clock.now)
    assert await people.consent(ANNA) == given
    assert await people.consent(BEN) is None


async def test_consent_can_be_taken_back_and_given_again(studio: Studio) -> None:
    """Every change is a new entry; none is overwritten."""
    people = studio.ledger.people
    assert await people.withdraw_consent(ANNA) is None
    await people.give_consent(ANNA, TEXT)
    withdrawn = await people.withdraw_consent(ANNA)
    assert withdrawn is not None
    assert await people.consent(ANNA) is None
    assert await people.withdraw_consent(ANNA) is None
    again = await people.give_consent(ANNA, TEXT + " Again.")

    assert (withdrawn.number, again.number, again.previous) == (2, 3, withdrawn.link)


async def test_consents_given_side_by_side_form_one_chain(studio: Studio) -> None:
    """Two presses of the same button do not split the history."""
    given = await asyncio.gather(*[studio.ledger.people.give_consent(ANNA, TEXT) for _ in range(5)])
    chain = sorted(given, key=lambda entry: entry.number)

    assert [entry.number for entry in chain] == [1, 2, 3, 4, 5]
    assert broken_link(chain) is None


async def test_a_changed_entry_is_noticed(studio: Studio) -> None:
    """A consent that was edited in the database does not hold."""
    await studio.ledger.people.give_consent(ANNA, TEXT)
    async with studio.ledger.database.engine.begin() as connection:
        await connection.execute(consents.update().values(text_hash=hash_of("I agree to anything.")))

    with pytest.raises(StorageError, match="consent_tampered"):
        await studio.ledger.people.consent(ANNA)


async def test_a_missing_entry_is_noticed(studio: Studio) -> None:
    """A withdrawal cannot be cut out of the middle."""
    people = studio.ledger.people
    await people.give_consent(ANNA, TEXT)
    await people.withdraw_consent(ANNA)
    await people.give_consent(ANNA, TEXT)
    async with studio.ledger.database.engine.begin() as connection:
        await connection.execute(consents.delete().where(consents.c.number == 2))

    with pytest.raises(StorageError, match="consent_tampered"):
        await people.consent(ANNA)


async def _two_people_at_work(studio: Studio) -> None:
    for person in (ANNA, BEN):
        await studio.ledger.people.give_consent(person, TEXT)
        await studio.asks(person)
        lease = await studio.claims()
        await studio.makes(lease, 0)
        await studio.ledger.leases.finish(lease, GALLERY)
        await studio.asks(person)
        await studio.ledger.galleries.mark(person, "sha256-0", "favourite")
        await studio.answers(to_reply(conversation="D-1"), person=person)
    for person in (ANNA, BEN):
        await studio.says(person, f"words of {person.user}")
    await studio.said()


async def test_forgetting_deletes_every_row_of_the_person_and_counts_them(studio: Studio) -> None:
    """No table holds anything of the person afterwards, and everything of others is still there."""
    await _two_people_at_work(studio)
    before = await studio.ledger.people.export(BEN)
    forgotten = await studio.ledger.people.forget(ANNA)

    assert dict(forgotten.counts) == {
        "inbox": 2,
        "marks": 1,
        "checkpoints": 1,
        "outbox": 4,
        "shoots": 2,
        "consents": 1,
        "vault": 0,
    }
    assert len(forgotten.messages) == 4
    assert {conversation for conversation, _ in forgotten.messages} == {"C1/1.2", "D-1"}
    async with studio.ledger.database.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = (await connection.execute(select(table))).all()
            assert ANNA.key not in repr(rows), table.name
    assert await studio.ledger.people.export(BEN) == before
    assert not any((await studio.ledger.people.forget(ANNA)).counts.values())


async def test_forgetting_takes_the_shoot_from_its_worker(studio: Studio) -> None:
    """A picture that is finished a second later finds no shoot to belong to."""
    await studio.asks()
    lease = await studio.claims()
    await studio.ledger.people.forget(ANNA)

    assert await studio.ledger.leases.beat(lease) is None
    assert not await studio.makes(lease, 0)
    assert not await studio.ledger.leases.finish(lease, GALLERY)
    assert await studio.said() == []


async def test_forgetting_names_each_message_once(studio: Studio) -> None:
    """A gallery stands where its acknowledgement stood."""
    await studio.asks()
    await studio.ledger.leases.finish(await studio.claims(), GALLERY)
    while messages := await studio.ledger.outbox.due(PLATFORMS):
        for message in messages:
            await studio.ledger.outbox.delivered(message, "ts-1")

    assert (await studio.ledger.people.forget(ANNA)).messages == (("C1/1.2", "ts-1"),)


async def test_the_event_that_asks_to_be_forgotten_is_forgotten_with_the_rest(studio: Studio) -> None:
    """Whoever handles it has to say so without the outbox; and the person may start anew with the very next word."""
    await studio.says(ANNA, "forget")
    (received,) = await studio.hears()
    await studio.ledger.people.forget(ANNA)

    assert not await studio.ledger.inbox.done(received, [to_reply("You are forgotten.")])
    assert await studio.said() == []
    assert await studio.says(ANNA, "hello again")
    assert [each.id for each in await studio.hears()] != [received.id]


async def test_a_dispatcher_that_is_late_leaves_nothing_of_a_forgotten_person_behind(studio: Studio) -> None:
    """Replies that are written while somebody is forgotten go with them."""
    for _ in range(5):
        await studio.asks()
        await studio.ledger.acceptance.cancel((await studio.ledger.acceptance.open_shoots(ANNA))[0].order.id, ANNA)
        await studio.says()
        (received,) = await studio.hears()
        done = studio.ledger.inbox.done(received, [to_reply(str(number)) for number in range(5)])
        await asyncio.gather(done, studio.ledger.people.forget(ANNA))

        assert not any((await studio.ledger.people.forget(ANNA)).counts.values())


async def test_a_relay_that_holds_a_forgotten_message_cannot_mark_another(studio: Studio) -> None:
    """Ids of messages are never used again."""
    await studio.asks()
    (held,) = await studio.ledger.outbox.due(PLATFORMS)
    await studio.ledger.people.forget(ANNA)
    await studio.asks(BEN)
    (fresh,) = await studio.ledger.outbox.due(PLATFORMS)

    assert fresh.id != held.id
    assert not await studio.ledger.outbox.delivered(held, "ts-1")


async def test_a_person_can_have_all_that_is_written_about_them(studio: Studio) -> None:
    """As JSON, with the words that they agreed to, and nothing of anybody else."""
    await _two_people_at_work(studio)
    export = await studio.ledger.people.export(ANNA)
    text = json.dumps(export)

    assert TEXT in text
    assert "words of anna" in text
    assert BEN.key not in text
    sizes = {name: len(rows) for name, rows in export.items() if name != "person"}
    assert sizes == {
        "shoots": 2,
        "checkpoints": 1,
        "messages": 4,
        "marks": 1,
        "events": 2,
        "consents": 1,
        "consent_texts": 1,
        "vault": 0,
    }
