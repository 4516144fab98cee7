"""What Slack has besides: a page of one's own, and a menu at everybody's messages."""

import asyncio
import json

import pytest

from tests.scenarios.person import Person, selfie
from tests.scenarios.slack import CHANNEL, SlackTown, client_of
from tests.scenarios.window import TEAM
from tests.slack.simulator.person import Person as Client

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.parametrize("cast", ["slack"], indirect=True),
]
PATIENCE_S = 20.0


async def sees_page(client: Client, words: str, without: str = "nothing of the kind") -> str:
    """The page when these words stand on it, and others do not; all of it."""

    def stands() -> str:
        return json.dumps(client.home.body, ensure_ascii=False) if client.home else ""

    async with asyncio.timeout(PATIENCE_S), client.world.news:
        await client.world.news.wait_for(lambda: words in stands() and without not in stands())
    return stands()


async def presses_on_page(client: Client, label: str) -> None:
    """The first button with this label."""
    assert client.home is not None
    for block in client.home.body["blocks"]:
        for element in (*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])):
            if element["type"] == "button" and element["text"]["text"] == label:
                await client.press(client.home, element["value"])
                return
    raise AssertionError(f"there is no button {label}")


async def test_the_page_goes_along_with_what_its_owner_does(alex: Person) -> None:
    """From a stranger's page to photos and a gallery, and to a stranger's page again."""
    client = client_of(alex)
    await client.opens_home()
    await sees_page(client, "Studio headshots from your photos")
    await presses_on_page(client, "I agree")
    await sees_page(client, "Send me one to twelve photos of yourself")

    await alex.has_gallery("legal 2")
    await client.opens_home()
    shown = await sees_page(client, "2 legal headshots")
    for words in ("Photo 1", "Photo 2", "Your galleries", "You agreed on", "Legal, 2 headshots, natural"):
        assert words in shown
    await presses_on_page(client, "Remove")
    await sees_page(client, "Photo 2", without="Photo 1")

    await presses_on_page(client, "Forget my photos")
    await sees_page(client, "Studio headshots from your photos")
    await alex.sees("Forgotten:")


async def test_a_photo_of_somebody_else_is_theirs_to_give(alex: Person, sam: Person, slack: SlackTown) -> None:
    """Alex points at Sam's photo: Sam is asked, agrees, and is the only one who gets anything."""
    await sam.window.say(TEAM, "Me, last summer", (selfie(),))
    (message,) = [each for each in slack.slack.world.channels[CHANNEL].messages.values() if "last summer" in each.text]
    await client_of(alex).shortcut("headshot_from_message", message)
    await alex.sees("I have asked whoever posted it")

    asked = await sam.sees("would like a headshot of you", button="Make my headshot")
    assert "alex" not in asked.text.casefold()
    await sam.presses("Make my headshot", on=asked)
    await sam.presses("I agree", on=await sam.sees("Your photos have not been opened"))
    await sam.sees("This photo can be used", button="Make corporate headshots")
    await sam.presses("Make corporate headshots")
    await sam.sees("ready, the best first")
    assert not [seen for seen in alex.messages() if seen.pictures]


async def test_a_photo_that_is_deleted_is_not_used_any_more(alex: Person) -> None:
    """Deleting the message in Slack is enough."""
    await alex.is_known(selfie())
    client = client_of(alex)
    mine = [each for each in client.im.messages.values() if each.user == client.id and each.files and not each.gone]
    message = mine[-1]
    await client.deletes(message)
    await alex.sees("You deleted Photo 1, so I have destroyed my copy as well")
    await alex.says("selfies")
    await alex.sees("I have no photos of you")
