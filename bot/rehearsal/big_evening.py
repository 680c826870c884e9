"""An evening with every kind of event: four scenes, each with something that happens in real ones.

Before it, everyone signs up; then come a warm-up, a voice try-out and calibrations. After the scenes: replays, a
calibration and a debrief.

Scene 1: a suggestion, whose prompt the audience reads; a sound check, a latecomer, side-coaching, a cued arc, a note,
and Ease off. Scene 2: it is dealt again, cut after its cue and retaken; a performer drops out of the retake and comes
back. Scene 3: the X-card. Scene 4: the take is struck and restored. Further scenes are plain, with their cue. Takes
that last long enough have the signal before their limit. After the end, those who were there go on rating, and the
coordinator, who never was in the channel, tries in vain.

In addition to the acts' entries, the journal gets `scheduled`, `signed_up`, `suggested`, `prompt_read`,
`side_coached`, `eased_off`, `sound_checked`, `cue_given`, `note_written`, `x_card_pressed`, `take_struck`,
`take_taken_back` and `rating_refused`.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Mapping

from bot.embedded.client.screen import Message
from bot.rehearsal.acts import PERFORMER_CONSENTS, Progress, expect, until
from bot.rehearsal.around import FIRST_CALIBRATED, AroundScenes
from bot.rehearsal.cast.cards import read_cue
from bot.rehearsal.cast.cue_manners import MANNERS, CueManner
from bot.rehearsal.cast.player import Player
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.house import House
from bot.rehearsal.panel import panel_with, press
from bot.rehearsal.rating import press_after_the_end, rate_after_the_end
from bot.rehearsal.signing_up import schedule_and_sign_up
from bot.rehearsal.talk import Talk

SUGGESTED_SCENE = 1
SUGGESTION = "The lift has stopped between two floors, and somebody in it has brought a cello."
SUGGESTED_PLACE = "a lift"
COACHING = "Let the others come to you."
NOTE = "The laugh before the door: keep it."
AWAY_SECONDS = 3.0
CHAT_SECONDS = 1.2
"""The time between the audience's messages in a take: after six, a panel is off the screens of phones."""

CHECK_PATIENCE_SECONDS = 30.0
"""How long a coordinator waits for the result of a sound check, which listens for 8 s."""

FEWEST_FOR_A_LATE_ONE = 3


