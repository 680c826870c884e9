-- What happens around a running take, and scenes from a suggestion.

-- What a coordinator told one performer in the middle of a take: at most so many characters, sent at `position_samples`.
CREATE TABLE side_coachings (
    side_coaching_id INTEGER PRIMARY KEY,
    take_id          INTEGER NOT NULL REFERENCES takes,
    casting_id       INTEGER NOT NULL REFERENCES castings,
    position_samples INTEGER NOT NULL CHECK (position_samples >= 0),
    text             TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 200)
);
CREATE INDEX side_coachings_by_take ON side_coachings (take_id);

-- Where a scene's prompt comes from: everything that earlier versions dealt is from a deck.
ALTER TABLE scenes ADD COLUMN prompt_source TEXT NOT NULL DEFAULT 'deck' CHECK (prompt_source IN ('deck', 'suggestion'));

-- Who was shown a scene's prompt without a part in it, such as someone who directs from the audience.
CREATE TABLE prompts_shown (
    scene_id  INTEGER NOT NULL REFERENCES scenes,
    person_id INTEGER NOT NULL REFERENCES people,
    shown_at  TEXT NOT NULL,
    PRIMARY KEY (scene_id, person_id)
) WITHOUT ROWID;

-- Whether a rater knew the prompt when they answered. In earlier versions, only those with a card could.
ALTER TABLE ratings ADD COLUMN knew_prompt INTEGER NOT NULL DEFAULT 0 CHECK (knew_prompt IN (0, 1));
UPDATE ratings SET knew_prompt = is_partner;
