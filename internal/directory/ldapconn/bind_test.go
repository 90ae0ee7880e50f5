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

const goodPassword = "Right-2026-pass"

// T52: an empty password or name would be an anonymous bind, which succeeds.
func TestAnEmptyPasswordNeverLeavesTheProgram(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	s.Configure(t, "dn: cn=config\nchangetype: modify\nreplace: olcAllows\nolcAllows: bind_anon_cred bind_anon_dn\n")
	f := front(t, s)
	p := open(t, config(s, f.URL()))
	spent := secret.FromString("spent")
	spent.Destroy()
	for _, tc := range []struct {
		dn       string
		password *secret.Text
		want     error
	}{
		{s.RootDN, nil, ldapconn.ErrEmptyPassword},
		{s.RootDN, secret.FromString(""), ldapconn.ErrEmptyPassword},
		{s.RootDN, spent, ldapconn.ErrEmptyPassword},
		{"", secret.FromString("x"), ldapconn.ErrEmptyDN},
	} {
		if _, err := p.CheckPassword(guarded(t), tc.dn, tc.password); !errors.Is(err, tc.want) {
			t.Errorf("%q: got %v, want %v", tc.dn, err, tc.want)
		}
	}
	if f.Connections() != 0 {
		t.Error("a connection was made for it")
	}
}

func TestThePolicyTellsWhyASignInFails(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{Policy: map[string]string{"pwdGraceAuthNLimit": "2"}})
	p := open(t, config(s, s.LDAPSURL))
	old := func(age time.Duration) func(string) {
		return func(dn string) {
			s.ModifyOperational(t, dn, testlab.Attributes{"pwdChangedTime": {ldapconn.FormatTime(time.Now().Add(-age))}})
		}
	}
	const maxAge = 7776000 * time.Second
	for _, tc := range []struct {
		uid     string
		prepare func(dn string)
		check   func(ldapconn.PasswordPolicy) bool
	}{
		{"fine", func(string) {}, func(p ldapconn.PasswordPolicy) bool {
			return p.Given && p.Error == "" && p.GraceLeft == -1 && p.ExpiresIn == 0
		}},
		{"must-change", func(dn string) { s.Modify(t, dn, testlab.Attributes{"pwdReset": {"TRUE"}}) }, func(p ldapconn.PasswordPolicy) bool {
			return p.Error == ldapconn.PolicyMustChange
		}},
		{"grace", old(maxAge + time.Hour), func(p ldapconn.PasswordPolicy) bool { return p.GraceLeft == 1 }},
		{"expiring", old(maxAge - time.Hour), func(p ldapconn.PasswordPolicy) bool {
			return p.ExpiresIn > 50*time.Minute && p.ExpiresIn <= time.Hour
		}},
	} {
		dn := s.AddPerson(t, testlab.Person{UID: tc.uid, Password: goodPassword})
		tc.prepare(dn)
		policy, err := p.CheckPassword(guarded(t), dn, secret.FromString(goodPassword))
		if err != nil || !tc.check(policy) {
			t.Errorf("%s: %+v, %v", tc.uid, policy, err)
		}
	}
}

func TestARefusedSignInNamesLockAndExpiry(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	p := open(t, config(s, s.LDAPSURL))
	locked := s.AddPerson(t, testlab.Person{UID: "locked", Password: goodPassword})
	s.LockByWrongPasswords(t, locked)
	expired := s.AddPerson(t, testlab.Person{UID: "expired", Password: goodPassword})
	s.ModifyOperational(t, expired, testlab.Attributes{"pwdChangedTime": {"20200101000000Z"}})
	fine := s.AddPerson(t, testlab.Person{UID: "fine", Password: goodPassword})
	for _, tc := range []struct {
		dn, password string
		want         ldapconn.PolicyError
	}{
		{locked, goodPassword, ldapconn.PolicyLocked},
		{expired, goodPassword, ldapconn.PolicyExpired},
		{fine, "wrong", ""},
		{"uid=ghost,ou=people," + s.Suffix, goodPassword, ""},
	} {
		policy, err := p.CheckPassword(guarded(t), tc.dn, secret.FromString(tc.password))
		refusal := wantCode(t, err, ldapconn.CodeInvalidCredentials)
		if refusal.Policy.Error != tc.want || policy != refusal.Policy {
			t.Errorf("%s: %+v", tc.dn, refusal.Policy)
		}
	}
}

