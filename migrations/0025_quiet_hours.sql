-- Hours in which somebody is not to be disturbed: what falls in them goes out at their end.

ALTER TABLE users
    ADD COLUMN quiet_from time,
    ADD COLUMN quiet_to time,
    ADD CONSTRAINT users_quiet_check CHECK ((quiet_from IS NULL) = (quiet_to IS NULL) AND quiet_from <> quiet_to);
COMMENT ON COLUMN users.quiet_from IS 'by the clock where they are; may be later than quiet_to: over midnight';

CREATE FUNCTION is_quiet(quiet_from time, quiet_to time, at time) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN quiet_from IS NULL OR quiet_to IS NULL THEN false
        WHEN quiet_from < quiet_to THEN at >= quiet_from AND at < quiet_to
        ELSE at >= quiet_from OR at < quiet_to END
$$;
