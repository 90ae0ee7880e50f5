-- The embedded directory. Times are Unix milliseconds; NULL means never or not known. Columns that end in _key hold what
-- is compared when somebody asks for exactly this value: small letters, compatibility forms, no surrounding spaces.

CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- generation counts imports; names.generation says which of them changed a row. It keeps indexes in memory honest.
-- refused counts sign-ins that were refused and changed no account.
INSERT INTO meta VALUES ('generation', 0), ('refused', 0);

-- policy is the password policy that was set in the directory, as JSON, when one was.
CREATE TABLE settings (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
	id                     INTEGER PRIMARY KEY,
	key                    TEXT    NOT NULL, -- given once, at random; never changes and is never used again
	version                INTEGER NOT NULL DEFAULT 1,
	login                  TEXT    NOT NULL,
	login_key              TEXT    NOT NULL,
	upn                    TEXT    NOT NULL DEFAULT '',
	upn_key                TEXT    NOT NULL DEFAULT '',
	given_name             TEXT    NOT NULL DEFAULT '',
	given_fold             TEXT    NOT NULL DEFAULT '',
	surname                TEXT    NOT NULL DEFAULT '',
	surname_fold           TEXT    NOT NULL DEFAULT '',
	display_name           TEXT    NOT NULL DEFAULT '',
	title                  TEXT    NOT NULL DEFAULT '',
	department             TEXT    NOT NULL DEFAULT '',
	office                 TEXT    NOT NULL DEFAULT '',
	employee_number        TEXT    NOT NULL DEFAULT '',
	employee_key           TEXT    NOT NULL DEFAULT '',
	place                  TEXT    NOT NULL DEFAULT '', -- distinguished name of the unit
	manager                INTEGER REFERENCES people (id),
	enabled                INTEGER NOT NULL DEFAULT 1,
	service                INTEGER NOT NULL DEFAULT 0,
	built_in               INTEGER NOT NULL DEFAULT 0,
	account_expires        INTEGER,
	password_hash          TEXT    NOT NULL DEFAULT '', -- '' : nobody can sign in
	password_set           INTEGER,
	password_never_expires INTEGER NOT NULL DEFAULT 0,
	must_change            INTEGER NOT NULL DEFAULT 0,
	wrong_passwords        INTEGER NOT NULL DEFAULT 0,
	wrong_digests          BLOB    NOT NULL DEFAULT x'', -- of the last wrong passwords, which count once
	locks                  INTEGER NOT NULL DEFAULT 0, -- in a row, without a sign-in between
	locked_since           INTEGER,
	unlocks_at             INTEGER, -- NULL in a lock: not by itself
	created                INTEGER NOT NULL,
	last_seen              INTEGER
) STRICT;

CREATE UNIQUE INDEX people_by_key ON people (key);
CREATE UNIQUE INDEX people_by_login ON people (login_key);

-- One row for each address on file, which is a registered method as well.
CREATE TABLE methods (
	person        INTEGER NOT NULL REFERENCES people (id),
	kind          TEXT    NOT NULL, -- as core.MethodKind
	position      INTEGER NOT NULL,
	destination   TEXT    NOT NULL,
	lookup        TEXT    NOT NULL DEFAULT '', -- a mail address as compared, or the digits of a number from seven on
	registered_at INTEGER,
	registered_by TEXT    NOT NULL DEFAULT '',
	PRIMARY KEY (person, kind, position)
) STRICT, WITHOUT ROWID;

-- The text each person is found by, in the form of package index.
CREATE TABLE names (
	person     INTEGER PRIMARY KEY REFERENCES people (id),
	text       TEXT    NOT NULL,
	generation INTEGER NOT NULL
) STRICT;

CREATE TABLE password_history (
	id     INTEGER PRIMARY KEY,
	person INTEGER NOT NULL REFERENCES people (id),
	hash   TEXT    NOT NULL
) STRICT;

CREATE INDEX password_history_of ON password_history (person);

CREATE TABLE groups (
	id       INTEGER PRIMARY KEY,
	name     TEXT NOT NULL,
	name_key TEXT NOT NULL UNIQUE,
	dn       TEXT NOT NULL -- normalised
) STRICT;

CREATE TABLE memberships (
	person INTEGER NOT NULL REFERENCES people (id),
	grp    INTEGER NOT NULL REFERENCES groups (id),
	PRIMARY KEY (person, grp)
) STRICT, WITHOUT ROWID;

CREATE TABLE nestings (
	child  INTEGER NOT NULL REFERENCES groups (id),
	parent INTEGER NOT NULL REFERENCES groups (id),
	PRIMARY KEY (child, parent)
) STRICT, WITHOUT ROWID;

CREATE TABLE person_roles (
	person INTEGER NOT NULL REFERENCES people (id),
	role   TEXT    NOT NULL,
	PRIMARY KEY (person, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_roles (
	grp  INTEGER NOT NULL REFERENCES groups (id),
	role TEXT    NOT NULL,
	PRIMARY KEY (grp, role)
) STRICT, WITHOUT ROWID;

CREATE INDEX people_by_upn ON people (upn_key) WHERE upn_key <> '';
CREATE INDEX people_by_employee_number ON people (employee_key) WHERE employee_key <> '';
CREATE INDEX people_by_given_name ON people (given_fold) WHERE given_fold <> '';
CREATE INDEX people_by_surname ON people (surname_fold) WHERE surname_fold <> '';
CREATE INDEX methods_by_lookup ON methods (lookup) WHERE lookup <> '';
CREATE INDEX names_by_generation ON names (generation);

-- One index for each list by state.
CREATE INDEX people_locked ON people (locked_since, id) WHERE locked_since IS NOT NULL;
CREATE INDEX people_disabled ON people (id) WHERE enabled = 0;
CREATE INDEX people_expired ON people (account_expires, id) WHERE account_expires IS NOT NULL;
CREATE INDEX people_must_change ON people (id) WHERE must_change = 1;
CREATE INDEX people_by_password_age ON people (password_set, id) WHERE password_never_expires = 0 AND password_set IS NOT NULL;
CREATE INDEX people_by_last_seen ON people (coalesce(last_seen, created), id);
