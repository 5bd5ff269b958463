ALTER TABLE role_limits ADD COLUMN approved_gigabytes integer CHECK (approved_gigabytes BETWEEN 1 AND 10000);
COMMENT ON COLUMN role_limits.approved_gigabytes IS
    'what is no larger, by the releases that were found for it, is approved by itself; null: nothing is';
