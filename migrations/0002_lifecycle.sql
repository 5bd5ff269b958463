-- What is wanted, and the one door through which its status changes: a row in events.

CREATE TABLE titles (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind           text NOT NULL CHECK (kind IN ('movie', 'show', 'game')),
    identity       text NOT NULL,
    name           text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 300),
    year           integer CHECK (year BETWEEN 1870 AND 2200),
    overview       text,
    running        boolean NOT NULL DEFAULT false,
    runtime        integer CHECK (runtime > 0),
    source         text NOT NULL CHECK (source IN ('hand', 'tvmaze')),
    source_id      text,
    source_url     text,
    source_updated bigint,
    created_at     timestamptz NOT NULL DEFAULT now(),
    refreshed_at   timestamptz,
    keys_version   integer NOT NULL DEFAULT 0,
    UNIQUE (kind, identity)
);
COMMENT ON COLUMN titles.identity IS 'what makes two askings mean the same title: "tvmaze:82", or the plain name and the year';
COMMENT ON COLUMN titles.running IS 'a show that may still get episodes';
COMMENT ON COLUMN titles.keys_version IS 'of the rule by which its title_keys were made';
COMMENT ON COLUMN titles.source_updated IS 'the source''s own stamp of its last change';

-- What a release's name is looked up by, to find the titles that it may be of.
CREATE TABLE title_keys (
    key      text NOT NULL,
    title_id bigint NOT NULL REFERENCES titles,
    PRIMARY KEY (key, title_id)
);
CREATE INDEX title_keys_title ON title_keys (title_id);

-- A title as others know it.
CREATE TABLE title_ids (
    title_id bigint NOT NULL REFERENCES titles,
    source   text NOT NULL,
    value    text NOT NULL,
    PRIMARY KEY (source, value, title_id)
);
CREATE INDEX title_ids_title ON title_ids (title_id);

-- The episodes of a show as its source knows them, aired or not. Only those somebody wants become items.
CREATE TABLE episodes (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title_id  bigint NOT NULL REFERENCES titles,
    source_id text NOT NULL,
    season    integer NOT NULL CHECK (season >= 0),
    number    integer CHECK (number >= 0),
    name      text NOT NULL DEFAULT '',
    airs_at   timestamptz,
    airdate   text,
    gone_at   timestamptz,
    UNIQUE (title_id, source_id)
);
COMMENT ON COLUMN episodes.airs_at IS 'null: not known; of a show typed in by hand all are taken as aired';
COMMENT ON COLUMN episodes.gone_at IS 'withdrawn by the source; kept, because an item may stand on it';

