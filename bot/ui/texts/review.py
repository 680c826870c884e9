"""`/me review`: the words beside a performer's own turn."""

from __future__ import annotations

from bot.services.rights.reviews import ToReview
from bot.ui.texts.language import phrase, say, say_count

KEEP_BUTTON = phrase("Keep")
LEAVE_OUT_BUTTON = phrase("Not this one")
WAIT_BUTTON = phrase("Let raters wait for me")
NO_WAIT_BUTTON = phrase("Raters need not wait for me")

ALL_REVIEWED = phrase("Thank you, you have heard all of your turns.")
WAITING = phrase("From now on, no one else hears a turn of yours before you have kept it.")
NOT_WAITING = phrase("From now on, others may hear your turns before you have.")


def review_text(own: ToReview) -> str:
    """Where a turn was played, what the buttons do, and how many are left."""
    turn = own.turn
    where = say(
        "**Your own turn**: session {session}, scene {scene}, take {take}.",
        session=turn.session_id,
        scene=turn.scene_number,
        take=turn.take_number,
    )
    what = say(
        "**Not this one**: no one rates it, and in every later dataset it is silent on your track and in the mix."
    )
    left = say_count("{number} turn is left.", "{number} turns are left, including this one.", own.remaining)
    return f"{where} {left}\n{what}"
