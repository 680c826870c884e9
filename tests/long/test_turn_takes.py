"""Takes with truth: what was built is in the files, where the truth says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.audio import sound
from bot.audio.speech import Utterance
from bot.audio.spoken_words import SpokenWord
from bot.rehearsal.cast.parts import Line as SpokenLine
from bot.rehearsal.cast.parts import learn
from bot.samples import SAMPLE_RATE_HZ, Span
from bot.wire import opus
from tools.turns import leak, long, open_microphones
from tools.turns.__main__ import main, score
from tools.turns.evening import Spurt, sounds_in
from tools.turns.finders import find_landed
from tools.turns.gate import FRAME, sent, with_sound
from tools.turns.lines import Line
from tools.turns.noises import NOISES
from tools.turns.talk import draw_talk
from tools.turns.tracks import encode, write_track
from tools.turns.truth import LeakTruth, Sound, TakeTruth, TrackTruth, common, find_takes, join, length, read_truth

MS = SAMPLE_RATE_HZ // 1000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a minute of each built take."""
    folder = tmp_path_factory.mktemp("turns")
    for module in (long, open_microphones, leak):
        take = folder / module.__name__.rpartition(".")[2]
        take.mkdir()
        module.build(take, seed=3, minutes=0.5)
    return folder


def test_every_track_is_as_long_as_its_take(folder: Path) -> None:
    takes = find_takes(folder)
    assert [take.name for take in takes] == ["leak", "long", "open_microphones"]
    for take in takes:
        truth = read_truth(take)
        assert truth.duration_samples == 30 * SAMPLE_RATE_HZ
        assert {sound.duration_samples(take / track.file) for track in truth.tracks} == {truth.duration_samples}
        for track in truth.tracks:
            bounds = [position for one in track.sounds for position in (one.start, one.end)]
            assert bounds == sorted(bounds)
            assert bounds[-1] <= truth.duration_samples


def test_speech_in_the_file_begins_and_ends_where_the_truth_says(folder: Path) -> None:
    truth = read_truth(folder / "long")
    errors: list[int] = []
    for track in truth.tracks:
        heard = sound.read(folder / "long" / track.file)
        for stretch in track.stretches():
            near = Span(max(stretch.start_samples - 100 * MS, 0), stretch.end_samples + 100 * MS)
            loud = np.abs(heard[near.start_samples : near.end_samples])
            inside = np.flatnonzero(loud > 0.02 * np.max(loud))
            errors.append(near.start_samples + int(inside[0]) - stretch.start_samples)
            errors.append(near.start_samples + int(inside[-1]) - stretch.end_samples)
    assert len(errors) >= 8
    assert np.median(np.abs(errors)) < 5 * MS
    assert max(map(abs, errors)) < 30 * MS


def test_a_gated_track_is_silent_where_nothing_was_sent_and_an_open_one_never_is(folder: Path) -> None:
    silent = {take: _silent_share(folder / take) for take in ("long", "open_microphones")}
    assert silent["long"] > 0.2
    assert silent["open_microphones"] == 0


def _silent_share(take: Path) -> float:
    frames = np.concatenate([sound.read(file).reshape(-1, FRAME) for file in sorted(take.glob("*.opus"))])
    return float(np.mean(np.max(np.abs(frames), axis=1) < 1e-6))


def test_speech_over_an_open_microphone_is_20_db_above_its_noise(folder: Path) -> None:
    truth = read_truth(folder / "open_microphones")
    for track in truth.tracks:
        heard = sound.read(folder / "open_microphones" / track.file)
        words = join(one.span for one in track.sounds)
        others = np.ones(len(heard), bool)
        for stretch in track.stretches():
            others[stretch.start_samples - 100 * MS : stretch.end_samples + 100 * MS] = False
        spoken = np.concatenate([heard[word.start_samples : word.end_samples] for word in words])
        assert sound.rms_dbfs(spoken) - sound.rms_dbfs(heard[others]) == pytest.approx(20, abs=1.5)


def test_a_neighbour_is_heard_in_each_microphone_later_and_quieter(folder: Path) -> None:
    truth = read_truth(folder / "leak")
    assert {one.heard_by for one in truth.leaks} == {track.speaker for track in truth.tracks}
    levels: list[float] = []
    for track in truth.tracks:
        heard = sound.read(folder / "leak" / track.file)
        leaked = truth.leaked_into(track.speaker)
        spoken = np.concatenate([heard[one.start : one.end] for one in track.sounds])
        own = track.stretches()
        alone = [span for span in leaked if not length(common([Span(span.start_samples - 1, span.end_samples)], own))]
        if alone:
            neighbour = np.concatenate([heard[span.start_samples : span.end_samples] for span in alone])
            levels.append(sound.rms_dbfs(neighbour) - sound.rms_dbfs(spoken))
    assert levels, "someone must be heard alone"
    assert np.mean(levels) == pytest.approx(-21.5, abs=2.5), "dulled, so somewhat less than 20 dB"


def test_packets_alone_find_all_speech_in_a_gated_take_and_are_opened_by_leaks(folder: Path) -> None:
    rows = score(folder, [], find_landed)
    assert rows["long"].coverage > 0.98
    assert rows["long"].precision > 0.9
    assert rows["open_microphones"].precision < 0.9
    assert rows["leak"].precision < rows["long"].precision


