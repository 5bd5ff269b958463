-- The addresses under which programs read for somebody what the calendar and the bell have, without signing in.

CREATE TABLE feeds (
    user_id    bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at    timestamptz
);
COMMENT ON TABLE feeds IS 'a secret a person: whoever has it reads their feeds, and can do nothing else';
COMMENT ON COLUMN feeds.used_at IS 'the last time, to the hour';
