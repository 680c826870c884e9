"""Every pictured state: one small function each, which plays up to it on a new studio.

To add one, write a function that returns a page and put it into `STATES`. Its key is the file's name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from time import monotonic

import numpy as np
import simcord

from bot.audio.levels import Levels
from bot.audio.sound import encode_opus
from bot.domain.ids import UserId
from bot.live.take.track_quality import LiveTrack
from bot.voice.connection.events import ConnectionEvent, ConnectionGivenUp, ConnectionLost, ConnectionRestored
from tools.bench.room import Way, perform
from tools.pictures.acts import begin, call, deal, finish, gather, open_form, play, press, rate, record
from tools.pictures.studio import COORDINATOR, FOYER, PERFORMERS, SEED, Studio

State = Callable[[Studio], Awaitable[str]]


HEARD = (
    {"emotion": ["anger"], "intensity": "3", "valence": "2", "arousal": "4", "authenticity": "4"},
    {"emotion": ["fear"], "intensity": "2", "valence": "2", "arousal": "5", "authenticity": "3"},
)
"""What most of a picture's raters hear, and what one of four hears."""


async def panel_gathering(studio: Studio) -> str:
    await gather(studio)
    return studio.panel()


async def panel_dealt(studio: Studio) -> str:
    await deal(studio)
    await studio.theatre.press(studio.theatre.performers[0], "My card")
    return studio.panel()


async def panel_countdown(studio: Studio) -> str:
    await deal(studio)
    await call(studio)
    return studio.panel()


def _sounding(speech_dbfs: float, unheard_seconds: float = 0.4) -> LiveTrack:
    return LiveTrack(unheard_seconds, 0.0, Levels(-6.0, speech_dbfs, -62.0, 0.0))


async def _recorded(studio: Studio, *tracks: LiveTrack, event: ConnectionEvent | None = None) -> str:
    """Return the panel of a take with these tracks: in this studio no file grows that could be listened to."""
    live = await record(studio)
    for performer, track in zip(studio.theatre.performers, tracks, strict=True):
        live.sounds(UserId(performer.id), track)
    await (studio.lose_or_find(event) if event else studio.refresh())
    return studio.panel()


async def panel_recording(studio: Studio) -> str:
    return await _recorded(studio, _sounding(-21.0), _sounding(-26.0), LiveTrack(6.0, 0.0, None))


async def panel_unheard(studio: Studio) -> str:
    clipping = LiveTrack(0.4, 0.004, Levels(0.0, -8.0, -55.0, 0.05))
    return await _recorded(studio, clipping, LiveTrack(14.0, 0.0, None), _sounding(-24.0))


async def panel_connection_lost(studio: Studio) -> str:
    event = ConnectionLost(monotonic(), "the voice server closed the connection")
    return await _recorded(studio, _sounding(-21.0), _sounding(-26.0), _sounding(-24.0), event=event)


async def panel_hole(studio: Studio) -> str:
    event = ConnectionRestored(monotonic(), 1400.0)
    return await _recorded(studio, _sounding(-21.0), _sounding(-26.0), _sounding(-24.0), event=event)


async def panel_deafened(studio: Studio) -> str:
    await record(studio)
    await studio.change_own_voice(is_deafened=True)
    return studio.panel()


async def panel_moved(studio: Studio) -> str:
    await record(studio)
    await studio.change_own_voice(channel_id=FOYER)
    return studio.panel()


async def panel_voice_lost(studio: Studio) -> str:
    await record(studio)
    studio.theatre.booths[-1].left = True
    await studio.lose_or_find(ConnectionGivenUp(monotonic(), "the call was ended (4022)"))
    return studio.panel()


async def panel_low_disk(studio: Studio) -> str:
    await deal(studio)
    studio.room["bytes"] = 310 * 1024**2
    await studio.refresh()
    return studio.panel()


async def panel_cut(studio: Studio) -> str:
    await play(studio)
    return studio.panel()


async def panel_struck(studio: Studio) -> str:
    await play(studio)
    await press(studio, "Discard")
    return studio.panel()


async def panel_paused(studio: Studio) -> str:
    await record(studio)
    await press(studio, "Pause")
    return studio.panel()


async def panel_dropout(studio: Studio) -> str:
    await record(studio)
    studio.theatre.booths[-1].people.discard(studio.theatre.performers[1].id)
    await studio.theatre.performers[1].leave_voice()
    return studio.panel()


async def panel_stopped(studio: Studio) -> str:
    await record(studio)
    await studio.theatre.press(studio.theatre.performers[0], "Stop (X-card)")
    return studio.panel()


