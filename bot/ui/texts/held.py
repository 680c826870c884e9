"""What the bot holds about the person who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.domain.consent import Scope
from bot.domain.ids import GuildId
from bot.services.facts.held import HeldAbout
from bot.store.held import HeldThere
from bot.ui.texts.consent import SCOPE_LABELS
from bot.ui.texts.limits import limits_text
from bot.ui.texts.words import as_typed, count, minutes, shortened

MOST_TEXT = 1950
"""A message has 2,000 characters."""

NOTHING_HELD = "This bot holds nothing about you: you have not consented, played, rated or drawn lines."


def held_text(held: HeldAbout, name_of: Callable[[GuildId], str]) -> str:
    """For one person's eyes: what is held about them, by server."""
    if held.pseudonym is None:
        found = _passing_texts(held)
        return f"This bot holds {'one thing' if len(found) == 1 else 'this'} about you: {' '.join(found)}"
    rows = [
        f"**What this bot holds about you.** Your name in datasets: `{held.pseudonym}`. "
        f"{limits_text(held.limits).capitalize()}, visible only to you (`/lines`)."
    ]
    for guild_id in sorted(held.consents, key=name_of):
        consents = _consents_text(held.consents[guild_id])
        rows.append(f"- **{as_typed(name_of(guild_id))}**: {_there_text(held.there.get(guild_id))} {consents}")
    if passing := _passing_texts(held):
        rows.append(f"Also held: {' '.join(passing)}")
    rows.append("Withdraw consent with `/consent`: the next export leaves your voice out.")
    return shortened("\n".join(rows), MOST_TEXT)


def _passing_texts(held: HeldAbout) -> list[str]:
    """What is deleted by itself."""
    found = [_attended_text(held.attended)] if held.attended else []
    if held.signed_up:
        sessions = count(held.signed_up, "scheduled session")
        found.append(f"what you answered to {sessions}. It is deleted a day after each.")
    if held.is_unreminded:
        found.append("that you want no reminders. It is deleted if you press **Remind me again**.")
    return found


def _attended_text(attended: int) -> str:
    sessions = f"{count(attended, 'session')} that can be rated"
    return f"that you were in the voice channel of {sessions}. It is deleted when the time for rating is over."


def _there_text(there: HeldThere | None) -> str:
    if there is None:
        return "no recordings, no ratings."
    recorded = f"{count(there.tracks, 'track')} ({minutes(there.recorded_samples)}) of {count(there.scenes, 'scene')}"
    prompts = f", {count(there.prompts, 'prompt')} read without a part" if there.prompts else ""
    return f"{recorded}, {count(there.ratings, 'rating')}, {count(there.self_ratings, 'self-rating')}{prompts}."


def _consents_text(scopes: Iterable[Scope]) -> str:
    given = [SCOPE_LABELS[scope] for scope in Scope if scope in scopes]
    return f"You consent to: {'; '.join(given)}." if given else "You consent to nothing."
