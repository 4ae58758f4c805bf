-- Version 2 of the state file. Instants are nanoseconds since 1970 UTC. A change of anything
-- here is a new version (`VERSION` in state/open.rs), with a file that leads to it from the one
-- before.

-- Jobs that wait or are under way. `sequence` is never used twice, so receipts made from it
-- are not either. The body comes last: what is scanned lies before it.
CREATE TABLE job (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    sent_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    receive_count INTEGER NOT NULL DEFAULT 0,
    receipt TEXT,
    body TEXT NOT NULL
) STRICT;

-- Ids of jobs that are done, so that Slack's redelivery is not taken for news.
CREATE TABLE done_job (
    id TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX done_job_expires_at ON done_job (expires_at);

CREATE TABLE dead_letter (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    why TEXT NOT NULL,
    receive_count INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    died_at INTEGER NOT NULL,
    apologised INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX dead_letter_died_at ON dead_letter (died_at);

-- What workers did for a job.
CREATE TABLE work (
    job TEXT PRIMARY KEY,
    leased_until INTEGER,
    finished INTEGER NOT NULL DEFAULT 0,
    posted_channel TEXT,
    posted_ts TEXT,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX work_expires_at ON work (expires_at);

CREATE TABLE question (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    user TEXT NOT NULL,
    question TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    UNIQUE (user, question)
) STRICT;
CREATE INDEX question_newest ON question (user, asked_at DESC, sequence DESC);

CREATE TABLE topic (
    channel TEXT NOT NULL,
    thread_ts TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    attribute TEXT,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (channel, thread_ts)
) STRICT, WITHOUT ROWID;
CREATE INDEX topic_expires_at ON topic (expires_at);

CREATE TABLE report (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    user TEXT NOT NULL,
    question TEXT NOT NULL,
    wrong TEXT NOT NULL,
    expected TEXT,
    link TEXT,
    channel TEXT,
    thread_ts TEXT,
    posted_channel TEXT,
    posted_ts TEXT,
    state TEXT,
    state_by TEXT,
    answer TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE access (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    user TEXT NOT NULL,
    team TEXT,
    channel TEXT,
    entity_id INTEGER,
    attribute TEXT,
    outcome TEXT NOT NULL,
    through TEXT NOT NULL DEFAULT 'slack'
) STRICT;
CREATE INDEX access_at ON access (at);

-- Who may ask over HTTP: of a token only its hash is kept. `groups` is a JSON array.
CREATE TABLE token (
    name TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    user TEXT NOT NULL,
    groups TEXT NOT NULL,
    outsider INTEGER NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT, WITHOUT ROWID;

-- The key that signs links: one row, made when it is first needed.
CREATE TABLE link_key (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    key BLOB NOT NULL
) STRICT;
