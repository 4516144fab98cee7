"""What every store holds of somebody, looked up by hand and past all ports."""

import sqlite3
from collections import Counter
from collections.abc import Collection
from contextlib import closing

from adapters.queue.connection import connect
from adapters.storage.install_key import load_install_key
from adapters.storage.seals import InstallSeal
from tests.scenarios.house import House
from tests.scenarios.person import Person

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def shoots_of(person: Person, house: House) -> tuple[str, ...]:
    """Their ids."""
    with closing(sqlite3.connect(house.folder / "ledger.db")) as ledger:
        rows = ledger.execute("SELECT id FROM shoots WHERE person = ?", (person.key,))
        return tuple(shoot_id for (shoot_id,) in rows)


async def traces_of(person: Person, shoots: Collection[str], house: House) -> dict[str, int]:
    """Place → how many things that are theirs, or speak of their shoots; what they typed themselves does not count."""
    found = Counter(await _in_redis(shoots, house))
    key = person.key
    with closing(sqlite3.connect(house.folder / "ledger.db")) as ledger:
        for (table,) in ledger.execute(_TABLES).fetchall():
            for row in ledger.execute(f"SELECT * FROM {table}"):
                found[f"ledger.{table}"] += key in map(str, row) or _speaks(repr(row), shoots)
    found += person.chat_traces(shoots)
    name = InstallSeal(load_install_key(house.folder / "install.key")).name_of(key)
    found["files"] = sum(path.is_file() for path in (house.folder / "pictures").glob(f"*/{name}/**/*"))
    return {place: count for place, count in found.items() if count}


async def _in_redis(shoots: Collection[str], house: House) -> list[str]:
    client = connect(house.redis_url)
    try:
        named = [name async for name in client.scan_iter("*")]
        told = {name: await client.get(name) for name in named if await client.type(name) == b"string"}
        return ["redis" for name in named if _speaks(f"{name!r} {told.get(name)!r}", shoots)]
    finally:
        await client.aclose()


def _speaks(text: str, shoots: Collection[str]) -> bool:
    return any(shoot_id in text for shoot_id in shoots)
