-- Accounts of people who sign in elsewhere: at a proxy in front, or at an OpenID Connect provider.

CREATE TABLE identities (
    issuer     text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 2000),
    subject    text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    user_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject),
    UNIQUE (user_id, issuer)
);
COMMENT ON COLUMN identities.issuer IS 'who vouches: ''proxy'', or the issuer of the OpenID Connect provider';
COMMENT ON COLUMN identities.subject IS 'what they call the person there; it never changes hands';

ALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL;
COMMENT ON COLUMN users.password_hash IS 'null: signs in elsewhere only';

ALTER TABLE sessions ADD COLUMN proxy_subject text CHECK (length(proxy_subject) BETWEEN 1 AND 255);
COMMENT ON COLUMN sessions.proxy_subject IS 'holds only while the proxy in front says that this is who asks; null: by itself';
