"""Recipes: a shot as JSON that stands beside its headshot and makes it again, to the byte."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from engine.contract.errors import PersonError
from engine.contract.shots import Shot
from engine.planning.shot_ids import with_id

SCHEMA = 1
"""Grows when an older Headroom could not read the recipe."""

_SHOT: TypeAdapter[Shot] = TypeAdapter(Shot)


def to_recipe(shot: Shot, version: str, height_px: int, file_format: str) -> dict[str, Any]:
    """JSON-ready recipe. `version` is Headroom's, `height_px` and `file_format` are those of the finished file."""
    return {
        "schema": SCHEMA,
        "headroom": version,
        "output": {"height_px": height_px, "file_format": file_format},
        "shot": _SHOT.dump_python(shot, mode="json"),
    }


def read_recipe(recipe: Mapping[str, Any]) -> Shot:
    """The shot of a recipe, equal to the one it was made from; edited by hand, it gets the id of what it now says.

    Raises PersonError: "recipe_newer" (made by a later Headroom), "recipe_broken" (with the key that is wrong).
    """
    schema = recipe.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool):
        raise PersonError("recipe_broken", key="schema", reason="it is missing or no whole number")
    if schema > SCHEMA:
        raise PersonError("recipe_newer", schema=schema, known=SCHEMA)
    if "shot" not in recipe:
        raise PersonError("recipe_broken", key="shot", reason="it is missing")
    try:
        shot = _SHOT.validate_python(recipe["shot"])
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in ("shot", *first["loc"]))
        raise PersonError("recipe_broken", key=key, reason=first["msg"][:1].lower() + first["msg"][1:]) from error
    return with_id(shot)
