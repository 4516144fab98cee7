"""One Slack on this machine's own address: `async with open_slack() as slack`.

A workspace T1 with Anna (U1), Ben (U2), Gus the guest (U3), Dora who has left (U4), and Xenia (U9) of another company, who is in
the shared channel C3. C1 is public and C2 private, both with the app in it; in C4 it is not; C5 is archived.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession, web
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.simulator.api import WebApi
from tests.slack.simulator.board import Board
from tests.slack.simulator.events import Events
from tests.slack.simulator.habits import Habits
from tests.slack.simulator.lines import SocketLine
from tests.slack.simulator.methods.oauth import CLIENT_ID, CLIENT_SECRET, new_token
from tests.slack.simulator.person import Person
from tests.slack.simulator.records import BOT_SCOPES, Channel, Json, Message, Team, Token, User, View
from tests.slack.simulator.requests import SIGNING_SECRET, RequestLine
from tests.slack.simulator.responses import Responses
from tests.slack.simulator.transfers import ELSEWHERE, Transfers
from tests.slack.simulator.world import World


class Slack:
    """Made by `open_slack`. `world` is everything that it knows."""

    client_id, client_secret, signing_secret = CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET

    def __init__(self, session: ClientSession) -> None:
        self.habits = Habits()
        self.world = World(self.habits)
        self.board = Board(self.world)
        self.events = Events(self.world)
        self.sockets = SocketLine(self.world)
        self.responses = Responses(self.world, self.board)
        self.transfers = Transfers(self.world)
        self.requests: RequestLine | None = None
        """The app's request URL; None = Socket Mode."""
        self.web_api = WebApi(self.world, self.board)
        self._session = session
        self.world.emit = self.events.emit
        self.events.line = self.sockets

    # ---- addresses

    @property
    def api_url(self) -> str:
        """For `AsyncWebClient(base_url=...)`."""
        return f"{self.world.url}api/"

    @property
    def file_host(self) -> str:
        """Host and port of downloads."""
        return self.world.url.removeprefix("http://").rstrip("/")

    @property
    def authorize_url(self) -> str:
        """Where people agree to an install; see `Person.approves`."""
        return f"{self.world.url}oauth/v2/authorize"

    # ---- what it knows

    @property
    def history(self) -> list[Message]:
        """Every version of every message, oldest first."""
        return self.world.history

    def add_team(self, team_id: str, name: str, *, enterprise_id: str = "", bot_user: str = "") -> Team:
        """A workspace, with a user for the app."""
        bot_user = bot_user or f"UB{team_id}"
        team = Team(team_id, name, name.lower().replace(" ", "-"), enterprise_id, bot_user, f"B{team_id}")
        self.world.teams[team_id] = team
        if bot_user not in self.world.users:
            self.world.users[bot_user] = User(bot_user, "Headroom", team_id, is_bot=True)
        return team

    def add_user(
        self, user_id: str, name: str, team_id: str = "T1", *, is_guest: bool = False, deleted: bool = False
    ) -> User:
        """Somebody."""
        user = User(user_id, name, team_id, is_guest=is_guest, deleted=deleted)
        self.world.users[user_id] = user
        return user

    def add_channel(
        self, channel_id: str, name: str, *members: str, kind: str = "public", team_id: str = "T1"
    ) -> Channel:
        """A channel."""
        channel = Channel(channel_id, name, team_id, kind, set(members))
        self.world.channels[channel_id] = channel
        return channel

    def install(self, team_id: str = "T1", scopes: frozenset[str] = BOT_SCOPES, enterprise_id: str = "") -> Token:
        """A bot token, as after an install."""
        return new_token(self.world, "bot", team_id, self.world.teams[team_id].bot_user, set(scopes), enterprise_id)

    def user_token(self, user_id: str, *scopes: str) -> Token:
        """A token of a person."""
        return new_token(self.world, "user", self.world.users[user_id].team_id, user_id, set(scopes))

    def client(self, token: str = "") -> AsyncWebClient:
        """The SDK's own, for a token; "" = the app's in T1."""
        return AsyncWebClient(token or self.bot_token, base_url=self.api_url)

    def person(self, user_id: str) -> Person:
        """Somebody before Slack."""
        return Person(self.world, self.board, self.events, self.responses, self.world.users[user_id])

    def view(self, user_id: str) -> View | None:
        """The form on somebody's screen."""
        return self.person(user_id).modal

    # ---- what happens

    def use_http(self, url: str) -> RequestLine:
        """Deliver to a request URL instead of sockets."""
        self.requests = RequestLine(self._session, url)
        self.events.line = self.requests
        return self.requests

    def uninstall(self, team_id: str = "T1") -> None:
        """Somebody throws the app out: its tokens are worth nothing, and it hears so."""
        tokens = [token for token in self.world.tokens.values() if token.team_id == team_id and token.kind != "app"]
        users = [token.user_id for token in tokens if token.kind == "user"]
        bots = [token.user_id for token in tokens if token.kind == "bot"]
        for token in tokens:
            token.revoked = True
        self.tell(team_id, {"type": "tokens_revoked", "tokens": {"oauth": users, "bot": bots}})
        self.tell(team_id, {"type": "app_uninstalled"})

    def deactivate(self, user_id: str) -> None:
        """Somebody leaves the company."""
        user = self.world.users[user_id]
        user.deleted = True
        self.tell(
            user.team_id, {"type": "user_change", "user": {"id": user_id, "team_id": user.team_id, "deleted": True}}
        )

    def tell(self, team_id: str, event: Json) -> None:
        """An event of any kind, if the app asked for such."""
        self.world.emit(team_id, {"event_ts": self.world.fresh_ts(), **event})

    # ---- the usual town

    def settle(self) -> None:
        """See the top of this module."""
        self.add_team("T1", "Studio Works")
        self.add_team("T9", "Other Company", bot_user="UBOTHER")
        for user_id, name in (("U1", "Anna"), ("U2", "Ben")):
            self.add_user(user_id, name)
        self.add_user("U3", "Gus", is_guest=True)
        self.add_user("U4", "Dora", deleted=True)
        self.add_user("U9", "Xenia", "T9")
        bot = self.world.teams["T1"].bot_user
        self.add_channel("C1", "team", "U1", "U2", "U3", bot)
        self.add_channel("C2", "board", "U1", "U2", bot, kind="private")
        self.add_channel("C3", "partners", "U1", "U9", bot).is_ext_shared = True
        self.add_channel("C4", "kitchen", "U1", "U2")
        self.add_channel("C5", "past", "U1", "U2", bot).archived = True
        self.bot_token = self.install().value
        self.app_token = new_token(self.world, "app", "T1", bot, {"connections:write"}).value
        self.bot_user = bot


@asynccontextmanager
async def open_slack() -> AsyncIterator[Slack]:
    """Until the block ends."""
    async with ClientSession() as session:
        slack = Slack(session)
        app = web.Application(client_max_size=2**28)
        app.router.add_route("*", "/api/{method}", slack.web_api.handle)
        app.router.add_post("/upload/{key}", slack.transfers.upload)
        app.router.add_get("/files-pri/{file}/{rest:.*}", slack.transfers.download)
        app.router.add_get(f"/{ELSEWHERE}/{{rest:.*}}", slack.transfers.download)
        app.router.add_get("/link/{ticket}", slack.sockets.link)
        app.router.add_post("/actions/{key}", slack.responses.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.5)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0]
        slack.world.url = f"http://{host}:{port}/"
        slack.transfers.elsewhere = f"http://localhost:{port}/"
        slack.settle()
        try:
            yield slack
        finally:
            await slack.events.close()
            await slack.sockets.cut()
            await runner.cleanup()