def test_the_program_scores_what_was_built_and_says_if_nothing_was(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["turns", "score", str(folder), "--only", "long"])
    main()
    printed = capsys.readouterr().out
    assert "| long |" in printed
    assert "| leak |" not in printed
    monkeypatch.setattr("sys.argv", ["turns", "score", str(folder), "--only", "long", "--tracks"])
    main()
    printed = capsys.readouterr().out
    assert all(f"| long, {speaker} |" in printed for speaker in "abcd")
    monkeypatch.setattr("sys.argv", ["turns", "score", str(tmp_path)])
    assert main() == 1
    assert "build some first" in capsys.readouterr().err


def test_truth_is_read_as_it_was_written(tmp_path: Path) -> None:
    track = TrackTruth("a.opus", "a", (Sound(0, 480, "word", "Él"), Sound(960, 1440, "laugh")))
    truth = TakeTruth("one", 4_800, (track,), (LeakTruth("a", "b", 480, -20.0),))
    truth.write(tmp_path)
    assert read_truth(tmp_path) == truth
    assert truth.leaked_into("b") == [Span(480, 960), Span(1440, 1920)]


def _line(seconds: float) -> Line:
    samples = round(seconds * SAMPLE_RATE_HZ)
    return Line("joy", Utterance(np.zeros(samples, np.float32), (SpokenWord("so", 0, samples),)))


def test_talk_has_short_pauses_in_thoughts_and_longer_ones_between_them() -> None:
    lines = [_line(1.0), _line(2.5)]
    said = draw_talk(np.random.default_rng(1), lines, 600 * SAMPLE_RATE_HZ)
    ends = [one.start + len(lines[one.line].utterance.samples) for one in said]
    gaps = [(after.start - end) / SAMPLE_RATE_HZ for end, after in zip(ends, said[1:], strict=False)]
    assert min(gaps) >= 0.08
    assert 0.5 < np.mean([gap < 0.5 for gap in gaps]) < 0.8
    assert all(one.start % opus.STEP_SAMPLES == 0 for one in said)
    assert ends[-1] <= 600 * SAMPLE_RATE_HZ


def test_the_gate_is_open_while_there_is_sound_and_some_frames_longer() -> None:
    heard = np.zeros(10 * FRAME, np.float32)
    heard[2 * FRAME : 4 * FRAME] = 0.1
    assert np.flatnonzero(with_sound(heard)).tolist() == [2, 3]
    assert np.flatnonzero(sent(with_sound(heard), 3)).tolist() == [2, 3, 4, 5, 6]


def test_a_written_track_has_its_packets_in_their_places(tmp_path: Path) -> None:
    tone = np.zeros(SAMPLE_RATE_HZ, np.float32)
    tone[24_000:28_800] = 0.5 * np.sin(np.arange(4_800) / 10)
    is_sent = np.zeros(50, bool)
    is_sent[24:31] = True
    write_track(tmp_path / "a.opus", encode(tone, is_sent), len(tone))
    heard = sound.read(tmp_path / "a.opus")
    assert len(heard) == len(tone)
    shifts = [float(np.dot(heard[24_000 + shift : 28_800 + shift], tone[24_000:28_800])) for shift in range(-40, 41)]
    assert abs(int(np.argmax(shifts)) - 40) <= 1


@pytest.mark.parametrize("name", NOISES)
def test_noises_are_steady_and_unlike_each_other(name: str) -> None:
    noise = NOISES[name](np.random.default_rng(1), 5 * SAMPLE_RATE_HZ)
    assert np.sqrt(np.mean(noise**2)) == pytest.approx(1)
    power = np.abs(np.fft.rfft(noise)) ** 2
    hertz = np.fft.rfftfreq(len(noise), 1 / SAMPLE_RATE_HZ)
    low = float(power[hertz < 1_000].sum() / power.sum())
    limits = {"white": (0.02, 0.08), "pink": (0.3, 0.7), "hum": (0.9, 1.0), "babble": (0.7, 1.0)}
    assert limits[name][0] < low < limits[name][1]


def test_an_evenings_words_are_where_their_packets_are(tmp_path: Path) -> None:
    """A line of the cast whose first frames came before the take, and one that is whispered."""
    part = learn("fear", 0, 25, np.random.default_rng(1))
    whispered = next(line for line in part.lines if line.kind == "whisper")
    spoken = part.lines[0]
    spurts = [_noted(spoken), _noted(whispered)]
    placed = [((number - 10) * FRAME, packet) for number, packet in enumerate(spoken.packets) if number >= 10]
    later = len(spoken.packets) * FRAME + SAMPLE_RATE_HZ
    placed += [(later + number * FRAME, packet) for number, packet in enumerate(whispered.packets)]
    duration = placed[-1][0] + FRAME
    write_track(tmp_path / "a.opus", placed, duration)
    *words, whisper = sounds_in(tmp_path / "a.opus", spurts, duration)
    heard = [(word.start_samples - 10 * FRAME, word.end_samples - 10 * FRAME) for word in spoken.words]
    assert [(word.start, word.end) for word in words] == [(max(start, 0), end) for start, end in heard if end > 0]
    assert words[0].start == 0, "a word was going on when the take began"
    begins = later + whispered.words[0].start_samples
    assert (whisper.kind, whisper.text, whisper.start) == ("whisper", whispered.text, begins)


def _noted(line: SpokenLine) -> Spurt:
    words = [(word.text, word.start_samples, word.end_samples) for word in line.words]
    return Spurt(line.kind, line.text, words, list(line.packets))
