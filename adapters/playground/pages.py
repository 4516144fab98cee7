"""The page itself: a handful of files, read once."""

from hashlib import sha256
from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).parent / "page"
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def page_routes() -> list[web.RouteDef]:
    """`/` and a route for each file beside it."""
    paths = sorted(_FOLDER.iterdir())
    return [_route("/" if path.name == "index.html" else f"/{path.name}", path) for path in paths]


def _route(url: str, path: Path) -> web.RouteDef:
    body = path.read_bytes()
    tag = sha256(body).hexdigest()[:16]

    async def serve(request: web.Request) -> web.Response:
        headers = {"Cache-Control": "no-cache", "ETag": f'"{tag}"'}
        if any(each.value == tag for each in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type=_TYPES[path.suffix], charset="utf-8", headers=headers)

    return web.get(url, serve)
