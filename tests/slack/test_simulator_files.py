"""The simulator's files: up in three steps, known late, shown to those who may, and down with a token or not at all."""

import asyncio
import io

import pytest
from aiohttp import ClientSession
from PIL import Image
from slack_sdk.errors import SlackApiError

from tests.slack.simulator.records import BOT_SCOPES, Json
from tests.slack.simulator.slack import Slack

pytestmark = pytest.mark.asyncio
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(200))


def block(file_id: str) -> Json:
    """A picture."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": "A face"}


async def put_up(slack: Slack, data: bytes = JPEG, length: int = 0, **more: str) -> str:
    """Steps one and two; the id."""
    told = await slack.client().files_getUploadURLExternal(filename="a.jpg", length=length or len(data), **more)
    async with ClientSession() as session, session.post(told["upload_url"], data=data) as answer:
        assert answer.status == 200, await answer.text()
    return str(told["file_id"])


async def complete(slack: Slack, *file_ids: str, **more: str) -> None:
    """Step three."""
    await slack.client().files_completeUploadExternal(files=[{"id": each} for each in file_ids], **more)


async def get(slack: Slack, url: str, token: str = "") -> tuple[int, str, bytes]:
    """Status, type and bytes of a download."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with ClientSession() as session, session.get(url, headers=headers, allow_redirects=False) as answer:
        return answer.status, answer.content_type, await answer.read()


async def test_a_file_is_known_late_and_cannot_be_shown_before(slack: Slack) -> None:
    """Slack looks at it first; whoever posts too soon hears of an invalid file."""
    slack.habits.ready_after_s = 0.2
    client, anna = slack.client(), slack.person("U1")
    file_id = await put_up(slack)
    await complete(slack, file_id)
    assert (await client.files_info(file=file_id))["file"]["mimetype"] == ""
    with pytest.raises(SlackApiError, match="invalid slack file"):
        await client.chat_postMessage(channel="C1", text="x", blocks=[block(file_id)])
    await asyncio.sleep(0.25)

    assert (await client.files_info(file=file_id))["file"]["mimetype"] == "image/jpeg"
    await client.chat_postMessage(channel="C1", text="x", blocks=[block(file_id)])
    assert anna.opens(file_id) == slack.person("U2").opens(file_id) == JPEG
    assert slack.person("U9").opens(file_id) is None


async def test_a_file_of_a_channel_stands_in_a_message(slack: Slack) -> None:
    """In the thread that was named, all of one call in one message."""
    client, anna = slack.client(), slack.person("U1")
    im = anna.im.id
    top = await client.chat_postMessage(channel=im, text="Top")
    ids = [await put_up(slack), await put_up(slack)]
    await complete(slack, *ids, channel_id=im, thread_ts=top["ts"], initial_comment="Album")

    (album,) = anna.reads(im, top["ts"])
    assert (album.text, list(album.files)) == ("Album", ids)
    shares = (await client.files_info(file=ids[0]))["file"]["shares"]
    assert shares["private"][im][0]["ts"] == album.ts


async def test_uploads_that_go_nowhere(slack: Slack) -> None:
    """With alternative text Slack silently shares nothing; sometimes it forgets; and some it refuses."""
    im = slack.person("U1").im.id
    await complete(slack, await put_up(slack, alt_txt="A face"), channel_id=im)
    slack.habits.forget_shares = 1
    await complete(slack, await put_up(slack), channel_id=im)
    assert slack.history == []
    assert slack.world.complaints == ["alt_txt on an upload keeps it from being shared"]

    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await slack.client().api_call("files.getUploadURLExternal", params={"filename": "a.jpg", "length": "0"})
    with pytest.raises(SlackApiError, match="file_not_found"):
        await complete(slack, "F0123456789")
    for channel, error in (("C4", "not_in_channel"), ("U1", "invalid_channel"), ("C77", "channel_not_found")):
        with pytest.raises(SlackApiError, match=error):
            await complete(slack, await put_up(slack), channel_id=channel)
    with pytest.raises(AssertionError, match="length differs"):
        await put_up(slack, length=3)


