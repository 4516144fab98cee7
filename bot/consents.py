"""Consent, written down so that nobody can quietly change it: each entry carries the hash of the one before."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.people import Person

Act: TypeAlias = Literal["given", "withdrawn"]
FIRST_LINK = ""
"""What the first entry of a person has for a predecessor."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One entry: who agreed to, or took back, which exact words, and when."""

    person: Person
    number: int
    """1, 2, 3, … per person."""
    act: Act
    text_hash: str
    """SHA-256 of the exact words, in hex."""
    at: float
    """Unix seconds."""
    previous: str
    link: str
    """SHA-256 over all of the above, in hex."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Proof of forgetting."""

    counts: Mapping[str, int]
    """Rows that were deleted, by what they held."""
    messages: tuple[tuple[str, str], ...]
    """(conversation, platform's reference) of what the platform still shows and its adapter has to delete."""


def hash_of(text: str) -> str:
    """SHA-256 of the exact words in hex: names a version of a consent text."""
    return hashlib.sha256(text.encode()).hexdigest()


def next_consent(person: Person, act: Act, text_hash: str, at: float, last: Consent | None) -> Consent:
    """The entry that follows `last`."""
    number, previous = (last.number + 1, last.link) if last else (1, FIRST_LINK)
    return Consent(person, number, act, text_hash, at, previous, _link(person, number, act, text_hash, at, previous))


def broken_link(chain: Sequence[Consent]) -> int | None:
    """Number of the first entry that was changed, left out or put in afterwards; None for a sound chain."""
    previous = FIRST_LINK
    for number, entry in enumerate(chain, 1):
        sound = _link(entry.person, number, entry.act, entry.text_hash, entry.at, previous)
        if (entry.number, entry.previous, entry.link) != (number, previous, sound):
            return number
        previous = entry.link
    return None


def _link(person: Person, number: int, act: Act, text_hash: str, at: float, previous: str) -> str:
    return hash_of(json.dumps([person.key, number, act, text_hash, repr(at), previous]))
