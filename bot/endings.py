"""The message that a placeholder ends as: gallery, verdict, explanation, or that the shoot was cancelled."""

from collections.abc import Sequence

from bot.cards.shoots import cancelled_card, explanation_card, gallery_card, verdict_card
from bot.ledger import Galleries, KeptHeadshot
from bot.messages import Message
from bot.shoots import Shoot, ShootState


async def ending_of(shoot: Shoot, galleries: Galleries) -> tuple[Message, Sequence[KeptHeadshot]]:
    """The message and the headshots in it, as the ledger has them now. ValueError for a shoot that is still open."""
    match shoot.state:
        case ShootState.FINISHED if shoot.order.kind == "screening":
            return verdict_card(shoot), ()
        case ShootState.FINISHED:
            headshots = await galleries.headshots(shoot.order.id, shoot.order.person)
            return gallery_card(shoot, headshots), headshots
        case ShootState.EXPLAINED:
            return explanation_card(shoot), ()
        case ShootState.CANCELLED:
            return cancelled_card(shoot), ()
        case _:
            raise ValueError("this shoot has not ended")
