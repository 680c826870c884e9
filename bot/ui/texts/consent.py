"""The consent form and its answers. The text that people agree to is the troupe's own, in `data/consent`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.consent import TO_PERFORM, Action, ConsentChange
from bot.domain.consent_terms import Representation, Scope, Terms
from bot.ui.texts.language import phrase, say, say_count

_LONGEST_LABEL = 100
EARLIER_BUTTON = phrase("Allow earlier recordings, too")
EARLIER_STAYS = phrase(
    "What was recorded before you withdrew stays withdrawn, unless you allow it with the button below."
)
REPLICA_BUTTON = phrase("Answer three questions about a replica")
CHOOSE_ONE = phrase("Choose one")
REPLICA_TITLE = phrase("A replica of my voice")
REPLICA_USES = phrase("What may it be used for?")
REPLICA_USES_EXPLAINED = phrase("Describe it so that a stranger could tell what is not allowed.")
REPLICA_TERM = phrase("For how long?")
REPLICA_ADVICE = phrase("Who advised you?")
REPLICA_ADVICE_EXPLAINED = phrase("Where the law asks for advice, a consent without it can be void.")
REPLICA_NEEDS_MORE = phrase(
    "Nothing was given. Consent to be recorded with `/consent` first, and describe what a replica is for."
)
NO_ADVICE = phrase("You had no advice. Talk to a lawyer or a union before someone makes a replica of your voice.")
ADVICE: Mapping[Representation, str] = {
    Representation.COUNSEL: phrase("A lawyer"),
    Representation.UNION: phrase("My union"),
    Representation.NONE: phrase("No one (not recommended)"),
}
_LACKING: Mapping[Scope, str] = {
    Scope.VOICE_CLONE_REPLICA: phrase("A replica of your voice needs three more answers: press the button below."),
    Scope.SHARE_WITH_CLIENT: phrase("Who receives recordings has changed since you opened the form: open it again."),
}
CHOOSE_BUTTON = phrase("Choose")
NO_SERVER = phrase(
    "This bot knows of no server on which you are or have consented, so there is nothing to choose. "
    "Use `/consent` on the server where you play."
)
TEXT_IS_NEW = phrase("**This text has changed.** Read it before you choose.\n")
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
    Scope.VOICEPRINT_ANALYSIS: phrase("Compute and keep a voiceprint of me"),
    Scope.PUBLISH_TRANSCRIPT: phrase("Publish my words as text"),
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


def box_text(scope: Scope, recipients: Sequence[str]) -> str:
    """The words beside a box; a label of Discord's has at most 100 characters."""
    if scope is not Scope.SHARE_WITH_CLIENT:
        return say(SCOPE_LABELS[scope])
    label = say("I direct you to give my recordings to {recipients}", recipients=", ".join(recipients))
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def outcome_text(
    wanted: frozenset[Scope],
    changed: Sequence[ConsentChange],
    earlier: frozenset[Scope] = frozenset(),
    lacks: frozenset[Scope] = frozenset(),
) -> str:
    """For the person who sent the form: what changed, and whether they are recorded now.

    For the scopes in `earlier`, what was recorded before they withdrew stays withdrawn. Those that are in `lacks` were
    ticked, but a consent to them must say more.
    """
    told = [_change_text(change) for change in changed if not _is_narrowed(change, changed)]
    if not told:
        told.append(say("Nothing changed."))
    told += [say(sentence) for scope, sentence in _LACKING.items() if scope in lacks]
    if earlier:
        told.append(say(EARLIER_STAYS))
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


def covered_text(changed: Sequence[ConsentChange]) -> str:
    """After someone allowed what was recorded before they withdrew."""
    if not changed:
        return say("Nothing changed: nothing that you allow now was withdrawn before.")
    given = ", ".join(say(SCOPE_LABELS[change.scope]) for change in changed)
    return say("This now covers what was recorded before you withdrew, too: {given}.", given=given)


def days_text(days: int) -> str:
    """How long a consent to a replica lasts."""
    years = {365: 1, 730: 2}.get(days)
    if years is None:
        return say_count("{number} day", "{number} days", days)
    return say_count("{number} year", "{number} years", years)


def replica_text(terms: Terms) -> str:
    """After someone allowed a replica of their voice: what they said."""
    until = (terms.ends_at or "")[:10]
    scope = say(SCOPE_LABELS[Scope.VOICE_CLONE_REPLICA])
    told = say("Given: {scope}, until {day}, only for this: {uses}", scope=scope, day=until, uses=terms.uses)
    return f"{told}\n{say(NO_ADVICE)}" if terms.represented_by is Representation.NONE else told


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
