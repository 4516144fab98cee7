"""Response URLs: a few messages without a token, in answer to something that somebody did."""

import json
import time
from dataclasses import dataclass

from aiohttp import web

from tests.slack.simulator.blockkit.surfaces import check_message, with_ids
from tests.slack.simulator.board import Board
from tests.slack.simulator.records import Json, Message
from tests.slack.simulator.world import World

USES, LASTS_S = 5, 1800


@dataclass
class Response:
    """What one URL is good for."""

    user: str
    channel: str
    original: Message | None
    made_at: float
    used: int = 0


class Responses:
    """Of one world."""

    def __init__(self, world: World, board: Board) -> None:
        self._world, self._board = world, board
        self._given: dict[str, Response] = {}

    def new_url(self, user: str, channel: str, original: Message | None = None) -> str:
        """For what this person did there."""
        key = self._world.fresh("R")
        self._given[key] = Response(user, channel, original, time.time())
        return f"{self._world.url}actions/{key}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """`/actions/{key}`."""
        response = self._given.get(request.match_info["key"])
        if response is None or time.time() - response.made_at > LASTS_S or response.used >= USES:
            return web.Response(status=404, text="expired_url" if response is None else "used_url")
        response.used += 1
        told: Json = json.loads(await request.read())
        if complaints := check_message(told.get("blocks") or [], self._world.file_for(self._bot(response))):
            return web.json_response({"ok": False, "error": "invalid_blocks", "errors": complaints}, status=400)
        self.show(response, told)
        return web.Response(text="ok")

    def show(self, response: Response, told: Json) -> Message | None:
        """Post, replace or delete."""
        original = response.original
        if original is not None and told.get("delete_original"):
            self._board.delete(original)
            return None
        blocks = with_ids(told.get("blocks") or [], lambda: self._world.fresh("b"))
        if original is not None and told.get("replace_original", False):
            return self._board.edit(original, text=told.get("text", ""), blocks=blocks)
        return self.answer(response.user, response.channel, {**told, "blocks": list(blocks)})

    def answer(self, user: str, channel: str, told: Json) -> Message:
        """A message of the app, for one person unless it says otherwise."""
        team = self._world.teams[self._world.channels[channel].team_id]
        return self._board.post(
            self._world.channels[channel],
            team.bot_user,
            str(told.get("text", "")),
            blocks=tuple(told.get("blocks") or ()),
            thread_ts=str(told.get("thread_ts", "")),
            only_to="" if told.get("response_type") == "in_channel" else user,
            by_bot=True,
            bot_id=team.bot_id,
        )

    def _bot(self, response: Response) -> str:
        return self._world.teams[self._world.channels[response.channel].team_id].bot_user
