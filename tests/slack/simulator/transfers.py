"""Bytes: uploads to the address of `files.getUploadURLExternal`, and downloads with a token."""

from aiohttp import web

from tests.slack.simulator.world import World

LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to your workspace</body></html>"
)
ELSEWHERE = "elsewhere"
"""First part of the path on the other host that downloads are sent to."""


class Transfers:
    """Of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.elsewhere = ""
        """The same server by another name."""

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Step two: the bytes, raw or as a form."""
        world = self._world
        await world.habits.wait("upload")
        fault = world.habits.fault("upload")
        if fault is not None and fault.kind in ("break", "limit"):
            return web.Response(status=429 if fault.kind == "limit" else fault.status, text="no")
        found = [file for file in world.files.values() if file.upload_key == request.match_info["key"]]
        if not found or found[0].completed:
            return web.Response(status=404, text="no such upload")
        data = await _bytes(request)
        if len(data) != found[0].expected:
            return web.Response(status=400, text="length differs from what was announced")
        found[0].data = data
        if fault is not None and fault.kind in ("lose", "drop") and request.transport is not None:
            request.transport.abort()
        return web.Response(text=f"OK - {len(data)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The bytes, for a token that may read them; for any other, a page to sign in on, with status 200."""
        world = self._world
        await world.habits.wait("download")
        fault = world.habits.fault("download")
        if fault is not None and fault.kind in ("lose", "drop"):
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault is not None:
            return web.Response(status=429 if fault.kind == "limit" else fault.status, headers={"Retry-After": "1"})
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if request.path.startswith(f"/{ELSEWHERE}/"):
            if bearer:
                world.leaks.append(bearer)
            return web.Response(body=b"\xff\xd8\xff of somebody else", content_type="image/jpeg")
        if world.habits.redirect_downloads:
            raise web.HTTPFound(f"{self.elsewhere}{ELSEWHERE}/x.jpg")
        token = world.tokens.get(bearer)
        allowed = token is not None and not token.revoked and "files:read" in token.scopes
        if not allowed or world.habits.html_downloads:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        assert token is not None
        file = world.files.get(request.match_info["file"].rpartition("-")[2])
        if file is None or not file.completed or not world.sees_file(file, token.user_id):
            return web.Response(text=LOGIN_PAGE, content_type="text/html", status=404)
        return web.Response(body=file.data, content_type=file.mimetype)


async def _bytes(request: web.Request) -> bytes:
    if request.content_type.startswith("multipart/"):
        for value in (await request.post()).values():
            if isinstance(value, web.FileField):
                return value.file.read()
    return await request.read()
