"""The port `Vault`: small secrets and notes of adapters, locked with the install key, for all processes of one install.

Tokens of workspaces, the states of log-ins under way, ids of files that were uploaded once for everybody.
"""

from typing import Protocol

from bot.people import Person


class Vault(Protocol):
    """By name, such as `slack/T1/bot`. Raises StorageError; what cannot be unlocked is as if it were not there."""

    async def put(self, name: str, secret: bytes, expires_at: float | None = None) -> None:
        """Keep it in the place of what stood there; `expires_at`: Unix seconds, None = until it is taken away."""
        ...

    async def get(self, name: str) -> bytes | None:
        """None when there is nothing, or no longer."""
        ...

    async def take(self, name: str) -> bytes | None:
        """Get it and take it away in one step: of several who ask, one gets it."""
        ...

    async def names(self, prefix: str) -> tuple[str, ...]:
        """All that begin so, in order."""
        ...

    async def drop(self, prefix: str) -> int:
        """Take away all that begin so; how many."""
        ...


def of_person(person: Person, what: str = "") -> str:
    """Name of something that belongs to a person, such as `person/slack/T1/U1/profile`: it is forgotten with them. Without
    `what`, the prefix of all that does.
    """
    return of_owner(person.key, what)


def of_owner(key: str, what: str = "") -> str:
    """The same by `Person.key`."""
    return f"person/{key}/{what}"


def of_people(platform: str, workspace: str) -> str:
    """Prefix of all that belongs to people of a workspace."""
    return of_person(Person(platform, workspace, ""))[:-1]
