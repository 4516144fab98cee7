"""An exception as a log may tell it: classes, our codes, and the line of our source where it began. No message, no values."""

import traceback
from collections.abc import Iterator
from pathlib import Path

from engine.contract.errors import HeadroomError

_PACKAGES = ("bot", "engine", "adapters")
_ROOT = Path(__file__).resolve().parents[2]
_DEEPEST = 8


def classes_of(error: BaseException) -> list[str]:
    """Names of the classes from the error to its first cause, with the code of those that are ours."""
    return [
        f"{type(each).__name__}:{each.code}" if isinstance(each, HeadroomError) else type(each).__name__
        for each in _chain(error)
    ]


def place_of(error: BaseException) -> str:
    """Where in our source the first cause was raised or passed through, such as bot/relay.py:88:deliver; "" = not in ours."""
    for each in reversed(list(_chain(error))):
        for frame in reversed(traceback.extract_tb(each.__traceback__)):
            path = Path(frame.filename)
            if path.is_relative_to(_ROOT) and (inside := path.relative_to(_ROOT)).parts[0] in _PACKAGES:
                return f"{inside.as_posix()}:{frame.lineno}:{frame.name.strip('<>')}"
    return ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    for _ in range(_DEEPEST):
        if current is None:
            return
        yield current
        if isinstance(current, BaseExceptionGroup) and current.exceptions:
            current = current.exceptions[0]
        else:
            current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
