"""Where things are below the home folder, and the paths that the store keeps."""

from __future__ import annotations

from pathlib import Path

from bot.domain.ids import SessionId
from bot.home.places import Home

HOME = Home(Path("/srv/troupe"))


def test_takes_checks_and_clips_are_named_by_session_scene_and_take():
    folder = HOME.take_folder(SessionId(3), 12, 1)
    assert folder == Path("/srv/troupe/recordings/session-0003/scene-12/take-01")
    assert HOME.check_folder(SessionId(3)) == Path("/srv/troupe/checks/session-0003")
    track = HOME.relative(folder / "spk_1.opus")
    assert track == "recordings/session-0003/scene-12/take-01/spk_1.opus"
    assert HOME.track(track) == folder / "spk_1.opus"
    clip = HOME.clip(track, 480, 960)
    assert clip == Path("/srv/troupe/clips/recordings_session-0003_scene-12_take-01_spk_1_480-960.mp3")


def test_exports_are_named_by_their_sessions():
    assert HOME.export_folder([SessionId(7)]).name == "session-0007"
    assert HOME.export_folder([SessionId(2), SessionId(5), SessionId(9)]).name == "sessions-0002-0009-3"
    assert HOME.export_folder([SessionId(2), SessionId(9)]) != HOME.export_folder(
        [SessionId(2), SessionId(5), SessionId(9)]
    )
    assert HOME.export_folder([SessionId(7)]).parent == Path("/srv/troupe/exports")
    assert HOME.log_folder([SessionId(7)]) == Path("/srv/troupe/exports/log-0007")
    assert HOME.log_folder([SessionId(2), SessionId(9)]).name == "logs-0002-0009-2"


def test_what_is_wanted_for_a_moment_only_is_in_one_folder_under_a_new_name_each_time(tmp_path: Path):
    home = Home(tmp_path / "home")
    export, clip = home.export_folder([SessionId(1)]), home.clip("a.opus", 0, 1)
    names = {home.archive(export), home.archive(export), home.half_made(clip), home.half_made(clip)}
    assert len(names) == 4
    assert {path.parent for path in names} == {home.unfinished}


def test_what_lies_elsewhere_is_staged_beside_its_place(tmp_path: Path):
    home = Home(tmp_path / "home")
    assert home.staging_of(home.export_folder([SessionId(1)])) == home.unfinished
    assert home.staging_of(home.folder / "mine" / "set") == home.unfinished
    assert home.staging_of(tmp_path / "sets" / "one") == tmp_path / "sets"
    assert home.staging_of(tmp_path / "home-2") == tmp_path


def test_a_folder_that_is_a_link_to_another_place_is_staged_there(tmp_path: Path):
    home, disk = Home(tmp_path / "home"), tmp_path / "disk"
    home.folder.mkdir()
    disk.mkdir()
    home.exports.symlink_to(disk)
    assert home.staging_of(home.export_folder([SessionId(1)])) == disk
    assert not home.holds(home.export_folder([SessionId(1)]))
    assert home.holds(home.database)


def test_a_folder_on_another_file_system_is_staged_there():
    """/dev and /dev/shm are two file systems on every Linux."""
    home = Home(Path("/dev"))
    assert home.staging_of(Path("/dev/shm/exports/one")) == Path("/dev/shm/exports")
    assert home.staging_of(Path("/dev/exports/one")) == home.unfinished
