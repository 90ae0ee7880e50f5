-- Times are Unix nanoseconds in UTC, 0 when there is none. Text from outside is kept as bytes. What is "sealed" is encrypted with
-- AES-256-GCM under the key of the person it is about; deleting that key (table persons) makes it unreadable for ever.

CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- One row per person anything is kept about. The row goes when the person is erased; the pseudonym stays in the trail.
CREATE TABLE persons (
	pseudonym TEXT PRIMARY KEY,
	account   BLOB NOT NULL UNIQUE, -- HMAC of directory and key, to find the row
	key       BLOB NOT NULL,        -- the person's key, sealed under the store's
	sealed    BLOB NOT NULL         -- directory and key
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
	number           INTEGER PRIMARY KEY AUTOINCREMENT,
	person           TEXT NOT NULL,
	sealed           BLOB NOT NULL, -- names of the person, reason of the handoff
	ticket           BLOB NOT NULL,
	desk             TEXT NOT NULL,
	status           TEXT NOT NULL CHECK (status IN ('open', 'waiting', 'closed')),
	opened_by        TEXT NOT NULL,
	assigned_to      TEXT NOT NULL,
	handoff_to       TEXT NOT NULL,
	handoff_wanted   TEXT NOT NULL,
	handoff_by       TEXT NOT NULL,
	handoff_at       INTEGER NOT NULL,
	handoff_evidence INTEGER NOT NULL,
	taken_by         TEXT NOT NULL,
	taken_at         INTEGER NOT NULL,
	code             TEXT NOT NULL,
	opened_at        INTEGER NOT NULL,
	updated_at       INTEGER NOT NULL,
	closed_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX cases_by_person ON cases (person);
CREATE INDEX cases_by_status ON cases (status, assigned_to);

CREATE TABLE challenges (
	id         TEXT PRIMARY KEY,
	case_no    INTEGER NOT NULL REFERENCES cases (number),
	person     TEXT NOT NULL,
	operator   TEXT NOT NULL,
	credential TEXT NOT NULL,
	kind       TEXT NOT NULL,
	method     TEXT NOT NULL,
	sealed     BLOB NOT NULL, -- the masked destination
	digest     BLOB NOT NULL, -- keyed hash of the expected code
	tries_left INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	used_up    INTEGER NOT NULL,
	confirmed  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX challenges_by_person ON challenges (person);

CREATE TABLE evidence (
	id           TEXT PRIMARY KEY,
	case_no      INTEGER NOT NULL REFERENCES cases (number),
	person       TEXT NOT NULL,
	operator     TEXT NOT NULL,
	credential   TEXT NOT NULL,
	kind         TEXT NOT NULL,
	method       TEXT NOT NULL,
	strength     TEXT NOT NULL,
	obtained_at  INTEGER NOT NULL,
	expires_at   INTEGER NOT NULL,
	spent_at     INTEGER NOT NULL,
	spent_by     TEXT NOT NULL,
	writes       INTEGER NOT NULL,
	repeat_until INTEGER NOT NULL,
	rebound_from TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_by_case ON evidence (case_no);
CREATE INDEX evidence_by_person ON evidence (person);

CREATE TABLE attempts (
	id  INTEGER PRIMARY KEY,
	key BLOB NOT NULL, -- HMAC of what is counted
	at  INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_by_key ON attempts (key, at);
CREATE INDEX attempts_by_time ON attempts (at);

CREATE TABLE registrations (
	id            TEXT PRIMARY KEY,
	person        TEXT NOT NULL,
	kind          TEXT NOT NULL,
	target        BLOB NOT NULL, -- HMAC of the destination
	sealed        BLOB NOT NULL, -- the destination
	secret        BLOB NOT NULL, -- TOTP secret, sealed under the store's key, bound to account and id
	purpose       TEXT NOT NULL,
	registered_at INTEGER NOT NULL,
	registered_by TEXT NOT NULL,
	last_used     INTEGER NOT NULL,
	last_step     INTEGER NOT NULL, -- time step of the last accepted code, -1 before the first
	UNIQUE (person, kind, target)
) STRICT, WITHOUT ROWID;

CREATE TABLE operators (
	id          TEXT PRIMARY KEY,
	login       TEXT NOT NULL,
	login_key   TEXT NOT NULL UNIQUE, -- the login without regard to case
	name        BLOB NOT NULL,
	roles       TEXT NOT NULL, -- JSON list
	directories TEXT NOT NULL, -- JSON lists of the scope
	units       TEXT NOT NULL,
	groups      TEXT NOT NULL,
	desk        TEXT NOT NULL,
	account     TEXT NOT NULL, -- "directory:key"
	disabled    INTEGER NOT NULL,
	totp        INTEGER NOT NULL,
	source      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE operator_keys (
	fingerprint TEXT PRIMARY KEY,
	operator    TEXT NOT NULL,
	authorized  TEXT NOT NULL,
	comment     BLOB NOT NULL,
	added_at    INTEGER NOT NULL,
	added_by    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX operator_keys_by_operator ON operator_keys (operator);

CREATE TABLE notices (
	position INTEGER PRIMARY KEY AUTOINCREMENT,
	key      TEXT NOT NULL UNIQUE,
	kind     TEXT NOT NULL,
	channel  TEXT NOT NULL,
	person   TEXT NOT NULL,
	sealed   BLOB NOT NULL, -- recipient, names, ticket
	case_no  INTEGER NOT NULL,
	at       INTEGER NOT NULL,
	put_at   INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	next_try INTEGER NOT NULL,
	trouble  BLOB NOT NULL, -- the last error, sealed: it may name the recipient
	dead     INTEGER NOT NULL
) STRICT;
CREATE INDEX notices_due ON notices (dead, next_try);
CREATE INDEX notices_by_person ON notices (person);

-- The trail. body is the record in canonical form (docs/audit-format.md); the other columns repeat what is searched by.
CREATE TABLE trail (
	seq       INTEGER PRIMARY KEY,
	body      BLOB NOT NULL,
	prev      TEXT NOT NULL,
	boot      TEXT NOT NULL,
	at        INTEGER NOT NULL,
	kind      TEXT NOT NULL,
	verb      TEXT NOT NULL,
	operation TEXT NOT NULL,
	operator  TEXT NOT NULL,
	case_no   INTEGER NOT NULL,
	subject   TEXT NOT NULL
) STRICT;
CREATE INDEX trail_by_operation ON trail (operation) WHERE operation <> '';
CREATE INDEX trail_by_operator ON trail (operator);
CREATE INDEX trail_by_case ON trail (case_no) WHERE case_no <> 0;
CREATE INDEX trail_by_subject ON trail (subject) WHERE subject <> '';

-- Personal data of a record, beside it. person is empty when the record is about no account.
CREATE TABLE trail_personal (
	seq    INTEGER PRIMARY KEY,
	person TEXT NOT NULL,
	sealed BLOB NOT NULL
) STRICT;
CREATE INDEX trail_personal_by_person ON trail_personal (person);

-- The door of the retention purge: while it stands open, records before this one may be deleted.
CREATE TABLE trail_door (
	id         INTEGER PRIMARY KEY CHECK (id = 1),
	before_seq INTEGER NOT NULL
) STRICT;

CREATE TRIGGER trail_grows_at_its_end BEFORE INSERT ON trail
WHEN NEW.seq <= (SELECT coalesce(max(seq), 0) FROM trail)
BEGIN
	SELECT raise(ABORT, 'the trail grows at its end');
END;
CREATE TRIGGER trail_is_not_changed BEFORE UPDATE ON trail
BEGIN
	SELECT raise(ABORT, 'the trail is append-only');
END;
CREATE TRIGGER trail_is_not_deleted BEFORE DELETE ON trail
WHEN NOT EXISTS (SELECT 1 FROM trail_door WHERE OLD.seq < before_seq)
BEGIN
	SELECT raise(ABORT, 'the trail is append-only');
END;
CREATE TRIGGER trail_personal_is_not_changed BEFORE UPDATE ON trail_personal
BEGIN
	SELECT raise(ABORT, 'personal data beside the trail are erased, never changed');
END;

-- Intents and what became of them. At most one that is not closed per person: the lease on the account.
CREATE TABLE intents (
	seq       INTEGER PRIMARY KEY,
	operation TEXT NOT NULL UNIQUE,
	subject   TEXT NOT NULL,
	state     TEXT NOT NULL CHECK (state IN ('open', 'unknown', 'closed'))
) STRICT;
CREATE UNIQUE INDEX intents_one_open ON intents (subject) WHERE state <> 'closed';
