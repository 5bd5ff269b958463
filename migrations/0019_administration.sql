-- What keeps a house in order: its periodic work, who changed what of it, and the guide for its first hour.

CREATE TABLE jobs (
    name      text PRIMARY KEY,
    began_at  timestamptz,
    ended_at  timestamptz,
    outcome   text,
    failed    boolean NOT NULL DEFAULT false,
    next_at   timestamptz,
    asked_at  timestamptz
);
COMMENT ON COLUMN jobs.ended_at IS 'null while it runs';
COMMENT ON COLUMN jobs.outcome IS 'of the last run that ended, in words';
COMMENT ON COLUMN jobs.asked_at IS 'somebody wants it to run now; whatever process runs it next takes this back';

-- What people changed that is no request: settings, accounts, indexers. What they did to requests is in events and
-- request_log.
CREATE TABLE audit (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    user_id  bigint REFERENCES users ON DELETE SET NULL,
    area     text NOT NULL CHECK (area IN ('settings', 'accounts', 'indexers', 'operation')),
    sentence text NOT NULL
);
COMMENT ON COLUMN audit.sentence IS 'goes on after the name of who did it';
CREATE INDEX audit_user ON audit (user_id, id);
CREATE INDEX events_user ON events (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX request_log_user ON request_log (user_id, id) WHERE user_id IS NOT NULL;

ALTER TABLE settings ADD COLUMN guide_closed_at timestamptz;
COMMENT ON COLUMN settings.guide_closed_at IS 'somebody wants no first-run guide any more';
