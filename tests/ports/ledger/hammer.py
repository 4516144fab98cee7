"""A process that accepts and claims on a SQLite file as fast as it can; prints what it was told, one line each."""

import asyncio
import sys
import time

from adapters.records.ledger import open_ledger
from bot.people import Person
from bot.shoots import Checkpoint, Ending, ShootState
from tests.ports.ledger.story import to_order


def tell(*words: object) -> None:
    """One line."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


async def main(url: str, name: str, seconds: float) -> None:
    """Accept and claim until the time is over."""
    ledger = await open_ledger(url, time.time)
    end, number = time.monotonic() + seconds, 0

    async def accepting() -> None:
        nonlocal number
        while time.monotonic() < end:
            number += 1
            person = Person("slack", f"T{number % 7}", f"{name}-{number}")
            began = time.monotonic()
            accepted = await ledger.acceptance.accept(to_order(person), {})
            tell("accepted", accepted.shoot_id, round(time.monotonic() - began, 6))

    async def working(owner: str) -> None:
        while time.monotonic() < end:
            if (lease := await ledger.leases.claim("shoots", owner)) is None:
                await asyncio.sleep(0.001)
                continue
            tell("claimed", lease.order.id, lease.fence)
            assert await ledger.leases.checkpoint(lease, Checkpoint(0, "a"))
            assert await ledger.leases.finish(lease, Ending(ShootState.FINISHED, {}))
            tell("finished", lease.order.id, lease.fence)

    await asyncio.gather(accepting(), accepting(), working(f"{name}-1"), working(f"{name}-2"))
    await ledger.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
