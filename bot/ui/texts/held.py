"""What the bot holds about the person who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.domain.consent import Scope
from bot.domain.ids import GuildId
from bot.services.facts.held import HeldAbout
from bot.store.held import HeldBeside, HeldThere
from bot.ui.texts.consent import SCOPE_LABELS
from bot.ui.texts.language import phrase, say, say_count
from bot.ui.texts.limits import limits_text
from bot.ui.texts.words import as_typed, minutes, shortened

MOST_TEXT = 1950
"""A message has 2,000 characters."""

NOTHING_HELD = phrase("This bot holds nothing about you: you have not consented, played, rated or drawn lines.")


def held_text(held: HeldAbout, name_of: Callable[[GuildId], str]) -> str:
    """For one person's eyes: what is held about them, by server."""
    passing = _passing_texts(held)
    if held.pseudonym is None:
        if len(passing) == 1:
            return say("This bot holds one thing about you: {things}", things=passing[0])
        return say("This bot holds this about you: {things}", things=" ".join(passing))
    limits = limits_text(held.limits)
    rows = [
        say(
            "**What this bot holds about you.** Your name in datasets: `{name}`. {limits}, visible only to you "
            "(`/lines`).",
            name=held.pseudonym,
            limits=f"{limits[0].upper()}{limits[1:]}",
        )
    ]
    for guild_id in sorted(held.consents, key=name_of):
        consents = _consents_text(held.consents[guild_id])
        rows.append(f"- **{as_typed(name_of(guild_id))}**: {_there_text(held.there.get(guild_id))} {consents}")
    rows += _beside_texts(held.beside)
    if passing:
        rows.append(say("Also held: {things}", things=" ".join(passing)))
    rows.append(say("Withdraw consent with `/consent`: the next export leaves your voice out."))
    return shortened("\n".join(rows), MOST_TEXT)


def _beside_texts(beside: HeldBeside) -> list[str]:
    """What does not come from one server, with the commands that show it."""
    found: list[str] = []
    if beside.answers:
        counted = say_count("{number} answer of yours", "{number} answers of yours", beside.answers)
        found.append(say("Your profile has {answers} (`/profile`).", answers=counted))
    if beside.paid_sessions:
        counted = say_count("{number} session", "{number} sessions", beside.paid_sessions)
        found.append(say("Your time is counted for pay in {sessions} (`/pay mine`).", sessions=counted))
    if beside.uses:
        counted = say_count("{number} dataset", "{number} datasets", beside.uses)
        found.append(say("Your recordings are in {datasets} (`/me uses`).", datasets=counted))
    return found


def _passing_texts(held: HeldAbout) -> list[str]:
    """What is deleted by itself."""
    found: list[str] = []
    if held.attended:
        found.append(
            say_count(
                "that you were in the voice channel of {number} session that can be rated. It is deleted when the time "
                "for rating is over.",
                "that you were in the voice channel of {number} sessions that can be rated. It is deleted when the "
                "time for rating is over.",
                held.attended,
            )
        )
    if held.seen:
        found.append(
            say_count(
                "that you have seen what was dealt in {number} session that can be rated. It is deleted after the time "
                "for rating.",
                "that you have seen what was dealt in {number} sessions that can be rated. It is deleted after the "
                "time for rating.",
                held.seen,
            )
        )
    if held.signed_up:
        found.append(
            say_count(
                "what you answered to {number} scheduled session. It is deleted a day after each.",
                "what you answered to {number} scheduled sessions. It is deleted a day after each.",
                held.signed_up,
            )
        )
    if held.is_unreminded:
        found.append(say("that you want no reminders. It is deleted if you press **Remind me again**."))
    return found


def _there_text(there: HeldThere | None) -> str:
    if there is None:
        return say("no recordings, no ratings.")
    tracks = say_count(
        "{number} track ({length})", "{number} tracks ({length})", there.tracks, length=minutes(there.recorded_samples)
    )
    scenes = say_count("{number} scene", "{number} scenes", there.scenes)
    ratings = say_count("{number} rating", "{number} ratings", there.ratings)
    own = say_count("{number} self-rating", "{number} self-ratings", there.self_ratings)
    told = [say("{tracks} of {scenes}", tracks=tracks, scenes=scenes), ratings, own]
    if there.prompts:
        told.append(
            say_count("{number} prompt read without a part", "{number} prompts read without a part", there.prompts)
        )
    return f"{', '.join(told)}."


def _consents_text(scopes: Iterable[Scope]) -> str:
    given = [say(SCOPE_LABELS[scope]) for scope in Scope if scope in scopes]
    if not given:
        return say("You consent to nothing.")
    return say("You consent to: {scopes}.", scopes="; ".join(given))
