"""Frames in the clear once a downgraded call is encrypted again."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from bench.call import FIRST_PERSON, form_group
from bot.voice import line as line_module
from bot.voice.line import Credentials, Line, LineCallbacks


async def test_frames_in_the_clear_pass_only_for_a_while_after_an_upgrade(monkeypatch) -> None:
    monkeypatch.setattr(line_module, "PASSTHROUGH_SECONDS", 1)
    _, session = form_group(1)
    client: Any = SimpleNamespace(user=SimpleNamespace(id=1), supported_modes=())
    told = LineCallbacks(lambda *_: None, lambda: None, lambda: None)
    line = Line(client, Credentials(1, 2, "session", "token", "nowhere"), told)
    line.dave_session, line.dave_protocol_version = session, 1
    line.dave_pending_transitions = {7: 0, 8: 1}
    await line._execute_transition(7)
    assert line.dave_protocol_version == 0
    await line.reinit_dave_session()
    _, line.dave_session = form_group(1)
    await line._execute_transition(8)
    assert line.dave_session.can_passthrough(FIRST_PERSON)
    await asyncio.sleep(1.2)
    assert not line.dave_session.can_passthrough(FIRST_PERSON)
