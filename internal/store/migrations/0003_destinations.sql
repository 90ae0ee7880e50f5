-- Where a code was sent, sealed: a new password must not go to the mailbox that served as proof, under whatever name that is on file.
ALTER TABLE challenges ADD COLUMN destination BLOB NOT NULL DEFAULT x'';
ALTER TABLE evidence ADD COLUMN destination BLOB NOT NULL DEFAULT x'';
