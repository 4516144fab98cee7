"""Who may talk to the playground: pages that it served itself, and nobody else that a browser on this machine has open.

A foreign site can make a browser send requests to 127.0.0.1, or give its own name that address. So the host must be this
machine by one of its own names, what changes something must carry a header that foreign sites cannot send, and what browsers
say about where a request comes from must fit.
"""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

HEADER = "X-Headroom-Page"
_NAMES = {"127.0.0.1", "localhost", "::1"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; media-src blob:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


def _refusal(request: web.Request) -> str:
    """Why this request is none of ours; "" when it is."""
    try:
        host = urlsplit(f"//{request.host}").hostname
    except ValueError:
        host = None
    if host not in _NAMES:
        return "this is not the address of the playground"
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return "another site asked for this"
    came_from = request.headers.get("Sec-Fetch-Site", "none")
    arrives = request.method == "GET" and request.path == "/"
    if came_from not in {"same-origin", "none"} and not arrives:
        return "another site asked for this"
    if request.method not in {"GET", "HEAD"} and HEADER not in request.headers:
        return f"the header {HEADER} is missing"
    return ""


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses what is none of ours."""
    if reason := _refusal(request):
        return web.json_response({"code": "refused", "sentence": f"Refused: {reason}."}, status=403)
    return await handler(request)


async def harden(_request: web.Request, response: web.StreamResponse) -> None:
    """Headers of every answer, refusals too; nothing that may hold a person's words or face stays in a browser's cache."""
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
