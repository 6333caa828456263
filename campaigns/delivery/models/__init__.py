"""What the gate decided, what was sent, and what waits to be decided again."""

from campaigns.delivery.models.deferral import Deferral, DeferralResult
from campaigns.delivery.models.message import Kind, Message, MessageState
from campaigns.delivery.models.verdict import Outcome, Selection, Verdict

__all__ = [
    "Deferral",
    "DeferralResult",
    "Kind",
    "Message",
    "MessageState",
    "Outcome",
    "Selection",
    "Verdict",
]
