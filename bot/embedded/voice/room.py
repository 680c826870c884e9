"""One voice channel: who is in it, and who hears whom."""

from __future__ import annotations

from bot.embedded.journal import Journal
from bot.embedded.mls.proposals import ExternalSender
from bot.embedded.voice.faults import RoughPath
from bot.embedded.voice.mls import CallHabits, GroupCarrier
from bot.embedded.voice.protocol import Op
from bot.embedded.voice.session import VoiceSession


class VoiceRoom:
    """All clients connected to one voice channel, and its DAVE group. Used from one event loop only.

    `listeners` limits how many participants besides bots are sent what the others say, None for all. If everyone
    hears everyone, the number of packets grows with the square of the cast. What a bot plays is sent to everyone.
    """

    def __init__(
        self,
        channel_id: int,
        sender: ExternalSender,
        journal: Journal,
        listeners: int | None,
        path: RoughPath,
        habits: CallHabits,
    ) -> None:
        self.channel_id = channel_id
        self._journal = journal
        self._listeners = listeners
        self._path = path
        self._sessions: dict[int, VoiceSession] = {}
        self._ending: set[int] = set()
        self.group = GroupCarrier(channel_id, sender, self._sessions, journal, path, habits)

    def __bool__(self) -> bool:
        return bool(self._sessions)

    def join(self, session: VoiceSession) -> None:
        """Send the newcomer the others and the proposals' sender, and the others the newcomer (ops 11, 5, 25)."""
        others = list(self._sessions.values())
        listed = [*others, session] if session.is_bot else others  # whether Discord lists the newcomer is not known
        if listed:
            session.outbox.text(Op.CLIENTS_CONNECT, {"user_ids": [str(other.user_id) for other in listed]})
        for other in others:
            other.outbox.text(Op.CLIENTS_CONNECT, {"user_ids": [str(session.user_id)]})
            if other.speaking is not None:
                self._introduce(session, other)
            if other.video_ssrc:
                session.outbox.text(Op.VIDEO, _video(other))
        self.group.greet(session)
        self._sessions[session.user_id] = session
        self.group.came()
        self._write_journal(
            "voice_joined",
            user_id=session.user_id,
            ssrc=session.ssrc,
            mode=session.mode,
            is_bot=session.is_bot,
        )

    def take_over(self, session: VoiceSession, former: VoiceSession) -> None:
        """Replace a client's former session. The old leaf goes when the new one comes.

        Bots are told by op 13 that the old session ended, before or after the new one is introduced: Discord documents
        no order, and op 13 does not say which session it means. The cast is told nothing.
        """
        if self._sessions.get(session.user_id) is former:
            del self._sessions[session.user_id]
        if self._path.of(self.channel_id).ends_sessions_late:
            self._ending.add(session.user_id)
        else:
            self._tell_ended(session.user_id)
        self.join(session)

    def leave(self, session: VoiceSession) -> None:
        """Remove a client from the channel (op 13) and, by the others' commit, from the group."""
        if self._sessions.get(session.user_id) is not session:
            return
        del self._sessions[session.user_id]
        for other in self._sessions.values():
            other.outbox.text(Op.CLIENT_DISCONNECT, {"user_id": str(session.user_id)})
        self._write_journal(
            "voice_left",
            user_id=session.user_id,
            ssrc=session.ssrc,
            packets_received=session.packets_received,
            packets_forwarded=session.packets_forwarded,
            packets_to_bot=session.packets_to_bot,
            packets_refused=session.packets_refused,
        )
        self.group.depart(session)

    def speak(self, session: VoiceSession, speaking: int) -> None:
        """Handle op 5: tell the others which SSRC is whose."""
        session.speaking = speaking
        for other in self._sessions.values():
            if other is not session:
                self._introduce(other, session)
                if not speaking:
                    self._path.spurt_ended(session, other)
        if session.user_id in self._ending:
            self._ending.discard(session.user_id)
            self._tell_ended(session.user_id)
        self._write_journal("speaking_announced", user_id=session.user_id, ssrc=session.ssrc, speaking=speaking)

    def show(self, session: VoiceSession, video_ssrc: int) -> None:
        """Handle op 12: tell the others that a camera was switched on, or off if the SSRC is 0."""
        session.video_ssrc = video_ssrc
        for other in self._sessions.values():
            if other is not session and other.is_bot:
                other.outbox.text(Op.VIDEO, _video(session))
        self._write_journal("video_announced", user_id=session.user_id, video_ssrc=video_ssrc)

    def listeners_of(self, speaker: VoiceSession) -> list[VoiceSession]:
        """Return who gets the speaker's packets: bots and the first few others, or everyone for a bot's."""
        people = [session for session in self._sessions.values() if not session.is_bot]
        bots = [session for session in self._sessions.values() if session.is_bot]
        hearing = bots + (people if speaker.is_bot else people[: self._listeners])
        return [session for session in hearing if session is not speaker]

    def close(self) -> None:
        """Cancel the group's time limits, after the last client left."""
        self.group.close()

    def _tell_ended(self, user_id: int) -> None:
        for other in self._sessions.values():
            if other.is_bot and other.user_id != user_id:
                other.outbox.text(Op.CLIENT_DISCONNECT, {"user_id": str(user_id)})

    def _introduce(self, listener: VoiceSession, speaker: VoiceSession) -> None:
        message = _speaking(speaker)
        self._path.introduce(listener, speaker, lambda: listener.outbox.text(Op.SPEAKING, message))

    def _write_journal(self, kind: str, **fields: object) -> None:
        self._journal.write(kind, channel_id=self.channel_id, **fields)


def _speaking(session: VoiceSession) -> dict[str, object]:
    return {"user_id": str(session.user_id), "ssrc": session.ssrc, "speaking": session.speaking}


def _video(session: VoiceSession) -> dict[str, object]:
    stream = {"ssrc": session.video_ssrc, "rtx_ssrc": 0, "type": "video", "quality": 100, "active": True}
    return {
        "user_id": str(session.user_id),
        "audio_ssrc": session.ssrc,
        "video_ssrc": session.video_ssrc,
        "streams": [stream] if session.video_ssrc else [],
    }
