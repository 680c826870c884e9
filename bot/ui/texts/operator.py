"""The forms about a server's operator: who is responsible, and what the law wants people to know."""

from __future__ import annotations

from collections.abc import Mapping

from bot.store.records import Operator

FORM_TITLE = "Who is responsible here?"
WHO_BUTTON = "Who is responsible"
LAW_BUTTON = "Legal basis and recipients"
SECTION = "**Who is responsible**\nWhat people are told before they consent."
KEPT = "Saved. People read it with `/consent`."

LABELS: Mapping[str, str] = {
    "controller": "Who is responsible for the recordings",
    "contact": "How to reach them",
    "legal_basis": "Legal basis",
    "recipients": "Who may receive recordings",
    "retention": "How long recordings are kept",
    "complaint_authority": "Where people can complain",
}

EXPLAINED: Mapping[str, str] = {
    "controller": "The name of a person, a troupe or a company.",
    "contact": "An e-mail address, or anything else that people can use without Discord.",
    "legal_basis": "For example: consent, GDPR article 6 (1) (a).",
    "recipients": "One name a line. Performers allow each by name; leave it empty if no one receives any.",
    "retention": "For example: until you withdraw, and at most five years.",
    "complaint_authority": "The data protection authority of your place, for example.",
}


def operator_text(operator: Operator) -> str:
    """What is said about the operator below the consent text; empty if nothing is."""
    said = [f"{LABELS[field]}: {text}" for field in LABELS if (text := _plain(getattr(operator, field)))]
    return "\n".join(f"-# {line}" for line in said)


def _plain(text: str | None) -> str:
    return ", ".join(line.strip() for line in (text or "").splitlines() if line.strip())
