"""How long a storm lasts, and which one it is."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/chaos --chaos-minutes 30 --chaos-lease 15`."""
    storm = parser.getgroup("chaos", "storms over bot, workers and Redis")
    storm.addoption("--chaos-minutes", type=float, default=0.0, help="how long people come; default: some 40 seconds")
    storm.addoption("--chaos-seed", type=int, default=0, help="which storm; default: always the same")
    storm.addoption("--chaos-lease", type=float, default=3.0, help="seconds of a lease; in production 15")
