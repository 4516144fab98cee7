"""Transcripts: what people do in a chat, and what the bot then shows."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.actions import read_action
from bot.conversation.sittings import MOST
from bot.events import Pressed, Said
from tests.bot.scene import ANNA, BEN, BLURRED, GUS, SELFIE, Scene, open_scene

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """An office in which nobody has talked to the bot yet."""
    async with open_scene(tmp_path) as made:
        yield made


# ---- consent


async def test_photos_are_not_touched_before_consent_and_not_asked_for_twice(scene: Scene) -> None:
    """Nothing is fetched, stored or decoded; after the yes, what was sent is looked at without sending it again."""
    asked = await scene.says(ANNA, "", SELFIE)
    assert "I agree" in asked.labels
    assert "ACME" in asked
    assert "have not been opened" in asked
    assert "fetch" not in scene.chat.calls
    assert not await scene.says(ANNA, "", SELFIE + b"2")

    agreed = await scene.presses(ANNA, "I agree")
    assert "looking at your photos now" in agreed
    verdicts = await scene.screens()
    assert "This photo can be used." in verdicts
    assert scene.chat.calls.count("fetch") == 2
    assert [each.verdict["name"] for each in await scene.ledger.galleries.selfies(ANNA)] == ["Photo 1", "Photo 2"]


async def test_a_no_is_a_no(scene: Scene) -> None:
    """Nothing is kept, and nobody is talked into anything."""
    await scene.says(ANNA, "", SELFIE)
    assert "That is fine" in await scene.presses(ANNA, "No thanks")
    assert await scene.ledger.people.consent(ANNA) is None
    assert "I agree" in (await scene.commands(ANNA, "corporate")).labels


async def test_other_words_are_asked_for_again(scene: Scene) -> None:
    """Who agreed to another text has not agreed to this one."""
    await scene.ledger.people.give_consent(ANNA, "something else")
    assert "I agree" in (await scene.says(ANNA, "", SELFIE)).labels
    assert "fetch" not in scene.chat.calls


async def test_help_needs_no_consent(scene: Scene) -> None:
    """People want to know what they agree to."""
    assert "How to get a headshot" in await scene.says(ANNA, "help")


# ---- selfies


async def test_photos_are_collected_over_several_messages(scene: Scene) -> None:
    """Each message gets one placeholder that becomes its verdict, and the numbers go on."""
    await scene.agreed()
    assert "A look at 2 photos" in await scene.says(ANNA, "", SELFIE, BLURRED)
    assert "A look at 1 photo" in await scene.says(ANNA, "here is another", SELFIE + b"3")
    assert [lane for _, lane in scene.bell.rung] == ["screenings", "screenings"]

    shown = await scene.screens()
    assert shown.summaries == [
        "A look at 2 photos: 1 of 2 photos can be used.",
        "A look at 1 photo: This photo can be used.",
    ]
    assert "Photo 2: This photo is blurred." in shown
    assert "Photo 3: A good base." in shown
    assert "open smile would help most" in shown
    assert "Make corporate headshots" in shown.labels


async def test_the_same_photo_is_recognised(scene: Scene) -> None:
    """It is named, and neither looked at nor counted again."""
    await scene.agreed()
    await scene.says(ANNA, "", SELFIE)
    await scene.screens()
    shown = await scene.says(ANNA, "", SELFIE)
    assert "it is Photo 1" in shown
    assert await scene.open_orders() == []


async def test_a_removed_photo_is_destroyed_and_can_be_sent_again(scene: Scene) -> None:
    """Whoever changes their mind twice is understood twice."""
    await scene.agreed()
    await scene.says(ANNA, "", SELFIE)
    await scene.screens()
    assert "destroyed" in await scene.presses(ANNA, "Remove")
    assert await scene.ledger.galleries.selfies(ANNA) == ()
    assert "I need photos of you first" in await scene.commands(ANNA, "corporate")

    await scene.says(ANNA, "", SELFIE)
    await scene.screens()
    assert "corporate headshots from 1 photo" in await scene.commands(ANNA, "corporate")


async def test_a_file_that_cannot_be_fetched_is_told_apart(scene: Scene) -> None:
    """The good ones of the same message go on."""
    await scene.agreed()
    good, bad = scene.chat.uploads(ANNA, SELFIE), scene.chat.uploads(BEN, SELFIE)
    shown = await scene.does(scene.event(ANNA, Said("", (good, bad))))
    assert "File 2: This file could not be fetched." in shown
    assert "A look at 1 photo" in shown


async def test_a_sitting_has_an_end(scene: Scene) -> None:
    """Twelve photos; what is too much is refused kindly before it is fetched."""
    await scene.agreed()
    await scene.says(ANNA, "", *(SELFIE + bytes([n]) for n in range(10)))
    shown = await scene.says(ANNA, "", *(SELFIE + bytes([n]) for n in range(20, 24)))
    assert f"Files 3 to 4: I work with {MOST} photos at most" in shown
    assert scene.chat.calls.count("fetch") == MOST


async def test_selfies_lists_what_there_is(scene: Scene) -> None:
    """With verdicts, and how long it stays."""
    await scene.agreed()
    await scene.says(ANNA, "", SELFIE, BLURRED)
    await scene.screens()
    shown = await scene.says(ANNA, "selfies")
    assert "Photo 1: A good base." in shown
    assert "I have 1 photo of you." in shown
    assert "in 24 hours" in shown
    assert shown.labels.count("Remove") == 1


# ---- shoots


async def test_a_command_makes_a_gallery_with_buttons(scene: Scene) -> None:
    """From the words to the ranked gallery, in the place of the acknowledgement, with one fresh line below it."""
    await scene.agreed()
    await scene.says(ANNA, "", SELFIE)
    await scene.screens()
    ack = await scene.commands(ANNA, "legal 6 white background")
    assert "6 legal headshots from 1 photo, with your wish “white background”." in ack
    assert ack.labels == ["Cancel"]

    gallery = await scene.makes()
    assert gallery.refs[0] == ack.refs[0]
    assert [picture.title for picture in gallery.pictures] == [f"{rank} · likeness 0.91" for rank in (1, 2, 3, 4)]
    assert all(
        picture.alt == f"Headshot {n}: classic crop, grey backdrop, loop light"
        for n, picture in enumerate(gallery.pictures, 1)
    )
    assert {"More like this", "New light", "New backdrop", "New crop", "Download", "Favourite", "Delete"} < set(
        gallery.labels
    )
    assert {"Show all 6", "More of these", "Another style", "Forget my photos"} < set(gallery.labels)
    assert gallery.summaries[-1] == "Your 6 legal headshots are ready, the best first."
    assert gallery.refs[-1].startswith(ack.refs[0] + ":")


async def test_photos_that_are_still_looked_at_are_used(scene: Scene) -> None:
    """Nobody has to wait for the coach."""
    await scene.agreed()
    assert "corporate headshots from 2 photos" in await scene.commands(ANNA, "corporate", SELFIE, SELFIE + b"2")


async def test_a_command_without_words_opens_the_form(scene: Scene) -> None:
    """Style, number, wish and polish; where no form can be opened, the list of styles."""
    await scene.agreed()
    await scene.says(ANNA, "", SELFIE)
    shown = await scene.commands(ANNA, "", form=True)
    assert not [text for text in shown.summaries if "styles" in text]
    await scene.fills(ANNA, style="navy", count="3", wish="softer light", polish="0.7")
    (_, shoot) = await scene.ledger.acceptance.open_shoots(ANNA)
    payload = shoot.order.payload
    assert (payload["style"], payload["count"], payload["wish"], payload["polish"]) == ("navy", 3, "softer light", 0.7)

    shown = await scene.commands(ANNA, "")
    assert shown.labels.count("Make") == len(scene.ports.catalogue.styles()) >= 20


async def test_unknown_styles_and_refused_wishes_are_answered(scene: Scene) -> None:
    """With the nearest names, or with what to wish for instead."""
    await scene.agreed()
    await scene.says(ANNA, "", SELFIE)
    assert "corporate" in await scene.commands(ANNA, "corprate")
    assert "stay dressed" in await scene.commands(ANNA, "corporate naked")
    assert await scene.open_orders() == [("screening", "")]


async def test_the_fourth_shoot_waits_its_turn(scene: Scene) -> None:
    """Told kindly, with the number."""
    await scene.agreed()
    await scene.says(ANNA, "", SELFIE)
    for _ in range(3):
        await scene.commands(ANNA, "corporate 2")
    assert "3 of your shoots are still to come" in await scene.commands(ANNA, "corporate 2")


async def test_cancel_ends_what_is_under_way(scene: Scene) -> None:
    """By button in its own place, by word when it is clear which; and it can be asked for again."""
    await scene.agreed()
    await scene.says(ANNA, "", SELFIE)
    await scene.screens()
    ack = await scene.commands(ANNA, "corporate 2")
    shown = await scene.presses(ANNA, "Cancel")
    assert shown.refs == ack.refs
    assert "cancelled" in shown
    assert len(scene.bell.cancelled) == 1

    assert "2 corporate headshots" in await scene.presses(ANNA, "Try again")
    assert "cancelled" in await scene.says(ANNA, "cancel")
    assert "Nothing is under way" in await scene.says(ANNA, "cancel")
    await scene.commands(ANNA, "legal 1")
    await scene.commands(ANNA, "navy 1")
    shown = await scene.says(ANNA, "cancel")
    assert shown.labels == ["1 legal headshot", "1 navy headshot"]


# ---- galleries


async def test_words_in_the_thread_act_on_its_gallery(scene: Scene) -> None:
    """Slash commands do not run in threads, so words do."""
    gallery = await scene.has_gallery()
    thread = gallery.refs[0]
    for words, kind, rank in (
        ("warmer", "warmer", 1),
        ("more like 2", "more-like-this", 2),
        ("White background please", "white-background", 1),
    ):
        await scene.says(ANNA, words, below=thread)
        (shoot,) = await scene.ledger.acceptance.open_shoots(ANNA)
        assert (shoot.order.payload["variation"], shoot.order.payload["rank"]) == (kind, rank)
        assert shoot.order.conversation == thread
        shown = await scene.makes()
        assert f"eadshot {rank}" in shown.summaries[0]
        assert f"of {gallery_id(scene, shoot.order.parent)}" in shown.summaries[0]
        assert "More like this" in shown.labels


async def test_of_two_wishes_in_one_breath_the_second_is_not_dropped_in_silence(scene: Scene) -> None:
    """A variation changes one thing; what is left out is said, with the words to ask for it."""
    await scene.has_gallery()
    said = await scene.says(ANNA, "warmer and tighter")
    assert await scene.open_orders() == [("variation", "warmer")]
    assert "so this is “warmer”. Type “tighter” below it when it is there." in said
    assert "Your expression stays the one of the selfie." in await scene.says(ANNA, "warmer but smile more")
    assert len((await scene.says(ANNA, "cooler")).messages) == 1


def gallery_id(scene: Scene, shoot_id: str | None) -> str:
    """As galleries are named to people."""
    assert shoot_id is not None
    return shoot_id[:8]


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("2 warmer", ("variation", "warmer")),
        ("another light for 3", ("variation", "new-light")),
        ("new background", ("variation", "new-backdrop")),
        ("legal instead", ("shoot", "legal")),
        ("corporate 4 softer light", ("shoot", "corporate")),
        ("more", ("shoot", "corporate")),
        ("give me 4 more", ("shoot", "corporate")),
        ("black and white", ("variation", "black-and-white")),
    ],
)
async def test_people_say_it_in_many_ways(scene: Scene, words: str, order: tuple[str, str]) -> None:
    """Plain words in the direct conversation mean the newest gallery."""
    await scene.has_gallery()
    await scene.says(ANNA, words)
    assert await scene.open_orders() == [order]


async def test_a_headshot_can_be_had_in_other_ways_by_button(scene: Scene) -> None:
    """Four verbs, each in the thread below the gallery."""
    gallery = await scene.has_gallery()
    for label, kind in (
        ("More like this", "more-like-this"),
        ("New light", "new-light"),
        ("New backdrop", "new-backdrop"),
        ("New crop", "new-crop"),
    ):
        await scene.presses(ANNA, label, 3)
        assert await scene.open_orders() == [("variation", kind)]
        (shoot,) = await scene.ledger.acceptance.open_shoots(ANNA)
        assert (shoot.order.payload["rank"], shoot.order.conversation) == (3, gallery.refs[0])
        await scene.says(ANNA, "cancel")


async def test_download_brings_the_file_and_keeps_it(scene: Scene) -> None:
    """At full size, and for 30 days from now."""
    await scene.has_gallery()
    shown = await scene.presses(ANNA, "Download", 2)
    (file,) = shown.files
    assert file.name == "headshot-corporate-2.jpg"
    assert "800 × 1000" in shown
    artifact, _ = await scene.pictures.get(ANNA.key, file.artifact)
    assert artifact.expires_at - scene.ports.now() == timedelta(days=30)
    assert (await scene.says(ANNA, "download 1")).files[0].name == "headshot-corporate-1.jpg"


async def test_a_favourite_is_starred_and_kept(scene: Scene) -> None:
    """The gallery shows it; pressing again takes the star off."""
    gallery = await scene.has_gallery()
    shown = await scene.presses(ANNA, "Favourite", 2)
    assert shown.refs == gallery.refs[:1]
    assert [picture.marked for picture in shown.pictures] == [False, True, False, False]
    artifact, _ = await scene.pictures.get(ANNA.key, shown.pictures[1].artifact)
    assert artifact.expires_at - scene.ports.now() == timedelta(days=30)
    shown = await scene.presses(ANNA, "Unfavourite", 2)
    assert [picture.marked for picture in shown.pictures] == [False] * 4
    assert "Headshot 6 is a favourite" in await scene.says(ANNA, "favourite 6")
    assert "Headshot 1 is a favourite" in await scene.says(ANNA, "favourite 1"), "words are answered in words"


async def test_a_deleted_headshot_is_gone(scene: Scene) -> None:
    """From the gallery and from the store; the next best takes its place."""
    gallery = await scene.has_gallery()
    victim = gallery.pictures[2].artifact
    shown = await scene.presses(ANNA, "Delete", 3)
    assert [picture.title[0] for picture in shown.pictures] == ["1", "2", "4", "5"]
    assert "Headshot 3 is deleted." in shown
    assert victim not in str(await scene.ledger.galleries.headshots(shoot_of(scene), ANNA))
    assert "There is no headshot 3" in await scene.says(ANNA, "warmer for 3")


def shoot_of(scene: Scene) -> str:
    """Id of the shoot whose gallery stands there."""
    action = read_action(scene.button("More of these")[1].action)
    assert action is not None
    return action.shoot_id


async def test_show_all_brings_the_rest(scene: Scene) -> None:
    """In the thread, with their buttons."""
    gallery = await scene.has_gallery()
    shown = await scene.presses(ANNA, "Show all 6")
    assert [picture.title[0] for picture in shown.pictures] == ["5", "6"]
    assert shown.refs[0].startswith(gallery.refs[0] + ":")
    assert "More like this" in shown.labels
    assert "shows them all" not in shown


async def test_one_headshot_can_be_shown_by_itself(scene: Scene) -> None:
    """With everything that can be done with it, where an album has no room for that; below the gallery."""
    gallery = await scene.has_gallery()
    shown = await scene.presses(ANNA, "Show all 6")
    (ask, _) = [picture.more for picture in shown.pictures]
    assert ask is not None
    wanted = read_action(ask.action)
    assert wanted is not None
    alone = await scene.presses_id(ANNA, wanted)
    assert [picture.title[0] for picture in alone.pictures] == ["5"]
    assert {"Delete", "Share", "New crop"} < set(alone.labels)
    assert alone.refs[0].startswith(gallery.refs[0] + ":")
    await scene.presses(ANNA, "Delete", 5)
    assert "headshot 5" in await scene.presses_id(ANNA, wanted)
    await scene.agreed(BEN)
    assert "no such shoot" in await scene.presses_id(BEN, wanted)


async def test_show_brings_a_gallery_back_by_a_part_of_its_id(scene: Scene) -> None:
    """Next week, with live buttons."""
    await scene.has_gallery()
    known = shoot_of(scene)
    shown = await scene.commands(ANNA, f"show {known[:8]}")
    assert len(shown.pictures) == 4
    assert "Download" in shown.labels
    assert "no such shoot" in await scene.commands(ANNA, "show abcdef12")


async def test_buttons_never_expire_but_pictures_do(scene: Scene) -> None:
    """A press after weeks is answered with what to do now."""
    await scene.has_gallery()
    known = shoot_of(scene)
    scene.clock.pass_s(2 * 86_400)
    assert "Send it again" in await scene.presses(ANNA, "More like this", 1)
    assert "I need photos of you first" in await scene.presses(ANNA, "More of these")
    scene.clock.pass_s(8 * 86_400)
    assert "expired" in await scene.presses(ANNA, "Download", 1)
    assert "expired" in await scene.commands(ANNA, f"show {known[:8]}")


async def test_the_selfie_can_be_sent_again_for_an_old_headshot(scene: Scene) -> None:
    """The recipe is kept, so the same photo makes it vary again."""
    await scene.has_gallery()
    scene.clock.pass_s(2 * 86_400)
    await scene.says(ANNA, "", SELFIE + ANNA.key.encode())
    await scene.presses(ANNA, "More like this", 1)
    assert await scene.open_orders() == [("screening", ""), ("variation", "more-like-this")]


async def test_selfies_stay_a_day_after_the_last_shoot(scene: Scene) -> None:
    """Each shoot starts the day anew."""
    await scene.has_gallery()
    for _ in range(3):
        scene.clock.pass_s(20 * 3600)
        await scene.commands(ANNA, "corporate 1")
        assert await scene.open_orders() == [("shoot", "corporate")]
        await scene.makes()


# ---- everything else


async def test_status_tells_how_things_stand(scene: Scene) -> None:
    """What is under way with its place, and what there is."""
    await scene.has_gallery()
    await scene.commands(ANNA, "legal 2")
    shown = await scene.says(ANNA, "status")
    assert "1 shoot under way, 2 photos to work with, 1 recent gallery." in shown
    assert {"Cancel", "Show", "Export"} < set(shown.labels)


async def test_forget_asks_once_and_then_destroys_everything(scene: Scene) -> None:
    """With a proof in numbers, and nothing left in any place."""
    await scene.has_gallery()
    assert "gone for good" in await scene.says(ANNA, "forget")
    ref, found = scene.button("Forget everything")
    await scene.does(scene.event(ANNA, Pressed(found.action), ref.rpartition(":")[0]))
    (left,) = scene.chat.messages.values()
    assert left.summary.startswith("Forgotten: 8 pictures, ")
    export = await scene.ledger.people.export(ANNA)
    assert not any(rows for name, rows in export.items() if isinstance(rows, list) and name != "consent_texts")
    assert "I agree" in (await scene.says(ANNA, "hello")).labels


async def test_export_brings_a_file(scene: Scene) -> None:
    """Everything that is kept, for 24 hours."""
    await scene.has_gallery()
    (file,) = (await scene.says(ANNA, "export")).files
    assert file.name == "headroom-export.zip"


async def test_in_a_channel_only_commands_are_heard_and_answered_in_private(scene: Scene) -> None:
    """No face and no wish stands where others read along."""
    await scene.agreed()
    await scene.says(ANNA, "", SELFIE)
    assert not await scene.says(ANNA, "warmer", channel="C-all")
    shown = await scene.commands(ANNA, "corporate 2", channel="C-all")
    by_place = {ref.partition(":")[0]: scene.chat.messages[ref] for ref in shown.refs}
    assert by_place["C-all"].only_to == ANNA.user
    assert "direct messages" in by_place["C-all"].summary
    assert "2 corporate headshots" in by_place["D-office-anna"].summary
    gone_wrong = await scene.commands(ANNA, "corprate", channel="C-all")
    assert [message.only_to for message in gone_wrong.messages] == [ANNA.user]


async def test_nobody_meets_silence_in_a_direct_conversation(scene: Scene) -> None:
    """Small talk gets a short hint, and starts no shoot."""
    await scene.agreed()
    assert "Send me one to twelve photos" in await scene.says(ANNA, "hello")
    await scene.has_gallery()
    for words in ("thanks!", "great", "2", "what is the weather like?", "can you do it"):
        assert "I did not understand" in await scene.says(ANNA, words)
    assert await scene.open_orders() == []


async def test_guests_are_not_served_unless_the_operator_says_so(scene: Scene, tmp_path: Path) -> None:
    """They can still ask for help, and have everything forgotten."""
    assert "full members" in await scene.commands(GUS, "corporate")
    assert "How to get a headshot" in await scene.says(GUS, "help")
    assert "gone for good" in await scene.says(GUS, "forget")
    (tmp_path / "open").mkdir()
    async with open_scene(tmp_path / "open", allow_guests=True) as welcoming:
        assert "I agree" in (await welcoming.commands(GUS, "corporate")).labels
