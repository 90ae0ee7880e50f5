package openldap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/directorytest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/text"
)

// fault is what goes wrong with the Modify of a change, and what must be said of it.
type fault struct {
	name string
	testlab.Fault
	done    bool // what really happened
	code    core.Code
	changed core.Changed
}

func faults() []fault {
	unknown := func(name string, done bool, f testlab.Fault) fault {
		return fault{name, f, done, core.CodeUnknown, core.ChangeUnknown}
	}
	answer := func(code byte) func(int64) []byte {
		return func(id int64) []byte { return testlab.Answer(id, 0x67, code, "made up") }
	}
	return []fault{
		unknown("reset before the server sees it", false, testlab.Fault{Point: testlab.BeforeForward}),
		unknown("closed before the server sees it", false, testlab.Fault{Point: testlab.BeforeForward, Act: testlab.ActClose}),
		unknown("reset when the server has seen half of it", false, testlab.Fault{Point: testlab.DuringForward}),
		unknown("reset after the server did it", true, testlab.Fault{Point: testlab.BeforeAnswer}),
		unknown("closed after the server did it", true, testlab.Fault{Point: testlab.BeforeAnswer, Act: testlab.ActClose}),
		unknown("reset within the answer", true, testlab.Fault{Point: testlab.DuringAnswer}),
		unknown("no answer", true, testlab.Fault{Point: testlab.BeforeAnswer, Act: testlab.ActHang}),
		unknown("never sent on", false, testlab.Fault{Point: testlab.BeforeForward, Act: testlab.ActHang}),
		{"busy", testlab.Fault{Act: testlab.ActAnswer, Answer: answer(51)}, false, core.CodeUnavailable, core.NothingChanged},
		{"a referral", testlab.Fault{Act: testlab.ActAnswer, Answer: answer(10)}, false, core.CodeUnavailable, core.NothingChanged},
		{"a full disk", testlab.Fault{Act: testlab.ActAnswer, Answer: answer(80)}, false, core.CodeUnavailable, core.NothingChanged},
		{"no such attribute", testlab.Fault{Act: testlab.ActAnswer, Answer: answer(17)}, false, core.CodeUnavailable, core.NothingChanged},
		{"no TLS", testlab.Fault{Act: testlab.ActAnswer, Answer: answer(13)}, false, core.CodeDenied, core.NothingChanged},
	}
}

