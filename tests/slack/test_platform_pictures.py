"""Pictures of messages as files in a simulated Slack: each up once, shown when Slack is ready, gone with its original."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image, ImageCms

from adapters.slack.display import display_jpeg
from adapters.slack.filenotes import prefix_of
from adapters.slack.files import Patience
from bot.messages import Bar, Button, Message, Text
from bot.vault import of_person
from engine.contract.errors import PlatformError, RateLimited, StorageError
from tests.slack.places import ANNA, BEN, DIRECT, Town, jpeg, picture, town
from tests.slack.simulator.world import files_in


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    """A town with nobody spoken to."""
    async with town(tmp_path) as opened:
        yield opened


def gallery(*artifacts: str) -> Message:
    """Of Anna's."""
    shown = (picture(artifact, alt=f"Headshot {rank}") for rank, artifact in enumerate(artifacts, 1))
    return Message("Your headshots", (Text("Your headshots", "heading"), *shown))


def shown(here: Town, at: int = 0) -> list[bytes]:
    """Pictures that Anna sees in a message of her direct conversation."""
    anna = here.slack.person("U1")
    return [anna.opens(file) or b"" for file in files_in(here.reads(ANNA)[at].blocks)]


# ---- up and shown


@pytest.mark.asyncio
async def test_a_gallery_shows_its_pictures_and_nothing_was_said_on_the_upload(here: Town) -> None:
    """Alternative text stands in the block: on an upload it would keep the file from being shared."""
    artifacts = [await here.keeps(ANNA, colour) for colour in ("teal", "navy", "olive", "plum")]
    await here.chat.send(DIRECT, gallery(*artifacts), "k1")

    assert [Image.open(io.BytesIO(data)).format for data in shown(here)] == ["JPEG"] * 4
    images = [block for block in here.reads(ANNA)[0].blocks if block["type"] == "image"]
    assert [block["alt_text"] for block in images] == [f"Headshot {rank}" for rank in (1, 2, 3, 4)]
    assert all("alt_txt" not in call.args for call in here.slack.world.calls)
    assert all("channel_id" not in call.args for call in here.calls("files.completeUploadExternal"))


@pytest.mark.asyncio
async def test_a_picture_is_shown_only_when_slack_has_looked_at_it(here: Town) -> None:
    """Before, the whole message would be refused."""
    here.slack.habits.ready_after_s = 0.6
    await here.chat.send(DIRECT, gallery(await here.keeps(ANNA)), "k1")

    assert len(shown(here)) == 1
    assert len(here.calls("files.info")) >= 2
    assert len(here.calls("chat.postMessage")) == 1


@pytest.mark.asyncio
async def test_what_takes_too_long_is_asked_about_again_and_not_uploaded_again(here: Town) -> None:
    """The relay comes back; the file goes on from where it was."""
    await here.restart(patience=Patience(ready_s=0.3))
    here.slack.habits.ready_after_s = 1.0
    message = gallery(await here.keeps(ANNA), await here.keeps(ANNA, "navy"))
    with pytest.raises(PlatformError, match="picture_not_ready"):
        await here.chat.send(DIRECT, message, "k1")
    await asyncio.sleep(1.0)
    await here.chat.send(DIRECT, message, "k1", again=True)

    assert len(shown(here)) == 2
    assert len(here.calls("files.getUploadURLExternal")) == 2


@pytest.mark.asyncio
async def test_the_same_picture_goes_up_once_for_all_messages_at_once(here: Town) -> None:
    """A gallery and the page of the app may come at the same moment."""
    message = gallery(await here.keeps(ANNA))
    await asyncio.gather(
        here.chat.send(DIRECT, message, "k1"),
        here.chat.send(DIRECT, message, "k2"),
        here.chat.send("T1/@U1/home", message, "k3"),
    )

    assert len(here.stored()) == 1


@pytest.mark.asyncio
async def test_after_a_restart_a_gallery_is_edited_without_a_second_upload(here: Town) -> None:
    """A star on a headshot of last week costs no upload."""
    artifacts = [await here.keeps(ANNA), await here.keeps(ANNA, "navy")]
    ref = await here.chat.send(DIRECT, gallery(*artifacts), "k1")
    before = here.stored()
    await here.restart()
    await here.chat.edit(ref, gallery(*reversed(artifacts)))

    assert here.stored() == before
    assert len(shown(here)) == 2


@pytest.mark.asyncio
async def test_a_file_that_an_administrator_deleted_goes_up_again(here: Town) -> None:
    """Also when this process believed that it was there."""
    message = gallery(await here.keeps(ANNA))
    ref = await here.chat.send(DIRECT, message, "k1")
    for again in (False, True):
        here.slack.board.delete_file(here.slack.world.files[here.stored()[0]])
        if again:
            await here.restart()
            await here.chat.edit(ref, message)
            continue
        with pytest.raises(PlatformError, match="picture_not_ready"):
            await here.chat.edit(ref, message)
        await here.chat.edit(ref, message)

        assert len(shown(here)) == 1


