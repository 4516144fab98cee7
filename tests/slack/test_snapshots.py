"""What people in Slack see, word for word, as files in `snapshots/`: a change of a card or of its drawing shows in a review.

To renew them after a change that is meant: `python -m tests.slack.test_snapshots`, then read the difference.
"""

import json
from pathlib import Path

import pytest

from adapters.slack.fitting import weight
from adapters.slack.limits import WEIGHT
from adapters.slack.modals import to_view
from adapters.slack.outbound import to_blocks, to_home
from bot.messages import Message, Picture, pictures_of
from tests.slack.cards import ANNA, STYLES, forms, home, messages
from tests.slack.oracles import message_complaints, pressed, view_complaints
from tests.slack.simulator.records import Json

SNAPSHOTS = Path(__file__).parent / "snapshots"
KEPT = ("verdicts", "in-line", "progress", "gallery", "gallery-rest", "ready", "explanation", "shared")
"""Of the messages; the others change with each style and each word of consent, and are judged only."""
EXAMPLES = {style.name: f"F0EXAMPLE{at:02}" for at, style in enumerate(STYLES)}


def files_of(message: Message) -> dict[str, str]:
    """Slack has all pictures."""
    return {part.artifact: f"F0{part.artifact[-9:].upper()}" for part in message.parts if isinstance(part, Picture)}


def drawn_message(message: Message) -> Json:
    """As it is posted."""
    posted = to_blocks(message, files_of(message))
    return {"text": posted.text, "blocks": posted.blocks}


def drawn() -> dict[str, Json]:
    """Everything that a snapshot is kept of."""
    said = messages()
    views = {name: to_view(form, "T1/@U1", EXAMPLES) for name, form in forms().items()}
    return {name: drawn_message(said[name]) for name in KEPT} | {"home": to_home(home(), {})} | views


def as_text(content: Json) -> str:
    """As it stands in the file."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", list(drawn()))
def test_people_see_what_they_saw(name: str) -> None:
    """Unless somebody meant to change it and renewed the snapshot."""
    assert (SNAPSHOTS / f"{name}.json").read_text() == as_text(drawn()[name])


def test_no_snapshot_is_forgotten() -> None:
    """A file without a card would be checked for ever, and prove nothing."""
    assert {path.stem for path in SNAPSHOTS.glob("*.json")} == set(drawn())


@pytest.mark.parametrize("name", list(messages()))
def test_slack_takes_every_card(name: str) -> None:
    """With pictures, and after all of them have expired; with a tenth to spare where a real gallery may say a little more."""
    for files in (files_of(messages()[name]), {}):
        posted = to_blocks(messages()[name], files)
        assert message_complaints(posted.text, posted.blocks) == []
        assert weight(posted.blocks) < WEIGHT * 0.95
        assert view_complaints(to_home(messages()[name], files)) == []


@pytest.mark.parametrize("name", list(forms()))
def test_slack_takes_every_form(name: str) -> None:
    """With examples and without."""
    for examples in (EXAMPLES, {}):
        assert view_complaints(to_view(forms()[name], "T1/@U1", examples)) == []


def test_the_gallery_shows_all_that_was_asked_for() -> None:
    """The four best, each with rank, likeness, a line of why, its buttons, and a menu; the best one's download is the first
    choice of all.
    """
    blocks = drawn_message(messages()["gallery"])["blocks"]
    rows = [[each.get("text", {}).get("text", "…") for each in b["elements"]] for b in blocks if b["type"] == "actions"]

    assert [block["alt_text"][:10] for block in blocks if block["type"] == "image"] == [
        f"Headshot {n}" for n in (1, 2, 3, 4)
    ]
    assert rows[0] == [
        "Download", "More like this", "New light", "New backdrop", "Favourite", "New crop", "…", "Delete"
    ]  # fmt: skip
    assert rows[1][4] == "Unfavourite"
    assert rows[4][0] == "Show all 12"
    assert [each["action_id"] for each in pressed(blocks) if each.get("style") == "primary"] == ["download-1"]
    assert ANNA.key not in as_text({"blocks": blocks})


def test_no_headshot_of_a_page_is_left_out() -> None:
    """“Show all” means all: below the album stands a line for each of them, with a menu; also where Slack shares no album."""
    rest = messages()["gallery-rest"]
    for files in ({}, {each.artifact: f"F0{each.artifact[-9:].upper()}" for each in pictures_of(rest)}):
        blocks = to_blocks(rest, files).blocks
        lines = [block for block in blocks if "accessory" in block]
        assert [line["text"]["text"][1] for line in lines] == ["5", "6", "7", "8", "9", "1", "1", "1"]
        assert [len(line["accessory"]["options"]) for line in lines] == [5] * 8
        assert lines[0]["accessory"]["options"][-1]["text"]["text"] == "More…"
        assert sum(block["type"] == "image" for block in blocks) == len(files)


if __name__ == "__main__":
    for name, content in drawn().items():
        (SNAPSHOTS / f"{name}.json").write_text(as_text(content))
