"""The few web pages that people see on the way from Slack and back: plain words, no script, nothing from elsewhere."""

import html
from collections.abc import Mapping, Sequence
from typing import Final

from slack_bolt.response import BoltResponse

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>
body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1.5rem; color: #1d2b3a; background: #fff }}
a {{ color: #0b5cad }} a.button {{ display: inline-block; padding: .7rem 1.2rem; border-radius: .5rem; color: #fff; background: #1d2b3a; text-decoration: none }}
@media (prefers-color-scheme: dark) {{ body {{ color: #e8edf2; background: #14202b }} a {{ color: #8ec3f5 }} a.button {{ background: #2f5d86 }} }}
</style></head>
<body><h1>{title}</h1><p>{text}</p>{link}</body>
</html>
"""
_HEADERS: Final[Mapping[str, str]] = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
"""The address of such a page may hold a code of Slack's: it is kept nowhere and told to nobody."""


def page(
    title: str, text: str, *, status: int = 200, link: str = "", label: str = "", cookie: str = ""
) -> BoltResponse:
    """One page. `link`: where its only button leads; `cookie`: a whole Set-Cookie header."""
    button = f'<p><a class="button" href="{html.escape(link)}">{html.escape(label)}</a></p>' if link else ""
    body = _PAGE.format(title=html.escape(title), text=html.escape(text), link=button)
    headers: dict[str, str | Sequence[str]] = dict(_HEADERS)
    if cookie:
        headers["set-cookie"] = [cookie]
    return BoltResponse(status=status, body=body, headers=headers)
