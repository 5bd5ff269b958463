-- Being told: what happens to a request is told to the people on it, to each once.

-- What has happened and was not told yet. A row a round of events, because a season pack that arrives is one piece of
-- news; written with the event, so that none is lost and none is told that was not committed.
CREATE TABLE untold (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id bigint UNIQUE REFERENCES events ON DELETE CASCADE,
    log_id   bigint UNIQUE REFERENCES request_log ON DELETE CASCADE,
    parts    integer NOT NULL CHECK (parts > 0),
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((event_id IS NULL) <> (log_id IS NULL))
);
COMMENT ON COLUMN untold.event_id IS 'the first event of its round';
COMMENT ON COLUMN untold.parts IS 'the items of that round';

CREATE TABLE notices (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    request_id bigint NOT NULL REFERENCES requests,
    kind       text NOT NULL CHECK (kind IN
               ('found', 'started', 'completed', 'failed', 'expiring', 'expired', 'cancelled', 'removed', 'aired')),
    event_id   bigint REFERENCES events,
    log_id     bigint,
    parts      integer NOT NULL CHECK (parts > 0),
    detail     text,
    at         timestamptz NOT NULL,
    read_at    timestamptz,
    CHECK ((event_id IS NULL) <> (log_id IS NULL)),
    UNIQUE (event_id, user_id),
    UNIQUE (log_id, user_id)
);
COMMENT ON TABLE notices IS 'what somebody was told; the unique keys refuse to tell it twice';
COMMENT ON COLUMN notices.log_id IS 'a row of request_log, which goes earlier than the notice';
COMMENT ON COLUMN notices.detail IS 'the reason of the event, or the sentence of the log';
CREATE INDEX notices_user ON notices (user_id, id DESC);
CREATE INDEX notices_unread ON notices (user_id) WHERE read_at IS NULL;

CREATE FUNCTION events_untold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO untold (event_id, parts)
    SELECT min(id), count(*) FROM added
    WHERE event IN ('downloadCompleted', 'downloadFailed', 'downloadRemoved', 'expired')
       OR event = 'searchedFound' AND from_status = 'PENDING'
       OR event = 'selected' AND from_status <> 'DOWNLOADING'
       OR event = 'cancelled' AND user_id IS NOT NULL
    GROUP BY request_id, event;
    RETURN NULL;
END $$;
CREATE TRIGGER events_untold AFTER INSERT ON events REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION events_untold();
ALTER TABLE events ENABLE ALWAYS TRIGGER events_untold;

CREATE FUNCTION request_log_untold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO untold (log_id, parts) VALUES (NEW.id, 1);
    RETURN NULL;
END $$;
CREATE TRIGGER request_log_untold AFTER INSERT ON request_log
    FOR EACH ROW WHEN (NEW.kind IN ('expiring', 'aired')) EXECUTE FUNCTION request_log_untold();
ALTER TABLE request_log ENABLE ALWAYS TRIGGER request_log_untold;
