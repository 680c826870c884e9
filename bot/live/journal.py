"""The journal: what people asked for and the store does not have yet, in a file that never grows.

The file is a ring of slots that is written in full when it is created, so that a full disk does not matter later. A
slot is reused only once the store has what it holds. An entry is in the file when `put` returns, so it survives the end
of the process; `sync` makes it survive a power cut.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

SLOT_BYTES: Final = 512
"""One sector: current disks write it completely or not at all."""

SLOTS: Final = 512
"""How many requests can wait while the store accepts none; an evening has fewer."""

_HEAD: Final = struct.Struct("<4sIIQ")
"""Mark, checksum of all that follows, length of the text, number of the entry."""

_MARK: Final = b"pbj1"
_EMPTY: Final = bytes(SLOT_BYTES)
_MOST_TEXT: Final = SLOT_BYTES - _HEAD.size


class JournalFull(OSError):
    """Every slot holds something that the store does not have yet, or an entry is longer than a slot."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was asked for; `number` counts up from 1, and `facts` is a JSON object.

    It has no names, except those that an erasure is to take out of texts.
    """

    number: int
    kind: str
    facts: dict[str, Any]


class Journal:
    """An open journal. One writer per file; `read_journal` can read it from another process at any time."""

    def __init__(self, path: Path) -> None:
        """Open the journal, or create it. Raises OSError if the disk is full or the file cannot be written."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            size = os.fstat(self._file).st_size
            if size < SLOTS * SLOT_BYTES:
                # Zeros are really written: a sparse file would need its space only later, when the disk may be full.
                _write_all(self._file, bytes(SLOTS * SLOT_BYTES - size), size)
                os.fsync(self._file)
            found = _entries(os.pread(self._file, SLOTS * SLOT_BYTES, 0))
        except BaseException:
            os.close(self._file)
            raise
        self._slots = {entry.number: slot for slot, entry in found}
        self._entries = {entry.number: entry for _, entry in found}
        self._newest = max(self._entries, default=0)
        self._last_slot = self._slots.get(self._newest, SLOTS - 1)

    def waiting(self) -> list[Entry]:
        """What the store does not have yet, in the order of the requests."""
        return [self._entries[number] for number in sorted(self._entries)]

    def put(self, kind: str, facts: dict[str, Any]) -> Entry:
        """Keep something until `done`. Takes microseconds, for the event loop. Raises OSError, which JournalFull is."""
        entry = Entry(self._newest + 1, kind, facts)
        slot = self._free_slot()
        _write_all(self._file, _encode(entry), slot * SLOT_BYTES)
        self._newest, self._last_slot = entry.number, slot
        self._slots[entry.number], self._entries[entry.number] = slot, entry
        return entry

    def done(self, entry: Entry) -> None:
        """The store has it. Storing it a second time must do no harm: a power cut can bring an entry back."""
        if self._entries.pop(entry.number, None) is not None:
            _write_all(self._file, _EMPTY, self._slots.pop(entry.number) * SLOT_BYTES)

    def sync(self) -> None:
        """Flush to disk what was put; call it from a thread."""
        os.fdatasync(self._file)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _free_slot(self) -> int:
        taken = set(self._slots.values())
        for step in range(1, SLOTS + 1):
            slot = (self._last_slot + step) % SLOTS
            if slot not in taken:
                return slot
        raise JournalFull("the journal is full of requests that the database does not have yet")


def read_journal(path: Path) -> list[Entry]:
    """What the store does not have yet, for readers that do not write the journal; empty if no journal exists."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    return sorted((entry for _, entry in _entries(data)), key=lambda entry: entry.number)


def forget_user(path: Path, discord_user_id: int) -> int:
    """Empty every slot of a journal that no process has open whose entry names an account; return how many."""
    entries = (
        [] if not path.exists() else [one for one in read_journal(path) if one.facts.get("user") == discord_user_id]
    )
    if entries:
        journal = Journal(path)
        try:
            for entry in entries:
                journal.done(entry)
            journal.sync()
        finally:
            journal.close()
    return len(entries)


def _encode(entry: Entry) -> bytes:
    text = json.dumps({"kind": entry.kind, **entry.facts}, separators=(",", ":"), ensure_ascii=False).encode()
    if len(text) > _MOST_TEXT:
        raise JournalFull(f"an entry of {len(text)} bytes does not fit into the journal")
    body = struct.pack("<IQ", len(text), entry.number) + text
    return (_MARK + struct.pack("<I", zlib.crc32(body)) + body).ljust(SLOT_BYTES, b"\0")


def _entries(data: bytes) -> list[tuple[int, Entry]]:
    """The entries with their slots; a torn slot holds none."""
    found: list[tuple[int, Entry]] = []
    for slot in range(len(data) // SLOT_BYTES):
        if entry := _decode(data[slot * SLOT_BYTES : (slot + 1) * SLOT_BYTES]):
            found.append((slot, entry))
    return found


def _decode(slot: bytes) -> Entry | None:
    mark, checksum, length, number = _HEAD.unpack_from(slot)
    body = slot[8 : _HEAD.size + length]
    if mark != _MARK or length > _MOST_TEXT or zlib.crc32(body) != checksum:
        return None
    facts: dict[str, Any] = json.loads(slot[_HEAD.size : _HEAD.size + length])
    return Entry(number, str(facts.pop("kind")), facts)


def _write_all(file: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, offset)
        view, offset = view[written:], offset + written
