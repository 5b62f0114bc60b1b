"""The words and tones of states. A tone is never the only sign: the word is always there."""

from django.utils.translation import gettext as _

_TONES = {
    "good": (
        "active accepted approved verified issued settled executed valid pass completed "
        "published lifted signed undertaken"
    ),
    "wait": (
        "proposed reserved retiring submitted pending awaiting warn "
        "in_verification provisional awaiting_approval lifting cancelling offered open requested "
        "expiring sent"
    ),
    "bad": (
        "in_force suspended declined refused cancelled fail invalid rejected revoked returned "
        "overdue"
    ),
    "info": "draft new booked registered co_claimed",
    "idle": "retired expired withdrawn closed archived inactive not_applicable",
}
_TONE_OF = {state: tone for tone, states in _TONES.items() for state in states.split()}


def tone(state: object) -> str:
    return _TONE_OF.get(_key(state), "idle")


def label(state: object) -> str:
    """The state in words; a model's choice label is used where the caller passes one."""
    own_label = getattr(state, "label", None)
    return sentence_case(str(own_label or _key(state).replace("_", " ")) or _("unknown"))


def sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def _key(state: object) -> str:
    value = getattr(state, "value", state)
    return "" if value is None else str(value).strip().lower().replace(" ", "_").replace("-", "_")