BREAKS = [
    (how, step)
    for step in ("files.getUploadURLExternal", "upload", "files.completeUploadExternal", "files.info")
    for how in ("lose_answer", "drop", "break_down")
    if (how, step) not in {("lose_answer", "files.info"), ("drop", "files.info")}  # a question is asked again at once
]


@pytest.mark.parametrize(("how", "step"), BREAKS)
@pytest.mark.asyncio
async def test_an_upload_that_broke_off_anywhere_ends_in_one_picture(here: Town, how: str, step: str) -> None:
    """Unclear for the relay, which comes back; at last one gallery stands there, and no more is stored than it shows."""
    message = gallery(await here.keeps(ANNA))
    getattr(here.slack.habits, how)(step)
    with pytest.raises(PlatformError, match="platform_unclear"):
        await here.chat.send(DIRECT, message, "k1")
    await here.restart()
    await here.chat.send(DIRECT, message, "k1", again=True)

    completed = [file for file in here.stored() if here.slack.world.files[file].completed]
    assert len(completed) == len(shown(here)) == 1
    assert len(here.reads(ANNA)) == 1


@pytest.mark.asyncio
async def test_an_upload_that_slack_has_no_time_for_rests(here: Town) -> None:
    """429 of the upload itself, with or without a word how long."""
    here.slack.habits.limit("upload")

    with pytest.raises(RateLimited):
        await here.chat.send(DIRECT, gallery(await here.keeps(ANNA)), "k1")


@pytest.mark.asyncio
async def test_a_picture_that_is_gone_is_told_in_words(here: Town) -> None:
    """Expired, forgotten, or never there: the gallery stands all the same."""
    await here.chat.send(DIRECT, gallery("0" * 32, await here.keeps(ANNA)), "k1")

    assert len(shown(here)) == 1
    assert "Headshot 1 (no longer here)" in str(here.reads(ANNA)[0].blocks)


@pytest.mark.asyncio
async def test_bytes_that_are_no_picture_are_told_in_words(here: Town) -> None:
    """Nothing of them goes to Slack."""
    put = here.pictures.put(ANNA.key, b"no picture", kind="headshot", media_type="image/jpeg", expires_at=_later())
    await here.chat.send(DIRECT, gallery((await put).id), "k1")

    assert here.stored() == []


@pytest.mark.asyncio
async def test_nobody_sees_a_picture_under_somebody_elses_name(here: Town) -> None:
    """The store gives pictures to their owner only, whatever a message says."""
    of_ben = await here.keeps(BEN)
    await here.chat.send(DIRECT, gallery(of_ben), "k1")

    assert here.stored() == []


@pytest.mark.asyncio
async def test_a_store_that_is_away_is_tried_again(here: Town) -> None:
    """It is no reason to show a gallery without pictures."""
    artifact = await here.keeps(ANNA)
    await here.restart(pictures=AwayStore())  # type: ignore[arg-type]

    with pytest.raises(StorageError, match="storage_unavailable"):
        await here.chat.send(DIRECT, gallery(artifact), "k1")
    assert here.reads(ANNA) == []


@pytest.mark.asyncio
async def test_bytes_go_to_slacks_file_service_only(here: Town) -> None:
    """Whatever address an answer names."""
    here.slack.world.url = here.slack.world.url.replace("127.0.0.1", "localhost")

    with pytest.raises(PlatformError, match="file_host_unknown"):
        await here.chat.send(DIRECT, gallery(await here.keeps(ANNA)), "k1")
    assert here.stored() == []


@pytest.mark.asyncio
async def test_what_slack_has_of_somebody_is_noted_where_it_is_forgotten_with_them(here: Town) -> None:
    """And so that a gallery edited in a year is still known."""
    artifact = await here.keeps(ANNA)
    await here.chat.send(DIRECT, gallery(artifact), "k1")
    prefix = prefix_of(ANNA.key)

    assert prefix.startswith(of_person(ANNA))
    assert list(here.vault.kept) == [f"{prefix}{artifact}/shown/{here.stored()[0]}"]


# ---- too long


@pytest.mark.asyncio
@pytest.mark.parametrize(("heaviest", "pictures"), [(13_000, 4), (9_000, 4), (5_500, 2)])
async def test_a_gallery_that_slack_finds_too_long_says_less(here: Town, heaviest: int, pictures: int) -> None:
    """What Slack counts is told nowhere: a gallery with fewer words, buttons and in the end pictures is better than none."""
    here.slack.habits.heaviest = heaviest
    artifacts = [await here.keeps(ANNA, colour) for colour in ("teal", "navy", "olive", "plum")]
    buttons = tuple(
        Button(f"v-{at}:1.{'a' * 32}.1.", "A label of usual length", hint="For headshot 1") for at in range(9)
    )
    best = tuple(replace(picture(artifact), text="Chosen for " * 20, buttons=buttons) for artifact in artifacts)
    ref = await here.chat.send(DIRECT, Message("Yours", best), "k1")
    assert len(shown(here)) == pictures
    await here.chat.edit(ref, Message("Yours again", best))

    assert len(shown(here)) == pictures
    assert [message.text for message in here.reads(ANNA)] == ["Yours again"]


