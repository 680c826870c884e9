"""Two synthetic evenings with everything that a row of an export can depend on."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.domain.consent import Scope
from bot.domain.ids import PersonId
from bot.services.facts.library import Library
from bot.store.materials import keep_emotion_set, keep_instrument
from bot.store.transaction import Transaction
from tools.synthetic.session import NOW, PERFORMER_SCOPES, Troupe, play_evening

CUES = (
    {"position_samples": 96_000},
    {"position_samples": 114_000, "card_sent_samples": 114_000, "acknowledged_samples": 115_000},
    {"position_samples": 114_000, "card_sent_samples": 114_000, "answer": "unsure"},
)
"""The cues of the first performers in the first take: within their first turn, and before their second.

One is of an earlier version, one was acknowledged, and of one it is uncertain whether it was seen.
"""

_VOICE = json.dumps({"temperament": "is never in a hurry", "pitch": "low"})

_UNRATED_TURNS = """
    INSERT INTO turns (track_id, number, start_samples, end_samples, clip_start_samples, clip_end_samples,
                       is_for_rating, found_by, method)
    SELECT track_id, 2, 120000, 144000, 115200, 148800, 0, 'level', 'silero-1' FROM tracks
"""


_TRANSCRIPTS = """
    INSERT INTO transcripts (turn_id, text, source, added_at)
    SELECT turn_id, 'What turn ' || turn_id || ' says', 'two students', :now FROM turns WHERE turn_id % 3
"""


async def play_evenings(troupe: Troupe, library: Library) -> None:
    """Play with six performers, of whom one withdrew, and two in the audience, of whom one no longer rates.

    A take is struck. Every performer has a second turn, which no one rates. Two turns in three have a transcript; three
    performers let theirs be published.
    """
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(6)]
    for person in performers[1:4]:
        await troupe.grant(person, Scope.PUBLISH_TRANSCRIPT)
    audience = [await troupe.add_person(Scope.PEER_RATING) for _ in range(2)]
    await play_evening(troupe, performers[:4], audience)
    await play_evening(troupe, performers[2:], audience[:1])
    async with troupe.database.transaction() as tx:
        await tx.execute(_UNRATED_TURNS)
        await tx.execute(_TRANSCRIPTS, now=NOW)
        await _deal_words(tx, library)
        await _give_cues(tx, performers)
        await tx.insert("holes", take_id=2, cause="connection", start_samples=200_000, end_samples=240_000)
        await tx.insert(
            "notes",
            session_id=troupe.sessions[0],
            scene_id=1,
            take_id=1,
            position_samples=96_000,
            text="A real laugh",
            written_at=NOW,
        )
    await troupe.add_take(troupe.sessions[0], performers[:4])
    async with troupe.database.transaction() as tx:
        await tx.execute("UPDATE takes SET struck_at = ? WHERE take_id = (SELECT max(take_id) FROM takes)", NOW)
    await troupe.withdraw(performers[3], Scope.STORE_AND_REVIEW)
    await troupe.withdraw(audience[1], Scope.PEER_RATING)


async def _deal_words(tx: Transaction, library: Library) -> None:
    """Write down what was dealt, as it is dealt today: emotion set, instrument, voice and direction."""
    emotions = await keep_emotion_set(tx, library.emotion_set("basic"))
    instrument = await keep_instrument(tx, library.instrument("core"))
    await tx.execute("UPDATE scenes SET emotion_set_sha256 = ?, place = 'A kitchen'", emotions)
    await tx.execute("UPDATE sessions SET instrument_sha256 = ?, ratings_wanted = 3", instrument)
    await tx.execute(
        "UPDATE castings SET character_name = 'Slow River', voice_direction = ?, emotion_direction = 'Let it out.'",
        _VOICE,
    )


async def _give_cues(tx: Transaction, performers: Sequence[PersonId]) -> None:
    for person_id, cue in zip(performers, CUES, strict=False):
        casting_id = await tx.fetch_value(
            "SELECT casting_id FROM castings WHERE scene_id = 1 AND person_id = ?", person_id
        )
        await tx.execute(
            "UPDATE castings SET second_emotion = 'disgust', second_intensity = 3 WHERE casting_id = ?", casting_id
        )
        await tx.insert("cues", take_id=1, casting_id=casting_id, cause="coordinator", **cue)
