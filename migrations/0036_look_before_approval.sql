-- Whoever approves sees what there is: a request that waits for approval is looked for when somebody asks for that, and is in
-- the queue for nothing else.

CREATE OR REPLACE FUNCTION requests_wait_for_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.approval = 'declined' OR NEW.search_asked_at IS NULL THEN
        NEW.next_search_at := NULL;
        NEW.search_asked_at := NULL;
        NEW.search_asked_by := NULL;
    END IF;
    NEW.retry_at := NULL;
    RETURN NEW;
END $$;
COMMENT ON COLUMN requests.approval IS 'null: approved, or nobody has to; else nothing is found or chosen for it';