async def panel_ended(studio: Studio) -> str:
    await play(studio)
    await studio.theatre.command(studio.theatre.coordinator, "session end")
    return studio.panel()


async def sound_check(studio: Studio) -> str:
    """One sounds well, one uses speakers, one is far too quiet. All of it is measured."""
    await gather(studio)
    well, leaked, faint = perform(4, 3, "overlapping", [Way(0, 1, -18.0, 0.2)], is_gated=False)
    spoken = [encode_opus(voice) for voice in (well, leaked, faint * np.float32(0.01))]

    def speak() -> None:
        for person, packets in zip(studio.theatre.performers, spoken, strict=True):
            studio.theatre.booths[-1].send(UserId(person.id), packets)

    studio.clock.meanwhile = speak
    return studio.answer(await press(studio, "Sound check"))


async def card(studio: Studio) -> str:
    await deal(studio)
    return studio.answer(await studio.theatre.press(studio.theatre.performers[1], "My card"))


async def card_cue(studio: Studio) -> str:
    """A performer who shifts in this scene sees the cue below their card."""
    await deal(studio)
    cards = [await studio.theatre.press(performer, "My card") for performer in studio.theatre.performers]
    await call(studio)
    await begin(studio)
    await press(studio, "Cue")
    (cued,) = [card for card in cards if card.followups]
    return studio.answer(cued)


async def cue_question(studio: Studio) -> str:
    """After the cut, a performer who did not confirm their cue is asked about it."""
    await deal(studio)
    cards = [await studio.theatre.press(performer, "My card") for performer in studio.theatre.performers]
    await call(studio)
    await begin(studio)
    await press(studio, "Cue")
    await finish(studio)
    await studio.settle()
    (cued,) = [card for card in cards if card.followups]
    return studio.last(cued)


async def consent_text(studio: Studio) -> str:
    person = studio.theatre.performers[0]
    return studio.answer(await person.slash(studio.theatre.stage, "consent"), (PERFORMERS[0], "consent"))


async def consent_form(studio: Studio) -> str:
    return studio.form(await _choose(studio))


async def consent_form_again(studio: Studio) -> str:
    await studio.theatre.everyone_consents()
    return studio.form(await _choose(studio))


async def consent_given(studio: Studio) -> str:
    given = {"taking_part": ["record", "store_and_review", "peer_rating"], "uses": ["train_recognition"], "adult": True}
    return studio.answer(await studio.theatre.performers[0].submit_modal(await _choose(studio), given))


async def _choose(studio: Studio) -> simcord.InteractionResult:
    person = studio.theatre.performers[0]
    shown = await person.slash(studio.theatre.stage, "consent")
    assert shown.response is not None
    return await person.click(shown.response, label="Choose")


async def lines_form(studio: Studio) -> str:
    return studio.form(await studio.theatre.performers[0].slash(studio.theatre.stage, "lines"))


async def rate_own(studio: Studio) -> str:
    await play(studio)
    return studio.answer(await studio.theatre.press(studio.theatre.performers[0], "Rate"))


async def rate_peer(studio: Studio) -> str:
    await play(studio)
    return studio.answer(await studio.theatre.press(studio.theatre.audience, "Rate"))


async def rate_peer_form(studio: Studio) -> str:
    await play(studio)
    person = studio.theatre.audience
    return studio.form(await open_form(person, await studio.theatre.press(person, "Rate")))


async def _asked_about_oneself(studio: Studio, name: str, /, **options: str) -> str:
    """A performer who was recorded gives a command about themselves; others do not see it."""
    await play(studio)
    asked = await studio.theatre.performers[0].slash(studio.theatre.stage, name, **options)
    return studio.answer(asked, (PERFORMERS[0], name))


async def me_export(studio: Studio) -> str:
    return await _asked_about_oneself(studio, "me export")


async def me_withdraw(studio: Studio) -> str:
    return await _asked_about_oneself(studio, "me withdraw", consent="peer_rating")


async def me_review(studio: Studio) -> str:
    return await _asked_about_oneself(studio, "me review")


async def me_erase(studio: Studio) -> str:
    return await _asked_about_oneself(studio, "me erase")


async def ratings_status(studio: Studio) -> str:
    """Everyone has rated every clip that they were given."""
    await play(studio)
    theatre = studio.theatre
    for place, person in enumerate((*theatre.performers, theatre.audience)):
        await rate(studio, person, [HEARD[(place + clip) % 4 == 0] for clip in range(3)])
    shown = await theatre.coordinator.slash(theatre.stage, "ratings status")
    return studio.answer(shown, (COORDINATOR, "ratings status"))


