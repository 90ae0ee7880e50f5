package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// morning is when everything in this suite begins.
func morning() time.Time { return time.Date(2026, 3, 2, 8, 15, 30, 123456789, time.UTC) }

// desk is one test with its store, and a hand that fills in forms.
type desk struct {
	*testing.T
	Store
	cast
	ids int
	now time.Time
}

func newDesk(t *testing.T, s Store) *desk {
	t.Helper()
	return &desk{T: t, Store: s, cast: newCast(), now: morning()}
}

// later moves the clock on and returns the new time.
func (d *desk) later(by time.Duration) time.Time {
	d.now = d.now.Add(by)
	return d.now
}

func (d *desk) id(prefix string) string {
	d.ids++
	return fmt.Sprint(prefix, "_", d.ids)
}

// must fails the test on an error.
func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// wants fails the test unless err has the code, and the sentence if one is named. Nothing may have been changed.
func (d *desk) wants(err error, code core.Code, sentence string) {
	d.Helper()
	if core.CodeOf(err) != code {
		d.Fatalf("got %v, want code %s", err, code)
	}
	e := core.AsError(err)
	if sentence != "" && e.Said.ID != sentence {
		d.Fatalf("it says %s, want %s", e.Said.ID, sentence)
	}
	if e.Changed != core.NothingChanged {
		d.Fatalf("an error of the store says %q was changed", e.Changed)
	}
}

// same fails the test unless both are equal. Empty and missing lists are equal, times are compared as instants.
func (d *desk) same(got, want any) {
	d.Helper()
	if diff := cmp.Diff(want, got, equal()...); diff != "" {
		d.Fatalf("-want +got\n%s", diff)
	}
}

func equal() cmp.Options {
	return cmp.Options{
		cmpopts.EquateEmpty(),
		cmp.Comparer(func(a, b untrusted.Text) bool { return a == b }),
		cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) && a.Location() == b.Location() }),
	}
}

// cast are the operators and the people of this suite.
type cast struct {
	alice, bob, carol core.Actor
	jane, omar        core.Person
}

func newCast() cast {
	return cast{
		alice: core.Actor{OperatorID: "alice", Credential: "key:SHA256:alice", Session: "s1", Source: "192.0.2.7"},
		bob:   core.Actor{OperatorID: "bob", Credential: "key:SHA256:bob", Session: "s2", Source: "192.0.2.8"},
		carol: core.Actor{OperatorID: "carol", Credential: "password:carol", Session: "s3", Source: "2001:db8::3"},
		jane: core.Person{
			ID: core.AccountID{Directory: "corp", Key: "7c6b0a2e-jane"}, Login: untrusted.New("jane.doe"),
			DisplayName: untrusted.New("Jane \x1b[31mDoe\x00"), Department: untrusted.New("Ventas \xff\xfe"),
		},
		omar: core.Person{
			ID: core.AccountID{Directory: "corp", Key: "93fd-omar"}, Login: untrusted.New("omar.haddad"),
			DisplayName: untrusted.New("عمر حداد"), Department: untrusted.New("法务部"),
		},
	}
}

// record is a complete record of something that was done to the desk's own state.
func (d *desk) record(by core.Actor, p core.Person) core.Record {
	return core.Record{
		At: d.now, Kind: core.KindDesk, Verb: core.VerbOpenCase, Operation: d.id("op"), Actor: by, Subject: p.ID,
		Roles: []rbac.Role{rbac.PasswordAdministrator}, Desk: "Lisbon", Policy: "default", Class: rbac.Plain,
		Detail: map[string]string{"why": "it rang"}, Personal: map[string]string{"login": p.Login.String(), "name": p.DisplayName.String()},
	}
}

// opened is a case about p that is the actor's.
func (d *desk) opened(by core.Actor, p core.Person) core.Case {
	d.Helper()
	c, err := d.CreateCase(d.Context(), core.Case{
		Ticket: untrusted.New("INC-1 \xff"), Person: p, Desk: "Lisbon", Status: core.CaseOpen,
		OpenedBy: by.OperatorID, AssignedTo: by.OperatorID, OpenedAt: d.now, UpdatedAt: d.now,
	}, d.record(by, p))
	d.must(err)
	return c
}

