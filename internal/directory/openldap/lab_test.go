package openldap

import (
	"context"
	"crypto/rand"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/directorytest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// guardTime keeps a test that hangs from hanging for ever.
const guardTime = time.Minute

func guarded(tb testing.TB) context.Context {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), guardTime)
	tb.Cleanup(cancel)
	return ctx
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

// options describe the recipe of testlab as an administrator would, at these URLs or at the server's own.
func options(s *testlab.SlapdServer, urls ...string) Options {
	if len(urls) == 0 {
		urls = []string{s.LDAPSURL}
	}
	return Options{
		Name: "corp", URLs: urls, StartTLS: true, CA: s.CA.PEM(), BindDN: s.HelpdeskDN, BindPassword: secret.FromString(s.HelpdeskPassword),
		Base: "ou=people," + s.Suffix, GroupBase: "ou=groups," + s.Suffix,
		Attributes:   map[string]string{"alternate_mail": "labAlternateMail"},
		RoleGroups:   map[string]string{string(rbac.HelpdeskAdministrator): "cn=helpdesk-admins,ou=groups," + s.Suffix},
		ServiceUnits: []string{"ou=robots,ou=people," + s.Suffix},
		Clock:        systemClock{}, Entropy: rand.Reader, Log: slog.New(slog.DiscardHandler),
	}
}

func open(tb testing.TB, o Options) *Directory {
	tb.Helper()
	d, err := Open(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = d.Close() })
	return d
}

// ready opens a directory and waits until it knows its indexes.
func ready(tb testing.TB, o Options) *Directory {
	tb.Helper()
	d := open(tb, o)
	ctx := guarded(tb)
	for d.indexes.get().at.IsZero() {
		select {
		case <-time.After(time.Millisecond): // it measures beside us
		case <-ctx.Done():
			tb.Fatal("the indexes are not known")
		}
	}
	return d
}

// front puts a proxy with a good certificate before s.
func front(tb testing.TB, s *testlab.SlapdServer) *testlab.Front {
	tb.Helper()
	cert := s.CA.Issue(testlab.CertOptions{})
	return testlab.LDAPFront(tb, s.Addr, testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: &cert})
}

func keyOf(tb testing.TB, s *testlab.SlapdServer, dn string) string {
	tb.Helper()
	return s.Read(tb, dn).First(attrUUID)
}

// add adds a person who has had the password for a day.
func add(tb testing.TB, s *testlab.SlapdServer, p testlab.Person) (dn string, id core.AccountID) {
	tb.Helper()
	if p.Password == "" {
		p.Password = directorytest.FirstPassword
	}
	dn = s.AddPerson(tb, p)
	s.ModifyOperational(tb, dn, testlab.Attributes{attrChanged: {stamp(time.Now().Add(-24 * time.Hour))}})
	return dn, core.AccountID{Directory: "corp", Key: keyOf(tb, s, dn)}
}

func stamp(t time.Time) string { return t.UTC().Format("20060102150405Z") }

func mustAccount(tb testing.TB, d *Directory, id core.AccountID) core.Account {
	tb.Helper()
	a, err := d.Account(guarded(tb), id.Key)
	if err != nil {
		tb.Fatalf("account: %v", err)
	}
	return a
}

// reset sets SecondPassword.
func reset(tb testing.TB, d *Directory, id core.AccountID, mustChange bool) error {
	tb.Helper()
	return resetTo(tb, d, id, directorytest.SecondPassword, mustChange)
}

func resetTo(tb testing.TB, d *Directory, id core.AccountID, password string, mustChange bool) error {
	tb.Helper()
	return d.SetPassword(guarded(tb), directorytest.Grant(tb, rbac.ResetPassword, id), core.PasswordChange{
		Account: id, Password: secret.FromString(password), MustChange: mustChange,
	})
}

func unlock(tb testing.TB, d *Directory, id core.AccountID) (core.UnlockAnswer, error) {
	tb.Helper()
	return d.Unlock(guarded(tb), directorytest.Grant(tb, rbac.Unlock, id), core.UnlockChange{Account: id})
}

// want fails the test unless err is this error, in words that say what it does.
func want(tb testing.TB, err error, code core.Code, changed core.Changed, saidID string) *core.Error {
	tb.Helper()
	e := core.AsError(err)
	if e == nil {
		tb.Fatalf("no error, want %s", code)
	}
	if e.Code != code || e.Changed != changed || saidID != "" && e.Said.ID != saidID {
		tb.Errorf("error %v with change %q, want %s with %q, saying %s", err, e.Changed, code, changed, saidID)
	}
	inWords(tb, e)
	return e
}

// inWords asserts that the catalogue has the sentence, with its fields, and that it tells what was changed.
func inWords(tb testing.TB, e *core.Error) {
	tb.Helper()
	for _, lang := range text.Languages() {
		words := text.Printer{Lang: lang}.Say(e.Said)
		if words == "" || strings.ContainsAny(words, "[{") {
			tb.Errorf("%s: %s is %q in words", lang, e.Said.ID, words)
		}
	}
	words := text.Printer{Lang: text.English}.Say(e.Said)
	if e.Changed == core.NothingChanged && e.Code != core.CodeInvalid && !strings.Contains(words, "Nothing was changed") && e.Said.ID != "directory.sign_in_refused" && !strings.HasPrefix(e.Said.ID, "error.") {
		tb.Errorf("%q does not say that nothing was changed", words)
	}
}

func rawSecret() *secret.Text { return secret.FromString("x") }

func raw(s string) untrusted.Text { return untrusted.New(s) }
