-- Accounts, the house's settings, and where to search.

CREATE TABLE users (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text NOT NULL CHECK (name = btrim(name) AND length(name) BETWEEN 1 AND 64),
    password_hash text NOT NULL,
    role          text NOT NULL CHECK (role IN ('administrator', 'member')),
    disabled_at   timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_name ON users (lower(name));

CREATE TABLE sessions (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash   bytea NOT NULL UNIQUE,
    user_id      bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    address      text NOT NULL,
    agent        text NOT NULL
);
COMMENT ON COLUMN sessions.token_hash IS 'SHA-256 of the token in the cookie; the token itself is stored nowhere';
CREATE INDEX sessions_user ON sessions (user_id);

-- Failed sign-ins, for the limits per account and per address.
CREATE TABLE sign_in_failures (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject text NOT NULL,
    at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN sign_in_failures.subject IS '"name:…" or "address:…"';
CREATE INDEX sign_in_failures_subject ON sign_in_failures (subject, at);

CREATE TABLE settings (
    one                boolean PRIMARY KEY DEFAULT true CHECK (one),
    movie_expiry_days  integer NOT NULL DEFAULT 30 CHECK (movie_expiry_days BETWEEN 1 AND 3650),
    show_expiry_days   integer NOT NULL DEFAULT 30 CHECK (show_expiry_days BETWEEN 1 AND 3650),
    game_expiry_days   integer NOT NULL DEFAULT 30 CHECK (game_expiry_days BETWEEN 1 AND 3650),
    search_attempts    integer NOT NULL DEFAULT 14 CHECK (search_attempts BETWEEN 1 AND 1000),
    retry_failed       boolean NOT NULL DEFAULT true,
    retry_attempts     integer NOT NULL DEFAULT 3 CHECK (retry_attempts BETWEEN 0 AND 100),
    stall_minutes      integer NOT NULL DEFAULT 360 CHECK (stall_minutes BETWEEN 1 AND 43200),
    metadata_minutes   integer NOT NULL DEFAULT 60 CHECK (metadata_minutes BETWEEN 1 AND 43200),
    minimum_seeders    integer NOT NULL DEFAULT 1 CHECK (minimum_seeders BETWEEN 0 AND 10000),
    default_qualities  text[] NOT NULL DEFAULT '{}',
    default_formats    text[] NOT NULL DEFAULT '{}',
    daily_backup       boolean,
    backups_kept       integer NOT NULL DEFAULT 14 CHECK (backups_kept BETWEEN 1 AND 1000),
    history_days       integer NOT NULL DEFAULT 365 CHECK (history_days BETWEEN 7 AND 36500),
    setup_token_hash   bytea,
    episodes_seen_at   timestamptz
);
COMMENT ON COLUMN settings.daily_backup IS 'null: yes with a private PostgreSQL, no with one that others look after';
COMMENT ON COLUMN settings.history_days IS 'how long finished work is kept for a look back; events are kept for ever';
COMMENT ON COLUMN settings.setup_token_hash IS 'SHA-256 of the one-time token for the first administrator';
COMMENT ON COLUMN settings.episodes_seen_at IS 'when the list of changed shows was last read to its end';
INSERT INTO settings DEFAULT VALUES;

-- To be joined: a function would be called once a row.
CREATE VIEW expiry_periods AS
SELECT kind, make_interval(days => days) AS period
FROM settings, LATERAL (VALUES ('movie', movie_expiry_days), ('show', show_expiry_days), ('game', game_expiry_days))
    AS periods (kind, days);

CREATE TABLE indexers (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name            text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 100),
    url             text NOT NULL,
    api_key         text,
    enabled         boolean NOT NULL DEFAULT true,
    priority        integer NOT NULL DEFAULT 25 CHECK (priority BETWEEN 1 AND 50),
    kinds           text[] NOT NULL DEFAULT '{movie,show,game}' CHECK (kinds <@ '{movie,show,game}' AND kinds <> '{}'),
    minimum_seeders integer CHECK (minimum_seeders BETWEEN 0 AND 10000),
    hourly_limit    integer CHECK (hourly_limit BETWEEN 1 AND 100000),
    created_at      timestamptz NOT NULL DEFAULT now(),
    capabilities    jsonb,
    capabilities_at timestamptz,
    failures        integer NOT NULL DEFAULT 0,
    blocked_until   timestamptz,
    last_answer_at  timestamptz,
    last_error      text,
    last_error_at   timestamptz,
    newest_at       timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX indexers_name ON indexers (lower(name));
COMMENT ON COLUMN indexers.api_key IS 'never leaves the server: not in pages, not in logs';
COMMENT ON COLUMN indexers.minimum_seeders IS 'null: the house''s own';
COMMENT ON COLUMN indexers.newest_at IS 'up to then its newest releases were offered to what waits; before it was added, by searches';
COMMENT ON COLUMN indexers.hourly_limit IS 'questions within any hour; null: as many as there are';

-- One row a question to an indexer: what the limit is counted by, and what its page shows.
CREATE TABLE indexer_asks (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    indexer_id   bigint NOT NULL REFERENCES indexers ON DELETE CASCADE,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    purpose      text NOT NULL CHECK (purpose IN ('capabilities', 'search', 'newest')),
    milliseconds integer,
    items        integer,
    error        text
);
COMMENT ON COLUMN indexer_asks.milliseconds IS 'until the answer; null: none came, or not yet';
CREATE INDEX indexer_asks_at ON indexer_asks (indexer_id, at DESC);
