"""Consent as a form and its answer. The text that people agree to is the troupe's own, in `data/consent`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.consent import TO_PERFORM, Action, Scope

CHOOSE_BUTTON = "Choose"
FORM_TITLE = "Your consent"
TAKING_PART = "Taking part"
USES = "What recordings of me may be used for"
USES_EXPLAINED = "Each purpose is yours to allow or not."
ADULT = "I am 18 or older"

SCOPE_LABELS: Mapping[str, str] = {
    Scope.RECORD: "Record my voice during takes",
    Scope.STORE_AND_REVIEW: "Keep and review the recordings",
    Scope.PEER_RATING: "Rate others and keep my answers",
    Scope.TRAIN_RECOGNITION: "Train models that recognise emotion",
    Scope.TRAIN_GENERATIVE_SPEECH: "Train models that speak",
    Scope.VOICE_CLONE_REPLICA: "Make a replica of my voice",
    Scope.SHARE_WITH_CLIENT: "Share with the client",
    Scope.PUBLIC_RELEASE: "Publish openly",
    Scope.PUBLISH_DEMOGRAPHICS: "Publish my age group and the like",
    Scope.RECONTACT: "Contact me again",
    Scope.CREDIT_BY_NAME: "Credit me by name",
}


def outcome_text(wanted: frozenset[Scope], changed: Sequence[tuple[Scope, Action]]) -> str:
    """For whoever sent the form: what changed, and whether they are recorded now."""
    lines = [
        f"{'Given' if action is Action.GRANT else 'Taken back'}: {SCOPE_LABELS[scope]}." for scope, action in changed
    ]
    if not lines:
        lines.append("Nothing changed.")
    if wanted >= TO_PERFORM:
        lines.append("You can be dealt a scene and will be recorded in takes you play in.")
    else:
        lines.append("You will not be recorded.")
    return "\n".join(lines)


def unreadable_text(problem: str) -> str:
    """In place of the consent text, when its file cannot be used."""
    return (
        f"The consent text cannot be shown: {problem} Nobody can consent before whoever runs me has mended it. "
        "What you gave you can take back with the button below."
    )
