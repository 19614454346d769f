-- A store as the first schema made it, with one row. Never changed: later programs must open it.
CREATE TABLE rows (
    key TEXT PRIMARY KEY, version BLOB NOT NULL, until INTEGER, value BLOB NOT NULL
);
CREATE TABLE queues (
    number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, version BLOB NOT NULL, value BLOB NOT NULL
);
CREATE INDEX queues_by_key ON queues (key, number);
CREATE TABLE agenda (
    agenda TEXT NOT NULL, item TEXT NOT NULL, partition INTEGER NOT NULL,
    due INTEGER NOT NULL, written INTEGER NOT NULL,
    fence BLOB, lapses INTEGER NOT NULL DEFAULT 0, wakes INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (agenda, item)
) WITHOUT ROWID;
CREATE INDEX agenda_by_due ON agenda (agenda, due);
CREATE INDEX agenda_woken ON agenda (agenda, item) WHERE wakes > 0;
INSERT INTO rows (key, version, until, value)
VALUES ('place:telegram:-42:telegram:-42', x'000102030405060708090a0b0c0d0e0f', NULL, x'00');
PRAGMA user_version = 1;
