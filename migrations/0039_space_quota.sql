ALTER TABLE role_limits ADD COLUMN weekly_gigabytes integer CHECK (weekly_gigabytes BETWEEN 0 AND 10000);
ALTER TABLE person_limits ADD COLUMN weekly_gigabytes integer CHECK (weekly_gigabytes BETWEEN 0 AND 10000);
COMMENT ON COLUMN role_limits.weekly_gigabytes IS
    'of releases chosen within seven days, on their way or complete, for what somebody was the first to ask for';
