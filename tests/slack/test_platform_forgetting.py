"""Somebody is forgotten who used Slack: on a real ledger with its vault, a real picture store and a simulated Slack."""

import asyncio
import io
import time
from collections.abc import Collection
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from adapters.records.ledger import open_ledger
from adapters.records.vault import SqlVault
from adapters.slack.installs import SingleInstall
from adapters.slack.line import Line
from adapters.slack.platform import SlackChat
from adapters.storage.pictures import open_pictures
from adapters.storage.seals import InstallSeal
from adapters.storage.shelf import folder_shelf
from bot.events import Event, Said
from bot.forgetting import Forgetting
from bot.ledger import Reply
from bot.messages import File, Message, Picture, Text, from_json, to_json
from tests.slack.places import ANNA, BEN, LATER
from tests.slack.simulator.slack import open_slack


class QuietQueue:
    """The doorbell of nobody."""

    async def forget(self, shoot_ids: Collection[str]) -> int:
        return 0


@pytest.mark.asyncio
async def test_forgetting_leaves_nothing_in_slack_and_nobody_else_loses_anything(tmp_path: Path) -> None:
    """Galleries, downloads and a shared headshot go with their files and notes, while Slack asks for patience in between."""
    key = bytes(range(32))
    ledger = await open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}", time.time)
    pictures = await open_pictures(folder_shelf(tmp_path / "pictures"), key, lambda: datetime.now(UTC))
    vault = SqlVault(ledger.database, InstallSeal(key).for_vault(), time.time)
    async with open_slack() as slack, AsyncExitStack() as stack:
        stack.push_async_callback(ledger.close)
        line = Line([slack.file_host])
        chat = SlackChat(SingleInstall(slack.bot_token, slack.api_url, line), line, pictures, vault, lambda _: None)
        stack.push_async_callback(chat.close)
        for person in (ANNA, BEN):
            shots = []
            for colour in ("teal", "navy"):
                out = io.BytesIO()
                Image.new("RGB", (60, 75), colour).save(out, "JPEG")
                put = pictures.put(
                    person.key, out.getvalue(), kind="headshot", media_type="image/jpeg", expires_at=LATER
                )
                shots.append((await put).id)
            first, second = (Picture(shot, person.key, "Headshot") for shot in shots)
            file = File(shots[0], person.key, "headshot-1.jpg", "image/jpeg")
            direct = f"T1/@{person.user}"
            event = Event(f"Ev{person.user}", person, direct, direct, Said("show"))
            await ledger.inbox.receive(event)
            (received,) = await ledger.inbox.due(["slack"])
            replies = (
                Reply(direct, to_json(Message("Yours", (first, second)))),
                Reply(direct, to_json(Message("At full size", (Text("At full size"), file)))),
                Reply("T1/C1", to_json(Message("Shared", (first,)))),
            )
            assert await ledger.inbox.done(received, replies)
            while messages := await ledger.outbox.due(["slack"]):
                for message in messages:
                    ref = await chat.send(message.conversation, from_json(message.payload), message.key)
                    assert await ledger.outbox.delivered(message, ref)
        before = {person.user: [m.text for m in slack.person(person.user).reads("C1")] for person in (ANNA, BEN)}
        assert before == {"U1": ["Shared", "Shared"], "U2": ["Shared", "Shared"]}

        slack.habits.limit("files.delete", retry_after_s=1)
        forgetting = Forgetting(ledger.people, pictures, QuietQueue(), {"slack": chat})  # type: ignore[arg-type]
        async with asyncio.timeout(20):
            counts = await forgetting.forget(ANNA)

        assert (counts.messages, counts.remaining) == (3, 0)
        assert slack.person("U1").reads(slack.person("U1").im.id) == []
        assert [m.text for m in slack.person("U1").reads("C1")] == ["Shared"]
        stored = [f for f in slack.world.files.values() if f.data and not f.deleted]
        assert len(stored) == 3
        assert len(slack.person("U2").reads(slack.person("U2").im.id)) == 3
        assert await vault.names(f"person/{ANNA.key}/") == ()
        assert len(await vault.names(f"person/{BEN.key}/")) == 3
