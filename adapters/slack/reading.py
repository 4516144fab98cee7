"""Words on their way out of Slack: as their writer saw them. The opposite of `escape`."""

import re

_ENTITY = re.compile(r"<([^<>\n]+)>")
_LINK = re.compile(r"(?:https?|mailto|tel|slack):")


def typed(text: str) -> str:
    """What somebody typed, without the markup that Slack wraps links, people and channels in."""
    plain = _ENTITY.sub(_shown, text).replace("\xa0", " ")
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _shown(entity: re.Match[str]) -> str:
    target, _, label = entity[1].partition("|")
    if _LINK.match(target):
        return label or target
    if target[0] in "@#":
        return f"{target[0]}{label}" if label else ""
    return f"@{target[1:].partition('^')[0]}" if target[0] == "!" else entity[0]
