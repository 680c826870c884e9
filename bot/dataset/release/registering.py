"""Registers each export: what went out, for what purpose, to whom, with whose sound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.dataset.errors import UseUnregistered
from bot.dataset.model.contents import Contents
from bot.dataset.model.index import session_label
from bot.dataset.release.version import Version
from bot.domain.ids import ReleaseId
from bot.live.ports import timestamp
from bot.store.errors import DatabaseUnwritable
from bot.store.uses import add_use
from bot.store.writing import writing


def register_use(
    database: Path,
    contents: Contents,
    version: Version | None,
    content_sha256: str,
    require_permitted: Callable[[], None],
) -> None:
    """Store that these contents are exported now, with everyone who is heard in them, even without a clip.

    `require_permitted` is called once the wait for the database is over, which can take half a minute: what it raises
    ends this, and nothing is stored. Raises UseUnregistered if the database cannot be written and the export has a
    purpose or a recipient. What stays with the operator is exported nevertheless.
    """
    options, index = contents.options, contents.index
    clips = Counter({index.track(track_id).person_id: 0 for track_id in contents.tracks})
    clips.update(index.track(index.turn(turn_id).track_id).person_id for turn_id in contents.clip_bytes)
    try:
        with writing(database) as tx:
            require_permitted()
            add_use(
                tx,
                purpose=options.purpose,
                recipient=options.recipient,
                release_id=version and ReleaseId(version.number),
                content_sha256=content_sha256,
                sessions=[session_label(session.session_id) for session in contents.snapshot.sessions],
                clips=clips,
                has_sound=not options.is_derived,
                now=timestamp(datetime.now(UTC)),
            )
    except DatabaseUnwritable as error:
        if options.purpose or options.recipient:
            raise UseUnregistered(error) from error
        require_permitted()
