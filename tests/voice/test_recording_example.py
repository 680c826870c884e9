"""The example in docs/ runs as it is written: only Discord's address differs."""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
from pathlib import Path

from bot.audio.sound import encode_opus
from bot.embedded.client.person import Person
from bot.embedded.client.voice.participant import VoiceParticipant
from bot.embedded.journal import Journal
from bot.embedded.server import embedded_discord
from bot.rehearsal.cast.parts import tone
from bot.rehearsal.world import default_world
from tools.ground_truth import SILENCES, is_subsequence, ogg_packets, read_lines

ROOT = Path(__file__).parents[2]
RUN = (
    "import runpy, sys; from bot.voice.connection.internals import use_addresses; "
    "use_addresses(*sys.argv[1:3]); sys.argv[:4] = [sys.argv[3]]; runpy.run_path(sys.argv[0], run_name='__main__')"
)


async def test_the_example_records_who_agreed(tmp_path: Path):
    world = default_world(21)
    (channel,) = world.of_kind("voice")
    speaker = world.with_part("performer")[0]
    async with embedded_discord(world, tmp_path) as served:
        addresses = served.addresses
        tls = ssl.create_default_context(cafile=addresses.ca_file)
        with Journal(tmp_path / "cast.jsonl") as journal:
            async with Person.connect(addresses.cast, addresses.cast_key, speaker.user_id, tls) as person:
                place = await person.join_voice(channel.channel_id)
                voice = VoiceParticipant(
                    place,
                    ssl_context=tls,
                    journal=journal,
                )
                await voice.connect()
                example = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-c", RUN, addresses.api, addresses.gateway),
                    *(str(ROOT / "docs" / "recording_example.py"), str(channel.channel_id), "4"),
                    *(str(tmp_path / "tracks"), str(speaker.user_id)),
                    cwd=ROOT,
                    env={**os.environ, "SSL_CERT_FILE": addresses.ca_file, "DISCORD_TOKEN": addresses.token},
                    stdout=asyncio.subprocess.PIPE,
                )
                async with asyncio.timeout(40):
                    while example.returncode is None:
                        await voice.speak(encode_opus(tone(1.0, hertz=500)))
                        await asyncio.sleep(0.2)
                assert example.stdout is not None
                said = (await example.stdout.read()).decode()
                await voice.close()
    assert example.returncode == 0
    (track,) = (tmp_path / "tracks").iterdir()
    assert track.name == f"{speaker.user_id}.opus"
    assert said.startswith(f"{track}: 4.0 s, first heard at ")
    kept = [packet for packet in list(ogg_packets(track.read_bytes()))[2:] if packet not in SILENCES]
    sent = [bytes.fromhex(one["opus"]) for one in read_lines(tmp_path / "cast.jsonl") if one["kind"] == "frame_sent"]
    assert len(kept) > 100
    assert is_subsequence(kept, sent)
