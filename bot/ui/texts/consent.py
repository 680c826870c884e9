"""The consent form and its answers. The text that people agree to is the troupe's own, in `data/consent`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.consent import TO_PERFORM, Action, ConsentChange, Scope

CHOOSE_BUTTON = "Choose"
NO_SERVER = (
    "This bot knows of no server on which you are or have consented, so there is nothing to choose. "
    "Use `/consent` on the server where you play."
)
TEXT_IS_NEW = "**This text has changed.** Read it before you choose.\n"
FORM_TITLE = "Your consent"
TAKING_PART = "Taking part"
USES = "What recordings of me may be used for"
USES_EXPLAINED = "Choose each purpose separately."
ADULT = "I am 18 or older"
EVERYWHERE = "On every server of this bot"
EVERYWHERE_EXPLAINED = "If you do not tick this, your choices apply to this server only."

SCOPE_LABELS: Mapping[str, str] = {
    Scope.RECORD: "Record my voice during takes",
    Scope.STORE_AND_REVIEW: "Keep and review the recordings",
    Scope.PEER_RATING: "Rate others and keep my answers",
    Scope.TRAIN_RECOGNITION: "Train models that recognise emotion",
    Scope.TRAIN_GENERATIVE_SPEECH: "Train models that speak",
    Scope.VOICE_CLONE_REPLICA: "Make a replica of my voice",
    Scope.SHARE_WITH_CLIENT: "Share with the client",
    Scope.PUBLIC_RELEASE: "Publish openly",
    Scope.PUBLISH_DEMOGRAPHICS: "Publish my age group and similar facts",
    Scope.RECONTACT: "Contact me again",
    Scope.CREDIT_BY_NAME: "Credit me by name",
    Scope.VOICEPRINT_ANALYSIS: "Compute and keep a voiceprint of me",
    Scope.PUBLISH_TRANSCRIPT: "Publish my words as text",
}


def choose_for_text(server: str) -> str:
    """The button for one of a person's servers; a button's label has at most 80 characters."""
    return f"{CHOOSE_BUTTON} for {server}"[:80]


def nameless_server(guild_id: int) -> str:
    """A server that the bot has left, so that it no longer knows its name."""
    return f"server {guild_id}"


def outcome_text(wanted: frozenset[Scope], changed: Sequence[ConsentChange]) -> str:
    """For the person who sent the form: what changed, and whether they are recorded now."""
    told = [_change_text(change) for change in changed if not _is_narrowed(change, changed)]
    if not told:
        told.append("Nothing changed.")
    return "\n".join((*told, _standing_text(wanted)))


def refused_text(changed: Sequence[ConsentChange], why: str) -> str:
    """For a person whose form could not give consent: what it withdrew still takes effect."""
    return "\n".join((*(_change_text(change) for change in changed), why))


def not_stored_text(wanted: frozenset[Scope]) -> str:
    """For a person whose request the database does not accept yet: what is withdrawn is already in effect."""
    if wanted >= TO_PERFORM:
        return (
            "Your choice is noted, but the database cannot store it at the moment. Withdrawals already apply; "
            "consent you gave will apply as soon as it is stored. Run `/consent` again to see it."
        )
    return "You will not be recorded: this is already in effect. Your choice will be stored as soon as possible."


def _standing_text(wanted: frozenset[Scope]) -> str:
    if wanted >= TO_PERFORM:
        return "You can be dealt a scene and will be recorded in takes you play in."
    return "You will not be recorded."


def _change_text(change: ConsentChange) -> str:
    where = " (on every server of this bot)" if change.guild_id is None else ""
    return f"{'Given' if change.action is Action.GRANT else 'Withdrawn'}: {SCOPE_LABELS[change.scope]}{where}."


def _is_narrowed(change: ConsentChange, changed: Sequence[ConsentChange]) -> bool:
    """Whether a withdrawal only makes room for the same consent on this server alone."""
    return change.action is Action.WITHDRAW and any(
        other.action is Action.GRANT and other.scope is change.scope for other in changed
    )


def unreadable_text(problem: str) -> str:
    """Shown instead of the consent text if its file cannot be used."""
    return (
        f"The consent text cannot be shown: {problem} No one can give consent until the operator fixes this. "
        "Use the button below to withdraw consent you gave."
    )
