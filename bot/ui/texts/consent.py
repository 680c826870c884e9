"""The consent form and its answers. The text that people agree to is the troupe's own, in `data/consent`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.consent import TO_PERFORM, Action, ConsentChange, Scope
from bot.ui.texts.language import phrase, say

CHOOSE_BUTTON = phrase("Choose")
NO_SERVER = phrase(
    "This bot knows of no server on which you are or have consented, so there is nothing to choose. "
    "Use `/consent` on the server where you play."
)
FORM_TITLE = phrase("Your consent")
TAKING_PART = phrase("Taking part")
USES = phrase("What recordings of me may be used for")
USES_EXPLAINED = phrase("Choose each purpose separately.")
ADULT = phrase("I am 18 or older")
EVERYWHERE = phrase("On every server of this bot")
EVERYWHERE_EXPLAINED = phrase("If you do not tick this, your choices apply to this server only.")

SCOPE_LABELS: Mapping[str, str] = {
    Scope.RECORD: phrase("Record my voice during takes"),
    Scope.STORE_AND_REVIEW: phrase("Keep and review the recordings"),
    Scope.PEER_RATING: phrase("Rate others and keep my answers"),
    Scope.TRAIN_RECOGNITION: phrase("Train models that recognise emotion"),
    Scope.TRAIN_GENERATIVE_SPEECH: phrase("Train models that speak"),
    Scope.VOICE_CLONE_REPLICA: phrase("Make a replica of my voice"),
    Scope.SHARE_WITH_CLIENT: phrase("Share with the client"),
    Scope.PUBLIC_RELEASE: phrase("Publish openly"),
    Scope.PUBLISH_DEMOGRAPHICS: phrase("Publish my age group and similar facts"),
    Scope.RECONTACT: phrase("Contact me again"),
    Scope.CREDIT_BY_NAME: phrase("Credit me by name"),
}


_CHANGES: Mapping[tuple[Action, bool], str] = {
    (Action.GRANT, False): phrase("Given: {scope}."),
    (Action.GRANT, True): phrase("Given: {scope} (on every server of this bot)."),
    (Action.WITHDRAW, False): phrase("Withdrawn: {scope}."),
    (Action.WITHDRAW, True): phrase("Withdrawn: {scope} (on every server of this bot)."),
}
"""What changed, by the action and whether it applies everywhere."""


def choose_for_text(server: str) -> str:
    """The button for one of a person's servers; a button's label has at most 80 characters."""
    return say("Choose for {server}", server=server)[:80]


def nameless_server(guild_id: int) -> str:
    """A server that the bot has left, so that it no longer knows its name."""
    return say("server {number}", number=guild_id)


def outcome_text(wanted: frozenset[Scope], changed: Sequence[ConsentChange]) -> str:
    """For the person who sent the form: what changed, and whether they are recorded now."""
    told = [_change_text(change) for change in changed if not _is_narrowed(change, changed)]
    if not told:
        told.append(say("Nothing changed."))
    return "\n".join((*told, _standing_text(wanted)))


def refused_text(changed: Sequence[ConsentChange], why: str) -> str:
    """For a person whose form could not give consent: what it withdrew still takes effect."""
    return "\n".join((*(_change_text(change) for change in changed), why))


def not_stored_text(wanted: frozenset[Scope]) -> str:
    """For a person whose request the database does not accept yet: what is withdrawn is already in effect."""
    if wanted >= TO_PERFORM:
        return say(
            "Your choice is noted, but the database cannot store it at the moment. Withdrawals already apply; "
            "consent you gave will apply as soon as it is stored. Run `/consent` again to see it."
        )
    return say("You will not be recorded: this is already in effect. Your choice will be stored as soon as possible.")


def _standing_text(wanted: frozenset[Scope]) -> str:
    if wanted >= TO_PERFORM:
        return say("You can be dealt a scene and will be recorded in takes you play in.")
    return say("You will not be recorded.")


def _change_text(change: ConsentChange) -> str:
    return say(_CHANGES[change.action, change.guild_id is None], scope=say(SCOPE_LABELS[change.scope]))


def _is_narrowed(change: ConsentChange, changed: Sequence[ConsentChange]) -> bool:
    """Whether a withdrawal only makes room for the same consent on this server alone."""
    return change.action is Action.WITHDRAW and any(
        other.action is Action.GRANT and other.scope is change.scope for other in changed
    )


def unreadable_text(problem: str) -> str:
    """Shown instead of the consent text if its file cannot be used."""
    return say(
        "The consent text cannot be shown: {problem} No one can give consent until the operator fixes this. "
        "Use the button below to withdraw consent you gave.",
        problem=problem,
    )
