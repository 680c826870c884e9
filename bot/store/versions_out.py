"""What was given away in each version of the dataset, and the consents on which that rests."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.consent_terms import Scope
from bot.domain.erasing import SoundKind
from bot.domain.ids import GuildId, ReleaseId, SessionId
from bot.domain.standing import ConsentEvent
from bot.store.records import ConsentRow
from bot.store.stillness import Still

Bound = tuple[Scope | None, str | None]
"""A purpose and a recipient."""

_SESSION_IN_CLIP: Final = re.compile(r"S(\d+)_")
_KNOWN: Final = "SELECT 1 FROM pragma_table_info('released_sounds') WHERE name = 'session_id'"


@dataclass(frozen=True, slots=True)
class VersionOut:
    """A version, the date of the newest thing in it, and everything that it was exported for."""

    release_id: ReleaseId
    made_at: str
    bounds: frozenset[Bound]


@dataclass(frozen=True, slots=True)
class SoundInVersion:
    """A sound: its hash, or the first digits of a clip's; who is heard; and the servers that it can be from."""

    digits: str
    kind: SoundKind | None
    speakers: tuple[str, ...]
    guilds: frozenset[GuildId]


@dataclass(frozen=True, slots=True)
class _OfSpeaker(ConsentRow):
    pseudonym: str


def knows_sessions_of_sounds(store: Still) -> bool:
    """Whether the database is of a version that says which session a sound is from."""
    return bool(store.fetch_all(_KNOWN))


def versions_out(store: Still) -> list[VersionOut]:
    """Return every version of the dataset."""
    bounds: defaultdict[ReleaseId, set[Bound]] = defaultdict(set)
    for release_id, purpose, recipient in store.fetch_all(
        "SELECT DISTINCT release_id, purpose, recipient FROM uses WHERE release_id IS NOT NULL"
    ):
        bounds[release_id].add((Scope(purpose) if purpose else None, recipient))
    rows = store.fetch_all("SELECT release_id, made_at, selection FROM releases ORDER BY release_id")
    return [
        VersionOut(release_id, made_at, frozenset(bounds[release_id] or {_asked_for(json.loads(selection))}))
        for release_id, made_at, selection in rows
    ]


def _asked_for(selection: dict[str, Any]) -> Bound:
    purpose = selection.get("purpose")
    return Scope(purpose) if purpose else None, selection.get("recipient")


def sounds_in_version(store: Still, version: VersionOut) -> Iterator[SoundInVersion]:
    """Yield the sounds of a version; of one from before whole hashes were remembered, its clips."""
    rows = store.fetch_all("SELECT session_id, guild_id FROM sessions")
    of_session: dict[SessionId, GuildId] = {session: guild for session, guild in rows}  # noqa: C416 - typed
    (clips,) = store.fetch_all("SELECT clips FROM releases WHERE release_id = ?", version.release_id)[0]
    by_clip: dict[str, str] = json.loads(clips)
    anywhere = frozenset(of_session[one] for clip in by_clip if (one := _session_of(clip)) in of_session)
    sql = "SELECT sha256, kind, speakers, session_id FROM released_sounds WHERE release_id = ?"
    rows = store.fetch_all(sql, version.release_id)
    for sha256, kind, speakers, session in rows:
        guilds = frozenset({of_session[session]}) if session in of_session else anywhere
        yield SoundInVersion(sha256, SoundKind(kind), tuple(json.loads(speakers)), guilds)
    for clip, digits in () if rows else by_clip.items():
        guilds = frozenset({of_session[one]}) if (one := _session_of(clip)) in of_session else anywhere
        yield SoundInVersion(digits, None, (clip,), guilds)


def _session_of(clip_id: str) -> SessionId:
    found = _SESSION_IN_CLIP.match(clip_id)
    return SessionId(int(found[1]) if found else 0)


def events_of_speakers(store: Still) -> dict[str, list[ConsentEvent]]:
    """Return the consent events of everyone who ever withdrew anything, or whose consent can end, by pseudonym."""
    rows = store.fetch_records(
        _OfSpeaker,
        "SELECT consent_events.*, pseudonym FROM consent_events JOIN people USING (person_id) WHERE person_id IN ("
        "SELECT person_id FROM consent_events WHERE action IN ('withdraw', 'expire') OR ends_at IS NOT NULL "
        "OR recipients IS NOT NULL) ORDER BY consent_event_id",
    )
    found: defaultdict[str, list[ConsentEvent]] = defaultdict(list)
    for row in rows:
        found[row.pseudonym].append(row.event)
    return dict(found)
