-- Being told elsewhere than on the page: the ways that somebody has, and what went or goes over them.

CREATE TABLE ways (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind IN ('webhook', 'ntfy', 'discord', 'gotify', 'telegram', 'apprise')),
    name       text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 100),
    address    text NOT NULL CHECK (length(address) BETWEEN 1 AND 2000),
    secret     text,
    target     text NOT NULL DEFAULT '',
    template   text,
    notices    text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX ways_name ON ways (user_id, lower(name));
COMMENT ON COLUMN ways.address IS 'may be a secret itself: pages show no more of it than where it leads';
COMMENT ON COLUMN ways.secret IS 'never leaves the server but to the address: not in pages, not in logs';
COMMENT ON COLUMN ways.target IS 'whom it is for over there: a topic, a chat, a key';
COMMENT ON COLUMN ways.template IS 'of a webhook: the JSON that is sent, with names in double braces';
COMMENT ON COLUMN ways.notices IS 'the kinds of notices that go this way';

CREATE TABLE deliveries (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    notice_id  bigint NOT NULL REFERENCES notices ON DELETE CASCADE,
    way_id     bigint NOT NULL REFERENCES ways ON DELETE CASCADE,
    attempts   integer NOT NULL DEFAULT 0,
    due_at     timestamptz NOT NULL DEFAULT now(),
    sent_at    timestamptz,
    failed_at  timestamptz,
    last_error text,
    UNIQUE (notice_id, way_id),
    CHECK (sent_at IS NULL OR failed_at IS NULL)
);
COMMENT ON TABLE deliveries IS 'one an event, person and way: the unique keys here and of notices refuse another';
COMMENT ON COLUMN deliveries.due_at IS 'while one is under way, the end of its lease';
COMMENT ON COLUMN deliveries.failed_at IS 'given up; somebody may have it sent again';
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE INDEX deliveries_failed ON deliveries (failed_at) WHERE failed_at IS NOT NULL;
CREATE INDEX deliveries_way ON deliveries (way_id);

CREATE FUNCTION notices_deliver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO deliveries (notice_id, way_id)
    SELECT added.id, ways.id
    FROM added JOIN ways ON ways.user_id = added.user_id AND added.kind = ANY (ways.notices)
    JOIN users ON users.id = ways.user_id
    WHERE users.disabled_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER notices_deliver AFTER INSERT ON notices REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION notices_deliver();
ALTER TABLE notices ENABLE ALWAYS TRIGGER notices_deliver;

ALTER TABLE settings ADD COLUMN private_ways boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN settings.private_ways IS 'whether ways of those who are no administrators may lead into this house''s network';

-- Approvers are told of what waits for them, and who asked of what was decided.
ALTER TABLE notices
    DROP CONSTRAINT notices_kind_check,
    ADD CONSTRAINT notices_kind_check CHECK (kind IN (
        'requested', 'approved', 'declined', 'found', 'started', 'completed', 'failed', 'expiring', 'expired',
        'cancelled', 'removed', 'aired')) NOT VALID;

CREATE OR REPLACE FUNCTION request_log_untold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'asked'
        OR EXISTS (SELECT FROM requests WHERE id = NEW.request_id AND approval = 'awaited') THEN
        INSERT INTO untold (log_id, parts) VALUES (NEW.id, 1);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER request_log_untold ON request_log;
CREATE TRIGGER request_log_untold AFTER INSERT ON request_log
    FOR EACH ROW WHEN (NEW.kind IN ('expiring', 'aired', 'asked', 'approved', 'declined'))
    EXECUTE FUNCTION request_log_untold();
ALTER TABLE request_log ENABLE ALWAYS TRIGGER request_log_untold;