async def test_the_sdks_own_upload_works(slack: Slack) -> None:
    """All steps at once."""
    anna = slack.person("U1")
    await slack.client().files_upload_v2(file=JPEG, filename="a.jpg", title="A", channel=anna.im.id)

    (message,) = anna.reads(anna.im.id)
    assert anna.opens(message.files[0]) == JPEG


async def test_downloads_want_the_right_token(slack: Slack) -> None:
    """Without it Slack answers 200 with a page to sign in on, and so it does when the scope is missing."""
    sent = await slack.person("U1").dm(files=[("me.jpg", JPEG)])
    url = (await slack.client().files_info(file=sent.files[0]))["file"]["url_private_download"]
    scopeless = slack.install(scopes=BOT_SCOPES - {"files:read"}).value

    assert url.startswith(f"http://{slack.file_host}/")
    assert await get(slack, url, slack.bot_token) == (200, "image/jpeg", JPEG)
    for token in ("", "xoxb-wrong", scopeless):
        status, kind, body = await get(slack, url, token)
        assert (status, kind) == (200, "text/html")
        assert body.startswith(b"<!DOCTYPE html>")
    slack.habits.html_downloads = True
    assert (await get(slack, url, slack.bot_token))[1] == "text/html"


async def test_a_redirect_to_another_host_notes_who_brings_a_token(slack: Slack) -> None:
    """Whoever follows with the token has given it away."""
    sent = await slack.person("U1").dm(files=[("me.jpg", JPEG)])
    url = (await slack.client().files_info(file=sent.files[0]))["file"]["url_private"]
    slack.habits.redirect_downloads = True

    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with ClientSession() as session:
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            assert answer.status == 302
        assert slack.world.leaks == []
        async with session.get(answer.headers["Location"], headers=headers) as away:
            assert away.status == 200
    assert slack.file_host not in answer.headers["Location"]
    assert slack.world.leaks == [slack.bot_token]


async def test_an_app_sees_the_files_of_its_own_channels_only(slack: Slack) -> None:
    """A photo in a channel without it does not exist for it."""
    anna = slack.person("U1")
    outside = await anna.says("C4", "Look", files=[("me.jpg", JPEG)])
    with pytest.raises(SlackApiError, match="file_not_found"):
        await slack.client().files_info(file=outside.files[0])
    with pytest.raises(SlackApiError, match="invalid slack file"):
        await slack.client().chat_postMessage(channel="C1", text="x", blocks=[block(outside.files[0])])


async def test_deleted_files_are_gone(slack: Slack) -> None:
    """For the app, for those who looked at them, and a message that was nothing else goes with them."""
    client, anna = slack.client(), slack.person("U1")
    file_id = await put_up(slack)
    await complete(slack, file_id, channel_id=anna.im.id)
    await client.files_delete(file=file_id)

    assert anna.opens(file_id) is None
    assert anna.reads(anna.im.id) == []
    with pytest.raises(SlackApiError, match="file_deleted"):
        await client.files_info(file=file_id)
    hers = await anna.dm(files=[("me.jpg", JPEG)])
    with pytest.raises(SlackApiError, match="cant_delete_file"):
        await client.files_delete(file=hers.files[0])


async def test_a_profile_photo_is_set_by_its_owner(slack: Slack) -> None:
    """With a token of theirs, a real picture, and where the organisation lets them."""
    made = io.BytesIO()
    Image.new("RGB", (64, 64)).save(made, "JPEG")
    client = slack.client(slack.user_token("U1", "users.profile:write").value)
    await client.users_setPhoto(image=io.BytesIO(made.getvalue()))

    assert slack.world.users["U1"].photo == made.getvalue()
    with pytest.raises(SlackApiError, match="bad_image"):
        await client.users_setPhoto(image=io.BytesIO(b"no picture"))
    slack.habits.pictures_managed = True
    with pytest.raises(SlackApiError, match="not_allowed"):
        await client.users_setPhoto(image=io.BytesIO(made.getvalue()))
