package openldap

import (
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/directorytest"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

func signIn(t *testing.T, d *Directory, login, password string) (core.AccountID, error) {
	t.Helper()
	return d.Authenticate(guarded(t), raw(login), secret.FromString(password))
}

func TestWhoSlapdDoesNotLetInIsRefusedWithoutAReason(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	for uid, changes := range map[string]testlab.Attributes{
		"locked": {attrLocked: {ago(time.Minute)}}, "expired": {attrChanged: {ago(100 * day)}}, "reset": {attrReset: {"TRUE"}},
		"ended": {attrEnd: {ago(day)}}, "notyet": {attrStart: {ahead(day)}}, "forgood": {attrLocked: {permanentLock}},
	} {
		dn, _ := add(t, s, testlab.Person{UID: uid})
		s.ModifyOperational(t, dn, changes)
		_, err := signIn(t, d, uid, directorytest.FirstPassword)
		want(t, err, core.CodeDenied, core.NothingChanged, "directory.sign_in_refused")
	}
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	for login, password := range map[string]string{
		"jane": "wrong", "nobody": directorytest.FirstPassword, "": directorytest.FirstPassword, "jan*": directorytest.FirstPassword,
		"jane)(uid=*": directorytest.FirstPassword, "jane\x00": directorytest.FirstPassword, "\xff": directorytest.FirstPassword, dn: directorytest.FirstPassword,
		"jane ": "", strings.Repeat("j", 10<<10): directorytest.FirstPassword,
	} {
		_, err := signIn(t, d, login, password)
		want(t, err, core.CodeDenied, core.NothingChanged, "directory.sign_in_refused")
	}
	if got, err := signIn(t, d, "JANE", directorytest.FirstPassword); err != nil || got != id {
		t.Errorf("signed in as %v, %v", got, err)
	}
}

// T52: a sign-in without a password would be an anonymous one, which every server accepts.
func TestASignInWithoutAPasswordOrANameIsNeverSent(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	add(t, s, testlab.Person{UID: "jane"})
	proxy := front(t, s)
	d := ready(t, options(s, proxy.URL()))
	before := len(proxy.Requests(testlab.OpBind))
	for _, password := range []*secret.Text{nil, secret.FromString("")} {
		_, err := d.Authenticate(guarded(t), raw("jane"), password)
		want(t, err, core.CodeDenied, core.NothingChanged, "directory.sign_in_refused")
	}
	if after := len(proxy.Requests(testlab.OpBind)); after != before {
		t.Errorf("%d sign-ins were sent", after-before)
	}
}

func TestALoginThatNobodyHasCostsASignInAsWell(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn, _ := add(t, s, testlab.Person{UID: "jane"})
	proxy := front(t, s)
	d := ready(t, options(s, proxy.URL()))
	for _, login := range []string{"jane", "nobody", "jane\x00", "a*"} {
		before := len(proxy.Requests(testlab.OpBind))
		_, err := signIn(t, d, login, "wrong")
		want(t, err, core.CodeDenied, core.NothingChanged, "directory.sign_in_refused")
		sent := proxy.Requests(testlab.OpBind)[before:]
		if len(sent) != 1 || strings.Contains(string(sent[0].Raw), dn) != (login == "jane") {
			t.Errorf("%q: %d sign-ins", login, len(sent))
		}
	}
}

func TestTwoPeopleWithOneLoginAreNobody(t *testing.T) {
	t.Parallel()
	s := slapdWithSharedMail(t)
	o := options(s)
	o.Attributes["login"] = "mail"
	d := open(t, o)
	add(t, s, testlab.Person{UID: "one", Mail: "shared@example.org"})
	if _, err := signIn(t, d, "shared@example.org", directorytest.FirstPassword); err != nil {
		t.Fatal(err)
	}
	add(t, s, testlab.Person{UID: "two", Mail: "shared@example.org"})
	_, err := signIn(t, d, "shared@example.org", directorytest.FirstPassword)
	want(t, err, core.CodeDenied, core.NothingChanged, "directory.sign_in_refused")
}

func TestAWrongPasswordCountsAtTheDirectory(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	d := open(t, options(s))
	_, id := add(t, s, testlab.Person{UID: "jane"})
	for range 3 {
		_, err := signIn(t, d, "jane", "wrong")
		want(t, err, core.CodeDenied, core.NothingChanged, "directory.sign_in_refused")
	}
	if a := mustAccount(t, d, id); !a.State.Locked || a.State.WrongPasswords != 3 {
		t.Errorf("state %+v", a.State)
	}
	_, err := signIn(t, d, "jane", directorytest.FirstPassword)
	want(t, err, core.CodeDenied, core.NothingChanged, "directory.sign_in_refused")
}
