"""How Slack says no."""

from typing import Any


class Refusal(Exception):
    """An answer with `ok: false`; `more` are further fields of it."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


class Invalid(Refusal):
    """Arguments that break rules, each with where: `invalid_blocks` in messages, `invalid_arguments` in views."""

    def __init__(self, error: str, complaints: list[str]) -> None:
        told = [f"[ERROR] {complaint}" for complaint in complaints]
        super().__init__(error, errors=complaints, response_metadata={"messages": told})