class BigEvening(AroundScenes):
    """One run of the script. Each cue of the evening has the next one of the cast's manners."""

    def __init__(self, house: House, show: Progress) -> None:
        super().__init__(house, show)
        self._cues = 0
        self._cued_since = 0.0

    async def play(self) -> None:
        """Play everything from joining the channel to the export."""
        scenes = self._house.plan.scenes
        steps = 3 + 2 * scenes
        self._show("The cast signs up, joins the voice channel and consents", 1, steps)
        await schedule_and_sign_up(self._house)
        await self.open()
        for scene in range(1, scenes + 1):
            self._show(f"Scene {scene}: cards and takes", 2 * scene, steps)
            await self.deal(scene)
            await self.perform(scene)
            self._show(f"Scene {scene}: ratings", 2 * scene + 1, steps)
            await self.rate()
        await self.close(scenes)
        self._show("The session ends and is exported", steps - 1, steps)
        await self.end()
        self._show("Done", steps, steps)

    async def open(self) -> None:
        """Open the session, and do what comes before the scenes."""
        await self.open_session(late=self._late, first=FIRST_CALIBRATED)
        await self.before_scenes(self._late)

    async def close(self, scenes: int) -> None:
        """Do what comes after the scenes."""
        if _SCRIPTS.get(scenes) is BigEvening.stop_by_x_card:
            # A scene that was stopped is not played again.
            scenes += 1
            await self.deal(scenes)
            await self.plain(scenes)
        await self.after_scenes(scenes)

    @property
    def _late(self) -> list[Player]:
        """Return who comes late, if enough others are present."""
        return self._house.performers[-1:] if len(self._house.performers) >= FEWEST_FOR_A_LATE_ONE else []

    async def end(self) -> None:
        """End the session, let people rate by the message that stays, and export the dataset with their ratings."""
        await self.end_session()
        raters = [*self._house.audience, *self._house.performers]
        rated = [await rate_after_the_end(player, 1) for player in raters]
        if not any(rated):
            raise RehearsalFailed("After the end, there was nothing left to rate.")
        stranger = self._house.coordinator
        refused = await press_after_the_end(stranger)
        self._journal.write("rating_refused", user_id=stranger.user_id, answer=refused.text)
        await self.command("export", "Dataset ready", session=1)

    async def deal(self, scene: int) -> None:
        """Deal a scene: one of them from a suggestion, whose prompt someone in the audience reads."""
        if scene != SUGGESTED_SCENE:
            await super().deal(scene)
            return
        coordinator = self._house.coordinator
        asked = await coordinator.slash(self._house.voice_channel_id, "scene suggest")
        typed = {"situation": SUGGESTION, "place": SUGGESTED_PLACE}
        expect(await coordinator.submit(asked.modal, typed), "was dealt to")
        self._journal.write("suggested", scene=scene, text=SUGGESTION)
        self._journal.write("scene_dealt", scene=scene)
        await self.read_cards(scene)
        for player in self._house.audience:
            read = (await press(player.person, "The prompt")).reply
            expect(read, SUGGESTION)
            player.note("prompt_read", scene=scene, text=read.text)

    async def perform(self, scene: int) -> None:
        """Play the takes of a scene that is dealt."""
        await _SCRIPTS.get(scene, BigEvening.plain)(self, scene)

    async def plain(self, scene: int) -> None:
        """Play a take with its cue."""
        async with self.talking() as talk:
            started_at = await self._start(talk, scene)
            await until(started_at + self._share(0.4))
            await self._cue(scene)
            await until(started_at + self._share(1.0))
            talk.also(self.cut_take(scene, time.monotonic()))
        await self._answer_about_cue(scene)

    async def arrive_and_note(self, scene: int) -> None:
        """Play a sound check, then a take: people come late, get cue, note and side-coaching, and ease off."""
        await self._check_sound()
        await self.learn_lines()
        async with self.talking() as talk:
            started_at = await self._start(talk, scene)
            await until(started_at + self._share(0.15))
            for player in self._late:
                await self._house.join_voice(player)
                await self.give_consent(player, PERFORMER_CONSENTS)
            await until(started_at + self._share(0.4))
            await self._side_coach(scene)
            await until(started_at + self._share(0.5))
            await self._cue(scene)
            await self._write_note(scene)
            await until(started_at + self._share(0.87))
            await self._ease_off(scene)
            await until(started_at + self._share(1.0))
            talk.also(self.cut_take(scene, time.monotonic()))
        await self._answer_about_cue(scene)

    async def redeal_retake_and_drop_out(self, scene: int) -> None:
        """Deal new cards, play a short take, and a retake that a performer leaves for a while."""
        await self.press(("Re-deal",), "was dealt again")
        self._journal.write("scene_dealt", scene=scene)
        await self.read_cards(scene)
        async with self.talking() as talk:
            started_at = await self._start(talk, scene)
            await until(started_at + self._share(0.2))
            await self._cue(scene)
            await until(started_at + self._share(0.4))
            talk.also(self.cut_take(scene, time.monotonic()))
        await self._answer_about_cue(scene)
        await self.learn_lines()
        async with self.talking() as talk:
            started_at = await self._start(talk, scene)
            await until(started_at + self._share(0.3))
            await self._be_away(talk, self.on_stage[0])
            resumed_at = time.monotonic()
            await until(resumed_at + self._share(0.2))
            await self._cue(scene)
            await until(resumed_at + self._share(0.6))
            talk.also(self.cut_take(scene, time.monotonic()))
        await self._answer_about_cue(scene)

    async def stop_by_x_card(self, scene: int) -> None:
        """Let a performer stop the scene in the middle of its take. People go on talking for a moment."""
        async with self.talking() as talk:
            started_at = await self._start(talk, scene)
            await until(started_at + self._share(0.5))
            performer = self.on_stage[-1]
            pressed = await press(performer.person, "Stop (X-card)")
            performer.note("x_card_pressed", t=pressed.at, scene=scene, take=self._takes[scene])
            expect(pressed.reply, "The scene is stopped")
        await self.until_panel("Deal scene")

    async def strike_and_take_back(self, scene: int) -> None:
        """Play a take with its cue, strike it by mistake and restore it."""
        await self.plain(scene)
        await self.press(("Discard",), "is discarded")
        self._journal.write("take_struck", scene=scene, take=self._takes[scene])
        await self.press(("Restore",), "has been restored")
        self._journal.write("take_taken_back", scene=scene, take=self._takes[scene])

    async def _chat(self) -> None:
        """Let the audience write into the channel's chat, as people do while others play."""
        for number in itertools.count(1):
            for player in self._house.audience:
                await player.person.say(self._house.voice_channel_id, f"That is line {number} of the audience.")
            await asyncio.sleep(CHAT_SECONDS)

    async def _start(self, talk: Talk, scene: int) -> float:
        """Call a take and wait for its start. From the call on, those on stage listen for a cue, and others chat."""
        talk.listen(self._chat())
        called_at = await self.call_take(scene)
        for player in self.on_stage:
            talk.listen(player.note_cues(scene, self._takes[scene], called_at))
            talk.listen(player.follow_cue(scene, self._takes[scene], called_at, self._manner))
        started_at = called_at + self._house.plan.countdown_seconds
        await until(started_at)
        return started_at

    async def _check_sound(self) -> None:
        """Check the sound: everyone on stage talks while the bot listens. It must have heard each of them."""
        coordinator, begun_at = self._house.coordinator, time.monotonic()
        async with self.talking():
            expect((await press(coordinator, "Sound check")).reply, "Everyone, please speak")
            told = await coordinator.wait_for_message(_is_sound_check, CHECK_PATIENCE_SECONDS, since=begun_at)
        self._journal.write("sound_checked", answer=told.text)
        if unheard := [one for one in self.on_stage if f"<@{one.person.user_id}>: not heard" in told.text]:
            raise RehearsalFailed(f"The sound check did not hear {len(unheard)} of {len(self.on_stage)} speakers.")

    async def _cue(self, scene: int) -> None:
        given_at = await self.press(("Cue",), "The cue was given: 1 performer")
        self._journal.write("cue_given", t=given_at, scene=scene, take=self._takes[scene], manner=self._manner.name)
        self._cued_since = given_at

    @property
    def _manner(self) -> CueManner:
        """Return what the performer of the next cue, or of the current one, does about it."""
        return MANNERS[self._cues % len(MANNERS)]

    async def _answer_about_cue(self, scene: int) -> None:
        """Let performers who were sent a cue in the last take and did not press answer the question, or not."""
        manner, since, take = self._manner, self._cued_since, self._takes[scene]
        self._cues += 1
        if manner.presses:
            return
        for player in self.on_stage:
            if any(read_cue(one.text) and one.seen_at >= since for one in player.person.messages.values()):
                await player.answer_about_cue(scene, take, since, manner)

    async def _side_coach(self, scene: int) -> None:
        """Tell the last performer on stage something in private."""
        player, sent_at = self.on_stage[-1], time.monotonic()
        await self.command("take coach", "was told so in private", performer=player.user_id, text=COACHING)
        player.note("side_coached", t=sent_at, scene=scene, take=self._takes[scene], text=COACHING)

    async def _ease_off(self, scene: int) -> None:
        """Let a performer ask for the scene to go on lighter."""
        player = self.on_stage[0]
        pressed = await press(player.person, "Ease off")
        player.note("eased_off", t=pressed.at, scene=scene, take=self._takes[scene])
        expect(pressed.reply, "has been asked to keep it lighter")

    async def _write_note(self, scene: int) -> None:
        pressed = await press(self._house.coordinator, "Note")
        reply = await self._house.coordinator.submit(pressed.reply.modal, {"text": NOTE})
        expect(reply, "Noted")
        self._journal.write("note_written", t=pressed.at, scene=scene, take=self._takes[scene], text=NOTE)

    async def _be_away(self, talk: Talk, player: Player) -> None:
        """Leave in mid-word, stay away until the bot notices, come back and go on. Returns when the session resumes."""
        left_at = time.monotonic()
        await self._house.leave_voice(player)
        await panel_with(self._house.coordinator, "Resume", since=left_at)
        await asyncio.sleep(AWAY_SECONDS)
        back_at = time.monotonic()
        await self._house.join_voice(player)
        await panel_with(self._house.coordinator, "Pause", since=back_at)
        talk.begin(player)

    def _share(self, share: float) -> float:
        """Return a share of a take's length, in seconds."""
        return share * self._house.plan.take_seconds


def _is_sound_check(message: Message) -> bool:
    """Whether the message has the result of a sound check."""
    return message.text.startswith("**Sound check**")


_SCRIPTS: Mapping[int, Callable[[BigEvening, int], Awaitable[None]]] = {
    1: BigEvening.arrive_and_note,
    2: BigEvening.redeal_retake_and_drop_out,
    3: BigEvening.stop_by_x_card,
    4: BigEvening.strike_and_take_back,
}
"""What happens in which scene."""
