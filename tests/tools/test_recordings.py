"""Recordings out of packages: a package is built here, since tests fetch nothing."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bot.samples import SAMPLE_RATE_HZ
from tools.turns.recordings import SOURCES, PackageUnavailable, fetch, require, unpack
from tools.turns.voiced_sounds import PEAKS_DBFS, bounded, read, recorded, sobs_from_laughs, whispers


def burst(start: float, end: float, seconds: float = 3.0, noise: float = 1e-4) -> np.ndarray:
    rng = np.random.default_rng(1)
    samples = rng.normal(0, noise, round(seconds * SAMPLE_RATE_HZ))
    first, last = round(start * SAMPLE_RATE_HZ), round(end * SAMPLE_RATE_HZ)
    samples[first:last] += 0.3 * np.sin(np.arange(last - first) / 20)
    return samples.astype(np.float32)


def packed(**contents: bytes) -> bytes:
    """A Debian package: an ar archive of three members, the last of which holds the files (deb(5))."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:xz") as files:
        for name, content in contents.items():
            member = tarfile.TarInfo(f"./usr/share/{name}.ogg")
            member.size = len(content)
            files.addfile(member, io.BytesIO(content))
    members = {"debian-binary": b"2.0\n", "control.tar.xz": b"odd", "data.tar.xz": data.getvalue()}
    parts = [
        f"{name:16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(part):<10}`\n".encode() + part + b"\n" * (len(part) % 2)
        for name, part in members.items()
    ]
    return b"!<arch>\n" + b"".join(parts)


def test_only_what_is_asked_for_is_unpacked(tmp_path: Path) -> None:
    package = tmp_path / "voices.deb"
    package.write_bytes(packed(Laugh=b"ha", Cough=b"hm"))
    unpack(package, tmp_path / "files", ("usr/*/Laugh.ogg",))
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "files").rglob("*.ogg")] == [("Laugh.ogg", b"ha")]


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    package = tmp_path / "voices.deb"
    package.write_bytes(b"!<arch>\n")
    with pytest.raises(PackageUnavailable, match="is not a Debian package"):
        unpack(package, tmp_path / "files", ("*",))


def test_a_package_that_cannot_be_had_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PackageUnavailable, match="voices cannot be had: apt-get is not installed here"):
        require("voices", tmp_path / "cache", ("*",))
    files, missing = fetch(tmp_path / "cache")
    assert files == {}
    assert len(missing) == len({source.package for source in SOURCES})


def test_bounds_are_where_a_recording_is_10_db_above_its_floor() -> None:
    sound = bounded("laugh", burst(1.0, 2.0), noise_dbfs=-90)
    assert sound.end - sound.start == pytest.approx(SAMPLE_RATE_HZ, abs=2 * SAMPLE_RATE_HZ // 100)
    assert len(sound.samples) - (sound.end - sound.start) <= 2 * SAMPLE_RATE_HZ // 50
    assert np.max(np.abs(sound.samples)) == pytest.approx(10 ** (PEAKS_DBFS["laugh"] / 20), rel=0.01)


def test_what_a_microphones_noise_covers_is_outside_the_bounds() -> None:
    fading = burst(0.5, 2.5) * np.geomspace(1, 1e-4, 3 * SAMPLE_RATE_HZ).astype(np.float32)
    quiet, noisy = (bounded("scream", fading, noise_dbfs) for noise_dbfs in (-80, -50))
    assert noisy.end - noisy.start < quiet.end - quiet.start


def test_a_recording_without_any_silence_is_heard_whole() -> None:
    sound = bounded("scream", burst(0.0, 1.0, seconds=1.0), noise_dbfs=-66)
    assert (sound.start, sound.end) == (0, SAMPLE_RATE_HZ)


def test_the_same_recording_in_two_files_is_heard_once_and_makes_one_sob(tmp_path: Path) -> None:
    for name in ("one.wav", "two.wav"):
        soundfile.write(tmp_path / name, burst(0.5, 1.5), SAMPLE_RATE_HZ)
    files = sorted(tmp_path.glob("*.wav"))
    (laugh,) = recorded("laugh", files, -66)
    (sob,) = sobs_from_laughs(files, -66)
    assert (laugh.kind, sob.kind) == ("laugh", "sob")
    assert (sob.end - sob.start) / (laugh.end - laugh.start) == pytest.approx(1 / 0.72, rel=0.03)


def test_recordings_of_other_rates_and_in_stereo_become_mono_at_48_khz(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "low.wav", np.tile(burst(0.2, 0.4, seconds=1.0)[::6, None], 2), 8_000)
    assert len(read(tmp_path / "low.wav")) == pytest.approx(SAMPLE_RATE_HZ, abs=10)


def test_whispers_have_no_pitch_and_are_quiet() -> None:
    made = whispers()
    assert len(made) >= 10
    for sound in made[:3]:
        assert np.max(np.abs(sound.samples)) == pytest.approx(10 ** (PEAKS_DBFS["whisper"] / 20), rel=0.01)
        assert 0 <= sound.start < sound.end <= len(sound.samples)
