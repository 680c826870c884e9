"""The people in the stored home: accounts with ids of Discord's size, pseudonyms, and what each consented to."""

from __future__ import annotations

from dataclasses import dataclass

HARBOUR, MILL = 812_345_678_901_234_567, 1_312_345_678_901_234_568
"""Two guilds. Discord's ids have 17 to 19 digits today, more than a float can tell apart."""

CHANNELS = {HARBOUR: 812_345_678_901_234_999, MILL: 1_312_345_678_901_234_999}
COORDINATOR_ROLE = 812_345_678_901_235_111
BYSTANDER = 1_212_345_678_901_230_099
"""In both channels and never asked: no row of the home may name them."""


@dataclass(frozen=True)
class Member:
    """One person of the troupe. `voice` is the variant of eSpeak NG that they speak with."""

    name: str
    user_id: int
    pseudonym: str
    voice: str = "en-us"


def _member(number: int, name: str, voice: str = "en-us") -> Member:
    # Accounts of several ages: ids of 18 and of 19 digits.
    older = 412_345_678_901_230_000 if number % 2 else 1_212_345_678_901_230_000
    return Member(name, older + number, f"spk_{number * 0x0123_4567 % 2**32:08x}", voice)


HARRIET = _member(1, "Harriet")
"""Coordinates at the Harbour. Never consented to anything."""

ANNA = _member(2, "Anna", "en-us+m3")
"""Recorded in both guilds. Consented before any session."""

BERT = _member(3, "Bert", "en+m4")
"""Recorded in both guilds. Consented in the Harbour's first session, and was not asked again at the Mill."""

CLARA = _member(4, "Clara", "en+m7")
"""Recorded at the Harbour, in both of its sessions. Consented in the first one."""

DORA = _member(5, "Dora", "en+f4")
"""Recorded at the Mill. Consented before any session."""

EMIL = _member(6, "Emil", "en-us+m1")
"""Recorded at the Mill. Consented in its session, rated, and withdrew peer_rating in the same session."""

FRITZ = _member(7, "Fritz", "en+f1")
"""Recorded at the Harbour. Consented in its first session and withdrew everything while no session was open."""

GRETA = _member(8, "Greta", "en+m2")
"""Recorded at the Harbour. Consented and withdrew everything in its first session; granted again in its second one."""

HUGO = _member(9, "Hugo", "en+m5")
"""Recorded in both guilds. Consented at the Harbour, and withdrew train_recognition in the Mill's session."""

IDA = _member(10, "Ida", "en-us+steph")
"""Recorded at the Harbour. Consented before any session, and withdrew everything in the session of the Mill, where
she was never recorded."""

RITA = _member(11, "Rita")
"""Only rated, in both guilds. Consented only to that, in the Harbour's first session."""

KURT = _member(12, "Kurt")
"""Consented before any session and was never recorded."""

MARO = _member(13, "Maro")
"""Consented in the Harbour's first session and was never recorded."""

LENA = _member(14, "Lena")
"""Drew lines; never consented to anything."""

MILTON = _member(15, "Milton")
"""Coordinates at the Mill. Consents to rating and never rated."""
