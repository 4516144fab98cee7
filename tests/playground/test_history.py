"""The playground's history on a real file."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.playground.entries import Spoken
from adapters.playground.history import History
from adapters.playground.limits import MESSAGES_KEPT_S
from adapters.playground.places import Place
from bot.events import Attachment
from bot.messages import Message, Picture, Text

TEAM, ALEX = Place("team"), Place("dm-alex")


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """An empty one."""
    opened = History(tmp_path / "playground.db")
    yield opened
    opened.close()


def ref_of(added: tuple[Place, bool] | None) -> Place:
    """Of what was added."""
    assert added is not None
    return added[0]


def words(text: str) -> Message:
    """A short message."""
    return Message(text, (Text(text),))


def test_conversations_outlive_the_bot(tmp_path: Path) -> None:
    """Whoever comes back after a restart finds everything in its place, and their page need not start afresh."""
    first = History(tmp_path / "playground.db")
    ref = ref_of(first.add(ALEX, "", "k1", words("Hello"), 1.0))
    first.add(ref, "alex", "k2", Spoken("hi", (Attachment("a" * 32, "image/png", 3),)), 2.0)
    change = first.last_change()
    first.close()
    second = History(tmp_path / "playground.db")

    assert [entry.content for entry in second.read(ALEX, "alex", 10)] == [words("Hello")]
    assert [entry.author for entry in second.read(ref, "alex", 10)] == ["alex"]
    assert (second.id, second.last_change()) == (first.id, change)
    assert ref_of(second.add(ALEX, "", "k3", words("Again"), 3.0)).number == 3
    second.close()


def test_nobody_else_on_the_machine_reads_the_file(history: History, tmp_path: Path) -> None:
    """Words are private, too."""
    assert stat.S_IMODE((tmp_path / "playground.db").stat().st_mode) == 0o600


def test_a_page_hears_of_every_change_once_and_as_it_is_now(history: History) -> None:
    """However many edits it missed, and of removals too."""
    one = ref_of(history.add(ALEX, "", "k1", words("One"), 1.0))
    two = ref_of(history.add(ALEX, "", "k2", words("Two"), 1.0))
    seen = history.last_change()
    for text in ("a", "b", "c"):
        history.edit(one, words(text), 2.0)
    history.remove(two)
    heard = history.since(seen, "alex")

    assert [(entry.number, entry.content) for entry in heard] == [(one.number, words("c")), (two.number, None)]
    assert history.since(heard[-1].change, "alex") == []


def test_the_same_edit_again_is_no_change(history: History) -> None:
    """A progress bar that stands still keeps pages quiet."""
    ref = ref_of(history.add(ALEX, "", "k1", words("One"), 1.0))
    before = history.last_change()

    assert history.edit(ref, words("One"), 2.0) is True
    assert history.last_change() == before


def test_replies_change_the_message_above(history: History) -> None:
    """The channel shows how many there are, without asking again."""
    ref = ref_of(history.add(ALEX, "", "k1", words("One"), 1.0))
    seen = history.last_change()
    below = ref_of(history.add(ref, "", "k2", words("Below"), 1.0))
    assert {entry.number: entry.replies for entry in history.since(seen, "alex")} == {below.number: 0, ref.number: 1}
    history.remove(below)

    assert history.read(ALEX, "alex", 10)[0].replies == 0


def test_a_reply_to_a_reply_stands_in_the_same_thread(history: History) -> None:
    """There are no threads below threads."""
    ref = ref_of(history.add(ALEX, "", "k1", words("One"), 1.0))
    below = ref_of(history.add(ref, "", "k2", words("Two"), 1.0))
    history.add(below, "", "k3", words("Three"), 1.0)

    assert [entry.content for entry in history.read(ref, "alex", 10)] == [words("Two"), words("Three")]


def test_what_is_meant_for_one_person_hides_all_that_stands_below_it(history: History) -> None:
    """Also for whoever guesses the name of the thread, and in live updates."""
    ref = ref_of(history.add(TEAM, "", "k1", words("For Alex"), 1.0, "alex"))
    history.add(ref, "", "k2", words("Below"), 1.0)

    assert [entry.content for entry in history.read(ref, "alex", 10)] == [words("Below")]
    assert history.read(ref, "sam", 10) == []
    assert history.read(TEAM, "sam", 10) == []
    assert history.since(0, "sam") == []
    assert history.find(ref, "sam") is None


def test_a_direct_conversation_is_nobody_elses(history: History) -> None:
    """Not even its pictures."""
    picture = Picture("b" * 32, "playground/local/alex", "A headshot")
    history.add(ALEX, "", "k1", Message("One", (picture,)), 1.0)

    assert history.read(ALEX, "sam", 10) == []
    assert history.shown_to("sam", "b" * 32) == []
    assert [shown.owner for shown in history.shown_to("alex", "b" * 32)] == ["playground/local/alex"]


def test_a_picture_that_an_edit_took_away_is_shown_no_longer(history: History) -> None:
    """Deleted headshots are not fetched by those who noted their ids."""
    ref = ref_of(history.add(TEAM, "", "k1", Message("One", (Picture("b" * 32, "o", "A"),)), 1.0))
    history.edit(ref, words("Deleted"), 2.0)

    assert history.shown_to("alex", "b" * 32) == []


def test_withdrawn_words_can_be_said_again(history: History) -> None:
    """The bot could not take them; the same page tries once more."""
    ref = ref_of(history.add(ALEX, "alex", "k1", Spoken("hi"), 1.0))
    history.withdraw(ref)
    again = history.add(ALEX, "alex", "k1", Spoken("hi"), 2.0)

    assert again is not None
    assert again[1] is True
    assert len(history.read(ALEX, "alex", 10)) == 1


def test_keys_of_different_authors_do_not_meet(history: History) -> None:
    """Nobody can keep somebody else's message, or the bot's, from being posted."""
    history.add(TEAM, "alex", "same", Spoken("Alex"), 1.0)
    history.add(TEAM, "sam", "same", Spoken("Sam"), 1.0)
    history.add(TEAM, "", "same", words("Bot"), 1.0)

    assert len(history.read(TEAM, "gus", 10)) == 3


def test_old_messages_go_with_their_whole_thread(history: History) -> None:
    """A thread in which somebody still talks stays."""
    quiet = ref_of(history.add(ALEX, "", "k1", words("Quiet"), 1.0))
    history.add(quiet, "", "k2", words("Below"), 1.0)
    busy = ref_of(history.add(ALEX, "", "k3", words("Busy"), 1.0))
    history.add(busy, "", "k4", words("Still talking"), 1.0 + MESSAGES_KEPT_S)
    history.purge(2.0 + MESSAGES_KEPT_S)

    assert [entry.content for entry in history.read(ALEX, "alex", 10)] == [words("Busy")]
    assert len(history.read(busy, "alex", 10)) == 1


def test_pages_of_messages_join_up(history: History) -> None:
    """Nothing is left out between two."""
    for number in range(7):
        history.add(ALEX, "", f"k{number}", words(str(number)), 1.0)
    last = history.read(ALEX, "alex", 3)
    earlier = history.read(ALEX, "alex", 3, before=last[0].number)

    assert [entry.number for entry in earlier + last] == [2, 3, 4, 5, 6, 7]
