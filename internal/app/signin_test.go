package app

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sshd"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func TestAnOperatorSignsInWithAKeyOfTheConfigurationOrTheHost(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.serve()
	c, err := s.connect("l1", gossh.PublicKeys(b.keys["l1"]))
	must(t, err)
	operator, credential := whoami(t, c)
	if want := "key:" + gossh.FingerprintSHA256(b.keys["l1"].PublicKey()); operator != "l1" || credential != want {
		t.Errorf("%s with %s, want l1 with %s", operator, credential, want)
	}
	if c, err = s.connect("L1", gossh.PublicKeys(b.keys["l1"])); err != nil {
		t.Errorf("the same login in capitals: %v", err)
	} else if operator, _ = whoami(t, c); operator != "l1" {
		t.Errorf("in capitals it is %s", operator)
	}
	c, err = s.connect("l2", gossh.PublicKeys(b.keys["l1"]))
	refused(t, c, err, "the key of l1 as l2")

	must(t, b.AddOperator(t.Context(), NewOperator{Login: "new", Name: "New Colleague", Role: "Helpdesk Administrator", KeyFile: b.keyFile("new")}))
	c, err = s.connect("new", gossh.PublicKeys(b.keys["new"]))
	must(t, err)
	if operator, _ = whoami(t, c); operator != "new" {
		t.Errorf("signed in as %s", operator)
	}
}

// keyFile makes a key for an operator and returns the file of its public half.
func (b *bench) keyFile(login string) string {
	b.t.Helper()
	path := filepath.Join(b.dir, login+".pub")
	must(b.t, os.WriteFile(path, []byte(b.newKey(login)+" "+login+"@host\n"), 0o600))
	return path
}

const benchPassword = "a long enough pass phrase"

// passwordOperator is an operator of the configuration whose own account is in the embedded directory.
func passwordOperator() setting {
	return with("[[operator]]\nlogin = \"pat\"\nroles = [\"Password Administrator\"]\naccount = \"people:pat\"")
}

func TestAnOperatorSignsInWithTheirDirectoryPassword(t *testing.T) {
	t.Parallel()
	b := newBench(t, passwordOperator())
	b.signsInWith("pat", benchPassword, nil)
	b.signsInWith("omar", benchPassword, nil)
	s := b.serve()
	c, err := s.connect("pat", answers(benchPassword, nil))
	must(t, err)
	if operator, credential := whoami(t, c); operator != "pat" || credential != "password:pat" {
		t.Errorf("%s with %s", operator, credential)
	}
	for who, try := range map[string][2]string{
		"a wrong password": {"pat", "wrong"}, "no password": {"pat", ""}, "somebody who is no operator": {"omar", benchPassword},
		"nobody": {"nobody", benchPassword}, "an operator without an account": {"l1", benchPassword}, "the host console": {hostOperator, benchPassword},
	} {
		c, err := s.connect(try[0], answers(try[1], nil))
		refused(t, c, err, who)
	}
}

func TestPasswordsAreNotTakenWhereTheConfigurationSaysSo(t *testing.T) {
	t.Parallel()
	b := newBench(t, passwordOperator(), instead(`listen = "127.0.0.1:0"`, "listen = \"127.0.0.1:0\"\npasswords = \"nowhere\""))
	b.signsInWith("pat", benchPassword, nil)
	c, err := b.serve().connect("pat", answers(benchPassword, nil))
	refused(t, c, err, "a password")
}

func TestARegisteredSecondFactorIsAskedForAfterKeyAndPassword(t *testing.T) {
	t.Parallel()
	b := newBench(t, passwordOperator())
	b.signsInWith("pat", benchPassword, nil)
	s := b.serve()
	code := b.secondFactor("pat")
	c, err := s.connect("pat", answers(benchPassword, code))
	must(t, err)
	if operator, _ := whoami(t, c); operator != "pat" {
		t.Errorf("signed in as %s", operator)
	}
	c, err = s.connect("pat", answers(benchPassword, func() string { return "000000" }))
	refused(t, c, err, "a wrong code")
	last := code()
	c, err = s.connect("pat", answers(benchPassword, func() string { return last }))
	must(t, err)
	_, _ = whoami(t, c)
	c, err = s.connect("pat", answers(benchPassword, func() string { return last }))
	refused(t, c, err, "a code that was used")

	keyed := b.secondFactor("l1")
	c, err = s.connect("l1", gossh.PublicKeys(b.keys["l1"]))
	refused(t, c, err, "the key alone")
	c, err = s.connect("l1", gossh.PublicKeys(b.keys["l1"]), answers("", keyed))
	must(t, err)
	if operator, credential := whoami(t, c); operator != "l1" || !strings.HasPrefix(credential, "key:") {
		t.Errorf("%s with %s", operator, credential)
	}
	// Another operator without one is not asked.
	if _, err = s.connect("l2", gossh.PublicKeys(b.keys["l2"])); err != nil {
		t.Error(err)
	}
}