CREATE TABLE requests (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title_id        bigint NOT NULL UNIQUE REFERENCES titles,
    scope           text NOT NULL CHECK (scope IN ('whole', 'selection', 'ongoing', 'future')),
    future_from     timestamptz,
    qualities       text[] NOT NULL DEFAULT '{}',
    formats         text[] NOT NULL DEFAULT '{}',
    platforms       text[] NOT NULL DEFAULT '{}',
    genres          text[] NOT NULL DEFAULT '{}',
    status          text NOT NULL DEFAULT 'PENDING' CHECK (status IN
                    ('PENDING', 'FOUND', 'DOWNLOADING', 'COMPLETED', 'FAILED', 'CANCELLED', 'EXPIRED')),
    created_by      bigint REFERENCES users ON DELETE SET NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    changed_at      timestamptz NOT NULL DEFAULT now(),
    next_search_at  timestamptz DEFAULT now(),
    search_attempts integer NOT NULL DEFAULT 0,
    search_asked_by bigint REFERENCES users ON DELETE SET NULL,
    search_asked_at timestamptz,
    search_lease    timestamptz,
    search_worker   text,
    failures        integer NOT NULL DEFAULT 0,
    retry_at        timestamptz,
    stopped_at      timestamptz,
    expiry_told     timestamptz,
    CHECK ((scope = 'future') = (future_from IS NOT NULL))
);
COMMENT ON TABLE requests IS 'the household''s wish for one title; this row is the lock of all its items';
COMMENT ON COLUMN requests.status IS 'folded from the items by the trigger on events, never written otherwise';
COMMENT ON COLUMN requests.next_search_at IS 'when the queue searches next; null: it rests';
COMMENT ON COLUMN requests.search_asked_at IS 'somebody pressed "search now" and waits';
COMMENT ON COLUMN requests.search_lease IS 'a worker searches until then; past it the work is anybody''s';
COMMENT ON COLUMN requests.retry_at IS 'when failed items are searched again by themselves; null: not';
COMMENT ON COLUMN requests.expiry_told IS 'the date of expiry that was announced last';
COMMENT ON COLUMN requests.stopped_at IS 'cancelled as a whole: no new episodes until somebody asks or searches again';
CREATE INDEX requests_turn ON requests (created_by, next_search_at) WHERE next_search_at IS NOT NULL;
CREATE INDEX requests_due ON requests (next_search_at) WHERE next_search_at IS NOT NULL;
CREATE INDEX requests_asked ON requests (search_asked_at) WHERE search_asked_at IS NOT NULL;
CREATE INDEX requests_retry ON requests (retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX requests_changed ON requests (changed_at DESC);
CREATE INDEX requests_status ON requests (status, changed_at DESC);

CREATE TABLE request_people (
    request_id bigint NOT NULL REFERENCES requests,
    user_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
    joined_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (request_id, user_id)
);
CREATE INDEX request_people_user ON request_people (user_id);

-- What happened to a request that is no item's event: asked, joined, left, widened, kept.
CREATE TABLE request_log (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id bigint NOT NULL REFERENCES requests,
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    user_id    bigint REFERENCES users ON DELETE SET NULL,
    kind       text NOT NULL,
    sentence   text NOT NULL
);
CREATE INDEX request_log_request ON request_log (request_id, id);

-- One row a form that was answered: its key comes with the form, so a reply that was lost makes nothing twice.
CREATE TABLE form_keys (
    key        text PRIMARY KEY CHECK (length(key) BETWEEN 16 AND 64),
    user_id    bigint REFERENCES users ON DELETE SET NULL,
    request_id bigint NOT NULL REFERENCES requests,
    at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE searches (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id  bigint NOT NULL REFERENCES requests,
    asked_by    bigint REFERENCES users ON DELETE SET NULL,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen        integer NOT NULL,
    accepted    integer NOT NULL,
    sentence    text NOT NULL,
    why_first   text,
    answers     jsonb NOT NULL
);
COMMENT ON COLUMN searches.sentence IS 'for people: "14 seen: 9 too big, 5 without seeders"';
COMMENT ON COLUMN searches.why_first IS 'for people: why its best release stands before the next';
COMMENT ON COLUMN searches.answers IS 'a row an indexer: name, count, milliseconds, error';
CREATE INDEX searches_request ON searches (request_id, id DESC);

CREATE TABLE releases (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id   bigint NOT NULL REFERENCES requests,
    search_id    bigint NOT NULL REFERENCES searches,
    indexer_id   bigint REFERENCES indexers ON DELETE SET NULL,
    indexer_name text NOT NULL,
    guid         text NOT NULL,
    name         text NOT NULL,
    link         text,
    magnet       text,
    infohash     text CHECK (infohash ~ '^[0-9a-f]{40}$'),
    size_bytes   bigint,
    seeders      integer,
    peers        integer,
    published_at timestamptz,
    accepted     boolean NOT NULL,
    reasons      jsonb NOT NULL,
    coverage     jsonb NOT NULL,
    position     integer NOT NULL,
    UNIQUE (request_id, indexer_name, guid)
);
COMMENT ON COLUMN releases.link IS 'carries the indexer''s key: never in pages, logs or history';
COMMENT ON COLUMN releases.coverage IS 'which items it holds, as the judge read the name';
CREATE INDEX releases_search ON releases (search_id, position);

CREATE TABLE blocked_releases (
    request_id bigint NOT NULL REFERENCES requests,
    infohash   text NOT NULL,
    reason     text NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (request_id, infohash)
);

-- What aria2 is given. How far it is there is asked of aria2 and stored nowhere.
CREATE TABLE torrents (
    infohash      text PRIMARY KEY CHECK (infohash ~ '^[0-9a-f]{40}$'),
    name          text NOT NULL,
    metainfo      bytea,
    magnet        text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    add_attempts  integer NOT NULL DEFAULT 0,
    aria2_session text,
    idle_seconds  integer NOT NULL DEFAULT 0 CHECK (idle_seconds >= 0),
    tidied_at     timestamptz,
    must_verify   boolean NOT NULL DEFAULT false,
    CHECK ((metainfo IS NULL) <> (magnet IS NULL))
);
COMMENT ON COLUMN torrents.add_attempts IS 'raised before each add: what kills aria2 is not added for ever';
COMMENT ON COLUMN torrents.idle_seconds IS 'a clock and no progress: for so long Usher has watched it get nothing; what nobody watched does not count';
COMMENT ON COLUMN torrents.aria2_session IS 'the aria2 session in which it was last seen: gone from the same session means removed by hand';
COMMENT ON COLUMN torrents.must_verify IS 'its files were not what they should be: aria2 is to verify them and fetch what is missing';
COMMENT ON COLUMN torrents.tidied_at IS 'taken out of aria2 and off the incoming folder, because nobody wants it any more';

CREATE TABLE downloads (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id  bigint NOT NULL REFERENCES requests,
    release_id  bigint NOT NULL REFERENCES releases,
    infohash    text REFERENCES torrents,
    chosen_by   bigint REFERENCES users ON DELETE SET NULL,
    chosen_at   timestamptz NOT NULL DEFAULT now(),
    placed_at   timestamptz,
    placed_path text
);
COMMENT ON TABLE downloads IS 'a chosen release and, through items.download_id, the items on it';
COMMENT ON COLUMN downloads.infohash IS 'null until the torrent was fetched from the indexer';
CREATE INDEX downloads_infohash ON downloads (infohash);
CREATE INDEX downloads_request ON downloads (request_id);
CREATE INDEX downloads_release ON downloads (release_id);

CREATE TABLE items (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id       bigint NOT NULL REFERENCES requests,
    episode_id       bigint REFERENCES episodes,
    season           integer,
    number           integer,
    platform         text,
    status           text NOT NULL DEFAULT 'PENDING' CHECK (status IN
                     ('PENDING', 'FOUND', 'DOWNLOADING', 'COMPLETED', 'FAILED', 'CANCELLED', 'EXPIRED')),
    download_id      bigint REFERENCES downloads,
    last_event_id    bigint,
    reason           text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    released_at      timestamptz,
    last_searched_at timestamptz,
    kept_at          timestamptz,
    -- The moment from which the house's patience counts; expiry is this plus the period of its kind.
    expiry_base      timestamptz NOT NULL GENERATED ALWAYS AS
                     (GREATEST(COALESCE(last_searched_at, GREATEST(created_at, released_at)), kept_at)) STORED,
    CHECK ((season IS NULL) = (number IS NULL)),
    CHECK ((status IN ('DOWNLOADING', 'COMPLETED')) = (download_id IS NOT NULL)),
    UNIQUE NULLS NOT DISTINCT (request_id, season, number, platform)
);
COMMENT ON COLUMN items.status IS 'moved by the trigger on events; a direct update is refused';
COMMENT ON COLUMN items.kept_at IS 'when somebody last gave it another full period, or wanted it again';
COMMENT ON COLUMN items.reason IS 'why it is where it is, from its last event';
CREATE INDEX items_download ON items (download_id) WHERE download_id IS NOT NULL;
CREATE INDEX items_status ON items (status, request_id);
CREATE INDEX items_expiry ON items (expiry_base) WHERE status IN ('PENDING', 'FOUND', 'FAILED');

-- The moves that the machine allows; a test proves it equal to the machine's own.
CREATE TABLE transitions (
    event       text NOT NULL,
    from_status text NOT NULL,
    to_status   text NOT NULL,
    PRIMARY KEY (event, from_status, to_status)
);
INSERT INTO transitions VALUES
    ('searchedFound', 'PENDING', 'FOUND'), ('searchedFound', 'FOUND', 'FOUND'),
    ('searchedNothing', 'PENDING', 'PENDING'), ('searchedNothing', 'FOUND', 'FOUND'),
    ('selected', 'FOUND', 'DOWNLOADING'), ('selected', 'DOWNLOADING', 'DOWNLOADING'),
    ('selected', 'FAILED', 'DOWNLOADING'),
    ('downloadCompleted', 'DOWNLOADING', 'COMPLETED'),
    ('downloadFailed', 'DOWNLOADING', 'FAILED'),
    ('downloadRemoved', 'DOWNLOADING', 'CANCELLED'),
    ('cancelled', 'PENDING', 'CANCELLED'), ('cancelled', 'FOUND', 'CANCELLED'),
    ('cancelled', 'DOWNLOADING', 'CANCELLED'), ('cancelled', 'FAILED', 'CANCELLED'),
    ('expired', 'PENDING', 'EXPIRED'), ('expired', 'FOUND', 'EXPIRED'), ('expired', 'FAILED', 'EXPIRED'),
    ('requeued', 'PENDING', 'PENDING'), ('requeued', 'FOUND', 'PENDING'), ('requeued', 'FAILED', 'PENDING'),
    ('requeued', 'CANCELLED', 'PENDING'), ('requeued', 'EXPIRED', 'PENDING');

CREATE TABLE events (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id  bigint NOT NULL REFERENCES requests,
    item_id     bigint NOT NULL REFERENCES items,
    event       text NOT NULL,
    from_status text NOT NULL,
    to_status   text NOT NULL,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    user_id     bigint REFERENCES users ON DELETE SET NULL,
    reason      text,
    download_id bigint REFERENCES downloads,
    FOREIGN KEY (event, from_status, to_status) REFERENCES transitions
);
COMMENT ON TABLE events IS 'the history, and the only way to move an item: its trigger does';
COMMENT ON COLUMN events.user_id IS 'null: Usher itself';
CREATE INDEX events_request ON events (request_id, id);
CREATE INDEX events_item ON events (item_id, id);
CREATE INDEX events_download ON events (download_id) WHERE download_id IS NOT NULL;

CREATE TABLE outbox (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    effect      text NOT NULL CHECK (effect IN ('fetch', 'abandon', 'place')),
    download_id bigint NOT NULL REFERENCES downloads,
    created_at  timestamptz NOT NULL DEFAULT now(),
    due_at      timestamptz NOT NULL DEFAULT now(),
    attempts    integer NOT NULL DEFAULT 0,
    done_at     timestamptz,
    last_error  text
);
COMMENT ON COLUMN outbox.due_at IS 'not before then; a worker that takes it moves this ahead, which is its lease';
CREATE INDEX outbox_due ON outbox (due_at) WHERE done_at IS NULL;
CREATE UNIQUE INDEX outbox_once ON outbox (effect, download_id);

-- Whose request the queue searched last, and when: the next is somebody else's.
CREATE TABLE queue_turns (
    user_id bigint PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    at      timestamptz NOT NULL
);

-- Work that one process does for all, such as watching aria2: a lease each.
CREATE TABLE duties (
    name   text PRIMARY KEY,
    worker text NOT NULL,
    until  timestamptz NOT NULL
);

-- A request's status from its items: that of its latest episode that is not completed.
CREATE FUNCTION folded_status(request bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT COALESCE(
        (SELECT status FROM items WHERE request_id = request AND status <> 'COMPLETED'
         ORDER BY season DESC NULLS LAST, number DESC NULLS LAST, id DESC LIMIT 1),
        (SELECT 'COMPLETED' FROM items WHERE request_id = request LIMIT 1),
        'PENDING')
$$;

CREATE FUNCTION events_move_items() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint := (SELECT count(*) FROM added);
    moved bigint;
BEGIN
    UPDATE items SET
        status = added.to_status,
        last_event_id = added.id,
        reason = added.reason,
        download_id = CASE added.to_status WHEN 'DOWNLOADING' THEN added.download_id
                                           WHEN 'COMPLETED' THEN items.download_id END,
        last_searched_at = CASE WHEN added.event IN ('searchedFound', 'searchedNothing') THEN added.at
                                ELSE items.last_searched_at END,
        -- Wanted again: what had expired is not to expire again before it was searched.
        kept_at = CASE WHEN added.event = 'requeued' THEN added.at ELSE items.kept_at END
    FROM added
    WHERE items.id = added.item_id AND items.request_id = added.request_id AND items.status = added.from_status;
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved <> wanted THEN
        RAISE EXCEPTION 'an event does not start from its item''s status' USING ERRCODE = 'US001',
            HINT = 'Lock the request, read its items, then record what follows.';
    END IF;
    UPDATE requests SET status = folded_status(id), changed_at = clock_timestamp()
    WHERE id IN (SELECT request_id FROM added);
    RETURN NULL;
END $$;
CREATE TRIGGER events_move_items AFTER INSERT ON events REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION events_move_items();

CREATE FUNCTION items_fold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE requests SET status = folded_status(id), changed_at = clock_timestamp()
    WHERE id IN (SELECT request_id FROM added);
    RETURN NULL;
END $$;
CREATE TRIGGER items_fold AFTER INSERT ON items REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION items_fold();

-- Whoever moves an item shows the event that says so: one of this very move, newer than the item's last. The trigger on
-- events has it in hand; nobody else can have one, because that trigger uses up each event as it comes.
CREATE FUNCTION refuse_move_without_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.request_id = OLD.request_id AND EXISTS (
        SELECT FROM events WHERE id = NEW.last_event_id AND id > COALESCE(OLD.last_event_id, 0)
            AND item_id = NEW.id AND from_status = OLD.status AND to_status = NEW.status
            AND (NEW.status <> 'DOWNLOADING' OR download_id = NEW.download_id)
            AND (NEW.status <> 'COMPLETED' OR NEW.download_id = OLD.download_id))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'items.status changes only through a row in events' USING ERRCODE = 'US002';
END $$;
CREATE TRIGGER items_guard BEFORE UPDATE OF status, download_id, last_event_id, request_id ON items
    FOR EACH ROW EXECUTE FUNCTION refuse_move_without_event();

CREATE FUNCTION refuse_another_fold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = folded_status(NEW.id) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'requests.status is what its items fold to' USING ERRCODE = 'US002';
END $$;
CREATE TRIGGER requests_guard BEFORE UPDATE OF status ON requests
    FOR EACH ROW EXECUTE FUNCTION refuse_another_fold();

CREATE FUNCTION requests_begin_pending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'PENDING' THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a request begins PENDING' USING ERRCODE = 'US002';
END $$;
CREATE TRIGGER requests_begin_pending BEFORE INSERT ON requests
    FOR EACH ROW EXECUTE FUNCTION requests_begin_pending();

-- An order follows from what has happened: nothing is fetched that was not selected, nothing abandoned that an item is
-- on, nothing placed that did not complete.
CREATE FUNCTION refuse_order_without_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND (CASE NEW.effect
        WHEN 'fetch' THEN EXISTS (SELECT FROM events WHERE download_id = NEW.download_id AND event = 'selected')
        WHEN 'place' THEN EXISTS (SELECT FROM items WHERE download_id = NEW.download_id AND status = 'COMPLETED')
        ELSE EXISTS (SELECT FROM events WHERE download_id = NEW.download_id AND event = 'selected')
            AND NOT EXISTS (SELECT FROM items WHERE download_id = NEW.download_id AND status = 'DOWNLOADING')
        END)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the order to % download % follows from no event', NEW.effect, NEW.download_id
        USING ERRCODE = 'US004';
END $$;
CREATE TRIGGER outbox_guard BEFORE INSERT OR UPDATE OF effect, download_id ON outbox
    FOR EACH ROW EXECUTE FUNCTION refuse_order_without_event();

CREATE FUNCTION items_begin_pending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'PENDING' OR NEW.download_id IS NOT NULL OR NEW.last_event_id IS NOT NULL THEN
        RAISE EXCEPTION 'an item begins PENDING' USING ERRCODE = 'US002';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER items_begin_pending BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION items_begin_pending();

-- History is only ever added to. The one exception is an account that is deleted: its name goes, the event stays.
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'US003';
END $$;
CREATE FUNCTION refuse_rewriting_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.user_id IS NULL AND NOT EXISTS (SELECT FROM users WHERE id = OLD.user_id)
        AND to_jsonb(NEW) - 'user_id' = to_jsonb(OLD) - 'user_id'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'events is append-only' USING ERRCODE = 'US003';
END $$;
CREATE TRIGGER events_append_only BEFORE UPDATE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_events();
CREATE TRIGGER events_stay BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER items_stay BEFORE DELETE ON items FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER requests_stay BEFORE DELETE ON requests FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER items_no_truncate BEFORE TRUNCATE ON items
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER requests_no_truncate BEFORE TRUNCATE ON requests
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
