"""What people say about themselves. Rows are deleted when a person takes an answer back."""

from __future__ import annotations

from bot.domain.ids import PersonId
from bot.domain.profile import Profile, Question
from bot.store.reader import Reader
from bot.store.records import ProfileAnswer
from bot.store.transaction import Transaction


async def profile_of(reader: Reader, person_id: PersonId) -> Profile:
    """Return a person's answers."""
    rows = await reader.fetch_records(ProfileAnswer, "SELECT * FROM profiles WHERE person_id = ?", person_id)
    return {Question(row.question): row.answer for row in rows}


async def answer_question(
    tx: Transaction, person_id: PersonId, question: Question, answer: str | None, now: str
) -> None:
    """Store an answer; None takes it back."""
    await tx.execute("DELETE FROM profiles WHERE person_id = ? AND question = ?", person_id, question)
    if answer is not None:
        await tx.insert("profiles", person_id=person_id, question=question, answer=answer, answered_at=now)


async def forget_profile(tx: Transaction, person_id: PersonId) -> int:
    """Delete everything that a person says about themselves; return how many answers there were."""
    return await tx.execute("DELETE FROM profiles WHERE person_id = ?", person_id)
