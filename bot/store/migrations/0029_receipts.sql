-- Which changes of consent each person has a receipt for: all events up to `up_to`. `delivered` says how they got it: as a
-- direct message, as a private answer, or nowhere, because they accept no direct messages. What was changed before there
-- were receipts has none.
CREATE TABLE receipts (
    receipt_id INTEGER PRIMARY KEY,
    person_id  INTEGER NOT NULL REFERENCES people,
    up_to      INTEGER NOT NULL REFERENCES consent_events,
    made_at    TEXT NOT NULL,
    delivered  TEXT NOT NULL CHECK (delivered IN ('message', 'answer', 'nowhere', 'before'))
);
CREATE UNIQUE INDEX receipts_by_person ON receipts (person_id, up_to);
INSERT INTO receipts (person_id, up_to, made_at, delivered)
SELECT person_id, max(consent_event_id), max(happened_at), 'before' FROM consent_events GROUP BY person_id;
