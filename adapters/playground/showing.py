"""Pictures and files, for whoever can see them in a message or uploaded them, straight out of the picture store."""

from collections.abc import Callable
from importlib.resources import files

from aiohttp import web

from adapters.playground.answers import actor_of, not_here
from adapters.playground.cast import Actor
from adapters.playground.entries import Shown
from adapters.playground.limits import PREVIEW_WIDTHS
from adapters.playground.platform import PlaygroundChat, asked
from adapters.playground.previews import Previews
from bot.artifacts import Artifact, ArtifactStore
from engine.contract.errors import ArtifactUnreadable

SHOWN_BY_BROWSERS = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif"})


Examples = Callable[[str], bytes | None]
"""Picture of a style by its name, as JPEG."""


def no_example(_style: str) -> None:
    """Nothing to choose by eye."""


class Showing:
    """Pictures of all pages."""

    def __init__(self, chat: PlaygroundChat, pictures: ArtifactStore, examples: Examples = no_example) -> None:
        self._chat = chat
        self._pictures = pictures
        self._examples = examples
        self._previews = Previews()

    def routes(self) -> list[web.RouteDef]:
        """For the application."""
        return [
            web.get("/as/{user}/pictures/{artifact}", self.picture),
            web.get("/as/{user}/files/{artifact}", self.file),
            web.get("/sample.png", self.sample),
            web.get("/examples/{style}", self.example),
        ]

    async def picture(self, request: web.Request) -> web.Response:
        """As it is stored, or with `?w=480` as a preview of that width. Previews are of pictures that the bot shows."""
        actor = actor_of(request)
        found = await self._find(actor, request.match_info["artifact"])
        if found is None:
            return _nothing()
        artifact, data, shown = found
        width = request.query.get("w", "")
        drawable = any(each.by_bot for each in shown)
        if drawable and (width in map(str, PREVIEW_WIDTHS) or artifact.media_type not in SHOWN_BY_BROWSERS):
            preview = await self._previews.of(artifact.id, data, int(width or PREVIEW_WIDTHS[-1]))
            if preview is not None:
                return web.Response(body=preview, content_type="image/jpeg")
        if artifact.media_type not in SHOWN_BY_BROWSERS:
            return _nothing()
        return web.Response(body=data, content_type=artifact.media_type)

    async def file(self, request: web.Request) -> web.Response:
        """To save it, under the name that the bot gave it."""
        actor = actor_of(request)
        found = await self._find(actor, request.match_info["artifact"])
        name = next((each.name for each in found[2] if each.name), "") if found else ""
        if found is None or not name:
            return not_here()
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=found[1], content_type=found[0].media_type, headers=headers)

    async def sample(self, _request: web.Request) -> web.Response:
        """NASA's portrait of the astronaut Eileen Collins, public domain, which scikit-image ships."""
        data = files("skimage").joinpath("data", "astronaut.png").read_bytes()
        return web.Response(body=data, content_type="image/png")

    async def example(self, request: web.Request) -> web.Response:
        """The picture of a style, the same for everybody."""
        data = self._examples(request.match_info["style"])
        if data is None:
            return _nothing()
        return web.Response(body=data, content_type="image/jpeg", headers={"Cache-Control": "max-age=3600"})

    async def _find(self, actor: Actor, artifact: str) -> tuple[Artifact, bytes, list[Shown]] | None:
        """None unless it stands in a message that this person can see, or is a photo that they uploaded."""
        shown = await asked(self._chat.history.shown_to, actor.user, artifact)
        if shown:
            owner = shown[0].owner
        elif await asked(self._chat.history.find_upload, actor.user, artifact):
            owner = actor.person.key
        else:
            return None
        try:
            return *await self._pictures.get(owner, artifact), shown
        except ArtifactUnreadable:
            self._previews.forget(artifact)
            return None


def _nothing() -> web.Response:
    """A picture that is missing, has expired or is somebody else's: the very same answer. It is no error, since that is how
    every picture ends, and browsers would complain of it in their console.
    """
    return web.Response(status=204)
