"""Which sounds of which versions may no longer be used, because someone who is heard in them withdrew consent.

What was given away was permitted then. A withdrawal since covers everything that is in the version, and so does the end
of a term. A suspension passes, so nothing is deleted for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from bot.dataset.verifying.revoked import PREFIXES
from bot.domain.ids import GuildId
from bot.domain.permission import Use, Wanted, permits
from bot.domain.standing import ConsentEvent, Refusal
from bot.store.stillness import Still
from bot.store.versions_out import (
    SoundInVersion,
    VersionOut,
    events_of_speakers,
    knows_sessions_of_sounds,
    sounds_in_version,
    versions_out,
)

_FOR_GOOD: Final = frozenset(
    {Refusal.WITHDRAWN, Refusal.EXPIRED, Refusal.MADE_BEFORE_WITHDRAWAL, Refusal.OTHER_RECIPIENT}
)


def withdrawn_sounds(store: Still, now: str) -> dict[str, dict[str, set[str]]]:
    """Return the hashes of these sounds by kind, by the number of the version.

    A version that was exported for several purposes is judged by each of them.
    """
    if not knows_sessions_of_sounds(store):
        return {}
    consents = _Consents(events_of_speakers(store), now)
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for version in versions_out(store) if consents.events else ():
        for sound in sounds_in_version(store, version):
            if consents.forbid(sound, version):
                found[str(version.release_id)][sound.kind.value if sound.kind else PREFIXES].add(sound.digits)
    return {version: dict(kinds) for version, kinds in found.items()}


class _Consents:
    """What people's consents say now. Each question is answered once: a version has thousands of sounds."""

    def __init__(self, events: Mapping[str, list[ConsentEvent]], now: str) -> None:
        self.events = events
        self._now = now
        self._known: dict[tuple[str, GuildId, VersionOut], bool] = {}

    def forbid(self, sound: SoundInVersion, version: VersionOut) -> bool:
        """Whether someone who is heard no longer permits one of the uses of a version."""
        # An old clip is known by its name, which has its speaker's pseudonym in it.
        heard = sound.speakers if sound.kind else [one for one in self.events if one in sound.speakers[0]]
        return any(self._forbids(one, guild, version) for one in heard if one in self.events for guild in sound.guilds)

    def _forbids(self, speaker: str, guild_id: GuildId, version: VersionOut) -> bool:
        key = (speaker, guild_id, version)
        if key not in self._known:
            self._known[key] = any(
                permits(self.events[speaker], wanted, guild_id, (), self._now).why_not in _FOR_GOOD
                for wanted in (
                    Wanted(Use.EXPORT, version.made_at, purpose, recipient) for purpose, recipient in version.bounds
                )
            )
        return self._known[key]
