-- Who lives in the house: roles, invitations, what each may ask for, and what waits for somebody's approval.

ALTER TABLE users
    DROP CONSTRAINT users_role_check,
    ADD CONSTRAINT users_role_check CHECK (role IN ('administrator', 'approver', 'member', 'child')),
    ADD COLUMN theme text CHECK (theme IN ('light', 'dark'));
COMMENT ON COLUMN users.theme IS 'null: as the system has it';

-- A link that makes one account. Used, revoked or replaced, its row is gone.
CREATE TABLE invitations (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    role       text NOT NULL CHECK (role IN ('administrator', 'approver', 'member', 'child')),
    created_by bigint REFERENCES users ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
COMMENT ON COLUMN invitations.token_hash IS 'SHA-256 of the token in the link; the token itself is stored nowhere';

-- What each role may ask for. Administrators have no row: nothing limits them.
CREATE TABLE role_limits (
    role            text PRIMARY KEY CHECK (role IN ('approver', 'member', 'child')),
    approved_kinds  text[] NOT NULL DEFAULT '{}' CHECK (approved_kinds <@ '{movie,show,game}'),
    open_requests   integer CHECK (open_requests BETWEEN 0 AND 10000),
    weekly_movies   integer CHECK (weekly_movies BETWEEN 0 AND 10000),
    weekly_shows    integer CHECK (weekly_shows BETWEEN 0 AND 10000),
    weekly_games    integer CHECK (weekly_games BETWEEN 0 AND 10000)
);
COMMENT ON COLUMN role_limits.approved_kinds IS 'of these kinds a request waits until somebody approves it';
COMMENT ON COLUMN role_limits.open_requests IS 'null, here and below: as many as they like';
INSERT INTO role_limits (role, approved_kinds) VALUES
    ('approver', '{}'), ('member', '{}'), ('child', '{movie,show,game}');

-- Of one person, in place of their role's; null: the role's.
CREATE TABLE person_limits (
    user_id         bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    open_requests   integer CHECK (open_requests BETWEEN 0 AND 10000),
    weekly_movies   integer CHECK (weekly_movies BETWEEN 0 AND 10000),
    weekly_shows    integer CHECK (weekly_shows BETWEEN 0 AND 10000),
    weekly_games    integer CHECK (weekly_games BETWEEN 0 AND 10000)
);
CREATE INDEX requests_created_by ON requests (created_by, created_at);

ALTER TABLE requests ADD COLUMN approval text CHECK (approval IN ('awaited', 'declined'));
COMMENT ON COLUMN requests.approval IS 'null: approved, or nobody has to; else nothing is searched or chosen for it';
CREATE INDEX requests_approval ON requests (created_at) WHERE approval = 'awaited';

-- Whatever would have it searched: what nobody has approved is in no queue.
CREATE FUNCTION requests_wait_for_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.next_search_at := NULL;
    NEW.search_asked_at := NULL;
    NEW.search_asked_by := NULL;
    NEW.retry_at := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER requests_wait_for_approval BEFORE INSERT OR UPDATE ON requests
    FOR EACH ROW WHEN (NEW.approval IS NOT NULL) EXECUTE FUNCTION requests_wait_for_approval();
ALTER TABLE requests ENABLE ALWAYS TRIGGER requests_wait_for_approval;

CREATE FUNCTION refuse_download_without_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM requests WHERE id = NEW.request_id AND approval IS NOT NULL) THEN
        RAISE EXCEPTION 'request % is not approved', NEW.request_id USING ERRCODE = 'US005';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER downloads_guard BEFORE INSERT ON downloads
    FOR EACH ROW EXECUTE FUNCTION refuse_download_without_approval();
ALTER TABLE downloads ENABLE ALWAYS TRIGGER downloads_guard;
