"""Whether a program that runs still answers: one that hangs would otherwise run for ever, and do nothing."""

import threading
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.request import urlopen

LOOK_S = 5.0
ANSWER_S = 4.0
HANGS_AFTER = 12
"""Looks without an answer, one after the other; about a minute, which no pause of a healthy program lasts."""


class Pulse:
    """Feels the pulse of one process at its `/livez`, from a thread of its own, until it is let go.

    Nobody is said to hang who has never answered: a start may take long, and the address may be somebody else's.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._let_go = threading.Event()
        self._answered = False
        self._missed = 0
        threading.Thread(target=self._feel, name="pulse", daemon=True).start()

    @property
    def hangs(self) -> bool:
        """It answered once, and has not for a long time."""
        return self._answered and self._missed >= HANGS_AFTER

    def let_go(self) -> None:
        """Ask no more."""
        self._let_go.set()

    def _feel(self) -> None:
        while not self._let_go.wait(LOOK_S):
            if self._beats():
                self._answered, self._missed = True, 0
            else:
                self._missed += 1

    def _beats(self) -> bool:
        try:
            with urlopen(self._url, timeout=ANSWER_S) as answer:  # an address of our own making
                return bool(answer.status == HTTPStatus.OK)
        except HTTPError as error:
            return error.code != HTTPStatus.SERVICE_UNAVAILABLE
        except (OSError, ValueError):
            return False
