"""Words on their way into Slack: whatever they are, they mention nobody, format nothing, and fit."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.escape import brief, clean, escape, fallback, neutral, plain, shrink, titled, units, width
from tests.slack.oracles import speech_complaints

NASTY = st.sampled_from(
    ["<!channel>", "<@U1>", "<#C1|x>", "@here", "*bold*", "_it_", "~no~", "`code`", "```", ":smile:", "> quote", "&lt;!here&gt;",
     "&amp;", "https://evil.example", "mailto:a@b.example", "<!date^1^{date}|x>", "\n>>> all", "\x00", "\ud800", "👩‍👩‍👧", "e\u0301"]
)  # fmt: skip
WORDS = st.lists(st.one_of(st.text(max_size=40), NASTY), max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"),
        ("*a* _b_ ~c~ `d`", "∗a∗ ˍbˍ ∼c∼ ˋdˋ"),
        ("> quoted\n  > too\n3 > 2", "› quoted\n  › too\n3 &gt; 2"),
        (":smile: at 10:30", "∶smile: at 10:30"),
        ("10:30:45", "10∶30:45"),
    ],
)
def test_words_read_the_same_and_do_nothing(typed: str, shown: str) -> None:
    """What cannot be escaped is replaced by what looks like it."""
    assert neutral(typed) == shown


@pytest.mark.parametrize(
    ("text", "longest", "shown"),
    [
        ("a few words, cut here", 21, "a few words, cut here"),
        ("a few words, cut here", 20, "a few words, cut…"),
        ("a few words, cut here", 13, "a few words…"),
        ("a few words", 8, "a few…"),
        ("x" * 100, 10, "x" * 9 + "…"),
        ("a & b and more", 10, "a & b…"),
        ("anything", 1, "…"),
        ("", 5, ""),
    ],
)
def test_what_is_too_long_is_cut_at_a_word(text: str, longest: int, shown: str) -> None:
    """With an ellipsis, and without the comma before it; an ampersand is as long as Slack may find it."""
    assert shrink(text, longest) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Soft light.", "Soft light."),
        ("Neutral greys, a thin rim of light: the portrait for every page", "Neutral greys, a thin rim of light"),
        ("No, this is one long clause that does not say where it can end", "No, this is one long clause that does…"),
    ],
)
def test_what_stands_in_one_line_ends_with_a_clause(text: str, shown: str) -> None:
    """Where one says enough."""
    assert brief(text, 40) == shown


def test_what_nobody_can_see_is_gone() -> None:
    """Controls and halves of characters, which could make the whole message invalid JSON."""
    assert clean(" a\x00b\tc\r\nd\ud800 ") == "a b c\nd"


def test_an_empty_text_is_not_empty() -> None:
    """Slack refuses a text object without a character."""
    assert plain(" \x07 ", 10)["text"] == "…"
    assert titled("", "", 10)["text"] == "…"


def test_a_title_is_bold_and_what_follows_is_not() -> None:
    """On one line, whatever it holds; the sign is ours and stays."""
    assert titled("Photo\n1", "Soft.", 100, sign="✅")["text"] == "✅ *Photo 1*\nSoft."
    assert titled("*/all*", "*", 100, gap=" – ")["text"] == "*∗/all∗* – ∗"
    assert titled("", "Soft.", 100, sign="⭐")["text"] == "⭐\nSoft."


def test_nobody_is_called_by_a_notification() -> None:
    """The text beside the blocks is mrkdwn, too; Slack counts its bytes."""
    assert fallback("@here <!channel> @Everyone", 100) == "@\u2060here &lt;!channel&gt; @\u2060Everyone"
    assert len(fallback("é" * 5000, 3800).encode()) in range(3790, 3801)


@given(WORDS, st.integers(1, 60))
def test_whatever_is_cut_fits_and_is_how_it_begins(text: str, longest: int) -> None:
    """For each way to count."""
    for size in (width, lambda cut: width(neutral(cut)), lambda cut: len(escape(cut).encode("utf-8", "surrogatepass"))):
        cut = shrink(text, max(longest, 3), size)
        assert size(cut) <= max(longest, 3)
        assert cut == text or text.startswith(cut.removesuffix("…"))


@given(WORDS, WORDS, st.integers(40, 400))
def test_whatever_is_said_mentions_and_formats_nothing(title: str, text: str, longest: int) -> None:
    """As plain text, with a bold title, and beside the blocks; and any JSON parser reads it."""
    for gap in ("\n", " – "):
        said = titled(title, text, longest, gap=gap)
        assert speech_complaints([{"text": said}]) == []
        assert units(said["text"]) <= longest
        json.dumps(said).encode()
    assert width(plain(text, longest)["text"]) <= longest
    beside = fallback(text, longest)
    assert not re.search(r"[<>]|@(?:here|channel|everyone)", beside, re.IGNORECASE)
    assert len(beside.encode()) <= longest
