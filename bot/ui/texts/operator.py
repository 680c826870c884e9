"""The forms about a server's operator: who is responsible, and what the law wants people to know."""

from __future__ import annotations

from collections.abc import Mapping

from bot.store.records import Operator
from bot.ui.texts.language import phrase, say

FORM_TITLE = phrase("Who is responsible here?")
WHO_BUTTON = phrase("Who is responsible")
LAW_BUTTON = phrase("Legal basis and recipients")
SECTION = phrase("**Who is responsible**\nWhat people are told before they consent.")
KEPT = phrase("Saved. People read it with `/consent`.")

LABELS: Mapping[str, str] = {
    "controller": phrase("Who is responsible for the recordings"),
    "contact": phrase("How to reach them"),
    "legal_basis": phrase("Legal basis"),
    "recipients": phrase("Who may receive recordings"),
    "retention": phrase("How long recordings are kept"),
    "complaint_authority": phrase("Where people can complain"),
}

EXPLAINED: Mapping[str, str] = {
    "controller": phrase("The name of a person, a troupe or a company."),
    "contact": phrase("An e-mail address, or anything else that people can use without Discord."),
    "legal_basis": phrase("For example: consent, GDPR article 6 (1) (a)."),
    "recipients": phrase("One name a line. Performers allow each by name; leave it empty if no one receives any."),
    "retention": phrase("For example: until you withdraw, and at most five years."),
    "complaint_authority": phrase("The data protection authority of your place, for example."),
}


def operator_text(operator: Operator) -> str:
    """What is said about the operator below the consent text; empty if nothing is."""
    return "\n".join(f"-# {line}" for line in operator_lines(operator))


def operator_lines(operator: Operator) -> list[str]:
    """What is said about the operator, a line per field."""
    return [
        say("{field}: {text}", field=say(LABELS[field]), text=text)
        for field in LABELS
        if (text := _plain(getattr(operator, field)))
    ]


def _plain(text: str | None) -> str:
    return ", ".join(line.strip() for line in (text or "").splitlines() if line.strip())
