"""Where everything is below the home folder. No other module joins paths there (`tests/house` checks it)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from bot.domain.ids import SessionId


@dataclass(frozen=True, slots=True)
class Home:
    """The folder in which a bot keeps everything it writes. Only methods that say so access the disk.

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
    def database_files(self) -> tuple[Path, ...]:
        """The SQLite file with those beside it, whether or not they exist."""
        return self.database, *(self.database.with_name(f"{self.database.name}-{one}") for one in ("wal", "shm"))

    @property
    def backups(self) -> Path:
        """The folder of database copies, made before each migration, and of what a restored backup replaced."""
        return self.folder / "backups"

    @property
    def recordings(self) -> Path:
        """The folder of the tracks: one folder per session, scene and take."""
        return self.folder / "recordings"

    @property
    def clips(self) -> Path:
        """The folder of the turns that raters were given, each cut once."""
        return self.folder / "clips"

    @property
    def checks(self) -> Path:
        """The folder of sound checks in progress; otherwise empty."""
        return self.folder / "checks"

    @property
    def exports(self) -> Path:
        """The folder of the datasets for which no other place was given."""
        return self.folder / "exports"

    @property
    def unfinished(self) -> Path:
        """The folder of unfinished and temporary files. Each start removes those that no process holds."""
        return self.folder / "unfinished"

    @property
    def journal(self) -> Path:
        """The file of requests by people that the store does not have yet."""
        return self.folder / "journal"

    @property
    def erased(self) -> Path:
        """The list of people who were erased, which outlives the database: a restored backup is compared with it."""
        return self.folder / "erased.jsonl"

    @property
    def revoked(self) -> Path:
        """The list of the sounds that holders of a dataset must delete. It only grows."""
        return self.folder / "revoked.json"

    @property
    def lock(self) -> Path:
        """The file by which one bot holds the folder."""
        return self.folder / ".lock"

    def take_folder(self, session_id: SessionId, scene_number: int, take_number: int) -> Path:
        """Return the folder of a take's tracks: one file per performer, named by pseudonym."""
        scene = self.recordings / f"session-{session_id:04}" / f"scene-{scene_number:02}"
        return scene / f"take-{take_number:02}"

    def check_folder(self, session_id: SessionId) -> Path:
        """Return the folder in which a sound check of a session records."""
        return self.checks / f"session-{session_id:04}"

    def track(self, relative: str) -> Path:
        """Return a track's path from the path in the store."""
        return self.folder / relative

    def relative(self, path: Path) -> str:
        """Return the path of a track as it is stored: relative to the home folder, with forward slashes."""
        return path.relative_to(self.folder).as_posix()

    def clip(self, track_relative: str, start_samples: int, end_samples: int) -> Path:
        """Return the file for listening to a turn.

        It is named after the track that it is cut from: a new database beside old clips must never play another track.
        """
        return self.clips / f"{_track_in_names(track_relative)}_{start_samples}-{end_samples}.mp3"

    def export_folder(self, session_ids: Sequence[SessionId], layout: str = "") -> Path:
        """Return the folder for a dataset of these sessions (at least one, in ascending order).

        A session belongs to one server, so that exports of two servers never share a folder. With the name of a layout,
        it is a folder of its own.
        """
        name = _named("session", session_ids)
        return self.exports / (f"{name}-{layout}" if layout else name)

    def log_folder(self, session_ids: Sequence[SessionId]) -> Path:
        """Return the folder for the log of these sessions (at least one, in ascending order)."""
        return self.exports / _named("log", session_ids)

    def archive(self, export: Path) -> Path:
        """Return a new file for an export as one archive. It is deleted after the upload."""
        return self.unfinished / f"{export.name}.{token_hex(4)}.zip"

    def restoring(self) -> Home:
        """Return a new folder in `unfinished`, laid out as a home, for what is being restored."""
        return Home(self.unfinished / f"restoring.{token_hex(4)}")

    def replaced(self, moment: str) -> Home:
        """Return the folder, laid out as a home, for what a restored backup replaces at a moment."""
        return Home(self.backups / f"replaced-{moment}")

    def replaced_homes(self) -> list[Home]:
        """Return what restored backups replaced, laid out as homes. Accesses the disk."""
        return [Home(path) for path in sorted(self.backups.glob("replaced-*")) if path.is_dir()]

    def database_copies(self) -> list[Path]:
        """Return the copies of the database from before migrations, even half-made ones. Accesses the disk."""
        return sorted(path for path in self.backups.glob("promptbook-schema-*") if path.is_file())

    def sound_of(self, pseudonym: str, tracks: Collection[str]) -> list[Path]:
        """Return the files that have a performer's voice, from the paths of their tracks in the store.

        These are tracks, also those that the store does not know, and clips, also half-made ones. Accesses the disk.
        """
        known = (self.track(track) for track in tracks)
        names = {f"*_{pseudonym}_*", *(f"{_track_in_names(track)}_*" for track in tracks)}
        clips = (path for one in (self.clips, self.unfinished) for name in names for path in one.glob(name))
        found = {*known, *self.recordings.rglob(f"{pseudonym}.*"), *clips}
        return sorted(path for path in found if path.is_file() or path.is_symlink())

    def sound_of_tracks(self, tracks: Collection[str]) -> list[Path]:
        """Return the files of tracks and of their clips, from their paths in the store. Accesses the disk."""
        names = [f"{_track_in_names(track)}_*" for track in tracks]
        clips = (path for one in (self.clips, self.unfinished) for name in names for path in one.glob(name))
        return sorted(path for path in {*map(self.track, tracks), *clips} if path.is_file() or path.is_symlink())

    def half_made(self, final: Path) -> Path:
        """Return a temporary name for a file that is renamed to `final` when it is complete. Accesses the disk."""
        return self.staging_of(final) / f"{final.name}.{token_hex(4)}.part"

    def staging_of(self, final: Path) -> Path:
        """Return the folder in which to write what is renamed to `final` when it is complete. Accesses the disk.

        That is `unfinished` for paths below the home folder, unless a link or a mount leads to another file system, to
        which nothing can be renamed. In that case, and for all other places, it is the folder of `final`.
        """
        beside = final.resolve().parent
        is_here = self.holds(final) and _device_of(beside) == _device_of(self.unfinished)
        return self.unfinished if is_here else beside

    def holds(self, path: Path) -> bool:
        """Whether a path is below the home folder, after following links. Accesses the disk."""
        return path.resolve().is_relative_to(self.folder.resolve())


def _named(what: str, session_ids: Sequence[SessionId]) -> str:
    first, last = session_ids[0], session_ids[-1]
    return f"{what}-{first:04}" if len(session_ids) == 1 else f"{what}s-{first:04}-{last:04}-{len(session_ids)}"


def _track_in_names(track_relative: str) -> str:
    """Return how the names of a track's clips begin."""
    return track_relative.removesuffix(".opus").replace("/", "_")


def _device_of(folder: Path) -> int:
    while not folder.exists():
        folder = folder.parent
    return folder.stat().st_dev
