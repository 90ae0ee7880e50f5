package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// stranger is somebody who opens the database past the store: an administrator with a tool, or an attacker.
func stranger(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(20000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// meddle runs statements past the store.
func meddle(t *testing.T, path string, statements ...string) {
	t.Helper()
	db := stranger(t, path)
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

var (
	morning = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	alice   = core.Actor{OperatorID: "alice", Credential: "key:SHA256:a", Session: "s1", Source: "192.0.2.7"}
	jane    = core.Person{
		ID: core.AccountID{Directory: "corp", Key: "canary-key-5b1d"}, Login: untrusted.New("canary-login-5b1d"),
		DisplayName: untrusted.New("canary-name-5b1d"), Department: untrusted.New("canary-department-5b1d"),
	}
	omar = core.Person{ID: core.AccountID{Directory: "corp", Key: "93fd"}, Login: untrusted.New("omar"), DisplayName: untrusted.New("Omar Haddad")}
)

func aRecord(operation string, p core.Person) core.Record {
	return core.Record{
		At: morning, Kind: core.KindDesk, Verb: core.VerbOpenCase, Operation: operation, Actor: alice, Subject: p.ID, Class: rbac.Plain,
		Personal: map[string]string{"login": p.Login.String(), "name": p.DisplayName.String()},
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// aCase opens a case.
func aCase(t *testing.T, s *Store, p core.Person) core.Case {
	t.Helper()
	c, err := s.CreateCase(t.Context(), core.Case{
		Person: p, Status: core.CaseOpen, OpenedBy: "alice", AssignedTo: "alice", OpenedAt: morning, UpdatedAt: morning,
	}, aRecord("op_case", p))
	must(t, err)
	return c
}

// evidenceOf proves the caller of a case.
func evidenceOf(t *testing.T, s *Store, c core.Case, id string) {
	t.Helper()
	must(t, s.CreateChallenge(t.Context(), core.Challenge{
		ID: "ch_" + id, Case: c.Number, Account: c.Person.ID, Operator: "alice", Kind: core.ProofMail, SentTo: "canary-mask-5b1d",
		TriesLeft: 5, CreatedAt: morning, ExpiresAt: morning.Add(time.Hour), Digest: []byte("digest"),
	}, aRecord("op_ch_"+id, c.Person)))
	must(t, s.Confirm(t.Context(), "ch_"+id, core.Evidence{
		ID: id, Case: c.Number, Account: c.Person.ID, Operator: "alice", Credential: alice.Credential, Kind: core.ProofMail, Strength: core.Weak,
		ObtainedAt: morning, ExpiresAt: morning.Add(time.Hour),
	}, aRecord("op_ev_"+id, c.Person)))
}

// anIntent is what is written before a reset.
func anIntent(operation string, c core.Case, evidence ...string) core.Intent {
	r := aRecord(operation, c.Person)
	r.Kind, r.Verb, r.Case, r.Evidence = core.KindIntent, core.VerbReset, c.Number, evidence
	return core.Intent{Record: r, Evidence: evidence}
}

// done is what is written after it.
func done(i core.Intent, seq int64, notices ...core.Notice) core.Conclusion {
	r := i.Record
	r.Kind, r.Outcome, r.Intent = core.KindOutcome, core.Done, seq
	return core.Conclusion{Record: r, Intent: seq, Spend: i.Evidence, Notices: notices}
}

func aNotice(key string) core.Notice {
	return core.Notice{Key: key, Kind: core.NoticeReset, Channel: "mail", To: untrusted.New("canary-address-5b1d@example.org"), At: morning}
}

// onDisk names the files at or beside a path that hold a text.
func onDisk(t *testing.T, path, text string) (files []string) {
	t.Helper()
	all, err := filepath.Glob(path + "*")
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	for _, f := range all {
		content, err := os.ReadFile(f)
		must(t, err)
		if strings.Contains(string(content), text) {
			files = append(files, filepath.Base(f))
		}
	}
	return files
}

// verified fails the test unless the whole trail is as it was written.
func verified(t *testing.T, s *Store) Verified {
	t.Helper()
	v, err := s.Verify(t.Context())
	must(t, err)
	return v
}

// wantCode fails the test unless the error has the code.
func wantCode(t *testing.T, what string, err error, code core.Code) {
	t.Helper()
	if core.CodeOf(err) != code {
		t.Errorf("%s: got %v, want code %s", what, err, code)
	}
}

// lockedBy holds the write lock as another process would, until the function it returns is called.
func lockedBy(t *testing.T, path string) (release func()) {
	t.Helper()
	conn, err := stranger(t, path).Conn(t.Context())
	must(t, err)
	_, err = conn.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	must(t, err)
	return func() {
		_, err := conn.ExecContext(context.WithoutCancel(t.Context()), "ROLLBACK")
		must(t, errors.Join(err, conn.Close()))
	}
}

// column reads one value past the store.
func column(t *testing.T, path, query string) (value string) {
	t.Helper()
	must(t, stranger(t, path).QueryRowContext(t.Context(), query).Scan(&value))
	return value
}

func unhex(s string) ([]byte, error) { return hex.DecodeString(s) }
