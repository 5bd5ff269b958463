-- By which clock people read, and how dates are written for them. A person's own are null where the house's will do.

ALTER TABLE settings
    ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC' CHECK (length(time_zone) BETWEEN 1 AND 100),
    ADD COLUMN date_format text NOT NULL DEFAULT 'en-GB' CHECK (length(date_format) BETWEEN 1 AND 35);
COMMENT ON COLUMN settings.time_zone IS 'a name of the IANA database';
COMMENT ON COLUMN settings.date_format IS 'a language (BCP 47), or iso';

ALTER TABLE users
    ADD COLUMN time_zone text CHECK (length(time_zone) BETWEEN 1 AND 100),
    ADD COLUMN date_format text CHECK (length(date_format) BETWEEN 1 AND 35);

-- The time of the day there. A zone that this server does not know (a backup from one that did) is taken for UTC: one
-- person's clock must not stop what others are told.
CREATE FUNCTION clock_in(zone text) RETURNS time LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (now() AT TIME ZONE zone)::time;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN (now() AT TIME ZONE 'UTC')::time;
END $$;
