-- What people are paid for, and what they say about themselves. Nothing of pay is in any export.

-- Time worked in a session, in milliseconds. It never falls: what is erased or struck later was worked all the same.
CREATE TABLE pay_work (
    session_id INTEGER NOT NULL REFERENCES sessions,
    person_id  INTEGER NOT NULL REFERENCES people,
    stage_ms   INTEGER NOT NULL CHECK (stage_ms >= 0),
    rating_ms  INTEGER NOT NULL CHECK (rating_ms >= 0),
    PRIMARY KEY (session_id, person_id)
);

-- Money is in minor units of an ISO 4217 currency (cents of a euro, yen of a yen). The rate of a session is the newest
-- one with the latest `since` that is not after the session's start.
CREATE TABLE pay_rates (
    pay_rate_id        INTEGER PRIMARY KEY,
    guild_id           INTEGER NOT NULL,
    currency           TEXT NOT NULL CHECK (length(currency) = 3),
    stage_per_hour     INTEGER NOT NULL CHECK (stage_per_hour >= 0),
    rating_per_hour    INTEGER NOT NULL CHECK (rating_per_hour >= 0),
    share_basis_points INTEGER NOT NULL CHECK (share_basis_points BETWEEN 0 AND 10000),
    since              TEXT NOT NULL,
    set_at             TEXT NOT NULL
);
CREATE INDEX pay_rates_of_guild ON pay_rates (guild_id, since);

CREATE TABLE pay_corrections (
    pay_correction_id INTEGER PRIMARY KEY,
    session_id        INTEGER NOT NULL REFERENCES sessions,
    person_id         INTEGER NOT NULL REFERENCES people,
    amount_minor      INTEGER NOT NULL,
    currency          TEXT NOT NULL CHECK (length(currency) = 3),
    reason            TEXT NOT NULL,                -- empty once it is erased
    entered_at        TEXT NOT NULL
);
CREATE INDEX pay_corrections_by_person ON pay_corrections (person_id);

-- What a session earned; a share of it, which is part of the session's rate, goes to the people who were on stage.
CREATE TABLE pay_proceeds (
    pay_proceeds_id INTEGER PRIMARY KEY,
    session_id      INTEGER NOT NULL REFERENCES sessions,
    amount_minor    INTEGER NOT NULL,
    currency        TEXT NOT NULL CHECK (length(currency) = 3),
    reason          TEXT NOT NULL,
    entered_at      TEXT NOT NULL
);

-- The ledger only grows. Only the reason of a correction can be emptied, because it is free text about a person.
CREATE TRIGGER pay_rates_are_never_changed BEFORE UPDATE ON pay_rates
BEGIN SELECT RAISE(ABORT, 'pay rates are never changed'); END;
CREATE TRIGGER pay_rates_are_never_deleted BEFORE DELETE ON pay_rates
BEGIN SELECT RAISE(ABORT, 'pay rates are never deleted'); END;
CREATE TRIGGER pay_corrections_are_never_changed BEFORE UPDATE ON pay_corrections
WHEN NEW.reason <> '' OR (NEW.pay_correction_id, NEW.session_id, NEW.person_id, NEW.amount_minor, NEW.currency,
    NEW.entered_at) IS NOT (OLD.pay_correction_id, OLD.session_id, OLD.person_id, OLD.amount_minor, OLD.currency,
    OLD.entered_at)
BEGIN SELECT RAISE(ABORT, 'corrections of pay are never changed'); END;
CREATE TRIGGER pay_corrections_are_never_deleted BEFORE DELETE ON pay_corrections
BEGIN SELECT RAISE(ABORT, 'corrections of pay are never deleted'); END;
CREATE TRIGGER pay_proceeds_are_never_changed BEFORE UPDATE ON pay_proceeds
BEGIN SELECT RAISE(ABORT, 'proceeds are never changed'); END;
CREATE TRIGGER pay_proceeds_are_never_deleted BEFORE DELETE ON pay_proceeds
BEGIN SELECT RAISE(ABORT, 'proceeds are never deleted'); END;

-- What people say about themselves, if they want to. A question without a row is one that a person did not answer.
CREATE TABLE profiles (
    person_id   INTEGER NOT NULL REFERENCES people,
    question    TEXT NOT NULL,
    answer      TEXT NOT NULL CHECK (answer <> ''),  -- keys, separated by blanks
    answered_at TEXT NOT NULL,
    PRIMARY KEY (person_id, question)
);

-- The operator's privacy notice: its address or its text. Null is none.
ALTER TABLE guild_settings ADD COLUMN privacy_notice TEXT;
