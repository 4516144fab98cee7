"""What a piece of JSON has to look like: small checks put together into bigger ones. Complaints are worded as Slack words them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.slack.simulator.records import File, Json


@dataclass
class Findings:
    """What is wrong, and what the checks may look up."""

    surface: str = "message"
    """message, modal or home."""
    file: Callable[[str], File | None] = lambda file_id: None
    """A file that whoever posts may see."""
    complaints: list[str] = field(default_factory=list)

    def add(self, words: str, where: str) -> None:
        """One complaint."""
        self.complaints.append(f"{words} [json-pointer:{where}]")


Check: TypeAlias = Callable[[Any, str, Findings], None]


def anything(value: Any, where: str, findings: Findings) -> None:
    """No rule that we know of."""


def string(least: int, most: int) -> Check:
    """Text of so many characters."""

    def check(value: Any, where: str, findings: Findings) -> None:
        if not isinstance(value, str):
            findings.add("must provide a string", where)
        elif len(value) < least:
            findings.add(f"must be more than {least - 1} characters", where)
        elif len(value) > most:
            findings.add(f"must be less than {most + 1} characters", where)

    return check


def number(least: int, most: int) -> Check:
    """A whole number."""

    def check(value: Any, where: str, findings: Findings) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            findings.add(f"must be an integer from {least} to {most}", where)

    return check


def boolean(value: Any, where: str, findings: Findings) -> None:
    """true or false."""
    if not isinstance(value, bool):
        findings.add("must provide a boolean", where)


def one_of(*allowed: Any) -> Check:
    """One of these values."""

    def check(value: Any, where: str, findings: Findings) -> None:
        if value not in allowed:
            findings.add(f"must be a valid enum value: {', '.join(map(str, allowed))}", where)

    return check


def array(of: Check, least: int, most: int) -> Check:
    """So many of one kind."""

    def check(value: Any, where: str, findings: Findings) -> None:
        if not isinstance(value, list):
            findings.add("must be an array", where)
            return
        if len(value) < least:
            findings.add(f"no less than {least} items allowed", where)
        if len(value) > most:
            findings.add(f"no more than {most} items allowed", where)
        for place, each in enumerate(value):
            of(each, f"{where}/{place}", findings)

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] = {}) -> Check:
    """An object with these fields and no others."""

    def check(value: Any, where: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            findings.add("must provide an object", where)
            return
        for name in required.keys() - value.keys():
            findings.add(f"missing required field: {name}", where)
        for name, each in value.items():
            rule = required.get(name) or optional.get(name)
            if rule is None:
                findings.add(f"invalid additional property: {name}", where)
            else:
                rule(each, f"{where}/{name}", findings)

    return check


def typed(kinds: Mapping[str, Check], what: str = "type") -> Check:
    """An object whose `type` says which check it has to pass."""

    def check(value: Any, where: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            findings.add("must provide an object", where)
        elif (rule := kinds.get(value.get("type", ""))) is None:
            findings.add(f"unsupported {what}: {value.get('type')}", f"{where}/type")
        else:
            rule(value, where, findings)

    return check


def every(*checks: Check) -> Check:
    """All of them."""

    def check(value: Any, where: str, findings: Findings) -> None:
        for each in checks:
            each(value, where, findings)

    return check


def when_object(rule: Callable[[Json, str, Findings], None]) -> Check:
    """A rule between the fields of an object; whoever checks the fields says that it is none."""

    def check(value: Any, where: str, findings: Findings) -> None:
        if isinstance(value, dict):
            rule(value, where, findings)

    return check


def exactly_one(*names: str) -> Check:
    """Of these fields, one and no more."""

    @when_object
    def check(value: Json, where: str, findings: Findings) -> None:
        if sum(name in value for name in names) != 1:
            findings.add(f"must have exactly one of: {', '.join(names)}", where)

    return check


def at_least_one(*names: str) -> Check:
    """Of these fields, one or more."""

    @when_object
    def check(value: Json, where: str, findings: Findings) -> None:
        if not any(name in value for name in names):
            findings.add(f"must have at least one of: {', '.join(names)}", where)

    return check
