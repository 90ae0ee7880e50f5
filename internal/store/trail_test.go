package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

func TestTheTrailCannotBeChangedPastTheStore(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s := openStore(t, o)
	for i := range 3 {
		_, err := s.Append(t.Context(), aRecord(fmt.Sprint("op_", i), jane))
		must(t, err)
	}
	db := stranger(t, o.Path)
	const row = "VALUES (%d, x'7b7d', '', '', 0, '', '', '', '', 0, '')"
	for _, statement := range []string{
		"UPDATE trail SET body = x'7b7d' WHERE seq = 2",
		"UPDATE trail SET operator = 'mallory'",
		"DELETE FROM trail WHERE seq = 3",
		"DELETE FROM trail",
		"INSERT INTO trail " + fmt.Sprintf(row, 2),
		"INSERT OR REPLACE INTO trail " + fmt.Sprintf(row, 2),
		"REPLACE INTO trail " + fmt.Sprintf(row, 3),
		"INSERT INTO trail " + fmt.Sprintf(row, 0),
		"UPDATE trail_personal SET sealed = x''",
	} {
		_, err := db.ExecContext(t.Context(), statement)
		if err == nil || (!strings.Contains(err.Error(), "append-only") && !strings.Contains(err.Error(), "grows") && !strings.Contains(err.Error(), "erased")) {
			t.Errorf("%s: got %v, want the refusal of a trigger", statement, err)
		}
	}
	if v := verified(t, s); v.Records != 3 || v.First != 1 || v.Last != 3 || v.Erased != 0 {
		t.Errorf("verified %+v", v)
	}
}

func TestTamperingWithoutTheTriggersIsFound(t *testing.T) {
	t.Parallel()
	const noDelete, noUpdate, noPersonal = "DROP TRIGGER trail_is_not_deleted", "DROP TRIGGER trail_is_not_changed", "DROP TRIGGER trail_personal_is_not_changed"
	for name, c := range map[string]struct {
		statements []string
		names      string
	}{
		"a word changed":              {[]string{noUpdate, "UPDATE trail SET body = CAST(replace(body, 'op_2', 'op_9') AS BLOB) WHERE seq = 3"}, "record 3"},
		"a blank added":               {[]string{noUpdate, "UPDATE trail SET body = CAST(replace(body, ',\"boot\"', ', \"boot\"') AS BLOB) WHERE seq = 3"}, "record 3"},
		"one taken out":               {[]string{noDelete, "DELETE FROM trail WHERE seq = 3"}, "records 3 to 3"},
		"the first one taken":         {[]string{noDelete, noUpdate, "DELETE FROM trail WHERE seq = 1", "UPDATE trail SET seq = seq - 1"}, "record 1"},
		"two exchanged":               {[]string{noUpdate, "UPDATE trail SET seq = 99 WHERE seq = 2", "UPDATE trail SET seq = 2 WHERE seq = 3", "UPDATE trail SET seq = 3 WHERE seq = 99"}, "record 2"},
		"found under somebody else":   {[]string{noUpdate, "UPDATE trail SET operator = 'bob' WHERE seq = 3"}, "record 3"},
		"found at another time":       {[]string{noUpdate, "UPDATE trail SET at = at + 1 WHERE seq = 3"}, "record 3"},
		"personal data removed":       {[]string{"DELETE FROM trail_personal WHERE seq = 3"}, "record 3"},
		"personal data of another":    {[]string{noPersonal, "UPDATE trail_personal SET sealed = (SELECT sealed FROM trail_personal WHERE seq = 4) WHERE seq = 3"}, "record 3"},
		"personal data of a stranger": {[]string{noPersonal, "UPDATE trail_personal SET person = '' WHERE seq = 3"}, "record 3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOptions(t)
			s := openStore(t, o)
			for i := range 5 {
				_, err := s.Append(t.Context(), aRecord(fmt.Sprint("op_", i), jane))
				must(t, err)
			}
			meddle(t, o.Path, c.statements...)
			_, err := s.Verify(t.Context())
			if !errors.Is(err, ErrTampered) || !strings.Contains(err.Error(), c.names) {
				t.Errorf("got %v, want ErrTampered that names %s", err, c.names)
			}
		})
	}
}

