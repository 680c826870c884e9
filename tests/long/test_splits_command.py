"""`promptbook splits` as people meet it: what it shows, what it asks, and what it changes."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.dataset.export import ExportOrder, export_dataset
from bot.domain.consent import Scope
from tools.synthetic.session import PERFORMER_SCOPES, open_troupe

WRITE_VERSION = 18
"""The offset of the header's byte above whose value 2 SQLite only reads a file (sqlite.org/fileformat.html)."""


def promptbook(home: Path, *words: str, answer: str | None = None) -> Any:
    wide = {"COLUMNS": "120"}
    return CliRunner().invoke(app, ["splits", "--home", str(home), *words], input=answer, env=wide)


def shown(home: Path, *words: str) -> dict[str, Any]:
    done = promptbook(home, "--json", *words)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


async def play(home: Path, people: int, evenings: Sequence[Sequence[int]], gone: int | None = None) -> None:
    troupe = await open_troupe(home)
    everyone = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(people)]
    for evening in evenings:
        performers = [everyone[number] for number in evening]
        await troupe.add_take(await troupe.add_session(performers[0]), performers)
    exported = list(troupe.sessions[:-1])
    await asyncio.to_thread(export_dataset, ExportOrder(troupe.database.path, troupe.home, home / "out", exported))
    if gone is not None:
        await troupe.withdraw(everyone[gone], Scope.RECORD)
    await troupe.database.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two evenings were exported, the third was not; one performer withdrew since."""
    asyncio.run(play(tmp_path, 8, [range(5), range(1, 6), [5, 6, 7]], gone=0))
    return tmp_path


def test_it_shows_shares_who_is_away_and_what_crosses(home: Path):
    done = promptbook(home)
    assert done.exit_code == 0
    found = shown(home)
    counts = Counter(found["splits"].values())
    assert list(found["splits"]) == [f"spk_{number:08x}" for number in range(2, 7)]
    assert list(found["absent"]) == ["spk_00000001"]
    assert found["undrawn"] == ["spk_00000007", "spk_00000008"]
    for split in ("train", "test", "validation"):
        (line,) = (line for line in done.stdout.splitlines() if f" {split} " in line)
        cells = [cell.strip() for cell in line.split("│")[1:-1]]
        away = int(found["absent"]["spk_00000001"] == split)
        wish = "60 %" if split == "train" else "20 %"
        assert cells == [split, str(counts[split]), f"{20 * counts[split]} %", wish, str(away)]
    assert "Drawing 1" in done.stdout
    across = found["sessions_across_splits"]
    assert across == ["S0001", "S0002"]
    assert "Sessions with performers in several splits: 2 of 3: S0001, S0002." in done.stdout
    assert "Speakers without a split: 2. The next export that contains them draws theirs." in done.stdout


def test_drawing_again_asks_first_and_changes_nothing_without_a_yes(home: Path):
    before = shown(home)
    for answer in ("n\n", ""):
        done = promptbook(home, "--redraw", answer=answer)
        assert done.exit_code == 1
        assert "draws the splits of all 7 speakers again. Datasets that were published keep" in done.stderr
        assert done.stderr.endswith("Nothing was changed. To draw again, answer y or give --yes.\n")
    assert shown(home) == before
    done = promptbook(home, "--redraw", "--seed", "7", answer="y\n")
    assert done.exit_code == 0
    after = shown(home)
    moved = sum(
        before["splits"].get(name) != side for name, side in after["splits"].items() if name in before["splits"]
    )
    assert f"Drawing 2, with seed 7: {moved} speaker" in done.stdout
    assert after["drawing"] == 2
    assert after["undrawn"] == []
    assert Counter(after["splits"].values()) == {"train": 4, "test": 2, "validation": 1}
    assert after["absent"] == before["absent"]


def test_a_seed_gives_the_same_drawing_and_without_one_each_is_another(home: Path):
    first = shown(home, "--redraw", "--yes", "--seed", "5")["splits"]
    drawn = [shown(home, "--redraw", "--yes")["splits"] for _ in range(4)]
    assert any(one != first for one in drawn)
    again = shown(home, "--redraw", "--yes", "--seed", "5")
    assert (again["splits"], again["drawing"]) == (first, 7)


def test_what_belongs_to_a_new_drawing_is_a_wrong_call_without_it(home: Path):
    for words in (["--seed", "3"], ["--yes"]):
        done = promptbook(home, *words)
        assert done.exit_code == 2
        assert "belong to --redraw" in done.stderr


def test_without_recordings_it_says_so(tmp_path: Path):
    done = promptbook(tmp_path)
    assert done.exit_code == 5
    assert "nothing has been recorded there yet" in done.stderr
    asyncio.run(open_and_close(tmp_path))
    done = promptbook(tmp_path)
    assert done.exit_code == 0
    assert "Nobody has a split yet" in done.stdout
    done = promptbook(tmp_path, "--redraw", "--yes")
    assert done.exit_code == 1
    assert done.stderr == "There is no one to divide: no session has a performer who may be exported.\n"


async def open_and_close(home: Path) -> None:
    await (await open_troupe(home)).database.close()


def test_a_database_that_cannot_be_written_is_said(home: Path):
    database = home / "promptbook.sqlite3"
    content = bytearray(database.read_bytes())
    content[WRITE_VERSION] = 3
    database.write_bytes(content)
    done = promptbook(home, "--redraw", "--yes")
    assert done.exit_code == 5
    assert "cannot be" in done.stderr
    assert "Traceback" not in done.stderr