@pytest.mark.asyncio
async def test_what_cannot_be_said_shorter_is_not_tried_again_and_again(here: Town) -> None:
    """It is a mistake of ours."""
    here.slack.habits.heaviest = 10
    with pytest.raises(ValueError, match="msg_blocks_too_long"):
        await here.chat.send(DIRECT, Message("Hello", (Text("Hello"),)), "k1")
    assert len(here.calls("chat.postMessage")) == 1


# ---- gone


@pytest.mark.asyncio
async def test_a_headshot_that_was_deleted_goes_from_slack_when_the_gallery_is_edited(here: Town) -> None:
    """From every message that showed it; the others stay."""
    artifacts = [await here.keeps(ANNA), await here.keeps(ANNA, "navy")]
    ref = await here.chat.send(DIRECT, gallery(*artifacts), "k1")
    await here.chat.send(DIRECT, gallery(*artifacts), "k2")
    left = shown(here)[1]
    await here.pictures.expire(ANNA.key, artifacts[0], _past())
    await here.chat.edit(ref, gallery(artifacts[1]))

    assert shown(here) == [left]
    assert shown(here, 1) == [b"", left]
    assert len(here.stored()) == 1


@pytest.mark.asyncio
async def test_after_a_restart_too_and_when_it_was_the_last(here: Town) -> None:
    """What the message showed is read there."""
    artifact = await here.keeps(ANNA)
    ref = await here.chat.send(DIRECT, gallery(artifact), "k1")
    await here.pictures.expire(ANNA.key, artifact, _past())
    await here.restart()
    await here.chat.edit(ref, gallery())

    assert here.stored() == []


@pytest.mark.asyncio
async def test_a_headshot_that_only_left_the_gallery_stays(here: Town) -> None:
    """Other messages show it."""
    artifacts = [await here.keeps(ANNA), await here.keeps(ANNA, "navy")]
    ref = await here.chat.send(DIRECT, gallery(*artifacts), "k1")
    await here.chat.edit(ref, gallery(artifacts[1]))

    assert len(here.stored()) == 2


@pytest.mark.asyncio
async def test_progress_is_edited_with_one_call(here: Town) -> None:
    """It comes every few seconds, for everybody who waits."""
    ref = await here.chat.send(DIRECT, Message("Queued", (Text("Queued"),)), "k1")
    await here.chat.edit(ref, Message("a", (Bar(0.1, "a"),)))
    made = len(here.slack.world.calls)
    await here.chat.edit(ref, Message("b", (Bar(0.2, "b"),)))

    assert len(here.slack.world.calls) == made + 1


# ---- what goes up


def test_a_display_copy_is_smaller_upright_and_says_nothing_of_the_camera() -> None:
    """The originals go out as files."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9003] = 6, "Camera", "2026:11:22 10:00:00"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    Image.new("RGB", (2400, 1200), "teal").save(
        out, "JPEG", exif=exif, icc_profile=profile, comment=b"of Anna", xmp=b"<x:xmpmeta/>", dpi=(300, 300)
    )
    made = Image.open(io.BytesIO(display_jpeg(out.getvalue()) or b""))

    assert made.size == (800, 1600)
    assert (dict(made.getexif()), made.info.get("icc_profile")) == ({}, profile)
    assert {"comment", "xmp", "dpi", "exif"} & made.info.keys() == set()


def test_a_display_copy_of_what_is_see_through_lies_on_white() -> None:
    """As paper would; black would be a surprise."""
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    made = Image.open(io.BytesIO(display_jpeg(out.getvalue()) or b""))

    assert (made.mode, made.getpixel((4, 4))) == ("RGB", (255, 255, 255))


def test_a_bomb_is_not_opened() -> None:
    """A few bytes that would be a hundred megapixels."""
    out = io.BytesIO()
    Image.new("1", (9_500, 9_000)).save(out, "PNG")

    assert display_jpeg(out.getvalue()) is None
    assert display_jpeg(jpeg()[:200]) is None


class AwayStore:
    """A picture store that cannot be reached."""

    async def get(self, owner: str, artifact_id: str) -> object:
        raise StorageError("storage_unavailable")


def _later() -> datetime:
    return datetime(2999, 1, 1, tzinfo=UTC)


def _past() -> datetime:
    return datetime(2001, 1, 1, tzinfo=UTC)
