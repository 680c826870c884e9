"""Frames in the clear once a downgraded call is encrypted again."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from bot.voice.connection import link as line_module
from bot.voice.connection.link import Credentials, Link, LinkCallbacks
from tools.bench.call import FIRST_PERSON, form_group


async def test_frames_in_the_clear_pass_only_for_a_while_after_an_upgrade(monkeypatch) -> None:
    monkeypatch.setattr(line_module, "PASSTHROUGH_SECONDS", 1)
    _, session = form_group(1)
    client: Any = SimpleNamespace(user=SimpleNamespace(id=1), supported_modes=())
    told = LinkCallbacks(lambda *_: None, lambda: None, lambda: None)
    link = Link(client, Credentials(1, 2, "session", "token", "nowhere"), told)
    link.dave_session, link.dave_protocol_version = session, 1
    link.dave_pending_transitions = {7: 0, 8: 1}
    await link._execute_transition(7)
    assert link.dave_protocol_version == 0
    await link.reinit_dave_session()
    _, link.dave_session = form_group(1)
    await link._execute_transition(8)
    assert link.dave_session.can_passthrough(FIRST_PERSON)
    await asyncio.sleep(1.2)
    assert not link.dave_session.can_passthrough(FIRST_PERSON)
