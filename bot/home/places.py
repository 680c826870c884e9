"""Where everything lies below the home folder. No other module joins paths there (`tests/house` checks it)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from bot.domain.ids import SessionId


@dataclass(frozen=True, slots=True)
class Home:
    """The folder in which a bot keeps everything it writes. Nothing here touches the disk but where it says so.

    Numbers in names have leading zeros, so that a listing is in the order of the evening.
    """

    folder: Path

    def __str__(self) -> str:
        return str(self.folder)

    @property
    def database(self) -> Path:
        """The SQLite file; SQLite puts its `-wal` and `-shm` beside it."""
        return self.folder / "promptbook.sqlite3"

    @property
    def backups(self) -> Path:
        """The folder of copies of the database from before it was brought up to date."""
        return self.folder / "backups"

    @property
    def recordings(self) -> Path:
        """The folder of the tracks, a folder a session, a scene and a take."""
        return self.folder / "recordings"

    @property
    def clips(self) -> Path:
        """The folder of the turns that were brought to raters, cut once each."""
        return self.folder / "clips"

    @property
    def checks(self) -> Path:
        """The folder of sound checks that are under way; empty but for them."""
        return self.folder / "checks"

    @property
    def exports(self) -> Path:
        """The folder of the datasets that were given no other place."""
        return self.folder / "exports"

    @property
    def unfinished(self) -> Path:
        """The folder of what is half made, or wanted for a moment only; each start empties it of what nobody holds."""
        return self.folder / "unfinished"

    @property
    def journal(self) -> Path:
        """The file of what people asked for and the store has not taken yet."""
        return self.folder / "journal"

    @property
    def lock(self) -> Path:
        """The file by which one bot holds the folder."""
        return self.folder / ".lock"

    def take_folder(self, session_id: SessionId, scene_number: int, take_number: int) -> Path:
        """Where the tracks of a take are, one file per performer, named by pseudonym."""
        scene = self.recordings / f"session-{session_id:04}" / f"scene-{scene_number:02}"
        return scene / f"take-{take_number:02}"

    def check_folder(self, session_id: SessionId) -> Path:
        """Where a sound check of a session records."""
        return self.checks / f"session-{session_id:04}"

    def track(self, relative: str) -> Path:
        """A track by what the store keeps of it."""
        return self.folder / relative

    def relative(self, path: Path) -> str:
        """What the store keeps of a track: its path below the home folder, with forward slashes."""
        return path.relative_to(self.folder).as_posix()

    def clip(self, track_relative: str, start_samples: int, end_samples: int) -> Path:
        """A turn as a file to listen to.

        Named by what it is cut from: a new database beside old clips must never play another track's sound.
        """
        track = track_relative.removesuffix(".opus").replace("/", "_")
        return self.clips / f"{track}_{start_samples}-{end_samples}.ogg"

    def export_folder(self, session_ids: Sequence[SessionId]) -> Path:
        """Where a dataset of these sessions goes, one at least, in ascending order.

        Sessions belong to one server, so that no two servers' exports ever share a folder.
        """
        first, last = session_ids[0], session_ids[-1]
        single = len(session_ids) == 1
        return self.exports / (f"session-{first:04}" if single else f"sessions-{first:04}-{last:04}-{len(session_ids)}")

    def archive(self, export: Path) -> Path:
        """A new file for an export as one archive, which goes once it is uploaded."""
        return self.unfinished / f"{export.name}.{token_hex(4)}.zip"

    def half_made(self, final: Path) -> Path:
        """A new name for a file until it is whole and renamed to `final`. Looks at the disk."""
        return self.staging_of(final) / f"{final.name}.{token_hex(4)}.part"

    def staging_of(self, final: Path) -> Path:
        """The folder in which to write what is renamed to `final` when it is whole. Looks at the disk.

        That is `unfinished` for what lies below the home folder, unless a link or a mount leads to another file system,
        to which nothing can be renamed: then, and for any other place, it is the folder that `final` is in.
        """
        beside = final.resolve().parent
        is_here = self.holds(final) and _device_of(beside) == _device_of(self.unfinished)
        return self.unfinished if is_here else beside

    def holds(self, path: Path) -> bool:
        """Whether a path lies below the home folder, links followed. Looks at the disk."""
        return path.resolve().is_relative_to(self.folder.resolve())


def _device_of(folder: Path) -> int:
    while not folder.exists():
        folder = folder.parent
    return folder.stat().st_dev
