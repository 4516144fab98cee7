"""Who one can be in the playground: enough people to try a direct message, a channel, a team lead and a guest."""

from dataclasses import dataclass

from bot.people import Person

PLATFORM, WORKSPACE = "playground", "local"


@dataclass(frozen=True, slots=True)
class Actor:
    """One of them. Whoever sits before the page may be anybody; what each can see is checked all the same."""

    user: str
    name: str
    role: str
    guest: bool = False

    @property
    def person(self) -> Person:
        """Identity for the bot."""
        return Person(PLATFORM, WORKSPACE, self.user)


CAST = {
    actor.user: actor
    for actor in (
        Actor("alex", "Alex", "Member"),
        Actor("sam", "Sam", "Member"),
        Actor("hanna", "Hanna", "HR"),
        Actor("gus", "Gus", "Guest", guest=True),
    )
}