func TestWhereASecondFactorIsRequiredNobodyGetsInWithoutOne(t *testing.T) {
	t.Parallel()
	b := newBench(t, instead(`listen = "127.0.0.1:0"`, "listen = \"127.0.0.1:0\"\nrequire_totp = true"))
	s := b.serve()
	c, err := s.connect("l1", gossh.PublicKeys(b.keys["l1"]))
	refused(t, c, err, "a key alone")
	c, err = s.connect("l1", gossh.PublicKeys(b.keys["l1"]), answers("123456", nil))
	refused(t, c, err, "a code of no second factor")
	code := b.secondFactor("l1")
	if _, err = s.connect("l1", gossh.PublicKeys(b.keys["l1"]), answers("", code)); err != nil {
		t.Error(err)
	}
}

// T47: whoever the login belongs to, and whether it belongs to anybody, cannot be told from outside.
func TestAKnownLoginAnswersLikeAnUnknownOne(t *testing.T) {
	t.Parallel()
	b := newBench(t, passwordOperator())
	b.signsInWith("pat", benchPassword, nil)
	b.secondFactor("pat")
	must(t, b.DisableOperator(t.Context(), "l2", true))
	s := b.serve()
	logins := []string{"nobody", "pat", "l1", "l2", "root", hostOperator}
	said := make([]strings.Builder, len(logins))
	var all sync.WaitGroup
	for i, login := range logins {
		all.Go(func() {
			asked := gossh.RetryableAuthMethod(gossh.KeyboardInteractive(func(name, instruction string, questions []string, echos []bool) ([]string, error) {
				fmt.Fprintf(&said[i], "%q %q %q %v\n", name, instruction, questions, echos)
				return make([]string, len(questions)), nil
			}), 5)
			banner := func(m string) { fmt.Fprintf(&said[i], "%q\n", m) }
			c, err := s.connectFrom(fmt.Sprintf("127.77.0.%d", i+1), login, banner, gossh.PublicKeys(b.keys["auditor"]), asked)
			refused(t, c, err, login)
			why, _, _ := strings.Cut(fmt.Sprint(err), "\n") // behind that stand our own addresses
			said[i].WriteString(why)
		})
	}
	all.Wait()
	want := said[0].String()
	for i, login := range logins {
		if got := said[i].String(); got != want {
			t.Errorf("%s is answered with\n%s\nnot with\n%s", login, got, want)
		}
	}
	if !strings.Contains(want, "Password") {
		t.Errorf("nobody was asked anything: %s", want)
	}
}

func TestTenWrongCodesEndTheTryingForAWhile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	code := b.secondFactor("l1")
	a := b.authenticator()
	for range signInTries {
		if err := a.TOTP(t.Context(), "l1", secret.FromString("000000")); err == nil {
			t.Fatal("a wrong code was accepted")
		}
	}
	if err := a.TOTP(t.Context(), "l1", secret.FromString(code())); err == nil {
		t.Error("the right code was accepted after too many wrong ones")
	}
	if err := a.TOTP(t.Context(), "l2", secret.FromString("000000")); err == nil || core.CodeOf(err) == core.CodeUnavailable {
		t.Errorf("a colleague: %v", err)
	}
	b.clock.add(signInWindow)
	if err := a.TOTP(t.Context(), "l1", secret.FromString(code())); err != nil {
		t.Errorf("when the time is over: %v", err)
	}
	// Counted on disk: a restart forgives nothing, nor does a clock that is set back.
	for range signInTries {
		_ = a.TOTP(t.Context(), "l1", secret.FromString("000000"))
	}
	b.reopen()
	b.clock.add(-2 * time.Hour)
	if err := b.authenticator().TOTP(t.Context(), "l1", secret.FromString(code())); err == nil {
		t.Error("a restart, or a clock that was set back, forgave the wrong ones")
	}
}

