"""Only `bot/home` joins paths below the home folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from below_home import joins_below_home

ROOT = Path(__file__).parents[2]
MODULES = [path for folder in ("bot", "cogs") for path in sorted((ROOT / folder).rglob("*.py"))]
OUTSIDE = [path for path in MODULES if not path.is_relative_to(ROOT / "bot" / "home")]


def test_no_path_below_the_home_folder_is_built_outside_its_room():
    found = {str(path.relative_to(ROOT)): joins_below_home(path.read_text("utf-8")) for path in OUTSIDE}
    assert {name: joins for name, joins in found.items() if joins} == {}


def test_its_room_builds_them():
    (places,) = [path for path in MODULES if path.match("bot/home/places.py")]
    assert len(joins_below_home(places.read_text("utf-8"))) >= 10


@pytest.mark.parametrize(
    "snippet",
    [
        "settings.home / 'x'",
        "home / name",
        "home / 'a' / 'b'",
        "self._settings.home.folder / name",
        "self.home.recordings / f'session-{number}'",
        "settings.recordings / name",
        "home.take_folder(1, 1, 1) / 'spk.opus'",
        "live.folder / f'{name}.opus'",
        "home.folder.joinpath(name)",
        "home.database.with_name('other')",
        "Path(home, name)",
        "Path(home) / name",
        "Home(home).folder / name",
        "os.path.join(home, name)",
        "base = settings.home.folder\nbase / name",
        "def f(services):\n    a = services.settings.home\n    b = a.folder\n    return b / 'x'",
        "if (folder := home.exports).exists():\n    folder / name",
        "somewhere / 'promptbook.sqlite3'",
        "NAME = 'promptbook.sqlite3'",
        "anywhere / 'recordings'",
        "anywhere / 'recordings/session-0001'",
        "anywhere / f'exports/session-{number}'",
        "anywhere.joinpath('checks')",
        "Path('var', 'unfinished')",
        "anywhere / '.lock'",
        "anywhere / 'backups'",
        "self.folder / 'clips'",
        "target / 'clips'",
        "folder / 'recordings'",
        "folder / f'recordings/session-{number}'",
        "f'recordings/session-{number}'",
    ],
)
def test_a_join_below_the_home_folder_is_found(snippet: str):
    (found,) = joins_below_home(snippet)[:1]
    assert found.startswith(f"{len(snippet.splitlines())}: ")


@pytest.mark.parametrize(
    "snippet",
    [
        "home.parent / name",
        "home.folder.parent / name",
        "logs / 'bot.log'",
        "folder / 'clips' / split / 'metadata.parquet'",
        "out / 'tracks'",
        "files = f'clips/{split}/*'",
        "home.with_name(f'{home.name}-logs')",
        "self.home.with_name('beside')",
        "folder / f'{name}.opus'",
        "home.database.stat().st_size // 2",
        "row = {'clips': clips, 'checks': 3}",
        "home.track(row['path'])",
        "def f(home):\n    a = home.folder\ndef g(a):\n    return a / name",
        "'recordings'.title()",
        "self._folder / kind",
    ],
)
def test_what_only_looks_like_it_is_not(snippet: str):
    assert joins_below_home(snippet) == []
