"""One interaction: what a person did, which first answers Discord accepts, and what the bot answered.

Source: Discord's documentation, "Interactions" > "Receiving and Responding".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from bot.embedded.guild.records import InteractionMark, Message


class InteractionKind(IntEnum):
    """What a person did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class AnswerKind(IntEnum):
    """What the bot answered first."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


_ALLOWED: Final[dict[InteractionKind, tuple[AnswerKind, ...]]] = {
    InteractionKind.COMMAND: (AnswerKind.MESSAGE, AnswerKind.DEFERRED_MESSAGE, AnswerKind.MODAL),
    InteractionKind.COMPONENT: (
        AnswerKind.MESSAGE,
        AnswerKind.DEFERRED_MESSAGE,
        AnswerKind.DEFERRED_UPDATE,
        AnswerKind.UPDATE,
        AnswerKind.MODAL,
    ),
    InteractionKind.AUTOCOMPLETE: (AnswerKind.CHOICES,),
    InteractionKind.MODAL_SUBMIT: (AnswerKind.MESSAGE, AnswerKind.DEFERRED_MESSAGE),
}


@dataclass(slots=True)
class Interaction:
    """One action of a person and its outcome; `message` is the one whose component was used.

    `original_id` is the message that `@original` stands for. `awaits_first_follow_up` says whether the next follow-up
    fills in a deferred answer. Times are those of the registry's clock, in seconds.
    """

    interaction_id: int
    token: str
    kind: InteractionKind
    user_id: int
    channel_id: int
    data: dict[str, Any]
    message: Message | None
    created_s: float
    modal: dict[str, Any] | None = None
    answer: AnswerKind | None = None
    original_id: int | None = None
    awaits_first_follow_up: bool = False

    @property
    def allowed_answers(self) -> tuple[AnswerKind, ...]:
        """The first answers that Discord accepts."""
        allowed = _ALLOWED[self.kind]
        if self.kind is InteractionKind.MODAL_SUBMIT and self.message is not None:
            return (*allowed, AnswerKind.DEFERRED_UPDATE, AnswerKind.UPDATE)
        return allowed

    @property
    def mark(self) -> InteractionMark:
        """Return the mark of messages that answer it."""
        name = self.data.get("name") if self.kind is InteractionKind.COMMAND else None
        return InteractionMark(self.interaction_id, int(self.kind), self.user_id, name)
