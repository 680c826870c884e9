"""Invitations to rate a session: the message that stays, and what the coordinator is told."""

from __future__ import annotations

from bot.domain.consent_terms import Scope
from bot.services.ports.board import InvitationState
from bot.store.records import Invitation
from bot.ui.texts.consent import SCOPE_LABELS
from bot.ui.texts.language import phrase, say, say_count

NO_INVITATION = phrase("No invitation to rate this session is open.")


def invitation_text(state: InvitationState) -> str:
    """What anyone in the chat reads. It names no one and says nothing about what was played."""
    number = state.invitation.session_id
    if state.invitation.closed_at is not None:
        return say("The invitation to rate session {number} is closed. Thank you to everyone who rated.", number=number)
    asked = say(
        "**Raters wanted for session {number}.** You need not have been there: press the button, listen to short "
        "clips, and say what you hear. Stop whenever you like. Before the first clip, allow “{scope}” with `/consent`.",
        number=number,
        scope=say(SCOPE_LABELS[Scope.PEER_RATING]),
    )
    if state.until_unix is None:
        return asked
    return f"{asked} {say('It can be rated until {time}.', time=f'<t:{round(state.until_unix)}:f>')}"


def invited_text(invitation: Invitation, clips: int) -> str:
    """For the coordinator who invited raters: where, and how many clips they can hear."""
    where = f"<#{invitation.channel_id}>"
    told = say("The invitation to rate session {number} is in {where}.", number=invitation.session_id, where=where)
    scope = say(SCOPE_LABELS[Scope.PUBLIC_RELEASE])
    if not clips:
        why = say(
            "At the moment, people who were not there can hear none of its clips: only performers who allow “{scope}” "
            "are heard by them.",
            scope=scope,
        )
        return f"{told} {why}"
    heard = say_count(
        "People who were not there can hear {number} clip, of performers who allow “{scope}”.",
        "People who were not there can hear {number} clips, of performers who allow “{scope}”.",
        clips,
        scope=scope,
    )
    close = say("It stays until the time for rating is over, or until you give `/ratings close`.")
    return f"{told} {heard} {close}"


def closed_text(closed: int) -> str:
    """For the coordinator who closed the invitations to rate a session."""
    if not closed:
        return say(NO_INVITATION)
    return say_count(
        "{number} invitation is closed. People who came by it get no more clips; what they rated is kept.",
        "{number} invitations are closed. People who came by them get no more clips; what they rated is kept.",
        closed,
    )
