package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func overwrite(t *testing.T, path string, at int64, with string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteAt([]byte(with), at)
	must(t, errors.Join(err, f.Close()))
}

func TestWhatIsSealedOpensWithTheSameKeyAndBindingAlone(t *testing.T) {
	t.Parallel()
	k, err := newKeyring(newKey(t))
	must(t, err)
	other, err := newKeyring(newKey(t))
	must(t, err)
	sealed := k.secrets.seal([]byte("seed"), "totp", "corp:jane", "reg_1")
	if plain, err := k.secrets.open(sealed, "totp", "corp:jane", "reg_1"); err != nil || string(plain) != "seed" {
		t.Fatalf("%q, %v", plain, err)
	}
	if again := k.secrets.seal([]byte("seed"), "totp", "corp:jane", "reg_1"); bytes.Equal(again, sealed) {
		t.Error("the same secret is sealed into the same bytes twice")
	}
	change := func(at int) []byte {
		out := bytes.Clone(sealed)
		out[at] ^= 1
		return out
	}
	for name, open := range map[string]func() ([]byte, error){
		"another account":      func() ([]byte, error) { return k.secrets.open(sealed, "totp", "corp:omar", "reg_1") },
		"another registration": func() ([]byte, error) { return k.secrets.open(sealed, "totp", "corp:jane", "reg_2") },
		"words cut elsewhere":  func() ([]byte, error) { return k.secrets.open(sealed, "totp", "corp:janereg_", "1") },
		"another use":          func() ([]byte, error) { return k.people.open(sealed, "totp", "corp:jane", "reg_1") },
		"another key":          func() ([]byte, error) { return other.secrets.open(sealed, "totp", "corp:jane", "reg_1") },
		"an older version":     func() ([]byte, error) { return k.secrets.open(change(0), "totp", "corp:jane", "reg_1") },
		"another nonce":        func() ([]byte, error) { return k.secrets.open(change(1), "totp", "corp:jane", "reg_1") },
		"another last byte":    func() ([]byte, error) { return k.secrets.open(change(len(sealed)-1), "totp", "corp:jane", "reg_1") },
		"cut":                  func() ([]byte, error) { return k.secrets.open(sealed[:len(sealed)-1], "totp", "corp:jane", "reg_1") },
		"cut to its version":   func() ([]byte, error) { return k.secrets.open(sealed[:1], "totp", "corp:jane", "reg_1") },
		"nothing":              func() ([]byte, error) { return k.secrets.open(nil, "totp", "corp:jane", "reg_1") },
	} {
		if plain, err := open(); err == nil || plain != nil {
			t.Errorf("%s: opened as %q", name, plain)
		}
	}
}

func TestSwappedSecretsDoNotOpen(t *testing.T) {
	t.Parallel()
	for name, meddling := range map[string][]string{
		"the sealed secrets": {
			"UPDATE registrations SET sealed = secret WHERE id = 'reg_jane'",
			"UPDATE registrations SET secret = (SELECT secret FROM registrations WHERE id = 'reg_omar') WHERE id = 'reg_jane'",
			"UPDATE registrations SET secret = (SELECT sealed FROM registrations WHERE id = 'reg_jane') WHERE id = 'reg_omar'",
		},
		"the persons": {
			"UPDATE registrations SET person = person || '_' WHERE id = 'reg_jane'",
			"UPDATE registrations SET person = (SELECT substr(person, 1, length(person) - 1) FROM registrations WHERE id = 'reg_jane') WHERE id = 'reg_omar'",
		},
		"cut":     {"UPDATE registrations SET secret = substr(secret, 1, length(secret) - 1)"},
		"version": {"UPDATE registrations SET secret = CAST(x'00' || substr(secret, 2) AS BLOB)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOptions(t)
			s := openStore(t, o)
			for id, p := range map[string]core.Person{"reg_jane": jane, "reg_omar": omar} {
				must(t, s.Register(t.Context(), core.Registration{ID: id, Account: p.ID, Kind: core.MethodTOTP, Secret: []byte("seed of " + id)}, aRecord("op", p)))
			}
			meddle(t, o.Path, meddling...)
			for _, id := range []string{"reg_jane", "reg_omar"} {
				got, err := s.TOTPSecret(t.Context(), id)
				wantCode(t, id, err, core.CodeInternal)
				if got != nil {
					t.Errorf("%s opened", id)
				}
			}
		})
	}
}

