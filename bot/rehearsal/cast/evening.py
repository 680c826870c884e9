"""The evening the cast plays: consent, two scenes with a take each, ratings, export. What they see is what they use."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.rehearsal.cast.person import Person
from bot.rehearsal.cast.player import Player
from bot.rehearsal.cast.replies import Reply
from bot.rehearsal.cast.screen import Message
from bot.rehearsal.cast.voice import VoiceParticipant
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.journal import Journal

Progress = Callable[[str, int, int], None]

TAKE_SECONDS = 18.0
BEFORE_TAKE_SECONDS = 1.0
AFTER_CUT_SECONDS = 1.2

PERFORMER_CONSENTS = ("record", "store_and_review", "peer_rating", "train_recognition")
RATER_CONSENTS = ("peer_rating",)
_TAKING_PART = frozenset({"record", "store_and_review", "peer_rating"})


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in the channel, and the coordinator beside it."""

    performers: Sequence[Player]
    audience: Sequence[Player]
    bystanders: Sequence[Player]
    coordinator: Person
    coordinator_id: int

    @property
    def in_channel(self) -> list[Player]:
        """All who sit in the voice channel."""
        return [*self.performers, *self.audience, *self.bystanders]


class Evening:
    """One run of the script. Any answer that is not what the script needs ends it with RehearsalFailed."""

    def __init__(self, cast: Cast, voice_channel_id: int, journal: Journal, seed: int, show: Progress) -> None:
        self._cast = cast
        self._channel = voice_channel_id
        self._journal = journal
        self._seed = seed
        self._show = show

    async def play(self, scenes: int, countdown_seconds: int, join: Callable[[Player], asyncio.Task[None]]) -> None:
        """From joining the channel to the export."""
        steps = 4 + 2 * scenes
        self._show("The cast joins the voice channel", 0, steps)
        for player in self._cast.in_channel:
            await join(player)
        self._show("Everybody reads the consent text and chooses", 1, steps)
        await self._consent()
        await self._command("session start", "is open", seed=self._seed)
        for scene in range(1, scenes + 1):
            self._show(f"Scene {scene}: cards and a take", 2 * scene, steps)
            await self._deal(scene)
            await self._take(scene, countdown_seconds)
            self._show(f"Scene {scene}: ratings", 2 * scene + 1, steps)
            await self._rate()
        self._show("The session ends and is exported", steps - 1, steps)
        await self._command("session end", "is over")
        await self._command("export", "Dataset ready", session=1)
        self._show("Done", steps, steps)

    async def _consent(self) -> None:
        for player in self._cast.performers:
            await self._give(player, PERFORMER_CONSENTS)
        for player in self._cast.audience:
            await self._give(player, RATER_CONSENTS)

    async def _give(self, player: Player, scopes: Sequence[str]) -> None:
        shown = await player.person.slash(self._channel, "consent")
        form = await player.person.click(shown.message, "Choose")
        reply = await player.person.submit(
            form.modal,
            {
                "taking_part": [scope for scope in scopes if scope in _TAKING_PART],
                "uses": [scope for scope in scopes if scope not in _TAKING_PART],
                "adult": True,
            },
        )
        _expect(reply, "Given")
        player.consents = list(scopes)
        self._journal.write("consented", user_id=player.profile.user_id, scopes=player.consents)

    async def _deal(self, scene: int) -> None:
        await self._press("Deal scene", "is dealt to")
        for player in self._cast.performers:
            panel = await self._panel(player.person)
            reply = await player.person.click(panel, "My card")
            _expect(reply, "**You feel**")
            await player.read_card(scene, reply.text)
        for player in self._cast.bystanders:
            await player.prepare_interruptions()

    async def _take(self, scene: int, countdown_seconds: int) -> None:
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as talking:
            for player in (*self._cast.performers, *self._cast.bystanders):
                talking.create_task(player.talk_until(stop))
            await asyncio.sleep(BEFORE_TAKE_SECONDS)
            called_at = await self._press("Start take", "starts")
            self._journal.write("take_called", t=called_at, scene=scene, countdown_seconds=countdown_seconds)
            await asyncio.sleep(called_at + countdown_seconds + TAKE_SECONDS - time.monotonic())
            cut_at = time.monotonic()
            cut = asyncio.create_task(self._press("Cut", "Cut. Take"))
            self._journal.write("take_cut", t=cut_at, scene=scene)
            await asyncio.sleep(AFTER_CUT_SECONDS)
            await cut
            stop.set()

    async def _rate(self) -> None:
        async with asyncio.TaskGroup() as rating:
            for player in (*self._cast.performers, *self._cast.audience):
                rating.create_task(self._rate_all(player))
        for player in self._cast.bystanders:
            reply = await player.person.click(await self._panel(player.person), "Rate")
            _expect(reply, "needs your consent")

    async def _rate_all(self, player: Player) -> None:
        person = player.person
        shown = (await person.click(await self._panel(person), "Rate")).message
        while shown is not None and shown.buttons:
            (button,) = shown.buttons
            clip = await person.download(shown.attachments[0])
            form = await person.click(shown, button.custom_id)
            if form.modal is None:
                raise RehearsalFailed(f"No form came to rate with: {form.text}")
            emotions = [value for _, value in form.modal.field("emotion").options]
            answers = player.answers(emotions)
            sent_at = time.monotonic()
            await person.submit(form.modal, answers)
            self._journal.write(
                "rated",
                user_id=player.profile.user_id,
                button=button.custom_id,
                title=form.modal.title,
                clip_bytes=len(clip),
                answers=answers,
            )
            shown = await person.wait_for_message(_is_message(shown.message_id), since=sent_at)

    async def _panel(self, person: Person) -> Message:
        return await person.wait_for_message(lambda message: not message.is_ephemeral and len(message.buttons) > 1)

    async def _press(self, label: str, wanted: str) -> float:
        panel = await self._panel(self._cast.coordinator)
        pressed_at = time.monotonic()
        reply = await self._cast.coordinator.click(panel, label)
        self._journal.write("pressed", t=pressed_at, user_id=self._cast.coordinator_id, button=label, answer=reply.text)
        _expect(reply, wanted)
        return pressed_at

    async def _command(self, command: str, wanted: str, **options: object) -> None:
        reply = await self._cast.coordinator.slash(self._channel, command, **options)
        self._journal.write("commanded", user_id=self._cast.coordinator_id, command=command, answer=reply.text)
        _expect(reply, wanted)


async def join_voice(player: Player, voice_channel_id: int, ssl_context: object, journal: Journal, seed: int) -> None:
    """Let a player join the voice channel with a voice of their own."""
    credentials = await player.person.join_voice(voice_channel_id)
    player.voice = VoiceParticipant(
        user_id=credentials.user_id,
        guild_id=credentials.guild_id,
        channel_id=credentials.channel_id,
        session_id=credentials.session_id,
        token=credentials.token,
        endpoint=credentials.endpoint,
        ssl_context=ssl_context,  # type: ignore[arg-type]
        journal=journal,
        seed=seed,
    )
    await player.voice.connect()


def _is_message(message_id: int) -> Callable[[Message], bool]:
    return lambda message: message.message_id == message_id


def _expect(reply: Reply, wanted: str) -> None:
    if wanted not in reply.text:
        raise RehearsalFailed(reply.text or "The bot answered with nothing.")
