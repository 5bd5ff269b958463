-- Called as in the other tables of what goes after a while.

ALTER TABLE mail_codes RENAME COLUMN made_at TO at;
