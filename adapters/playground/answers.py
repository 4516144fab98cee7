"""What the page is told when something cannot be done: a code, and the sentence that a person reads."""

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import ValidationError

from adapters.playground.cast import CAST, Actor
from engine.contract.errors import ArtifactUnreadable, HeadroomError, PersonError
from engine.contract.sentences import sentence


def refusal(error: HeadroomError) -> web.Response:
    """A page may try again what has status 503."""
    status = 422 if isinstance(error, PersonError) else 404 if isinstance(error, ArtifactUnreadable) else 503
    return web.json_response({"code": error.code, "sentence": sentence(error.code, **error.facts)}, status=status)


def not_here() -> web.Response:
    """What is missing, expired or somebody else's: the very same answer."""
    return refusal(ArtifactUnreadable("artifact_missing"))


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Errors that Headroom knows become answers."""
    try:
        return await handler(request)
    except HeadroomError as error:
        return refusal(error)
    except ValidationError:
        return web.json_response({"code": "request_wrong", "sentence": "Reload this page and try again."}, status=400)


def actor_of(request: web.Request) -> Actor:
    """Who sits before the page that asks. Raises HTTPNotFound for somebody who is not in the cast."""
    actor = CAST.get(request.match_info["user"])
    if actor is None:
        raise web.HTTPNotFound
    return actor
