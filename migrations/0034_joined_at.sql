-- When somebody joined is when it was their turn at the request, not when they began to wait for it: what happened to it
-- in between they see as it is, and need not be told.
ALTER TABLE request_people ALTER COLUMN joined_at SET DEFAULT clock_timestamp();