func TestPersonalDataThatCannotBeReadDoNotHideTheirRecord(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s := openStore(t, o)
	_, err := s.Append(t.Context(), aRecord("op_1", jane))
	must(t, err)
	meddle(t, o.Path, "DROP TRIGGER trail_personal_is_not_changed", "UPDATE trail_personal SET sealed = x'01aa'")
	got, err := s.Records(t.Context(), core.TrailFilter{})
	must(t, err)
	if len(got) != 1 || got[0].Operation != "op_1" || got[0].Personal != nil || !got[0].Subject.IsZero() {
		t.Errorf("got %+v", got)
	}
}

func TestNothingIsChangedThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s := openStore(t, o)
	c := aCase(t, s, jane)
	evidenceOf(t, s, c, "ev_1")
	reg := core.Registration{ID: "reg_1", Account: jane.ID, Kind: core.MethodTOTP, Secret: []byte("seed")}
	must(t, s.Register(t.Context(), reg, aRecord("op", jane)))
	must(t, s.SaveOperator(t.Context(), core.Operator{ID: "o1", Login: "o1"}, aRecord("op", core.Person{})))
	must(t, s.AddKey(t.Context(), core.OperatorKey{OperatorID: "o1", Fingerprint: "f1"}, aRecord("op", core.Person{})))
	must(t, s.CreateChallenge(t.Context(), core.Challenge{ID: "ch_2", Case: c.Number, Account: jane.ID, TriesLeft: 5}, aRecord("op", jane)))
	i := anIntent("op_1", c, "ev_1")
	seq, err := s.Intend(t.Context(), i)
	must(t, err)
	before := contents(t, o.Path)
	meddle(t, o.Path, "CREATE TRIGGER sabotage BEFORE INSERT ON trail BEGIN SELECT raise(ABORT, 'broken'); END")

	waiting := c
	waiting.Status = core.CaseWaiting
	r := aRecord("op_x", omar)
	for name, change := range map[string]func() error{
		"CreateCase":      func() error { _, err := s.CreateCase(t.Context(), c, r); return err },
		"UpdateCase":      func() error { _, err := s.UpdateCase(t.Context(), waiting, r); return err },
		"CreateChallenge": func() error { return s.CreateChallenge(t.Context(), core.Challenge{ID: "ch_3", Case: 1}, r) },
		"FailChallenge":   func() error { return s.FailChallenge(t.Context(), "ch_2", r) },
		"Confirm":         func() error { return s.Confirm(t.Context(), "ch_2", core.Evidence{ID: "ev_2", Case: 1}, r) },
		"AllowRepeat":     func() error { return s.AllowRepeat(t.Context(), []string{"ev_1"}, morning.Add(time.Hour), r) },
		"Register":        func() error { return s.Register(t.Context(), reg, r) },
		"Unregister":      func() error { return s.Unregister(t.Context(), "reg_1", r) },
		"SaveOperator":    func() error { return s.SaveOperator(t.Context(), core.Operator{ID: "o2", Login: "o2"}, r) },
		"AddKey":          func() error { return s.AddKey(t.Context(), core.OperatorKey{OperatorID: "o1", Fingerprint: "f2"}, r) },
		"RemoveKey":       func() error { return s.RemoveKey(t.Context(), "o1", "f1", r) },
		"Intend":          func() error { _, err := s.Intend(t.Context(), anIntent("op_2", core.Case{Person: omar})); return err },
		"Conclude":        func() error { _, err := s.Conclude(t.Context(), done(i, seq, aNotice("n1"))); return err },
		"Reconcile":       func() error { return s.Reconcile(t.Context(), core.Conclusion{Intent: seq, Record: r}) },
		"Append":          func() error { _, err := s.Append(t.Context(), r); return err },
		"Erase":           func() error { return s.Erase(t.Context(), omar.ID, r) },
	} {
		err := change()
		wantCode(t, name, err, core.CodeAuditUnavailable)
		if e := core.AsError(err); e.Said.ID != "error.audit_unavailable" || e.Changed != core.NothingChanged {
			t.Errorf("%s says %s, changed: %s", name, e.Said.ID, e.Changed)
		}
	}
	meddle(t, o.Path, "DROP TRIGGER sabotage")
	if after := contents(t, o.Path); after != before {
		t.Errorf("something was changed:\nbefore %s\nafter  %s", before, after)
	}
}

