"""Brings the lists beside the database up to date: who was erased, and which sounds holders of datasets must delete."""

from __future__ import annotations

from pathlib import Path

from bot.dataset.verifying.revoked import PREFIXES, write_revocations
from bot.home.places import Home
from bot.rights.erased_list import Listed, add_to_list
from bot.rights.withdrawn import withdrawn_sounds
from bot.store.erasures import erasures_in
from bot.store.released_sounds import clips_known_in_part, sounds_with
from bot.store.stillness import still


def renew_lists(database: Path, home: Home, now: str) -> int:
    """Add to the lists of a home folder what a database knows now; return how many sounds are newly revoked.

    Revoked are all sounds of people who were erased, and those for whose use in a version consent was withdrawn since.
    Nothing is taken off a list. Raises OSError if one cannot be written.
    """
    with still(database) as store:
        erasures = erasures_in(store)
        names = {one.pseudonym for one in erasures}
        sounds, prefixes = (sounds_with(store, names), clips_known_in_part(store, names)) if names else ({}, {})
        withdrawn = withdrawn_sounds(store, now)
    for one in erasures:
        add_to_list(home.erased, Listed(one.pseudonym, one.asked_at, bool(one.keeps_ratings)))
    new = withdrawn
    for version, kinds in sounds.items():
        for kind, hashes in kinds.items():
            new.setdefault(str(version), {}).setdefault(kind, set()).update(hashes)
    for version, digits in prefixes.items():
        new.setdefault(str(version), {}).setdefault(PREFIXES, set()).update(digits)
    return write_revocations(home.revoked, home.half_made(home.revoked), new) if erasures or new else 0