async def told_opened(studio: Studio) -> str:
    return studio.answer(await gather(studio), (COORDINATOR, "session start"))


async def told_dealt(studio: Studio) -> str:
    return studio.answer(await deal(studio))


async def told_called(studio: Studio) -> str:
    await deal(studio)
    return studio.answer(await call(studio))


async def told_cut(studio: Studio) -> str:
    return studio.answer(await play(studio))


async def told_stopped(studio: Studio) -> str:
    await record(studio)
    return studio.answer(await studio.theatre.press(studio.theatre.performers[0], "Stop (X-card)"))


async def told_end_question(studio: Studio) -> str:
    await play(studio)
    return studio.answer(await press(studio, "End session"))


async def told_ended(studio: Studio) -> str:
    await play(studio)
    theatre = studio.theatre
    return studio.answer(await theatre.coordinator.slash(theatre.stage, "session end"), (COORDINATOR, "session end"))


async def told_export(studio: Studio) -> str:
    await play(studio)
    theatre = studio.theatre
    return studio.answer(await theatre.coordinator.slash(theatre.stage, "export", session=1), (COORDINATOR, "export"))


async def note_form(studio: Studio) -> str:
    await record(studio)
    return studio.form(await press(studio, "Note"))


async def notes(studio: Studio) -> str:
    await play(studio)
    theatre = studio.theatre
    for text in ("Chidi's cable crackles", "The pause before the cake: keep"):
        await theatre.command(theatre.coordinator, "session note", text=text)
    shown = await theatre.coordinator.slash(theatre.stage, "session notes")
    return studio.answer(shown, (COORDINATOR, "session notes"))


async def settings(studio: Studio) -> str:
    theatre = studio.theatre
    return studio.answer(await theatre.coordinator.slash(theatre.stage, "settings"), (COORDINATOR, "settings"))


async def error_no_coordinator(studio: Studio) -> str:
    await gather(studio)
    return studio.answer(await studio.theatre.press(studio.theatre.audience, "Deal scene"))


async def error_too_few(studio: Studio) -> str:
    theatre = studio.theatre
    await theatre.coordinator.slash(theatre.stage, "session start", seed=SEED)
    return studio.answer(await press(studio, "Deal scene"))


async def error_too_late(studio: Studio) -> str:
    """A press on buttons of a panel that has changed in the meantime."""
    await gather(studio)
    question = await press(studio, "End session")
    assert question.response is not None
    await press(studio, "Deal scene")
    return studio.answer(await studio.theatre.coordinator.click(question.response, label="End now"))


STATES: Mapping[str, State] = {
    "panel-gathering": panel_gathering,
    "panel-dealt": panel_dealt,
    "panel-countdown": panel_countdown,
    "panel-recording": panel_recording,
    "panel-unheard": panel_unheard,
    "panel-connection-lost": panel_connection_lost,
    "panel-hole": panel_hole,
    "panel-voice-lost": panel_voice_lost,
    "panel-deafened": panel_deafened,
    "panel-moved": panel_moved,
    "panel-low-disk": panel_low_disk,
    "panel-cut": panel_cut,
    "panel-struck": panel_struck,
    "panel-paused": panel_paused,
    "panel-dropout": panel_dropout,
    "panel-stopped": panel_stopped,
    "panel-ended": panel_ended,
    "sound-check": sound_check,
    "card": card,
    "card-cue": card_cue,
    "cue-question": cue_question,
    "consent-text": consent_text,
    "consent-form": consent_form,
    "consent-form-again": consent_form_again,
    "consent-given": consent_given,
    "lines-form": lines_form,
    "rate-own": rate_own,
    "rate-peer": rate_peer,
    "rate-peer-form": rate_peer_form,
    "ratings-status": ratings_status,
    "me-export": me_export,
    "me-withdraw": me_withdraw,
    "me-review": me_review,
    "me-erase": me_erase,
    "told-opened": told_opened,
    "told-dealt": told_dealt,
    "told-called": told_called,
    "told-cut": told_cut,
    "told-stopped": told_stopped,
    "told-end-question": told_end_question,
    "told-ended": told_ended,
    "told-export": told_export,
    "note-form": note_form,
    "notes": notes,
    "settings": settings,
    "error-no-coordinator": error_no_coordinator,
    "error-too-few": error_too_few,
    "error-too-late": error_too_late,
}
"""The states by the name of the picture's file."""
