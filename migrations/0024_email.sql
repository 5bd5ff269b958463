-- Being told by e-mail: the house's server, and addresses that are used only once somebody has shown that they are theirs.

CREATE TABLE mail_server (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    host        text NOT NULL CHECK (length(host) BETWEEN 1 AND 253),
    port        integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
    security    text NOT NULL CHECK (security IN ('tls', 'starttls', 'none')),
    user_name   text,
    password    text,
    certificate text,
    sender      text NOT NULL CHECK (length(sender) BETWEEN 3 AND 254),
    sender_name text NOT NULL CHECK (length(sender_name) BETWEEN 1 AND 100),
    CHECK ((user_name IS NULL) = (password IS NULL))
);
COMMENT ON TABLE mail_server IS 'no row: there is no e-mail';
COMMENT ON COLUMN mail_server.password IS 'never leaves the server but to the host: not in pages, not in logs';
COMMENT ON COLUMN mail_server.certificate IS 'PEM: its own or its authority''s, where no known one vouches for it';

ALTER TABLE ways
    DROP CONSTRAINT ways_kind_check,
    ADD CONSTRAINT ways_kind_check CHECK (kind IN (
        'webhook', 'ntfy', 'discord', 'gotify', 'telegram', 'apprise', 'email')) NOT VALID,
    ADD COLUMN is_confirmed boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN ways.is_confirmed IS 'of an e-mail address: its owner has typed the code that was sent there';

CREATE TABLE mail_codes (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    address text NOT NULL,
    digest  bytea NOT NULL,
    tries   integer NOT NULL DEFAULT 0,
    made_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE mail_codes IS 'what was sent to addresses to be typed here; also counts what somebody has sent to others';
CREATE INDEX mail_codes_user ON mail_codes (user_id, made_at);

CREATE OR REPLACE FUNCTION notices_deliver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO deliveries (notice_id, way_id)
    SELECT added.id, ways.id
    FROM added JOIN ways ON ways.user_id = added.user_id AND added.kind = ANY (ways.notices)
    JOIN users ON users.id = ways.user_id
    WHERE users.disabled_at IS NULL AND ways.is_confirmed;
    RETURN NULL;
END $$;