func TestAnotherKeyIsRefused(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s, err := Open(t.Context(), o)
	must(t, err)
	must(t, s.Close())
	right := o.Key
	for name, key := range map[string]*secret.Text{
		"another": newKey(t), "none": nil, "short": secret.FromString("short"), "long": secret.FromString(strings.Repeat("x", KeySize+1)),
	} {
		o.Key = key
		if _, err := Open(t.Context(), o); !errors.Is(err, ErrKey) || !strings.Contains(err.Error(), o.Path) {
			t.Errorf("%s: got %v, want ErrKey with the path", name, err)
		}
	}
	o.Key = right
	must(t, openStore(t, o).Probe(t.Context()))
}

// everythingAbout makes the store keep one of everything about a person.
func everythingAbout(t *testing.T, s *Store, p core.Person) core.Case {
	t.Helper()
	c := aCase(t, s, p)
	evidenceOf(t, s, c, "ev_1")
	must(t, s.Register(t.Context(), core.Registration{
		ID: "reg_1", Account: p.ID, Kind: core.MethodTOTP, Secret: []byte("canary-seed-5b1d"), Destination: untrusted.New("canary-destination-5b1d"),
	}, aRecord("op_reg", p)))
	_, err := s.Count(t.Context(), "entries:"+p.ID.String(), morning, 1)
	must(t, err)
	i := anIntent("op_1", c, "ev_1")
	seq, err := s.Intend(t.Context(), i)
	must(t, err)
	_, err = s.Conclude(t.Context(), done(i, seq, aNotice("n1")))
	must(t, err)
	must(t, s.NoticeFailed(t.Context(), "n1", "550 canary-trouble-5b1d", morning, false))
	c.Status, c.Handoff.Reason = core.CaseWaiting, untrusted.New("canary-reason-5b1d")
	c, err = s.Case(t.Context(), c.Number)
	must(t, err)
	c.Handoff.Reason = untrusted.New("canary-reason-5b1d")
	_, err = s.UpdateCase(t.Context(), c, aRecord("op_handoff", p))
	must(t, err)
	s.Note(aRecord("op_look", p))
	must(t, s.Flush(t.Context()))
	return c
}

func TestNothingPersonalAndNoSecretStandsInTheFilesInClear(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s := openStore(t, o)
	everythingAbout(t, s, jane)
	must(t, s.Backup(t.Context(), o.Path+".backup"))
	if found := onDisk(t, o.Path, "canary"); found != nil {
		t.Errorf("found in %v", found)
	}
	if found := onDisk(t, o.Path, "op_look"); len(found) == 0 {
		t.Error("records are not in the files either: the test shows nothing")
	}
}

func TestAnErasedPersonIsInNoFileAndTheTrailStaysWhole(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	s := openStore(t, o)
	c := everythingAbout(t, s, jane)
	other := aCase(t, s, omar)
	before := verified(t, s)
	pseudonym := pseudonymOf(t, s, jane.ID)
	key := column(t, o.Path, "SELECT hex(key) FROM persons WHERE pseudonym = '"+pseudonym+"'")

	r := aRecord("op_erase", jane)
	r.Reason = "asked for"
	must(t, s.Erase(t.Context(), jane.ID, r))

	raw, err := unhex(key)
	must(t, err)
	for _, gone := range []string{"canary", string(raw)} {
		if found := onDisk(t, o.Path, gone); found != nil {
			t.Errorf("%x is found in %v", gone, found)
		}
	}
	v := verified(t, s)
	if v.Records != before.Records+1 || v.Erased == 0 {
		t.Errorf("verified %+v, before %+v", v, before)
	}
	checkErased(t, s, c)
	if got, err := s.Case(t.Context(), other.Number); err != nil || got.Person.Login != omar.Login {
		t.Errorf("somebody else's case is %+v (%v)", got, err)
	}
	if again := pseudonymAfter(t, s, jane); again == pseudonym {
		t.Error("the account was given its old pseudonym again")
	}
}

