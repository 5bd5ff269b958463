-- Where the house is reached from outside: messages lead there.

ALTER TABLE settings ADD COLUMN public_address text CHECK (public_address ~ '^https?://[^[:space:]]*[^/]$');
COMMENT ON COLUMN settings.public_address IS 'without a slash at its end; none: messages have no links';
