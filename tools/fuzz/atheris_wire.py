"""The packet path under atheris, for any time: `python -m tools.fuzz.atheris_wire -max_total_time=600`.

Needs `pip install atheris`, which has no wheels for some Pythons. `make fuzz` does not need it.
"""

# atheris is not a dependency, and has no type information.
# pyright: reportMissingModuleSource=false, reportAttributeAccessIssue=false

from __future__ import annotations

import sys

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed. Run 'pip install atheris' (Python 3.11 or older on Linux), or use 'make fuzz'.")

with atheris.instrument_imports(include=["bot.voice", "bot.wire"]):
    from bot.domain.ids import UserId
    from bot.voice.receiving.receiver import Receiver
    from bot.wire.ogg import read_packets, valid_bytes
    from bot.wire.transport import AES256_GCM, cipher_for
    from tools.bench.call import FIRST_PERSON, FIRST_SSRC, KEY, BotKeys, form_group, speakers_of

_founder, _bot = form_group(1)
_speaker = speakers_of(_founder, 1, AES256_GCM)[0]
_receiver = Receiver(BotKeys(_bot))
_cipher = cipher_for(AES256_GCM, KEY)
_receiver.use_transport(_cipher)
_receiver.record(lambda _: True)
_receiver.speaking(FIRST_SSRC, UserId(FIRST_PERSON), 0.0)


def one_input(data: bytes) -> None:
    """Try the data as a datagram, as the body of a datagram with a valid tag, and as a file."""
    assert _receiver.datagram(data, 1.0) == []
    clear = _speaker.datagram()[:16]
    for frame in _receiver.datagram(_cipher.seal(clear, data, 1 << 31), 1.0):
        assert frame.opus == b"\xf8\xff\xfe", "a frame that no one encrypted came out"
    assert not _receiver.counts.failed, "a packet could not be processed"
    list(read_packets(data))
    assert 0 <= valid_bytes(data) <= len(data)


atheris.Setup(sys.argv, one_input)
atheris.Fuzz()
