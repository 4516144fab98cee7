"""The same storm with Slack as the platform: its Web API fails, its socket breaks, its files are late."""

import asyncio
import random
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from adapters.records.ledger import open_ledger
from adapters.records.vault import SqlVault
from adapters.storage.install_key import load_install_key
from adapters.storage.seals import InstallSeal
from bot.vault import of_people
from tests.chaos import slack_bot
from tests.chaos.day import calm, finished, rage
from tests.chaos.evidence import Evidence
from tests.chaos.slack_chat import TEAM, Moods, SlackChat, changes_its_mind
from tests.chaos.slack_judge import SlackEvidence
from tests.chaos.slack_people import SlackPost, SlackSitter
from tests.chaos.storm import Storm
from tests.chaos.studio import AT_SIGHT
from tests.chaos.town import Town
from tests.slack.simulator.records import File
from tests.slack.simulator.slack import Slack, open_slack
from tests.slack.simulator.world import World

PEOPLE, SHOOTS, HEADSHOTS = 12, 3, 2
"""As in `tests.chaos.day`. One headshot is four calls at least, any of which fails: each more makes galleries wait much longer."""
PAUSE_S = (0.5, 2.5)
"""Between two blows of a kind: long enough that there is something to lose."""
POISONS = ("crash", f"{AT_SIGHT}crash")
EXAMPLE = "example.jpg"
"""What pictures of styles are called, which belong to nobody."""


async def slack_day(folder: Path, seed: int, lease_s: float, minutes: float) -> SlackEvidence:
    """All that is left of it; see `tests.chaos.day.day`."""
    rng = random.Random(seed)
    async with open_slack() as slack:
        moods = slack.habits = slack.world.habits = Moods(random.Random(rng.random()))
        chat, post = SlackChat(slack.world), SlackPost(slack, random.Random(rng.random()))
        began = time.time()
        async with Town(folder, lease_s, slack_bot.main, told(slack)) as town:
            storm = Storm(town, random.Random(rng.random()), slack_bot.PLACES, PAUSE_S)

            async def rages() -> None:
                async with asyncio.TaskGroup() as blows:
                    blows.create_task(storm.rages())
                    blows.create_task(changes_its_mind(slack, moods, random.Random(rng.random())))

            sitters: list[SlackSitter] = []
            visits = await rage(
                rages(), sitters, partial(people, slack, chat, post, rng), began + minutes * 60, SHOOTS, HEADSHOTS
            )
            await calm(town, sitters, visits, post.again)
            seen = await Evidence.gather(town, chat.as_it_stands(), post.as_it_stands(), sitters, began)
            files, noted = standing(slack.world), await notes(town)
            await finished({asyncio.create_task(sitter.forgets()) for sitter in sitters})
            left = [*standing(slack.world), *(m.ref for m in chat.messages.values() if m.shoot_id)]
            return SlackEvidence(seen, files, noted, tuple(left))


def told(slack: Slack) -> dict[str, str]:
    """Variables of the bot's environment."""
    return {
        "HEADROOM_SLACK_BOT_TOKEN": slack.bot_token,
        "HEADROOM_SLACK_APP_TOKEN": slack.app_token,
        "HEADROOM_SLACK_API_URL": slack.api_url,
        "HEADROOM_SLACK_FILE_HOSTS": slack.file_host,
    }


def people(slack: Slack, chat: SlackChat, post: SlackPost, rng: random.Random, before: int) -> list[SlackSitter]:
    """See `tests.chaos.day.people`."""
    made = []
    for number in range(PEOPLE):
        slack.add_user(f"U1{before + number:03d}", f"Sitter {before + number}")
        poison = POISONS[number] if number < len(POISONS) else ""
        client = slack.person(f"U1{before + number:03d}")
        made.append(SlackSitter(client, chat, post, random.Random(rng.random()), poison))
    return made


def standing(world: World) -> dict[str, File]:
    """Files of people that the bot put up and that are there."""
    bot = world.teams[TEAM].bot_user
    return {
        file.id: replace(file)
        for file in world.files.values()
        if file.user == bot and file.completed and not file.deleted and file.name != EXAMPLE
    }


async def notes(town: Town) -> frozenset[str]:
    """Files that the bot has written down."""
    ledger = await open_ledger(town.database, time.time)
    try:
        seal = InstallSeal(load_install_key(town.data / "install.key"))
        names = await SqlVault(ledger.database, seal.for_vault(), time.time).names(of_people("slack", TEAM))
        return frozenset(name.rpartition("/")[2] for name in names)
    finally:
        await ledger.close()
