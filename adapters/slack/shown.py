"""Which files each message shows, as far as this process knows: what an edit takes away may have to be deleted."""

from collections import OrderedDict
from collections.abc import Collection

_KNOWN = 10_000


class Shown:
    """By reference; what was not looked at for longest is forgotten."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, frozenset[str]] = OrderedDict()

    def find(self, ref: str) -> frozenset[str] | None:
        """None: nobody knows."""
        return self._files.get(ref)

    def put(self, ref: str, files: Collection[str]) -> None:
        """From now on."""
        self._files[ref] = frozenset(files)
        self._files.move_to_end(ref)
        while len(self._files) > _KNOWN:
            self._files.popitem(last=False)
