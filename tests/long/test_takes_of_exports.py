"""The unit of work of an export: everything of a take, from one decode of each of its tracks."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bot.audio import sound
from bot.audio.mix import CEILING
from bot.audio.sound import Samples
from bot.dataset.sound.crew import Alone, ByExecutor, hire
from bot.dataset.sound.made import DONE, ClipMade, TakeMade, read_made
from bot.dataset.sound.orders import Audio, ClipOrder, TakeOrder, TrackOrder
from bot.dataset.sound.stepping import BLOCK_SAMPLES
from bot.dataset.sound.take import make_take
from bot.samples import SAMPLE_RATE_HZ

LENGTH = 2 * BLOCK_SAMPLES + 12_345
ACROSS_BLOCKS = ClipOrder("across", BLOCK_SAMPLES - 1_000, BLOCK_SAMPLES + 77_000)
WHOLE_BLOCKS = ClipOrder("long", 0, LENGTH)
BEYOND_THE_END = ClipOrder("beyond", 2 * BLOCK_SAMPLES, 9 * BLOCK_SAMPLES)
LATE = ClipOrder("late", 9 * BLOCK_SAMPLES, 10 * BLOCK_SAMPLES)
CLIPS = (WHOLE_BLOCKS, ACROSS_BLOCKS, BEYOND_THE_END, LATE)


def tone(frequency_hz: float, length: int = LENGTH, level: float = 0.3) -> Samples:
    return (level * np.sin(2 * np.pi * frequency_hz * np.arange(length) / SAMPLE_RATE_HZ)).astype(np.float32)


def track_of(path: Path, *clips: ClipOrder) -> TrackOrder:
    named = tuple(replace(clip, name=f"{path.stem}_{clip.name}") for clip in clips)
    return TrackOrder(path.stem, str(path), path.stat().st_size, path.stat().st_mtime_ns, named)


def take_of(*tracks: TrackOrder, audio: Audio = Audio.FLAC24, bound: float | None = 2.0) -> TakeOrder:
    return TakeOrder("take", tracks, LENGTH, bound, audio, has_dialogue=False, software="test")


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """The tracks of a take: the second one ends early."""
    paths = [tmp_path / "anna.opus", tmp_path / "bert.opus"]
    sound.write_ogg_opus(paths[0], tone(500))
    sound.write_ogg_opus(paths[1], tone(900, BLOCK_SAMPLES + 5))
    return paths


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "takes").mkdir()
    return tmp_path / "takes"


def made_of(order: TakeOrder, folder: Path) -> TakeMade:
    make_take(order, folder)
    made = read_made(folder, order, is_checked=True)
    assert made is not None
    return made


def clip_bytes(order: TakeOrder, folder: Path, clip: ClipMade) -> bytes:
    data = (folder / order.digest / "clips.bin").read_bytes()
    return data[clip.offset_bytes : clip.offset_bytes + clip.size_bytes]


def clips_of(order: TakeOrder, folder: Path, made: TakeMade) -> Iterator[tuple[ClipMade, Samples]]:
    for track in made.tracks:
        for clip in track.clips:
            data = clip_bytes(order, folder, clip)
            assert hashlib.sha256(data).hexdigest() == clip.sha256
            path = folder / clip.name
            path.write_bytes(data)
            yield clip, sound.read(path)


@pytest.mark.parametrize("audio", [Audio.FLAC24, Audio.FLAC16])
def test_clips_are_stretches_of_their_tracks_and_all_files_equally_long(
    paths: list[Path], folder: Path, audio: Audio
) -> None:
    order = replace(take_of(*(track_of(path, *CLIPS) for path in paths), audio=audio), has_dialogue=True)
    made = made_of(order, folder)
    here = folder / order.digest
    tracks = {track.name: sound.read(here / track.file.name) for track in made.tracks}
    assert [len(samples) for samples in tracks.values()] == [LENGTH, LENGTH] == [made.length_samples] * 2
    found = {clip.name: (clip.start_samples, clip.end_samples) for clip, _ in clips_of(order, folder, made)}
    # What lies beyond the end of a track is no clip, and no clip has the silence that fills a track up.
    assert found == {
        "anna_long": (0, LENGTH),
        "anna_across": (ACROSS_BLOCKS.start_samples, ACROSS_BLOCKS.end_samples),
        "anna_beyond": (2 * BLOCK_SAMPLES, LENGTH),
        "bert_long": (0, BLOCK_SAMPLES + 5),
        "bert_across": (ACROSS_BLOCKS.start_samples, BLOCK_SAMPLES + 5),
    }
    for clip, samples in clips_of(order, folder, made):
        track = tracks[clip.name.split("_")[0]]
        assert np.array_equal(samples, track[clip.start_samples : clip.end_samples])
        assert clip.level_dbfs == pytest.approx(sound.rms_dbfs(samples), abs=0.02)
    assert made.mix is not None
    assert made.dialogue is not None
    mix, dialogue = sound.read(here / made.mix.name), soundfile.read(here / made.dialogue.name, dtype="float32")[0]
    depth = 2**-14 if audio is Audio.FLAC16 else 2**-21
    assert np.abs(mix - CEILING / 2 * (tracks["anna"] + tracks["bert"])).max() < depth
    assert np.array_equal(dialogue, np.stack([tracks["anna"], tracks["bert"]], axis=1))
    bits = soundfile.info(here / made.tracks[0].file.name).subtype
    assert bits == {Audio.FLAC24: "PCM_24", Audio.FLAC16: "PCM_16"}[audio]


def test_opus_tracks_are_copied_and_clips_keep_their_packets(paths: list[Path], folder: Path) -> None:
    order = take_of(*(track_of(path, WHOLE_BLOCKS, ACROSS_BLOCKS, LATE) for path in paths), audio=Audio.OPUS)
    made = made_of(order, folder)
    for path, track in zip(paths, made.tracks, strict=True):
        assert (folder / order.digest / track.file.name).read_bytes() == path.read_bytes()
    clips = {clip.name: len(samples) for clip, samples in clips_of(order, folder, made)}
    across = ACROSS_BLOCKS.end_samples - ACROSS_BLOCKS.start_samples
    expected = {"anna_long": LENGTH, "anna_across": across, "bert_long": BLOCK_SAMPLES + 5, "bert_across": 1_005}
    assert clips == expected


def test_more_than_eight_performers_have_a_dialogue_in_rf64(tmp_path: Path, folder: Path) -> None:
    paths = [tmp_path / f"{number}.flac" for number in range(9)]
    for number, path in enumerate(paths):
        sound.write_flac(path, tone(300 + 100 * number, SAMPLE_RATE_HZ))
    order = TakeOrder("take", tuple(map(track_of, paths)), 0, 3.0, Audio.FLAC24, has_dialogue=True, software="")
    dialogue = made_of(order, folder).dialogue
    assert dialogue is not None
    found = soundfile.info(folder / order.digest / dialogue.name)
    assert (found.format, found.subtype, found.channels, found.frames) == ("RF64", "PCM_24", 9, SAMPLE_RATE_HZ)


@pytest.mark.parametrize("bound", [None, 0.01, 0.6])
def test_a_mix_never_clips_whatever_was_stored_about_its_tracks(
    tmp_path: Path, folder: Path, bound: float | None
) -> None:
    paths = [tmp_path / "one.flac", tmp_path / "two.flac"]
    for path in paths:
        sound.write_flac(path, tone(500, level=0.9))
    order = take_of(*map(track_of, paths), bound=bound)
    mix = made_of(order, folder).mix
    assert mix is not None
    samples = sound.read(folder / order.digest / mix.name)
    assert np.abs(samples).max() == pytest.approx(CEILING, abs=1e-4)
    assert np.abs(samples - CEILING * tone(500, level=1.0)).max() < 1e-3


def test_missing_empty_and_damaged_tracks_are_left_out_and_the_others_are_whole(
    paths: list[Path], tmp_path: Path, folder: Path
) -> None:
    torn, empty, text = tmp_path / "torn.opus", tmp_path / "empty.opus", tmp_path / "text.opus"
    torn.write_bytes(paths[0].read_bytes()[:60])
    empty.write_bytes(b"")
    text.write_text("no sound")
    none = TrackOrder("none", str(tmp_path / "none.opus"), 0, 0, ())
    bad = [track_of(path, WHOLE_BLOCKS) for path in (torn, empty, text)]
    order = take_of(bad[0], track_of(paths[0], ACROSS_BLOCKS), none, *bad[1:])
    made = made_of(order, folder)
    assert [(track.name, len(track.clips)) for track in made.tracks] == [("anna", 1)]
    nothing = made_of(take_of(*bad), folder)
    assert (nothing.tracks, nothing.mix) == ((), None)


def test_a_damage_in_the_middle_counts_like_one_at_the_start(tmp_path: Path, paths: list[Path], folder: Path) -> None:
    path = tmp_path / "broken.flac"
    sound.write_flac(path, np.random.default_rng(1).normal(0, 0.1, LENGTH).astype(np.float32))
    data = bytearray(path.read_bytes())
    half = len(data) // 2
    data[half : half + 20_000] = os.urandom(20_000)
    path.write_bytes(data)
    with pytest.raises(sound.SoundUnreadable), sound.Decoder(path) as decoder:
        decoder.read(LENGTH)
    made = made_of(take_of(track_of(path, WHOLE_BLOCKS), track_of(paths[0], WHOLE_BLOCKS)), folder)
    assert [track.name for track in made.tracks] == ["anna"]


def test_silent_clips_are_no_clips(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "quiet.flac"
    sound.write_flac(path, np.concatenate([np.zeros(48_000, np.float32), tone(500, 48_000, 2e-4), tone(500, 48_000)]))
    clips = [ClipOrder(str(second), second * 48_000, (second + 1) * 48_000) for second in range(3)]
    made = made_of(take_of(track_of(path, *clips)), folder)
    assert [clip.name for clip in made.tracks[0].clips] == ["quiet_2"]


def test_a_take_appears_whole_or_not_at_all(paths: list[Path], folder: Path) -> None:
    order = take_of(*map(track_of, paths))

    def fail(samples: int) -> None:
        assert samples == BLOCK_SAMPLES
        assert [path.suffix for path in folder.iterdir()] == [".part"]
        raise InterruptedError

    with pytest.raises(InterruptedError):
        make_take(order, folder, fail)
    assert list(folder.iterdir()) == []
    assert read_made(folder, order) is None


@pytest.mark.parametrize("harm", ["shortened", "zeroed", "gone", "not done", "nonsense"])
def test_what_is_not_whole_is_made_again(paths: list[Path], folder: Path, harm: str) -> None:
    order = take_of(track_of(paths[0], ACROSS_BLOCKS))
    made_of(order, folder)
    file, done = folder / order.digest / "0.flac", folder / order.digest / DONE
    if harm == "shortened":
        file.write_bytes(file.read_bytes()[:-1])
    elif harm == "zeroed":
        file.write_bytes(bytes(file.stat().st_size))
    elif harm == "gone":
        file.unlink()
    else:
        done.unlink() if harm == "not done" else done.write_text("{}")
    assert read_made(folder, order, is_checked=True) is None


def test_the_digest_names_everything_that_decides_the_bytes(paths: list[Path]) -> None:
    order = take_of(track_of(paths[0], ACROSS_BLOCKS))
    track = order.tracks[0]
    others = [
        replace(order, audio=Audio.FLAC16),
        replace(order, has_dialogue=True),
        replace(order, bound=1.0),
        replace(order, software="other"),
        replace(order, tracks=(replace(track, changed_ns=1),)),
        replace(order, tracks=(replace(track, clips=()),)),
    ]
    assert len({order.digest, *(other.digest for other in others)}) == len(others) + 1
    assert order.digest == take_of(track_of(paths[0], ACROSS_BLOCKS)).digest


def files_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def orders_for(paths: Sequence[Path]) -> list[TakeOrder]:
    return [replace(take_of(*(track_of(path, ACROSS_BLOCKS) for path in paths)), name=str(one)) for one in range(5)]


def test_two_processes_make_the_same_bytes_as_one(paths: list[Path], tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for jobs, folder in enumerate(folders, 1):
        folder.mkdir()
        told: list[int] = []
        with hire(jobs) as crew:
            crew.make(orders_for(paths), folder, told.append)
        assert sum(told) == 5 * LENGTH
    assert files_below(folders[0]) == files_below(folders[1])


def test_any_executor_can_make_takes(paths: list[Path], tmp_path: Path) -> None:
    folders = [tmp_path / "alone", tmp_path / "threads"]
    for folder in folders:
        folder.mkdir()
    Alone().make(orders_for(paths), folders[0], lambda _samples: None)
    told: list[int] = []
    with ThreadPoolExecutor(2) as executor:
        ByExecutor(executor, 2).make(orders_for(paths), folders[1], told.append)
    assert sum(told) == 5 * LENGTH
    assert files_below(folders[0]) == files_below(folders[1])


def test_no_worker_outlives_its_crew(paths: list[Path], folder: Path) -> None:
    def stop(_samples: int) -> None:
        raise InterruptedError

    children = Path(f"/proc/self/task/{os.getpid()}/children")
    before = children.read_text()
    with pytest.raises(InterruptedError), hire(2) as crew:
        crew.make(orders_for(paths) * 20, folder, stop)
    left = set(children.read_text().split()) - set(before.split())
    running = [child for child in left if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    assert running == []