// contents is everything in the tables the desk's state is in.
func contents(t *testing.T, path string) string {
	t.Helper()
	db := stranger(t, path)
	var all strings.Builder
	for _, table := range []string{"persons", "cases", "case_hands", "challenges", "evidence", "registrations", "operators", "operator_keys", "notices", "trail", "trail_personal", "intents"} {
		writeTable(t, db, table, &all)
	}
	return all.String()
}

func writeTable(t *testing.T, db *sql.DB, table string, to *strings.Builder) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table)
	must(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	must(t, err)
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(any)
	}
	for rows.Next() {
		must(t, rows.Scan(values...))
		to.WriteString(table)
		for _, v := range values {
			fmt.Fprintf(to, " %x", *v.(*any))
		}
		to.WriteByte('\n')
	}
	must(t, rows.Err())
}

func TestALockedStoreRefusesInTime(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	o.Patience = 200 * time.Millisecond
	s := openStore(t, o)
	c := aCase(t, s, jane)
	i := anIntent("op_1", c)
	seq, err := s.Intend(t.Context(), i)
	must(t, err)
	release := lockedBy(t, o.Path)
	begun := time.Now()
	_, err = s.Intend(t.Context(), anIntent("op_2", core.Case{Person: omar}))
	wantCode(t, "Intend", err, core.CodeAuditUnavailable)
	_, err = s.Conclude(t.Context(), done(i, seq))
	wantCode(t, "Conclude", err, core.CodeAuditUnavailable)
	wantCode(t, "Probe", s.Probe(t.Context()), core.CodeAuditUnavailable)
	_, err = s.Count(t.Context(), "k", morning, time.Hour)
	wantCode(t, "Count", err, core.CodeUnavailable)
	_, err = s.TakeTry(t.Context(), "ch_1", morning)
	wantCode(t, "TakeTry", err, core.CodeUnavailable)
	if took := time.Since(begun); took > 5*5*time.Second {
		t.Errorf("five refusals took %v", took)
	}
	if _, err := s.Case(t.Context(), c.Number); err != nil {
		t.Errorf("reading was refused too: %v", err)
	}
	release()
	_, err = s.Conclude(t.Context(), done(i, seq))
	must(t, err)
	must(t, s.Probe(t.Context()))
	verified(t, s)
}

func TestManyWritersMakeOneChain(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	first, second := openStore(t, o), openStore(t, o) // as two processes would
	var all sync.WaitGroup
	for n, s := range []*Store{first, second} {
		for k := range 4 {
			all.Go(func() {
				for i := range 10 {
					op := fmt.Sprint("op_", n, k, i)
					c := core.Case{Person: core.Person{ID: core.AccountID{Directory: "corp", Key: op}}}
					intent := anIntent(op, c)
					seq, err := s.Intend(t.Context(), intent)
					if err != nil {
						t.Error(err)
						return
					}
					s.Note(aRecord("look_"+op, jane))
					if _, err := s.Conclude(t.Context(), done(intent, seq)); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	all.Wait()
	for _, s := range []*Store{first, second} {
		must(t, s.Flush(t.Context()))
	}
	if v := verified(t, first); v.Records != 2*4*10*3 {
		t.Errorf("%d records, want %d", v.Records, 2*4*10*3)
	}
	open, err := first.OpenIntents(t.Context(), core.AccountID{})
	must(t, err)
	if len(open) != 0 {
		t.Errorf("%d intents are open", len(open))
	}
}

func TestADamagedStoreIsNotOpened(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s, err := Open(t.Context(), o)
	must(t, err)
	for i := range 50 {
		_, err := s.Append(t.Context(), aRecord(fmt.Sprint("op_", i), jane))
		must(t, err)
	}
	must(t, s.Close())
	overwrite(t, o.Path, 12*4096, strings.Repeat("\xa5", 4096))
	if _, err := Open(t.Context(), o); !errors.Is(err, sqlitedb.ErrDamaged) || !strings.Contains(err.Error(), o.Path) {
		t.Errorf("got %v, want ErrDamaged with the path", err)
	}
}
