"""A profile: answered in menus, in direct messages too, and deleted with one press."""

from __future__ import annotations

from bot.domain.ids import UserId
from bot.domain.profile import Question
from tests.theatre import Theatre


async def test_a_profile_is_answered_changed_and_deleted_in_direct_messages(theatre: Theatre):
    person = theatre.performers[0]
    profiles, user_id = theatre.bot.services.profiles, UserId(person.id)
    shown = await person.user.slash("profile")
    assert shown.response is not None
    for values, kept in ((["25-34"], "25-34"), (["35-44"], "35-44")):
        await person.user.select(shown.response, values, custom_id="pb:profile-age-band")
        assert await profiles.of(user_id) == {Question.AGE_BAND: kept}
    await person.user.select(shown.response, ["-", "de", "fr"], custom_id="pb:profile-other-languages")
    await person.user.select(shown.response, ["-"], custom_id="pb:profile-age-band")
    assert await profiles.of(user_id) == {Question.OTHER_LANGUAGES: "de fr"}
    await person.user.click(shown.response, label="Delete my profile")
    assert await profiles.of(user_id) == {}
