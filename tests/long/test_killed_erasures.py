"""Erasure of one of eight, whose process is killed in any of its steps: complete after the next start.

Nothing of them is left below the home folder, no sound is like theirs, and no byte of anyone else's has changed.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.audio import sound
from bot.audio.sound import Samples
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.domain.erasing import ErasureStep
from bot.domain.ids import SessionId
from bot.home.places import Home
from bot.wire.ogg import read_packets
from tests.evening import an_evening
from tests.long.eight import EIGHT, ERASED, NAME, likeness, play_eight, pseudonym_of, said_by, sounds_below
from tests.rights.traces import account_bytes, found_below

UNLIKE, ALIKE = 25.0, 50.0
"""What two voices reach that say different words, at most (16), and what a voice in a mix of four reaches (55)."""

ERASE = """
import os, signal, sys
from pathlib import Path
from bot.domain.erasing import Asker, ErasureWish
from bot.home.places import Home
from bot.rights import steps
from bot.rights.asking import ask_erasure

home, user, killed_in, is_late = Home(Path(sys.argv[1])), int(sys.argv[2]), sys.argv[3], sys.argv[4] == "late"
note, do = steps.step_done, steps.do_step

def killed_before_it_is_noted(tx, erasure, step, counts):
    if step == killed_in and not is_late:
        os.kill(os.getpid(), signal.SIGKILL)
    note(tx, erasure, step, counts)

def killed_when_it_is_noted(home, erasure_id, step, now):
    do(home, erasure_id, step, now)
    if step == killed_in:
        os.kill(os.getpid(), signal.SIGKILL)

steps.step_done, steps.do_step = killed_before_it_is_noted, killed_when_it_is_noted
begun = ask_erasure(home, user, ErasureWish(Asker.PERSON, "2100-01-01T00:00:00.000Z", names=("Wilhelmina Oddfellow",)))
steps.do_all_steps(home, begun.erasure_id, "2100-01-01T00:00:00.000Z")
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with two takes of eight, ratings, a note, exports, archives, and copies of the database."""
    folder = tmp_path_factory.mktemp("erased") / "home"
    asyncio.run(play_eight(folder))
    return folder


@pytest.fixture(scope="module")
def said(home: Path) -> Samples:
    """What the person says who is erased."""
    return said_by(Home(home), pseudonym_of(Home(home), ERASED))


def test_their_voice_is_found_where_it_is(home: Path, said: Samples):
    there = Home(home)
    (mix,) = list((there.exports / "audiofolder-keep" / "mixes").glob("*scene01*"))
    assert likeness(said, sound.read(mix)) > ALIKE
    (clip,) = sorted(there.clips.glob(f"*scene-01*{pseudonym_of(there, ERASED)}_*"))[:1]
    assert likeness(said, sound.read(clip)) > ALIKE
    others = [said_by(there, pseudonym_of(there, user)) for user in EIGHT if user != ERASED]
    assert max(likeness(said, other) for other in others) < UNLIKE


@pytest.mark.parametrize("moment", ["early", "late"])
@pytest.mark.parametrize("step", list(ErasureStep))
async def test_it_goes_on_at_the_next_start(home: Path, said: Samples, tmp_path: Path, step: ErasureStep, moment: str):
    there = Home(shutil.copytree(home, tmp_path / "home"))
    name = pseudonym_of(there, ERASED)
    before = sounds_below(there.folder)
    frames = frames_of(there, name)
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", ERASE, str(there), str(ERASED), step, moment],
        capture_output=True,
        text=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    async with an_evening(there.folder) as again:
        async with asyncio.timeout(60):
            while await again.value("SELECT count(*) FROM erasures WHERE finished_at IS NULL"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await again.services.erasures.settled()
        assert await again.value("SELECT count(*) FROM erasures") == 1
    words = [*account_bytes(ERASED), NAME.encode(), b"Oddfellow", *frames]
    assert list(found_below(there, words)) == []
    after = sounds_below(there.folder)
    kept = {path: content for path, content in before.items() if name not in path and not path.startswith("exports/")}
    assert after == kept, "everyone else's tracks and clips are what they were, here and in the home that was replaced"
    assert sum(path.startswith("recordings/") for path in after) == len(EIGHT) - 1
    assert not any(there.exports.iterdir()), "they had a voice that is gone, and are not made again"
    assert there.database_copies() == []
    if step is ErasureStep.PAGES:
        assert alike_below(there.folder, said) == {}
        assert alike_below(export_again(there), said) == {}


def frames_of(home: Home, name: str) -> list[bytes]:
    """Frames of a performer's tracks that no silence has, to be looked for as bytes."""
    packets = [one.data for path in home.recordings.rglob(f"{name}.opus") for one in read_packets(path.read_bytes())]
    frames = [packet for packet in packets[2:] if len(packet) > 60]
    assert len(frames) > 100
    return frames[::20]


def export_again(home: Home) -> Path:
    """Export what is left, with mixes and dialogues."""
    out = home.folder.parent / "again"
    options = Options(Layout.AUDIOFOLDER, has_dialogues=True)
    export_dataset(ExportOrder(home.database, home, out, [SessionId(1)], options))
    return out


def alike_below(folder: Path, said: Samples) -> dict[str, float]:
    """The sounds below a folder that are like what someone said, and how much."""
    found = {name: likeness(said, sound.read(folder / name)) for name in sounds_below(folder)}
    assert found
    return {name: value for name, value in found.items() if value >= UNLIKE}