// Success is no try: an operator who runs one command after the other is not kept out.
func TestSignInsThatSucceedAreNotCountedAgainstTheOperator(t *testing.T) {
	t.Parallel()
	b := newBench(t, passwordOperator())
	b.signsInWith("pat", benchPassword, nil)
	code := b.secondFactor("pat")
	a := b.authenticator()
	for i := range 2 * signInTries {
		if _, err := a.Password(t.Context(), "pat", secret.FromString(benchPassword)); err != nil {
			t.Fatalf("password %d: %v", i, err)
		}
		if i < signInTries+2 {
			if err := a.TOTP(t.Context(), "pat", secret.FromString(code())); err != nil {
				t.Fatalf("code %d: %v", i, err)
			}
		}
	}
}

func (b *bench) authenticator() *authenticator {
	return b.auth
}

func TestATerminalIsUnlockedByACodeOrByTheDirectoryPassword(t *testing.T) {
	t.Parallel()
	b := newBench(t, passwordOperator())
	b.signsInWith("pat", benchPassword, nil)
	code := b.secondFactor("l1")
	a := b.authenticator()
	keyed := core.Actor{OperatorID: "l1", Credential: "key:SHA256:x"}
	typed := core.Actor{OperatorID: "pat", Credential: "password:pat"}
	bare := core.Actor{OperatorID: "l2", Credential: "key:SHA256:y"}
	for name, c := range map[string]struct {
		actor core.Actor
		can   bool
	}{"a second factor": {keyed, true}, "a password": {typed, true}, "a key alone": {bare, false}} {
		if got := a.CanUnlock(t.Context(), c.actor); got != c.can {
			t.Errorf("%s can unlock: %v", name, got)
		}
	}
	must(t, a.Unlock(t.Context(), keyed, secret.FromString(code())))
	must(t, a.Unlock(t.Context(), typed, secret.FromString(benchPassword)))
	for name, try := range map[string]struct {
		actor core.Actor
		typed string
	}{
		"a wrong code": {keyed, "000000"}, "a wrong password": {typed, "wrong"}, "a password after a key": {bare, benchPassword},
		"nothing": {typed, ""},
	} {
		if err := a.Unlock(t.Context(), try.actor, secret.FromString(try.typed)); core.CodeOf(err) != core.CodeDenied {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestALockedTerminalShowsNothingAndOpensWithACode(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	code := b.secondFactor("l1")
	b.locked("jane")
	s := b.serve()
	c, err := s.connect("l1", gossh.PublicKeys(b.keys["l1"]), answers("", code))
	must(t, err)
	terminal := sit(t, c)
	see(t, terminal, "find a person")
	must(t, terminal.Type("jane"))
	see(t, terminal, "1 found")
	must(t, terminal.Press("f10"))
	if _, err := terminal.WaitGone("1 found"); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(terminal.Text(), "jane") {
		t.Errorf("the locked terminal shows\n%s", terminal.Text())
	}
	must(t, terminal.Type("000000\r"))
	see(t, terminal, "ot accepted")
	must(t, terminal.Type(code()+"\r"))
	see(t, terminal, "1 found")
	must(t, terminal.Oracle())
}

// authority is a certificate authority of a test.
type authority struct {
	t      *testing.T
	signer gossh.Signer
	serial uint64
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	signer, err := gossh.NewSignerFromKey(private)
	must(t, err)
	return &authority{t: t, signer: signer}
}

// certify issues a certificate for a new key.
func (a *authority) certify(change func(*gossh.Certificate)) gossh.AuthMethod {
	a.t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	must(a.t, err)
	signer, err := gossh.NewSignerFromKey(private)
	must(a.t, err)
	a.serial++
	cert := &gossh.Certificate{
		Key: signer.PublicKey(), Serial: a.serial, CertType: gossh.UserCert, KeyId: "l1's card", ValidPrincipals: []string{"l1"},
		ValidAfter: uint64(time.Now().Add(-time.Hour).Unix()), ValidBefore: uint64(time.Now().Add(time.Hour).Unix()),
	}
	if change != nil {
		change(cert)
	}
	must(a.t, cert.SignCert(rand.Reader, a.signer))
	certified, err := gossh.NewCertSigner(cert, signer)
	must(a.t, err)
	return gossh.PublicKeys(certified)
}

// withAuthority configures an authority and an empty list of revocations.
func withAuthority(t *testing.T, ca *authority, dir string) setting {
	t.Helper()
	public, revoked := filepath.Join(dir, "ca.pub"), filepath.Join(dir, "revoked")
	must(t, os.WriteFile(public, gossh.MarshalAuthorizedKey(ca.signer.PublicKey()), 0o600))
	must(t, os.WriteFile(revoked, nil, 0o600))
	return instead(`listen = "127.0.0.1:0"`, fmt.Sprintf("listen = \"127.0.0.1:0\"\nauthorities = [%q]\nrevocations = %q", public, revoked))
}

// T46: certificates of the configured authority, for the operators they name, while they are good.
func TestAnOperatorSignsInWithACertificate(t *testing.T) {
	t.Parallel()
	ca, dir := newAuthority(t), t.TempDir()
	b := newBench(t, withAuthority(t, ca, dir))
	s := b.serve()
	c, err := s.connect("l1", ca.certify(nil))
	must(t, err)
	if operator, credential := whoami(t, c); operator != "l1" || !strings.HasPrefix(credential, "cert:"+gossh.FingerprintSHA256(ca.signer.PublicKey())+":") {
		t.Errorf("%s with %s", operator, credential)
	}
	terminal := sit(t, c)
	see(t, terminal, "find a person")

	for who, change := range map[string]func(*gossh.Certificate){
		"another principal":  func(c *gossh.Certificate) { c.ValidPrincipals = []string{"l2"} },
		"no principal":       func(c *gossh.Certificate) { c.ValidPrincipals = nil },
		"an expired one":     func(c *gossh.Certificate) { c.ValidBefore = uint64(time.Now().Add(-time.Minute).Unix()) },
		"a host certificate": func(c *gossh.Certificate) { c.CertType = gossh.HostCert },
		"another address":    func(c *gossh.Certificate) { c.CriticalOptions = map[string]string{"source-address": "192.0.2.0/24"} },
		"a forced command":   func(c *gossh.Certificate) { c.CriticalOptions = map[string]string{"force-command": "true"} },
	} {
		c, err := s.connect("l1", ca.certify(change))
		refused(t, c, err, who)
	}
	c, err = s.connect("nobody", ca.certify(func(c *gossh.Certificate) { c.ValidPrincipals = []string{"nobody"} }))
	refused(t, c, err, "somebody who is no operator")
	c, err = s.connect("l1", newAuthority(t).certify(nil))
	refused(t, c, err, "another authority")

	// Revoked while the terminal is open: it ends within seconds, and the certificate is no good any more.
	must(t, os.WriteFile(filepath.Join(dir, "revoked"), []byte("serial: 1\n"), 0o600))
	if _, err := terminal.Ended(); err != nil && !strings.Contains(err.Error(), "exit") {
		t.Errorf("the terminal of a revoked certificate: %v", err)
	}
	if text := strings.ReplaceAll(terminal.Text(), "\n", ""); !strings.Contains(text, b.english().Label("front.leave_"+string(sshd.LeaveDismissed))) {
		t.Errorf("it was told %q", text)
	}
	ca.serial = 0
	c, err = s.connect("l1", ca.certify(nil))
	refused(t, c, err, "a revoked certificate")
	if _, err = s.connect("l1", ca.certify(nil)); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

// groupRole makes an operator of everybody in a group of the embedded directory.
func groupRole() setting {
	return with("[[role]]\nname = \"Password Administrator\"\ngroup = \"helpdesk\"\nsite = \"Lyon\"")
}

func TestAMemberOfANestedGroupIsAnOperatorUntilTheyAreNoMember(t *testing.T) {
	t.Parallel()
	b := newBench(t, groupRole())
	b.group("helpdesk")
	b.group("lyon", "helpdesk")
	b.group("evenings", "lyon")
	b.signsInWith("mia", benchPassword, func(p *embedded.Person) { p.Groups = []untrusted.Text{untrusted.New("evenings")} })
	b.signsInWith("max", benchPassword, nil)
	s := b.serve()
	c, err := s.connect("max", answers(benchPassword, nil))
	refused(t, c, err, "somebody outside the group")
	c, err = s.connect("mia", answers(benchPassword, nil))
	must(t, err)
	if operator, _ := whoami(t, c); operator != "mia" {
		t.Errorf("signed in as %s", operator)
	}
	op, err := b.operators.Operator(t.Context(), "mia")
	if err != nil || op.Desk != "Lyon" || op.Source != "directory:people" {
		t.Errorf("%+v, %v", op, err)
	}
	terminal := sit(t, c)
	see(t, terminal, "find a person")

	b.signsInWith("mia", benchPassword, func(p *embedded.Person) { p.Groups = []untrusted.Text{untrusted.New("All staff")} })
	me := core.Actor{OperatorID: "mia", Credential: "password:mia"}
	if _, err := b.desk.Perform(t.Context(), me, core.OpenCase{ID: newID(), Account: b.id("max")}); core.CodeOf(err) != core.CodeDenied {
		t.Errorf("the next operation: %v", err)
	}
	if _, err := terminal.Ended(); err != nil && !strings.Contains(err.Error(), "exit") {
		t.Errorf("the open terminal: %v", err)
	}
	c, err = s.connect("mia", answers(benchPassword, nil))
	refused(t, c, err, "somebody who has left the group")
}

// group adds a group to the embedded directory, inside others.
func (b *bench) group(name string, in ...string) {
	b.t.Helper()
	d, err := b.embeddedDirectory("people")
	must(b.t, err)
	g := embedded.Group{Name: untrusted.New(name)}
	for _, parent := range in {
		g.MemberOf = append(g.MemberOf, untrusted.New(parent))
	}
	_, err = d.Load(b.t.Context(), embedded.Batch{Groups: []embedded.Group{g}, People: slices.Values([]embedded.Person{})})
	must(b.t, err)
}

func TestADisabledOperatorIsOutAtOnceAndTheirTerminalEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	jane := b.locked("jane")[0]
	s := b.serve()
	c, err := s.connect("l1", gossh.PublicKeys(b.keys["l1"]))
	must(t, err)
	terminal := sit(t, c)
	see(t, terminal, "find a person")
	must(t, b.DisableOperator(t.Context(), "l1", true))
	if _, err := b.desk.Perform(t.Context(), actor("l1"), core.OpenCase{ID: newID(), Account: jane}); core.CodeOf(err) != core.CodeDenied {
		t.Errorf("the next operation: %v", err)
	}
	code, err := terminal.Ended()
	if err != nil || terminal.Frame().AltScreen {
		t.Errorf("the terminal ended with %d, %v:\n%s", code, err, terminal.Text())
	}
	c, err = s.connect("l1", gossh.PublicKeys(b.keys["l1"]))
	refused(t, c, err, "a disabled operator")
	must(t, b.DisableOperator(t.Context(), "l1", false))
	if _, err = s.connect("l1", gossh.PublicKeys(b.keys["l1"])); err != nil {
		t.Errorf("enabled again: %v", err)
	}
}

// Whoever is shut out in the directory is out at the desk, whatever key they hold.
func TestAnOperatorWhoseOwnAccountIsShutIsOutUntilItIsOpen(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	key := b.newKey("kay")
	b.configure(b.text() + fmt.Sprintf("\n[[operator]]\nlogin = \"kay\"\nroles = [\"Password Administrator\"]\naccount = \"people:kay\"\nkeys = [%q]\n", key))
	b.Reload(t.Context(), b.config())
	s := b.serve()
	in := func() error {
		c, err := s.connect("kay", gossh.PublicKeys(b.keys["kay"]))
		if err == nil {
			_, _ = whoami(t, c)
		}
		return err
	}
	must(t, in()) // an account that is not there shuts nobody out
	b.signsInWith("kay", benchPassword, nil)
	b.clock.add(2 * whereaboutsLife)
	must(t, in())
	c, err := s.connect("kay", gossh.PublicKeys(b.keys["kay"]))
	must(t, err)
	terminal := sit(t, c)
	see(t, terminal, "find a person")

	b.signsInWith("kay", benchPassword, func(p *embedded.Person) { p.Disabled = true })
	b.clock.add(2 * stateLife)
	if in() == nil {
		t.Error("with a disabled account")
	}
	if _, err := b.desk.Perform(t.Context(), actor("kay"), core.OpenCase{ID: newID(), Account: b.id("kay")}); core.CodeOf(err) != core.CodeDenied {
		t.Errorf("the next operation: %v", err)
	}
	if _, err := terminal.Ended(); err != nil {
		t.Errorf("the open terminal: %v", err)
	}
	b.signsInWith("kay", benchPassword, func(p *embedded.Person) { p.Disabled = false })
	b.clock.add(2 * stateLife)
	must(t, in())

	d, err := b.embeddedDirectory("people")
	must(t, err)
	for i := range d.Policy().Lockout.After { // the same one again would not be counted
		_, _ = d.Authenticate(t.Context(), untrusted.New("kay"), secret.FromString(fmt.Sprint("a guess ", i)))
	}
	b.clock.add(2 * stateLife)
	if in() == nil {
		t.Error("with a locked account")
	}
}