// T111: whatever happens to a change on its way, the error tells the truth about it.
func TestAFaultInTheMiddleOfAChangeIsToldAsItIs(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			proxy := front(t, s)
			o := options(s, proxy.URL())
			o.OpTimeout = 1500 * time.Millisecond
			d := open(t, o)
			resetDN, resetID := add(t, s, testlab.Person{UID: "reset " + f.name})
			unlockDN, unlockID := add(t, s, testlab.Person{UID: "unlock " + f.name})
			s.Modify(t, unlockDN, testlab.Attributes{attrLocked: {ago(time.Minute)}})
			mustAccount(t, d, resetID)
			f.Fault.Op = testlab.OpModify
			proxy.Arm(f.Fault)
			want(t, reset(t, d, resetID, true), f.code, f.changed, "")
			if done := s.CanBind(t, resetDN, directorytest.SecondPassword); done != f.done {
				t.Errorf("the password was changed: %v, want %v", done, f.done)
			}
			proxy.Disarm()
			proxy.Arm(f.Fault)
			_, err := unlock(t, d, unlockID)
			want(t, err, f.code, f.changed, "")
			if done := !s.Read(t, unlockDN).Has(attrLocked); done != f.done {
				t.Errorf("the account was unlocked: %v, want %v", done, f.done)
			}
			if n := len(proxy.Requests(testlab.OpModify)); n != 2 {
				t.Errorf("%d requests: a change must never be repeated blindly", n)
			}
			proxy.Disarm()
			if _, err := d.Account(guarded(t), resetID.Key); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestASlowServerIsWaitedForAndASlowerOneIsNot(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	proxy := front(t, s)
	o := options(s, proxy.URL())
	o.OpTimeout = time.Second
	d := open(t, o)
	dn, id := add(t, s, testlab.Person{UID: "jane"})
	proxy.Arm(testlab.Fault{Op: testlab.OpModify, Point: testlab.BeforeAnswer, Act: testlab.ActDelay, Delay: 300 * time.Millisecond})
	if err := reset(t, d, id, true); err != nil || !s.CanBind(t, dn, directorytest.SecondPassword) {
		t.Errorf("a slow answer: %v", err)
	}
	proxy.Disarm()
	proxy.Arm(testlab.Fault{Op: testlab.OpSearch, Times: -1, Point: testlab.BeforeAnswer, Act: testlab.ActHang})
	began := time.Now()
	want(t, resetTo(t, d, id, directorytest.ThirdPassword, true), core.CodeUnavailable, core.NothingChanged, "openldap.down")
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestACancelledChangeThatWasSentIsUnknown(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	proxy := front(t, s)
	d := open(t, options(s, proxy.URL()))
	_, id := add(t, s, testlab.Person{UID: "jane"})
	struck := proxy.Arm(testlab.Fault{Op: testlab.OpModify, Point: testlab.BeforeAnswer, Act: testlab.ActHang})
	ctx, cancel := context.WithCancel(guarded(t))
	go func() {
		<-struck
		cancel()
	}()
	err := d.SetPassword(ctx, directorytest.Grant(t, rbac.ResetPassword, id), core.PasswordChange{Account: id, Password: secret.FromString(directorytest.SecondPassword)})
	want(t, err, core.CodeUnknown, core.ChangeUnknown, "openldap.no_answer")
}

// T50, T51: nothing is sent to a server that does not prove who it is, and the sentence says why.
func TestAServerThatIsNotTrustedGetsNothing(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	_, id := add(t, s, testlab.Person{UID: "jane"})
	other := testlab.NewCA(t)
	cert := func(ca *testlab.CA, c testlab.CertOptions) *tls.Certificate {
		issued := ca.Issue(c)
		return &issued
	}
	good := cert(s.CA, testlab.CertOptions{})
	for name, tc := range map[string]struct {
		front testlab.FrontOptions
		said  string
	}{
		"expired":                {testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: cert(s.CA, testlab.CertOptions{Expired: true})}, "openldap.certificate"},
		"another host":           {testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: cert(s.CA, testlab.CertOptions{Hosts: []string{"elsewhere.example"}})}, "openldap.certificate"},
		"another authority":      {testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: cert(other, testlab.CertOptions{})}, "openldap.certificate"},
		"self-signed":            {testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: cert(s.CA, testlab.CertOptions{SelfSigned: true})}, "openldap.certificate"},
		"TLS 1.1":                {testlab.FrontOptions{TLS: testlab.FrontImplicit, Certificate: good, MinVersion: tls.VersionTLS11, MaxVersion: tls.VersionTLS11}, "openldap.down"},
		"StartTLS refused":       {testlab.FrontOptions{StartTLS: testlab.StartTLSRefuse, Certificate: good}, "openldap.start_tls"},
		"StartTLS stripped":      {testlab.FrontOptions{StartTLS: testlab.StartTLSStrip, Certificate: good}, "openldap.down"},
		"StartTLS injected into": {testlab.FrontOptions{StartTLS: testlab.StartTLSInject, Certificate: good}, "openldap.down"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := testlab.LDAPFront(t, s.Addr, tc.front)
			d := open(t, options(s, proxy.URL()))
			want(t, reset(t, d, id, true), core.CodeUnavailable, core.NothingChanged, tc.said)
			if n := len(proxy.Requests(testlab.OpBind)); n != 0 {
				t.Errorf("%d sign-ins were sent", n)
			}
			if strings.Contains(string(proxy.WireBytes()), s.HelpdeskPassword) {
				t.Error("the password of the service identity was sent")
			}
			if h := d.Probe(guarded(t)); h.Level != core.Red || h.Said.ID != tc.said {
				t.Errorf("health %+v", h)
			}
		})
	}
}

func TestAnIdentityThatIsNotAcceptedIsSaidAndNotTriedAgainAndAgain(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	_, id := add(t, s, testlab.Person{UID: "jane"})
	proxy := front(t, s)
	o := options(s, proxy.URL())
	o.BindPassword = secret.FromString("not-the-password-of-helpdesk")
	d := open(t, o)
	for range 5 {
		want(t, reset(t, d, id, true), core.CodeUnavailable, core.NothingChanged, "openldap.identity_rejected")
		_, err := d.Search(guarded(t), core.Query{Text: raw("jane")})
		want(t, err, core.CodeUnavailable, core.NothingChanged, "openldap.identity_rejected")
	}
	if n := len(proxy.Requests(testlab.OpBind)); n > 2 {
		t.Errorf("%d sign-ins: the identity would be locked", n)
	}
}

func TestAnIdentityThatMustChangeItsPasswordIsSaid(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	_, id := add(t, s, testlab.Person{UID: "jane"})
	s.Modify(t, s.HelpdeskDN, testlab.Attributes{attrReset: {"TRUE"}})
	want(t, reset(t, open(t, options(s)), id, true), core.CodeUnavailable, core.NothingChanged, "openldap.identity_must_change")
}

