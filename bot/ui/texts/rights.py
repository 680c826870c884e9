"""What people read when they use their rights: a copy, a withdrawal, an erasure."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.consent import Scope
from bot.services.facts.held import HeldAbout
from bot.ui.texts.consent import SCOPE_LABELS
from bot.ui.texts.language import phrase, say, say_count
from bot.ui.texts.words import minutes

ERASE_BUTTON = phrase("Erase everything")
ERASE_KEEPING_BUTTON = phrase("Erase, but keep my ratings of others")

NOTHING_TO_ERASE = phrase("This bot holds nothing about you, so there is nothing to erase.")

ERASURE_BEGUN = phrase(
    "Everything about you is being erased. You are no longer recorded, rated or exported. If a take with you is "
    "running, your recording of it goes when the take is over. If you take part again later, you begin as someone new."
)
ERASURE_NOT_STORED = phrase(
    "You are no longer recorded, rated or exported. The database does not accept the rest yet: the bot keeps trying, "
    "and erases everything as soon as it can."
)
_ERASES = phrase(
    "**This erases everything that this bot holds about you, on every server. It cannot be undone.**\n"
    "- {recordings} ({length}), with every clip, mix and dataset on this bot's disk that has your voice\n"
    "- what others heard in them, and {ratings} of yours\n"
    "- what you consented to, your lines, sign-ups, and notes that name you; notes of sessions that you opened\n"
    "- the link from your account to your name in datasets\n"
    "Kept: that someone was erased and when, and the log of consents, which then belongs to no one; and the "
    "recordings of others, even where their microphone picked up your voice. Those who have "
    "received a dataset are told, by a list without names, which sounds they must delete."
)
NOTHING_TO_COPY = phrase("This bot holds no recordings, ratings or consents of yours, so there is nothing to copy.")


def erasure_text(held: HeldAbout) -> str:
    """What will go, for the person who asks; the buttons are below it."""
    there = held.there.values()
    tracks, samples = sum(one.tracks for one in there), sum(one.recorded_samples for one in there)
    judged = sum(one.ratings + one.self_ratings for one in there)
    recordings = say_count("{number} recording", "{number} recordings", tracks)
    ratings = say_count("{number} rating", "{number} ratings", judged)
    return say(_ERASES, recordings=recordings, length=minutes(samples), ratings=ratings)


def withdrawn_text(scopes: Collection[Scope], ended: int) -> str:
    """What a withdrawal ended, on every server."""
    if not ended:
        return say("You had not consented to that, so nothing changed.")
    is_all = set(scopes) == set(Scope)
    what = say("All your consents") if is_all else ", ".join(say(SCOPE_LABELS[scope]) for scope in scopes)
    return say(
        "Withdrawn on every server: {what}. From now on, no export has what this covers. Recordings stay on the bot's "
        "disk; `/me erase` deletes them.",
        what=what,
    )


def withdrawal_not_stored_text() -> str:
    """A withdrawal counts, but the database does not have it yet."""
    return say("Withdrawn, from now on. The database does not accept it yet: the bot keeps trying.")


def copy_text(parts: int, recordings: int, left_out: int) -> str:
    """What comes with this message, and in the ones after it."""
    told = [
        say_count(
            "Everything that this bot holds about you: {number} recording, and tables that explain it.",
            "Everything that this bot holds about you: {number} recordings, and tables that explain them.",
            recordings,
        )
    ]
    if parts > 1:
        told.append(say("It comes in {parts} files, in as many messages.", parts=parts))
    if left_out:
        told.append(
            say_count(
                "{number} recording could not be sent, because Discord does not accept such large files or the file is "
                "missing. Ask the person who runs this bot to give it to you.",
                "{number} recordings could not be sent, because Discord does not accept such large files or the files "
                "are missing. Ask the person who runs this bot to give them to you.",
                left_out,
            )
        )
    return " ".join(told)


COPY_TOO_LATE = phrase(
    "It took too long to send the recordings. Use `/me export` again, or ask the person who runs this bot."
)


def part_text(number: int, parts: int) -> str:
    """The message with a further part."""
    return say("Part {number} of {parts}.", number=number, parts=parts)
