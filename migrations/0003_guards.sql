-- The tables hold together also against those who come around the program: what belongs together is of one request, an
-- item keeps its place in its show, the machine's moves are sealed, an order is carried out before it may go, and all of
-- it guards a session that replicates as well.

ALTER TABLE releases ADD UNIQUE (request_id, id);
ALTER TABLE downloads
    ADD UNIQUE (request_id, id),
    DROP CONSTRAINT downloads_release_id_fkey,
    ADD FOREIGN KEY (request_id, release_id) REFERENCES releases (request_id, id);
DROP INDEX downloads_request;
ALTER TABLE items
    DROP CONSTRAINT items_download_id_fkey,
    ADD FOREIGN KEY (request_id, download_id) REFERENCES downloads (request_id, id);
ALTER TABLE events
    DROP CONSTRAINT events_download_id_fkey,
    ADD FOREIGN KEY (request_id, download_id) REFERENCES downloads (request_id, id),
    ADD CHECK (event <> 'selected' OR download_id IS NOT NULL);

-- Between two looks at aria2 a torrent may have left it and come again, by another process's hand or for another person.
ALTER TABLE torrents ADD COLUMN generation bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN torrents.generation IS 'counts up with each add and each time that it is wanted anew: what was seen of an earlier one says nothing';

CREATE OR REPLACE FUNCTION events_move_items() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint := (SELECT count(*) FROM added);
    moved bigint;
BEGIN
    -- Whoever comes without the request's lock takes it here, before anything is read: the fold is that of all that was
    -- committed meanwhile.
    PERFORM FROM requests WHERE id IN (SELECT request_id FROM added) ORDER BY id FOR NO KEY UPDATE;
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
    -- The foreign key says the same of the move, and is not asked in a session that replicates.
    FROM added JOIN transitions USING (event, from_status, to_status)
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

CREATE OR REPLACE FUNCTION items_fold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM requests WHERE id IN (SELECT request_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    UPDATE requests SET status = folded_status(id), changed_at = clock_timestamp()
    WHERE id IN (SELECT request_id FROM added);
    RETURN NULL;
END $$;

-- Whoever moves an item shows the event that says so: one of this very move, newer than the item's last. The trigger on
-- events has it in hand; nobody else can have one, because that trigger uses up each event as it comes. Where an item
-- stands in its show never changes: the fold goes by it.
CREATE OR REPLACE FUNCTION refuse_move_without_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.request_id, NEW.season, NEW.number, NEW.platform)
            IS NOT DISTINCT FROM (OLD.request_id, OLD.season, OLD.number, OLD.platform) AND EXISTS (
        SELECT FROM events WHERE id = NEW.last_event_id AND id > COALESCE(OLD.last_event_id, 0)
            AND item_id = NEW.id AND from_status = OLD.status AND to_status = NEW.status
            AND (NEW.status <> 'DOWNLOADING' OR download_id = NEW.download_id)
            AND (NEW.status <> 'COMPLETED' OR NEW.download_id = OLD.download_id))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'items.status changes only through a row in events' USING ERRCODE = 'US002';
END $$;
DROP TRIGGER items_guard ON items;
CREATE TRIGGER items_guard
    BEFORE UPDATE OF status, download_id, last_event_id, request_id, season, number, platform ON items
    FOR EACH ROW EXECUTE FUNCTION refuse_move_without_event();

CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is not rewritten', TG_TABLE_NAME USING ERRCODE = 'US003';
END $$;
CREATE TRIGGER transitions_stay BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON transitions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER outbox_stay BEFORE DELETE ON outbox FOR EACH ROW WHEN (OLD.done_at IS NULL)
    EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER outbox_no_truncate BEFORE TRUNCATE ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

DO $$
DECLARE
    guard record;
BEGIN
    FOR guard IN SELECT tgrelid::regclass AS guarded, tgname AS name FROM pg_trigger
        WHERE NOT tgisinternal
          AND tgrelid = ANY (ARRAY['items', 'requests', 'events', 'outbox', 'transitions']::regclass[])
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', guard.guarded, guard.name);
    END LOOP;
END $$;
