"""The exact words that a person agrees to. Other words, another span or another operator make another text, and who agreed
to the earlier one is asked again.
"""

from bot.cards.phrasing import headline, span_words
from bot.consents import Consent, hash_of
from bot.retention import Retention


def consent_text(operator: str, retention: Retention) -> str:
    """Paragraphs, separated by an empty line. `operator`: "" = nobody is named."""
    answers = operator or "whoever set me up here"
    spans = (retention.selfies, retention.unpicked, retention.picked, retention.records)
    selfies, unpicked, picked, records = map(span_words, spans)
    return "\n\n".join(
        (
            f"I make headshots from your photos. {headline(answers)} answers for what happens to them.",
            "What I take: the photos that you send here, or those of your own posts for which I ask you and you say yes, and nothing"
            " from your profile. Please send only photos of your own"
            " face, and only if you are an adult; in a picture whose look you want, I read nothing but light and colours.",
            "What I do with them: I measure your face, its shape and a description in numbers by which faces are compared, so"
            " that the headshots look like you. These measurements are biometric. They exist in memory while I work; they are"
            " never stored, passed on, or used to recognise you anywhere else. What stays beside each headshot is one number:"
            " how much it looks like you.",
            f"Where it stays: on the machines of {answers}, encrypted with a key of your own, and, where I answer, in this chat. Nothing is"
            " sent to anybody else, unless you press “Share” or “Use as my photo”, and nothing is used to train anything.",
            f"How long: your photos go {selfies} after your last shoot, or after you sent them if there is none; headshots that you do not pick after {unpicked},"
            f" those that you favourite or download {picked} after that. Records of your shoots, without pictures, go after"
            f" {records}. That you agreed is written down until you have everything forgotten.",
            "Who sees them: you. Headshots appear in our direct conversation, and what the chat has of them I take away soon"
            " after they go here. Others see one only where you share it, and you can take it back. The administrators of those machines have access to them.",
            "You decide: this is voluntary, and saying no has no disadvantage for you. You can take it back at any time:"
            " type “forget”, and your photos, headshots and all records of them are destroyed.",
        )
    )


def holds(consent: Consent | None, text: str) -> bool:
    """Whether the person agreed to exactly this text."""
    return consent is not None and consent.text_hash == hash_of(text)
