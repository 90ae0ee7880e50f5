package ldapconn_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// sent fails the test unless err is a write without an answer, and says whether it left.
func sent(t *testing.T, err error) bool {
	t.Helper()
	failed, ok := errors.AsType[*ldapconn.WriteError](err)
	if !ok {
		t.Fatalf("got %v, want a *WriteError", err)
	}
	return failed.Sent
}

func TestAWriteWithoutAnAnswerSaysWhetherItWasSent(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	for _, tc := range []struct {
		name  string
		fault testlab.Fault
		done  bool // what really happened
	}{
		{"reset before the server saw it", testlab.Fault{Point: testlab.BeforeForward}, false},
		{"reset when the server saw half of it", testlab.Fault{Point: testlab.DuringForward}, false},
		{"reset after the server did it", testlab.Fault{Point: testlab.BeforeAnswer}, true},
		{"closed after the server did it", testlab.Fault{Point: testlab.BeforeAnswer, Act: testlab.ActClose}, true},
		{"reset within the answer", testlab.Fault{Point: testlab.DuringAnswer}, true},
		{"no answer", testlab.Fault{Point: testlab.BeforeAnswer, Act: testlab.ActHang}, true},
		{"garbage for an answer", testlab.Fault{Point: testlab.BeforeAnswer, Act: testlab.ActAnswer, Answer: garbage}, true},
		{"success of another operation", testlab.Fault{Point: testlab.BeforeAnswer, Act: testlab.ActAnswer, Answer: bindAnswer}, true},
		{"result code 65536", testlab.Fault{Point: testlab.BeforeAnswer, Act: testlab.ActAnswer, Answer: hugeCode}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dn := s.AddPerson(t, testlab.Person{UID: tc.name})
			f := front(t, s)
			c := rootConfig(s, f.URL())
			if tc.fault.Act == testlab.ActHang {
				c.OpTimeout = time.Second
			}
			p := open(t, c)
			mustSearch(t, p, byUID(s, "x"))
			tc.fault.Op = testlab.OpModify
			f.Arm(tc.fault)
			if _, err := p.Modify(guarded(t), title(dn, "changed")); !sent(t, err) {
				t.Errorf("got %v", err)
			}
			if got := s.Read(t, dn).First("title") == "changed"; got != tc.done {
				t.Errorf("changed: %v, want %v", got, tc.done)
			}
			if n := len(f.Requests(testlab.OpModify)); n != 1 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

func garbage(int64) []byte       { return []byte("HTTP/1.1 400 Bad Request\r\n\r\n") }
func bindAnswer(id int64) []byte { return testlab.Answer(id, 0x61, 0, "") }

func hugeCode(id int64) []byte {
	result := testlab.BER(0x67, testlab.BER(0x0a, []byte{0x01, 0x00, 0x00}), testlab.BERString(""), testlab.BERString(""))
	return testlab.BER(0x30, testlab.BERInt(id), result)
}

func TestAWriteOnADeadConnectionGoesToALiveOne(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane"})
	f := front(t, s)
	p := open(t, rootConfig(s, f.URL()))
	mustSearch(t, p, byUID(s, "jane"))
	f.CutAll()
	// The write may be quicker than the news that the connection is gone: then, and only then, it counts as sent.
	_, err := p.Modify(guarded(t), title(dn, "changed"))
	if err != nil && !sent(t, err) {
		t.Fatalf("not sent, and not tried again: %v", err)
	}
	if err == nil && s.Read(t, dn).First("title") != "changed" {
		t.Error("said to be done, and is not")
	}
}

func TestAWriteThatFindsNoServerWasNotSent(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane"})
	f := front(t, s)
	f.RefuseAll()
	p := open(t, rootConfig(s, f.URL()))
	_, err := p.Modify(guarded(t), title(dn, "changed"))
	if sent(t, err) || !isUnavailable(err) {
		t.Errorf("got %v", err)
	}
}

func TestAWriteAfterTheEndOfItsContextWasNotSent(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane"})
	p := open(t, rootConfig(s, s.LDAPSURL))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := p.Modify(ctx, title(dn, "changed"))
	if sent(t, err) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAWriteReturnsWhenItsContextEndsAndCountsAsSent(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane", Password: goodPassword})
	f := front(t, s)
	p := open(t, rootConfig(s, f.URL()))
	for op, write := range map[testlab.Op]func(context.Context) error{
		testlab.OpModify: func(ctx context.Context) error {
			_, err := p.Modify(ctx, title(dn, "changed"))
			return err
		},
		testlab.OpExtended: func(ctx context.Context) error {
			_, err := p.PasswordModify(ctx, ldapconn.PasswordChange{UserDN: dn, New: secret.FromString("Another-2026-pass")})
			return err
		},
	} {
		struck := f.Arm(testlab.Fault{Op: op, Act: testlab.ActHang})
		ctx, cancel := context.WithCancel(guarded(t))
		go func() { // ends when the request has arrived
			<-struck
			cancel()
		}()
		if err := write(ctx); !sent(t, err) || !errors.Is(err, context.Canceled) {
			t.Errorf("%#02x: got %v", op, err)
		}
	}
}

func TestAFrozenServerMakesAWriteUnknownAndALaterOneWorks(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane"})
	c := rootConfig(s, s.LDAPSURL)
	c.OpTimeout = time.Second
	p := open(t, c)
	mustSearch(t, p, byUID(s, "jane"))
	s.Freeze(t)
	_, err := p.Modify(guarded(t), title(dn, "first"))
	if !sent(t, err) || !errors.Is(err, ldapconn.ErrTimeout) {
		t.Errorf("got %v", err)
	}
	s.Thaw()
	if _, err := p.Modify(guarded(t), title(dn, "second")); err != nil {
		t.Fatal(err)
	}
	if got := s.Read(t, dn).First("title"); got != "second" {
		t.Errorf("title %q", got)
	}
}

func TestARefusalIsAnAnswer(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane", Password: goodPassword})
	p := open(t, config(s, s.LDAPSURL))
	for name, tc := range map[string]struct {
		modification ldapconn.Modification
		want         ldapconn.Code
		policy       ldapconn.PolicyError
	}{
		"no right":         {title(dn, "x"), ldapconn.CodeInsufficientAccessRights, ""},
		"no such person":   {title("uid=ghost,ou=people,"+s.Suffix, "x"), ldapconn.CodeNoSuchObject, ""},
		"not a name":       {title("nonsense", "x"), ldapconn.CodeInvalidDNSyntax, ""},
		"too short":        {password(dn, "ab"), ldapconn.CodeConstraintViolation, ldapconn.PolicyTooShort},
		"in history":       {password(dn, goodPassword), ldapconn.CodeConstraintViolation, ldapconn.PolicyInHistory},
		"nothing to take":  {ldapconn.Modification{DN: dn, Changes: []ldapconn.Change{ldapconn.Delete("pwdAccountLockedTime")}}, ldapconn.CodeNoSuchAttribute, ""},
		"no such control":  {unknownControl(dn), ldapconn.CodeUnavailableCriticalExtension, ""},
		"no relaxed rules": {ldapconn.Modification{DN: dn, Changes: []ldapconn.Change{ldapconn.Replace("pwdFailureTime")}}, ldapconn.CodeConstraintViolation, ""},
	} {
		policy, err := p.Modify(guarded(t), tc.modification)
		refusal := wantCode(t, err, tc.want)
		if refusal.Policy.Error != tc.policy || policy != refusal.Policy {
			t.Errorf("%s: %+v", name, refusal.Policy)
		}
	}
	if h := p.Health(); h.Open != 1 {
		t.Errorf("%d connections after refusals", h.Open)
	}
}

func password(dn, value string) ldapconn.Modification {
	return ldapconn.Modification{DN: dn, Changes: []ldapconn.Change{
		ldapconn.ReplaceSecret("userPassword", secret.FromString(value)), ldapconn.Replace("pwdReset", "TRUE"),
	}}
}

func unknownControl(dn string) ldapconn.Modification {
	m := title(dn, "x")
	m.Controls = []ldapconn.Control{{OID: "1.3.6.1.4.1.4203.666.99.99", Critical: true, Value: []byte{}}}
	return m
}

func TestOneModifySetsThePasswordAndTheDutyToChangeIt(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane", Password: goodPassword})
	p := open(t, config(s, s.LDAPSURL))
	if policy, err := p.Modify(guarded(t), password(dn, "Another-2026-pass")); err != nil || policy.Error != "" {
		t.Fatalf("%+v, %v", policy, err)
	}
	if got := s.Read(t, dn); got.First("pwdReset") != "TRUE" || !s.CanBind(t, dn, "Another-2026-pass") {
		t.Errorf("entry: %v", got)
	}
}

func TestAnUnlockIsIdempotentAndTakesTheFailuresAlong(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane", Password: goodPassword})
	s.LockByWrongPasswords(t, dn)
	p := open(t, config(s, s.LDAPSURL))
	unlock := ldapconn.Modification{DN: dn, Changes: []ldapconn.Change{ldapconn.Replace("pwdAccountLockedTime")}}
	for range 2 {
		if _, err := p.Modify(guarded(t), unlock); err != nil {
			t.Fatal(err)
		}
	}
	failures := ldapconn.Modification{
		DN: dn, Changes: []ldapconn.Change{ldapconn.Replace("pwdFailureTime")}, Controls: []ldapconn.Control{ldapconn.RelaxRules()},
	}
	if _, err := p.Modify(guarded(t), failures); err != nil {
		t.Fatal(err)
	}
	if got := s.Read(t, dn); got.Has("pwdAccountLockedTime") || got.Has("pwdFailureTime") || !s.CanBind(t, dn, goodPassword) {
		t.Errorf("entry: %v", got)
	}
}

func TestValuesAreAddedAndTakenAway(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane"})
	p := open(t, rootConfig(s, s.LDAPSURL))
	for _, change := range []ldapconn.Change{ldapconn.Add("title", "one", "two"), ldapconn.Delete("title", "one")} {
		if _, err := p.Modify(guarded(t), ldapconn.Modification{DN: dn, Changes: []ldapconn.Change{change}}); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Read(t, dn).All("title"); len(got) != 1 || got[0] != "two" {
		t.Errorf("titles %q", got)
	}
}

func TestAPasswordIsChangedByTheExtendedOperation(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane", Password: goodPassword})
	p := open(t, config(s, s.LDAPSURL))
	result, err := p.PasswordModify(guarded(t), ldapconn.PasswordChange{UserDN: dn, New: secret.FromString("Another-2026-pass")})
	if err != nil || result.Generated != nil || !s.CanBind(t, dn, "Another-2026-pass") {
		t.Fatalf("%+v, %v", result, err)
	}
	result, err = p.PasswordModify(guarded(t), ldapconn.PasswordChange{UserDN: dn})
	if err != nil || result.Generated.Len() == 0 || !s.CanBind(t, dn, result.Generated.Reveal()) {
		t.Errorf("generated: %+v, %v", result, err)
	}
}

func TestTheExtendedOperationTellsThePolicysReason(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane", Password: goodPassword})
	p := open(t, config(s, s.LDAPSURL))
	for value, want := range map[string]ldapconn.PolicyError{
		"ab": ldapconn.PolicyTooShort, goodPassword: ldapconn.PolicyInHistory, "{SSHA}AAAA": ldapconn.PolicyBadQuality,
	} {
		_, err := p.PasswordModify(guarded(t), ldapconn.PasswordChange{UserDN: dn, New: secret.FromString(value)})
		if refusal := wantCode(t, err, ldapconn.CodeConstraintViolation); refusal.Policy.Error != want {
			t.Errorf("%s: %+v", value, refusal)
		}
	}
	_, err := p.PasswordModify(guarded(t), ldapconn.PasswordChange{UserDN: "uid=ghost,ou=people," + s.Suffix, New: secret.FromString(goodPassword)})
	wantCode(t, err, ldapconn.CodeNoSuchObject)
}

func TestAWriteThatMeansNothingIsNotSent(t *testing.T) {
	t.Parallel()
	p := open(t, ldapconn.Config{URLs: []string{"ldaps://127.0.0.1:1"}, BindDN: "cn=x", Password: secret.FromString("x")})
	for name, err := range map[string]error{
		"no name":      second(p.Modify(t.Context(), title("", "x"))),
		"no change":    second(p.Modify(t.Context(), ldapconn.Modification{DN: "cn=x"})),
		"no attribute": second(p.Modify(t.Context(), ldapconn.Modification{DN: "cn=x", Changes: []ldapconn.Change{ldapconn.Replace("a b")}})),
		"no password":  second(p.Modify(t.Context(), password("cn=x", ""))),
		"nobody":       second(p.PasswordModify(t.Context(), ldapconn.PasswordChange{New: secret.FromString("x")})),
		"empty new":    second(p.PasswordModify(t.Context(), ldapconn.PasswordChange{UserDN: "cn=x", New: secret.FromString("")})),
		"empty old":    second(p.PasswordModify(t.Context(), ldapconn.PasswordChange{UserDN: "cn=x", Old: secret.FromString("")})),
	} {
		if sent(t, err) || isUnavailable(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestAPersonsOldPasswordIsSentAlong(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane", Password: goodPassword})
	c := config(s, s.LDAPSURL)
	c.BindDN, c.Password = dn, secret.FromString(goodPassword)
	p := open(t, c)
	change := ldapconn.PasswordChange{UserDN: dn, Old: secret.FromString("wrong"), New: secret.FromString("Another-2026-pass")}
	if _, err := p.PasswordModify(guarded(t), change); err == nil {
		t.Error("a wrong old password was accepted")
	}
	change.Old = secret.FromString(goodPassword)
	if _, err := p.PasswordModify(guarded(t), change); err != nil || !s.CanBind(t, dn, "Another-2026-pass") {
		t.Error(err)
	}
}