// handedOver hands a case of the actor's to a role.
func (d *desk) handedOver(c core.Case, by core.Actor, to rbac.Role) core.Case {
	d.Helper()
	c.Status, c.AssignedTo = core.CaseWaiting, ""
	c.Handoff = core.Handoff{
		To: to, Wanted: core.VerbUnlock, Reason: untrusted.New("locked \x07 again"), By: by.OperatorID, At: d.now, Evidence: d.now.Add(time.Minute),
	}
	c, err := d.UpdateCase(d.Context(), c, d.record(by, c.Person))
	d.must(err)
	return c
}

// challenged begins to prove the caller of a case.
func (d *desk) challenged(c core.Case, by core.Actor) core.Challenge {
	d.Helper()
	ch := core.Challenge{
		ID: d.id("ch"), Case: c.Number, Account: c.Person.ID, Operator: by.OperatorID, Credential: by.Credential, Kind: core.ProofMail,
		Method: "mail:0", SentTo: "j•••@example.org", Destination: untrusted.New("Jane@example.org\xff"), Digest: []byte{0, 1, 2, 255}, TriesLeft: 5,
		CreatedAt: d.now, ExpiresAt: d.now.Add(10 * time.Minute),
	}
	d.must(d.CreateChallenge(d.Context(), ch, d.record(by, c.Person)))
	return ch
}

// proved proves the caller of a case.
func (d *desk) proved(c core.Case, by core.Actor) core.Evidence {
	d.Helper()
	ch := d.challenged(c, by)
	e := core.Evidence{
		ID: d.id("ev"), Case: c.Number, Account: c.Person.ID, Operator: by.OperatorID, Credential: by.Credential, Kind: ch.Kind,
		Method: ch.Method, Destination: ch.Destination, Strength: core.Weak, ObtainedAt: d.now, ExpiresAt: d.now.Add(10 * time.Minute),
	}
	d.must(d.Confirm(d.Context(), ch.ID, e, d.record(by, c.Person)))
	return e
}

// evidence reads one piece of evidence of a case.
func (d *desk) evidence(c core.Case, id string) core.Evidence {
	d.Helper()
	all, err := d.EvidenceOf(d.Context(), c.Number)
	d.must(err)
	for _, e := range all {
		if e.ID == id {
			return e
		}
	}
	d.Fatalf("no evidence %s among %v", id, all)
	return core.Evidence{}
}

// intent is the record of a change that is about to be made.
func (d *desk) intent(c core.Case, by core.Actor, evidence ...string) core.Intent {
	r := d.record(by, c.Person)
	r.Kind, r.Verb, r.Case, r.Ticket, r.Evidence, r.Assurance = core.KindIntent, core.VerbReset, c.Number, c.Ticket.String(), evidence, "weak"
	r.Before = core.Sighting{Version: "v7", PasswordSet: morning().UnixNano(), Locked: true}
	return core.Intent{Record: r, Evidence: evidence}
}

// intended writes an intent.
func (d *desk) intended(i core.Intent) int64 {
	d.Helper()
	seq, err := d.Intend(d.Context(), i)
	d.must(err)
	return seq
}

// conclusion is what follows an intent.
func (d *desk) conclusion(i core.Intent, seq int64, o core.Outcome) core.Conclusion {
	r := i.Record
	r.Kind, r.Outcome, r.Intent, r.At = core.KindOutcome, o, seq, d.now
	return core.Conclusion{Record: r, Intent: seq}
}

// concluded writes an outcome.
func (d *desk) concluded(c core.Conclusion) int64 {
	d.Helper()
	seq, err := d.Conclude(d.Context(), c)
	d.must(err)
	return seq
}

// records reads the trail.
func (d *desk) records(f core.TrailFilter) []core.Record {
	d.Helper()
	out, err := d.Records(d.Context(), f)
	d.must(err)
	return out
}

// last is the newest record.
func (d *desk) last() core.Record {
	d.Helper()
	newest := d.records(core.TrailFilter{Limit: 1})
	if len(newest) != 1 {
		d.Fatal("the trail is empty")
	}
	return newest[0]
}
