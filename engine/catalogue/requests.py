"""Reading a request for a shoot: `[style] [count] [wish]` with whatever people put between."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from engine.catalogue.numbers import checked_count, read_digits, read_number
from engine.contract.errors import PersonError
from engine.contract.requests import Asked
from engine.contract.styles import Style
from engine.stages.style import FIRST_CHOICES, find_style, label_of, style_labels
from engine.wishes import WISH_LIMIT, read_wish
from engine.wishes.refusals import refuse_unsafe
from engine.wishes.slots import read_slots
from engine.wishes.text import fold, one_line
from engine.wishes.wish import Wish

_NAMES = "headshot headshots photo photos picture pictures pic pics portrait portraits image images shots shot"
_SMALL = """
a an the of for me my us in with style styles look please pls give get make take shoot try use want would like i i'd we
need some new can could you do let's go now and x at on as to it how about
"""
_NOUNS = frozenset(_NAMES.split())
_BEFORE = _NOUNS | {*_SMALL.split()}
"""Words before a style that ask for nothing."""
_BETWEEN = _NOUNS | {"style", "look", "please", "pls", "of", "x", "them", "times", "and", "with"}
"""The same between style, count and wish."""
_LONGEST_LABEL = 5
"""Words."""
_ROOM = 60
"""Characters for style, count and politeness."""
_NEAR = 0.78
"""Words that are so much alike are one word with a slip of the finger."""


def read_request(words: str, own: Path | None = None) -> Asked | None:
    """What somebody asks for; None when there are no words. Raises PersonError, see `StudioCatalogue.asked`."""
    line = one_line(words)
    if len(line) > WISH_LIMIT + _ROOM:
        raise PersonError("wish_too_long", limit=WISH_LIMIT)
    said = tuple(line.split())
    if not said:
        return None
    return _Request(said, style_labels(own), own).read()


class _Request:
    """One request, word by word."""

    def __init__(self, said: Sequence[str], labels: Mapping[str, Style], own: Path | None) -> None:
        self._said = said
        self._labels = labels
        self._joined = {label.replace("-", ""): label for label in sorted(labels, key=len)}
        self._own = own

    def read(self) -> Asked:
        count_at, count = self._count()
        at, text = self._style_first(count_at), self._rest(count_at)
        if at and not self._is_a_wish(at, count_at):
            text = self._rest(count_at, range(at.stop))
        elif at := self._style_later(count_at):
            text = self._rest(count_at, at)
        if not at:
            refuse_unsafe(" ".join(self._said))
            return Asked(find_style(FIRST_CHOICES[0], self._own), count, self._wish_without_style(text))
        self._refuse(at)
        read_wish(text)
        return Asked(self._labels[self._label(at.start, at.stop)], count, text)

    def _count(self) -> tuple[range, int | None]:
        """Where the count stands, and the count: before a noun, before or after the style, or at the very end."""
        said = self._said
        for at, word in enumerate(said[:-1]):
            if (number := read_number(word)) is not None and label_of(said[at + 1]) in {*_NOUNS, "of", "times"}:
                return range(at, at + 1), checked_count(number)
        at = 0
        while at < len(said):
            if (number := read_number(said[at])) is not None and not self._label_from(at):
                return range(at, at + 1), checked_count(number)
            if end := self._label_from(at):
                at = end
            elif label_of(said[at]) in _BEFORE | _BETWEEN or not label_of(said[at]):
                at += 1
            else:
                break
        last = read_digits(said[-1])
        if last is not None and not self._label_from(len(said) - 1):
            return range(len(said) - 1, len(said)), checked_count(last)
        return range(0), None

    def _style_first(self, count_at: range) -> range | None:
        """The style, when nothing but small words and the count stand before it."""
        for at in range(len(self._said)):
            if end := self._label_from(at):
                return None if self._belongs_to_more(at, end) else range(at, end)
            if at not in count_at and label_of(self._said[at]) not in {"", *_BEFORE}:
                break
        return None

    def _style_later(self, count_at: range) -> range | None:
        """The style behind a wish that is understood, as in "softer light, navy"; none where all of it reads as a wish."""
        if _understood(self._rest(count_at)):
            return None
        for at in range(1, len(self._said)):
            end = self._label_from(at)
            before = " ".join(word for i, word in enumerate(self._said[:at]) if i not in count_at)
            if end and not self._belongs_to_more(at, end) and _understood(before):
                return range(at, end)
        return None

    def _label_from(self, at: int) -> int | None:
        """End of the longest label that starts here."""
        for end in range(min(at + _LONGEST_LABEL, len(self._said)), at, -1):
            if not any(map(_ends, self._said[at : end - 1])) and self._label(at, end):
                return end
        return None

    def _label(self, at: int, end: int) -> str:
        text = " ".join(self._said[at:end])
        for spelled in (label_of(text), label_of(text.replace("&", " and "))):
            if spelled in self._labels:
                return spelled
            if found := self._joined.get(spelled.replace("-", "")):
                return found
        return ""

    def _belongs_to_more(self, at: int, end: int) -> bool:
        """True where a word is no style but a part of a wish: "navy" in "navy jacket", "natural" in "natural light"."""
        if end - at > 1:
            return False
        start, stop = at, end
        while start > max(0, at - 3) and not _ends(self._said[start - 1]):
            start -= 1
        while stop < min(len(self._said), end + 3) and not _ends(self._said[stop - 1]):
            stop += 1
        return any(
            _gains((self._said[a:at], self._said[at:end], self._said[end:b]))
            for a in range(start, at + 1)
            for b in range(end, stop + 1)
        )

    def _is_a_wish(self, at: range, count_at: range) -> bool:
        """True for "white background, softer light", though "white background" alone is a style."""
        if not self._label(at.start, at.stop).endswith("-background"):
            return False
        return bool(self._rest(count_at, at)) and _understood(self._rest(count_at))

    def _rest(self, *taken: range) -> str:
        """What else was said; words in front of a style ask for nothing, save where they are a wish."""
        left = [(i, word) for i, word in enumerate(self._said) if not any(i in span for span in taken)]
        while left and label_of(left[0][1]) in {"", *_BETWEEN}:
            del left[0]
        while left and label_of(left[-1][1]) in {"", "please", "pls", "style", *_NOUNS}:
            del left[-1]
        text = " ".join(word for _, word in left).strip(",;.!? ")
        nothing = all(label_of(word) in {"", *_BEFORE, *_BETWEEN} for word in text.split())
        return "" if nothing or read_slots(fold(text)) == (Wish(), ()) else text

    def _wish_without_style(self, text: str) -> str:
        """The text, when it is a wish; raises PersonError "style_unknown" when it looks more like a style."""
        if not text:
            return ""
        wish = read_wish(text)
        if not _understood(text) and (wish.unmet == ("wish_not_understood",) or self._is_a_slip(text)):
            self._unknown(text)
        return text

    def _is_a_slip(self, text: str) -> bool:
        heads = [head for head in _heads(text) if head not in self._labels and not _understood(head.replace("-", " "))]
        return any(difflib.get_close_matches(head, self._labels, n=1, cutoff=_NEAR) for head in heads)

    def _unknown(self, text: str) -> None:
        """Name the styles that are nearest to the first words."""

        def likeness(head: str) -> float:
            return max(difflib.SequenceMatcher(None, head, label).ratio() for label in self._labels)

        find_style(max(_heads(text), key=likeness, default=""), self._own)

    def _refuse(self, at: range) -> None:
        """Words that are refused together are refused as well when one of them is a style."""
        try:
            refuse_unsafe(" ".join(self._said[at.start : at.stop]))
        except PersonError:
            return  # a company may call its style what it likes
        refuse_unsafe(" ".join(self._said))


def _ends(word: str) -> bool:
    return word[-1] in ",;.!?"


def _heads(text: str) -> list[str]:
    """The first one, two and three words that say something, as labels."""
    words = [label_of(word) for word in text.split() if label_of(word) not in {"", *_BEFORE}]
    return ["-".join(words[:size]) for size in range(1, min(3, len(words)) + 1)]


def _understood(text: str) -> bool:
    """True where a text asks for something, and every word of it is understood."""
    wish, left = read_slots(fold(text))
    return wish != Wish() and not left


def _gains(parts: Iterable[Sequence[str]]) -> bool:
    """True where words say more together than each part alone."""
    texts = [" ".join(part) for part in parts if part]
    if len(texts) < 2:
        return False
    whole, left = read_slots(fold(" ".join(texts)))
    alone = [read_slots(fold(text)) for text in texts]
    return bool(_slots(whole).difference(*(_slots(wish) for wish, _ in alone))) or (
        bool(_slots(whole)) and len(left) < sum(len(rest) for _, rest in alone)
    )


def _slots(wish: Wish) -> set[object]:
    slots: set[object] = {*wish.edits, *wish.colours, wish.place, wish.wardrobe, wish.crops, wish.polish}
    return slots - {"", None, ()}
