"""The evening the cast plays: consent, two scenes with a take each, ratings, export. What they see is what they use."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from bot.rehearsal.cast.person import Person
from bot.rehearsal.cast.player import Player
from bot.rehearsal.cast.replies import Reply
from bot.rehearsal.cast.screen import Message
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.house import House

Progress = Callable[[str, int, int], None]

BEFORE_TAKE_SECONDS = 1.0
AFTER_CUT_SECONDS = 1.2

PERFORMER_CONSENTS = ("record", "store_and_review", "peer_rating", "train_recognition")
RATER_CONSENTS = ("peer_rating",)
_TAKING_PART = frozenset({"record", "store_and_review", "peer_rating"})


class Evening:
    """One run of the script. Any answer that is not what the script needs ends it with RehearsalFailed."""

    def __init__(self, house: House, show: Progress) -> None:
        self._house = house
        self._channel = house.voice_channel_id
        self._journal = house.journal
        self._show = show

    async def play(self) -> None:
        """From joining the channel to the export."""
        scenes = self._house.plan.scenes
        steps = 3 + 2 * scenes
        self._show("The cast joins the voice channel and consents", 1, steps)
        await self.open_session()
        for scene in range(1, scenes + 1):
            self._show(f"Scene {scene}: cards and a take", 2 * scene, steps)
            await self.deal(scene)
            await self.take(scene)
            self._show(f"Scene {scene}: ratings", 2 * scene + 1, steps)
            await self.rate()
        self._show("The session ends and is exported", steps - 1, steps)
        await self.command("session end", "is over")
        await self.command("export", "Dataset ready", session=1)
        self._show("Done", steps, steps)

    async def open_session(self) -> None:
        """Everybody joins the channel and chooses what to consent to; the coordinator opens the session."""
        for player in self._house.in_channel:
            await self._house.join_voice(player)
        for player in self._house.performers:
            await self._give(player, PERFORMER_CONSENTS)
        for player in self._house.audience:
            await self._give(player, RATER_CONSENTS)
        await self.command("session start", "is open", seed=self._house.plan.seed)

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

    async def deal(self, scene: int) -> None:
        """A scene is dealt, and everybody on stage reads their card and learns their lines."""
        await self._press(("Deal scene", "Next scene"), "is dealt to")
        for player in self._house.performers:
            panel = await self._panel(player.person)
            reply = await player.person.click(panel, "My card")
            _expect(reply, "**You feel**")
            await player.read_card(scene, reply.text)
        for player in self._house.bystanders:
            await player.prepare_interruptions()

    async def take(self, scene: int) -> None:
        """A take, with people who talk before it starts and after it is cut."""
        plan = self._house.plan
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as talking:
            self.let_talk(talking, stop)
            await asyncio.sleep(BEFORE_TAKE_SECONDS)
            called_at = await self.call_take(scene)
            await asyncio.sleep(called_at + plan.countdown_seconds + plan.take_seconds - time.monotonic())
            cut_at = time.monotonic()
            cut = talking.create_task(self.cut_take(scene, cut_at))
            await asyncio.sleep(AFTER_CUT_SECONDS)
            await cut
            stop.set()

    def let_talk(self, talking: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        """Whoever has a part says it until told to stop."""
        for player in (*self._house.performers, *self._house.bystanders):
            talking.create_task(player.talk_until(stop))

    async def call_take(self, scene: int) -> float:
        """The coordinator presses Start take; returns when, on the monotonic clock."""
        called_at = await self._press(("Start take", "Retake"), "starts")
        countdown = self._house.plan.countdown_seconds
        self._journal.write("take_called", t=called_at, scene=scene, countdown_seconds=countdown)
        return called_at

    async def cut_take(self, scene: int, cut_at: float) -> None:
        """The coordinator presses Cut, now."""
        self._journal.write("take_cut", t=cut_at, scene=scene)
        await self._press(("Cut",), "Cut. Take")

    async def rate(self) -> None:
        """Whoever may rate rates all there is; the bystander tries, and is told why not."""
        async with asyncio.TaskGroup() as rating:
            for player in (*self._house.performers, *self._house.audience):
                rating.create_task(self._rate_all(player))
        for player in self._house.bystanders:
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

    async def _panel(self, person: Person, wanted: Sequence[str] = ()) -> Message:
        """The panel as the person sees it, once it has a button of one of these labels."""

        def is_panel(message: Message) -> bool:
            labels = {button.label for button in message.buttons}
            return not message.is_ephemeral and len(labels) > 1 and (not wanted or bool(labels.intersection(wanted)))

        return await person.wait_for_message(is_panel)

    async def _press(self, labels: Sequence[str], wanted: str) -> float:
        """Press whichever of these buttons the panel has."""
        panel = await self._panel(self._house.coordinator, labels)
        label = next(button.label for button in panel.buttons if button.label in labels)
        pressed_at = time.monotonic()
        reply = await self._house.coordinator.click(panel, label)
        self._journal.write(
            "pressed", t=pressed_at, user_id=self._house.coordinator.user_id, button=label, answer=reply.text
        )
        _expect(reply, wanted)
        return pressed_at

    async def command(self, command: str, wanted: str, **options: object) -> None:
        """The coordinator gives a command in the voice channel's chat."""
        reply = await self._house.coordinator.slash(self._channel, command, **options)
        self._journal.write("commanded", user_id=self._house.coordinator.user_id, command=command, answer=reply.text)
        _expect(reply, wanted)


def _is_message(message_id: int) -> Callable[[Message], bool]:
    return lambda message: message.message_id == message_id


def _expect(reply: Reply, wanted: str) -> None:
    if wanted not in reply.text:
        raise RehearsalFailed(reply.text or "The bot answered with nothing.")
