"""A vault in memory that obeys the port `Vault` and remembers what was asked of it."""

from dataclasses import dataclass, field

from bot.ledger import Clock


@dataclass
class FakeVault:
    """Nothing is locked: tests may look."""

    clock: Clock
    kept: dict[str, tuple[bytes, float | None]] = field(default_factory=dict)
    """Secret and expiry by name."""
    history: list[tuple[str, str]] = field(default_factory=list)
    """(verb, name or prefix) of every call."""

    async def put(self, name: str, secret: bytes, expires_at: float | None = None) -> None:
        """See `bot.vault.Vault`."""
        self.history.append(("put", name))
        self.kept[name] = secret, expires_at

    async def get(self, name: str) -> bytes | None:
        """See `bot.vault.Vault`."""
        self.history.append(("get", name))
        self._purge()
        return self.kept[name][0] if name in self.kept else None

    async def take(self, name: str) -> bytes | None:
        """See `bot.vault.Vault`."""
        self.history.append(("take", name))
        self._purge()
        return self.kept.pop(name, (None, None))[0]

    async def names(self, prefix: str) -> tuple[str, ...]:
        """See `bot.vault.Vault`."""
        self.history.append(("names", prefix))
        self._purge()
        return tuple(sorted(name for name in self.kept if name.startswith(prefix)))

    async def drop(self, prefix: str) -> int:
        """See `bot.vault.Vault`."""
        self.history.append(("drop", prefix))
        names = await self.names(prefix)
        for name in names:
            del self.kept[name]
        return len(names)

    def _purge(self) -> None:
        now = self.clock()
        self.kept = {name: (s, at) for name, (s, at) in self.kept.items() if at is None or at > now}