// checkErased asks for the person in every way there is.
func checkErased(t *testing.T, s *Store, c core.Case) {
	t.Helper()
	got, err := s.Case(t.Context(), c.Number)
	must(t, err)
	if !got.Person.ID.IsZero() || !got.Person.Login.IsZero() || !got.Handoff.Reason.IsZero() || got.OpenedBy != c.OpenedBy {
		t.Errorf("the case is %+v", got)
	}
	records, err := s.Records(t.Context(), core.TrailFilter{})
	must(t, err)
	for _, r := range records {
		if r.Subject == jane.ID || strings.Contains(r.Personal["name"], "canary") {
			t.Errorf("record %d is still about them", r.Seq)
		}
	}
	if newest := records[0]; newest.Reason != "asked for" || newest.Personal != nil {
		t.Errorf("the erasure is recorded as %+v", newest)
	}
	evidence, err := s.EvidenceOf(t.Context(), c.Number)
	must(t, err)
	registrations, err := s.RegistrationsOf(t.Context(), jane.ID)
	must(t, err)
	notices, err := s.DueNotices(t.Context(), morning, 0)
	must(t, err)
	cases, err := s.ListCases(t.Context(), core.CaseFilter{Account: jane.ID})
	must(t, err)
	if len(evidence)+len(registrations)+len(notices)+len(cases) != 0 {
		t.Errorf("left: %v %v %v %v", evidence, registrations, notices, cases)
	}
	_, err = s.TOTPSecret(t.Context(), "reg_1")
	wantCode(t, "TOTPSecret", err, core.CodeNotFound)
	_, err = s.Challenge(t.Context(), "ch_ev_1")
	wantCode(t, "Challenge", err, core.CodeNotFound)
}

func pseudonymOf(t *testing.T, s *Store, id core.AccountID) string {
	t.Helper()
	var who person
	must(t, s.read(t.Context(), func(ctx context.Context, tx *sqlitedb.Tx) (err error) {
		who, _, err = s.people(tx).of(ctx, id)
		return err
	}))
	return who.pseudonym
}

func pseudonymAfter(t *testing.T, s *Store, p core.Person) string {
	t.Helper()
	aCase(t, s, p)
	return pseudonymOf(t, s, p.ID)
}

func TestNobodyIsErasedWhileAChangeIsOpen(t *testing.T) {
	t.Parallel()
	s := openStore(t, newOptions(t))
	c := aCase(t, s, jane)
	i := anIntent("op_1", c)
	seq, err := s.Intend(t.Context(), i)
	must(t, err)
	wantCode(t, "open", s.Erase(t.Context(), jane.ID, aRecord("op_erase", jane)), core.CodeConflict)
	unknown := done(i, seq)
	unknown.Record.Outcome = core.Unknown
	_, err = s.Conclude(t.Context(), unknown)
	must(t, err)
	wantCode(t, "unknown", s.Erase(t.Context(), jane.ID, aRecord("op_erase", jane)), core.CodeConflict)
	must(t, s.Reconcile(t.Context(), core.Conclusion{Intent: seq, Record: done(i, seq).Record}))
	must(t, s.Erase(t.Context(), jane.ID, aRecord("op_erase", jane)))
}

func TestErasingSomebodyNothingIsKeptAboutIsRecorded(t *testing.T) {
	t.Parallel()
	s := openStore(t, newOptions(t))
	for range 2 {
		must(t, s.Erase(t.Context(), jane.ID, aRecord("op_erase", jane)))
	}
	if v := verified(t, s); v.Records != 2 {
		t.Errorf("verified %+v", v)
	}
	if pseudonymOf(t, s, jane.ID) != "" {
		t.Error("erasing began to keep something")
	}
}
