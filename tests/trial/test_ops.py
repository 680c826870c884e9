"""What a trial keeps of a message: nothing that is secret or names anyone."""

from __future__ import annotations

from bot.trial.ops import told


def test_keys_addresses_and_accounts_are_not_kept() -> None:
    description = {"mode": "aead", "secret_key": [1, 2, 3], "dave_protocol_version": 1}
    assert told(4, description, str) == {"mode": "aead", "dave_protocol_version": 1}
    ready = {"ip": "10.0.0.1", "port": 5, "ssrc": 7, "modes": ["aead"]}
    assert told(2, ready, str) == {"modes": ["aead"]}
    assert told(5, {"user_id": "12", "ssrc": 3, "speaking": 1}, lambda _: "person 1") == {
        "who": "person 1",
        "has_ssrc": True,
    }
    assert told(6, {"t": 1}, str) is None
