"""What of a copy of a dataset is on the revocation list, by the hashes of its sounds."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dataset.rows.columns import Row
from bot.dataset.verifying.copies import Copy
from bot.dataset.verifying.revoked import Revoked

Place = tuple[str, int, int, str]
"""Session, scene, take and speaker: a track."""


@dataclass(frozen=True, slots=True)
class Found:
    """What must go: files by name, clips by id, tracks by place, and speakers of whom no track is left."""

    files: frozenset[str]
    clips: frozenset[str]
    tracks: frozenset[Place]
    speakers: frozenset[str]

    @property
    def sounds(self) -> int:
        """How many sounds that is."""
        return len(self.clips) + len(self.files)

    def has_track(self, row: Row, speaker: str | None) -> bool:
        """Whether a speaker's track goes of the take that a row is about."""
        return speaker is not None and (row["session"], row["scene"], row["take"], speaker) in self.tracks


def find_revoked(copy: Copy, revoked: Revoked) -> Found:
    """Look for what is revoked in a copy's version. Raises OSError or ValueError if a table cannot be read."""
    revoked = revoked.in_version(copy.version)
    sound = {name: sha256 for name, sha256 in copy.files.items() if name.split("/")[0] in _FOLDERS}
    files = {name for name, sha256 in sound.items() if revoked.has(sha256) and copy.present(name)}
    of_tracks = {place_of(row): row for row in copy.rows("tracks")}
    tracks = {place for place, row in of_tracks.items() if row["file"] in files or revoked.has(row["sha256"])}
    clips = {
        turn.row["clip_id"] for turn in copy.turns() if revoked.has(turn.row["sha256"]) or place_of(turn.row) in tracks
    }
    left = {place[-1] for place in of_tracks.keys() - tracks}
    speakers = {place[-1] for place in tracks} - left
    return Found(frozenset(files), frozenset(clips), frozenset(tracks), frozenset(speakers))


def place_of(row: Row) -> Place:
    """Return the track that a row is about."""
    return row["session"], row["scene"], row["take"], row["speaker_id"]


_FOLDERS = frozenset({"tracks", "mixes", "dialogues"})