func TestAPersonsSignInDoesNotTouchTheServiceConnections(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane", Password: goodPassword})
	p := open(t, config(s, s.LDAPSURL))
	mustSearch(t, p, byUID(s, "jane"))
	if _, err := p.CheckPassword(guarded(t), dn, secret.FromString(goodPassword)); err != nil {
		t.Fatal(err)
	}
	if got := mustSearch(t, p, byUID(s, "jane")); len(got) != 1 {
		t.Error("the service identity sees less after a person's sign-in")
	}
	if h := p.Health(); h.Open != 1 || h.InUse != 0 {
		t.Errorf("%d connections open, %d in use", h.Open, h.InUse)
	}
}

func TestAWrongServicePasswordIsTriedOnceAndNotUntilItIsLocked(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	c := config(s, f.URL(), f.URL())
	c.Password = secret.FromString("wrong")
	c.RetryMin = time.Millisecond
	p := open(t, c)
	for range 10 {
		_, _, err := p.Search(guarded(t), byUID(s, "x"))
		wantSetup(t, err, ldapconn.StepSignIn, ldapconn.CodeInvalidCredentials)
		if !errors.Is(err, ldapconn.ErrIdentityRejected) {
			t.Errorf("got %v", err)
		}
	}
	if binds := len(f.Requests(testlab.OpBind)); binds != 1 {
		t.Errorf("%d binds with a wrong password", binds)
	}
	h := p.Health()
	if h.Rejected == nil || time.Until(h.RetryAt) < 15*time.Second || h.Servers[0].Failures != 0 {
		t.Errorf("health: %+v", h)
	}
}

func TestARefusedServiceIdentityIsNoRefusalOfAWrite(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	c := config(s, s.LDAPSURL)
	c.Password = secret.FromString("wrong")
	_, err := open(t, c).Modify(guarded(t), title(s.HelpdeskDN, "x"))
	if _, refused := ldapconn.CodeOf(err); refused || sent(t, err) || !isUnavailable(err) {
		t.Errorf("got %v", err)
	}
	unavailable, _ := errors.AsType[*ldapconn.UnavailableError](err)
	if time.Until(unavailable.RetryAt) < 15*time.Second {
		t.Errorf("tried again at %v", unavailable.RetryAt)
	}
}

func TestAServiceIdentityThatMustChangeItsPasswordIsNamed(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	s.Modify(t, s.HelpdeskDN, testlab.Attributes{"pwdReset": {"TRUE"}})
	p := open(t, config(s, s.LDAPSURL))
	if _, _, err := p.Search(guarded(t), byUID(s, "x")); !errors.Is(err, ldapconn.ErrIdentityMustChange) || !isUnavailable(err) {
		t.Errorf("got %v", err)
	}
}

func TestAServerThatIsBusyAtSignInIsAskedAgainSoon(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	f.Arm(testlab.Fault{Op: testlab.OpBind, Act: testlab.ActAnswer, Answer: func(id int64) []byte {
		return testlab.Answer(id, 0x61, 51, "busy")
	}})
	c := config(s, f.URL())
	c.RetryMin, c.RetryMax = time.Millisecond, time.Millisecond
	p := open(t, c)
	_, _, err := p.Search(guarded(t), byUID(s, "x"))
	if !isUnavailable(err) {
		t.Fatalf("got %v", err)
	}
	wantSetup(t, err, ldapconn.StepSignIn, ldapconn.CodeBusy)
	if p.Health().Rejected != nil {
		t.Error("the identity is blamed")
	}
	searchUntil(t, p, byUID(s, "x"))
}

func TestASignInThatHangsEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane", Password: goodPassword})
	f := front(t, s)
	p := open(t, config(s, f.URL()))
	struck := f.Arm(testlab.Fault{Op: testlab.OpBind, Act: testlab.ActHang})
	ctx, cancel := context.WithCancel(guarded(t))
	go func() { // ends when the bind has arrived
		<-struck
		cancel()
	}()
	if _, err := p.CheckPassword(ctx, dn, secret.FromString(goodPassword)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// searchUntil searches until the directory is back, as an operator would who tries again.
func searchUntil(t *testing.T, p *ldapconn.Pool, r ldapconn.Request) {
	t.Helper()
	ctx := guarded(t)
	for {
		_, _, err := p.Search(ctx, r)
		if err == nil {
			return
		}
		if !isUnavailable(err) || ctx.Err() != nil {
			t.Fatal(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Millisecond):
		}
	}
}