func TestEveryReadSaysWhyThereIsNoAnswer(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	_, id := add(t, s, testlab.Person{UID: "jane"})
	answer := func(code byte) testlab.Fault {
		return testlab.Fault{Act: testlab.ActAnswer, Answer: func(m int64) []byte { return testlab.Answer(m, 0x65, code, "made up") }}
	}
	for said, f := range map[string]testlab.Fault{
		"openldap.busy": answer(51), "openldap.too_much_work": answer(11), "openldap.may_not_read": answer(50), "openldap.no_base": answer(32),
		"openldap.refused_said": answer(80), "openldap.down": {Point: testlab.BeforeAnswer, Times: -1},
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			proxy := front(t, s)
			d := ready(t, options(s, proxy.URL()))
			mustAccount(t, d, id)
			for name, read := range reads(d, id) {
				f.Op, f.Times = testlab.OpSearch, -1
				proxy.Arm(f)
				e := want(t, read(guarded(t)), core.CodeUnavailable, core.NothingChanged, said)
				if said != "openldap.down" && !strings.HasPrefix(e.Ref, "LDAP ") {
					t.Errorf("%s: reference %q", name, e.Ref)
				}
				proxy.Disarm()
			}
		})
	}
}

// reads are all calls that only read.
func reads(d *Directory, id core.AccountID) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"Account": func(ctx context.Context) error { _, err := d.Account(ctx, id.Key); return err },
		"Search":  func(ctx context.Context) error { _, err := d.Search(ctx, core.Query{Text: raw("jane")}); return err },
		"Resolve": func(ctx context.Context) error { _, err := d.Resolve(ctx, raw("jane")); return err },
		"List": func(ctx context.Context) error {
			_, err := d.List(ctx, core.ListQuery{State: core.ListLocked})
			return err
		},
		"Authenticate": func(ctx context.Context) error {
			_, err := d.Authenticate(ctx, raw("jane"), secret.FromString(directorytest.FirstPassword))
			return err
		},
	}
}

func TestAServerThatComesBackIsUsedAgain(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	_, id := add(t, s, testlab.Person{UID: "jane"})
	d := open(t, options(s))
	mustAccount(t, d, id)
	s.Kill()
	_, err := d.Account(guarded(t), id.Key)
	want(t, err, core.CodeUnavailable, core.NothingChanged, "openldap.down")
	if h := d.Probe(guarded(t)); h.Level != core.Red {
		t.Errorf("health %+v", h)
	}
	s.Start(t)
	deadline := time.Now().Add(guardTime)
	for {
		if _, err = d.Account(guarded(t), id.Key); err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still not: %v", err)
		}
		time.Sleep(20 * time.Millisecond) // the pool decides when it asks again: there is nothing else to wait on
	}
}

func TestAClosedDirectorySaysSo(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	_, id := add(t, s, testlab.Person{UID: "jane"})
	d := ready(t, options(s))
	if err := errors.Join(d.Close(), d.Close()); err != nil {
		t.Fatal(err)
	}
	for name, read := range reads(d, id) {
		t.Log(name)
		want(t, read(guarded(t)), core.CodeUnavailable, core.NothingChanged, "openldap.closed")
	}
	want(t, reset(t, d, id, true), core.CodeUnavailable, core.NothingChanged, "openldap.closed")
}

// echo is a server that repeats a whole request in its refusal, as a badly written module might.
func TestAServerThatRepeatsThePasswordIsNotRepeated(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	proxy := front(t, s)
	var log lockedBuilder
	o := options(s, proxy.URL())
	o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	d := ready(t, o)
	_, id := add(t, s, testlab.Person{UID: "jane"})
	for _, code := range []byte{19, 53, 80} {
		proxy.Arm(testlab.Fault{Op: testlab.OpModify, Act: testlab.ActAnswer, Answer: func(m int64) []byte {
			return testlab.Answer(m, 0x67, code, "refused: "+directorytest.SecondPassword+"!")
		}})
		e := core.AsError(reset(t, d, id, true))
		inWords(t, e)
		shown := fmt.Sprintf("%v %+v %#v %s %s", e, e, e.Said, text.Printer{}.Say(e.Said), log.String())
		if e.Changed != core.NothingChanged || strings.Contains(shown, directorytest.SecondPassword) {
			t.Errorf("code %d: the password is in %s", code, shown)
		}
		proxy.Disarm()
	}
}

// lockedBuilder takes a log from several goroutines.
type lockedBuilder struct {
	mu sync.Mutex
	strings.Builder
}

func (b *lockedBuilder) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Builder.Write(p)
}

func (b *lockedBuilder) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Builder.String()
}
