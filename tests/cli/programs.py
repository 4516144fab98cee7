"""A program for the supervisor to look after: `python -m tests.cli.programs`, told what to do by PROGRAM."""

import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread


class Answer(BaseHTTPRequestHandler):
    """Says that it is alive."""

    def do_GET(self) -> None:
        """Nothing more."""
        self.send_response(200)
        self.end_headers()


def main() -> None:
    """stay: until SIGTERM; answer: at PORT, too; die: at once; wrong: a wrong setting; stubborn: through every SIGTERM."""
    role, diary = os.environ["PROGRAM"], Path(os.environ["DIARY"])

    def note(what: str) -> None:
        with diary.open("a") as file:
            file.write(f"{what} {role} {os.getpid()}\n")

    def end(*_: object) -> None:
        note("asked")
        if role != "stubborn":
            sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    note("started")
    if role == "die":
        sys.exit(1)
    if role == "wrong":
        print("The setting HEADROOM_X cannot be used.", file=sys.stderr)  # noqa: T201
        sys.exit(2)
    if role == "answer":
        Thread(target=HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answer).serve_forever, daemon=True).start()
    while True:
        time.sleep(0.01)


main()
