"""Which sound files play in place: people press a button per device below each file."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import discord

from bot.audio.listening import write_clip
from bot.audio.sound import write_ogg_opus
from bot.audio.speech import VoiceDirection, synthesise
from bot.trial.steps import Answer, Trial

DEVICES: Final = ("iOS", "Android", "desktop", "browser")
"""What people listen with."""

_SENTENCE: Final = "This is a clip. Press the button for your device."


async def clips_play(trial: Trial) -> list[Answer]:
    """Post an MP3 and an Ogg file, and count on which devices each plays in place."""
    await trial.say(
        "Everyone, on every device you have: tap each file below, and press the button of your device if it plays in "
        "place, or the red one if it does not."
    )
    with tempfile.TemporaryDirectory() as folder:
        files = await asyncio.to_thread(_make_files, Path(folder))
        pressed = [await _post(trial, file) for file in files]
        trial.observations.note("trial", "waits for presses")
        await asyncio.sleep(trial.patience.for_people)
    return [
        Answer(f"Where does {file.suffix} play in place?", _summary(ones))
        for file, ones in zip(files, pressed, strict=True)
    ]


def _make_files(folder: Path) -> list[Path]:
    sound = synthesise(_SENTENCE, VoiceDirection())
    files = [folder / "clip.mp3", folder / "clip.ogg"]
    write_clip(files[0], sound, None)
    write_ogg_opus(files[1], sound)
    return files


async def _post(trial: Trial, file: Path) -> set[tuple[str, int]]:
    pressed: set[tuple[str, int]] = set()
    view = discord.ui.View(timeout=None)
    for row, (word, style) in enumerate((("plays", discord.ButtonStyle.success), ("no", discord.ButtonStyle.danger))):
        for device in DEVICES:
            view.add_item(_Counter(f"{device}: {word}", style, row, _counting(trial, pressed, file.suffix)))
    await trial.channel.send(file.name, file=discord.File(file), view=view)
    return pressed


class _Counter(discord.ui.Button[discord.ui.View]):
    """A button that counts who presses it, each account once."""

    def __init__(self, label: str, style: discord.ButtonStyle, row: int, pressed: Callable[[str, int], None]) -> None:
        super().__init__(label=label, style=style, row=row)
        self._label, self._pressed = label, pressed

    async def callback(self, interaction: discord.Interaction) -> None:
        """Count the press, and leave the message as it is."""
        self._pressed(self._label, interaction.user.id)
        await interaction.response.defer()


def _counting(trial: Trial, pressed: set[tuple[str, int]], suffix: str) -> Callable[[str, int], None]:
    def count(label: str, user_id: int) -> None:
        pressed.add((label, user_id))
        trial.observations.note("trial", "pressed", label=label, file=suffix, who=trial.observations.alias(user_id))

    return count


def _summary(pressed: set[tuple[str, int]]) -> str | None:
    counted = Counter(label for label, _ in pressed)
    return ", ".join(f"{label} ({times})" for label, times in sorted(counted.items())) or None
