package sshd_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/sshd"
)

// soleIdentity is who signed in, once somebody has.
func soleIdentity(t *testing.T, d *desk) sshd.Identity {
	t.Helper()
	eventually(t, "somebody is signed in", func() bool { return len(d.events.of(sshd.EventSignedIn)) > 0 })
	return d.events.of(sshd.EventSignedIn)[0].Identity
}

func TestEachFactorMakesItsIdentity(t *testing.T) {
	t.Parallel()
	lea := newSigner()
	fingerprint := gossh.FingerprintSHA256(lea.PublicKey())
	tests := []struct {
		name       string
		code       string
		methods    []gossh.AuthMethod
		credential string
		factors    []sshd.Factor
	}{
		{"key", "", []gossh.AuthMethod{gossh.PublicKeys(lea)}, "key:" + fingerprint, []sshd.Factor{sshd.FactorKey}},
		{"password", "", []gossh.AuthMethod{answers("pass of lea")}, "password:lea", []sshd.Factor{sshd.FactorPassword}},
		{
			"key and code", "271828",
			[]gossh.AuthMethod{gossh.PublicKeys(lea), answers("271828")},
			"key:" + fingerprint,
			[]sshd.Factor{sshd.FactorKey, sshd.FactorTOTP},
		},
		{
			"password and code", "271828",
			[]gossh.AuthMethod{answers("pass of lea", "271828")},
			"password:lea",
			[]sshd.Factor{sshd.FactorPassword, sshd.FactorTOTP},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t)
			d.auth.with(func(o *operators) {
				o.signers["lea"] = lea
				if tt.code != "" {
					o.codes["lea"] = tt.code
				}
			})
			if _, err := d.dial(t, "lea", tt.methods...); err != nil {
				t.Fatal(err)
			}
			id := soleIdentity(t, d)
			if id.OperatorID != "op-lea" || id.Login != "lea" || id.Credential != tt.credential || !slices.Equal(id.Factors, tt.factors) {
				t.Errorf("identity %+v", id)
			}
			if !id.Source.IsLoopback() || !strings.HasPrefix(id.ClientVersion.Raw(), "SSH-2.0-Go") {
				t.Errorf("from %v with %v", id.Source, id.ClientVersion)
			}
		})
	}
}

func TestWrongFactorsAreRefused(t *testing.T) {
	t.Parallel()
	stranger := newSigner()
	tests := []struct {
		name    string
		login   string
		code    string
		methods func(d *desk) []gossh.AuthMethod
	}{
		{"no authentication", "lea", "", func(*desk) []gossh.AuthMethod { return nil }},
		{"key of nobody", "lea", "", func(*desk) []gossh.AuthMethod { return []gossh.AuthMethod{gossh.PublicKeys(stranger)} }},
		{"key of another", "lea", "", func(d *desk) []gossh.AuthMethod {
			return []gossh.AuthMethod{gossh.PublicKeys(d.auth.signer("admin"))}
		}},
		{"wrong password", "lea", "", func(*desk) []gossh.AuthMethod { return []gossh.AuthMethod{answers("no", "No", "NO")} }},
		{"empty password", "lea", "", func(*desk) []gossh.AuthMethod { return []gossh.AuthMethod{answers("", "", "")} }},
		{"endless password", "lea", "", func(*desk) []gossh.AuthMethod {
			return []gossh.AuthMethod{answers(strings.Repeat("x", 2000))}
		}},
		{"unknown login", "nobody", "", func(*desk) []gossh.AuthMethod { return []gossh.AuthMethod{answers("pass of lea")} }},
		{"wrong code", "lea", "271828", func(d *desk) []gossh.AuthMethod {
			return []gossh.AuthMethod{gossh.PublicKeys(d.auth.signer("lea")), answers("0", "1", "2")}
		}},
		{"empty code", "lea", "271828", func(d *desk) []gossh.AuthMethod {
			return []gossh.AuthMethod{gossh.PublicKeys(d.auth.signer("lea")), answers("")}
		}},
		{"no code", "lea", "271828", func(d *desk) []gossh.AuthMethod {
			return []gossh.AuthMethod{gossh.PublicKeys(d.auth.signer("lea"))}
		}},
		{"a code is not a first factor", "lea", "271828", func(*desk) []gossh.AuthMethod {
			return []gossh.AuthMethod{answers("271828", "271828")}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t)
			d.auth.with(func(o *operators) {
				if tt.code != "" {
					o.codes["lea"] = tt.code
				}
			})
			if _, err := d.dial(t, tt.login, tt.methods(d)...); err == nil {
				t.Fatal("signed in")
			}
			eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
			if n := d.Counters().SignedIn; n != 0 {
				t.Errorf("%d signed in", n)
			}
		})
	}
}

// Some directories take an empty password for an anonymous bind, which succeeds.
func TestEmptyAndEndlessAnswersAreNotLookedAt(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"", strings.Repeat("x", 1025)} {
		d := openDesk(t)
		d.auth.with(func(o *operators) { o.codes["lea"] = answer })
		if _, err := d.dial(t, "lea", answers(answer)); err == nil {
			t.Fatal("signed in by password")
		}
		if _, err := d.dial(t, "lea", gossh.PublicKeys(d.auth.signer("lea")), answers(answer)); err == nil {
			t.Fatal("signed in by code")
		}
		if d.auth.compared != 0 {
			t.Errorf("%d answers of %d bytes were looked at", d.auth.compared, len(answer))
		}
	}
}

// T38: offering the key of an administrator without owning it leaves nothing behind.
func TestOfferedKeyThatIsNotOwnedIsNobodysIdentity(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := dialRaw(t, d.addr)
	if err := errors.Join(c.handshake(), c.startAuth()); err != nil {
		t.Fatal(err)
	}
	admin := d.auth.signer("admin").PublicKey()
	offer := append(authRequest("admin", "publickey"), 0)
	offer = appendString(appendString(offer, []byte(admin.Type())), admin.Marshal())
	if err := c.send(offer); err != nil {
		t.Fatal(err)
	}
	if p, err := c.receive(); err != nil || p[0] != msgUserAuthKeyOK {
		t.Fatalf("the offer was answered with %v, %v", p, err)
	}
	if err := c.signIn("lea", d.auth.signer("lea")); err != nil {
		t.Fatal(err)
	}
	if id := soleIdentity(t, d); id.OperatorID != "op-lea" || id.Credential != "key:"+gossh.FingerprintSHA256(d.auth.signer("lea").PublicKey()) {
		t.Errorf("identity %+v", id)
	}
}

// T38: and signing in with a password afterwards makes nobody an administrator either.
func TestOfferedKeyThenPasswordIsThePasswordsIdentity(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	thief := publicOnly{d.auth.signer("admin").PublicKey()}
	_, err := d.dial(t, "admin", gossh.PublicKeys(thief), answers("pass of lea"))
	if err == nil {
		t.Fatal("the password of lea let in admin")
	}
	if _, err := d.dial(t, "lea", gossh.PublicKeys(thief), answers("pass of lea")); err != nil {
		t.Fatal(err)
	}
	if id := soleIdentity(t, d); id.OperatorID != "op-lea" || id.Credential != "password:lea" || id.Fingerprint != "" {
		t.Errorf("identity %+v", id)
	}
}

// publicOnly offers a key that it cannot sign with.
type publicOnly struct{ key gossh.PublicKey }

func (p publicOnly) PublicKey() gossh.PublicKey { return p.key }

func (p publicOnly) Sign(io.Reader, []byte) (*gossh.Signature, error) {
	return nil, errors.New("the private key is elsewhere")
}

// T39: whatever was tried before, the identity is that of the key that signed.
func TestIdentityIsTheKeyThatSigned(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	random := rand.New(rand.NewPCG(1, 2))
	logins := []string{"lea", "admin"}
	for round := range 100 {
		c := dialRaw(t, d.addr)
		if err := errors.Join(c.handshake(), c.startAuth()); err != nil {
			t.Fatal(err)
		}
		for wrong := 0; wrong < 2; {
			login, owner := logins[random.IntN(2)], logins[random.IntN(2)]
			if !tryOffer(t, c, login, d.auth.signer(owner).PublicKey()) {
				wrong++
			}
			if random.IntN(3) == 0 {
				break
			}
		}
		who := logins[random.IntN(2)]
		if err := c.signIn(who, d.auth.signer(who)); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		eventually(t, "the event", func() bool { return len(d.events.of(sshd.EventSignedIn)) == round+1 })
		id := d.events.of(sshd.EventSignedIn)[round].Identity
		if id.OperatorID != "op-"+who || id.Login != who || id.Fingerprint != gossh.FingerprintSHA256(d.auth.signer(who).PublicKey()) {
			t.Fatalf("round %d: %s signed, identity %+v", round, who, id)
		}
		_ = c.conn.Close()
	}
}

// tryOffer offers a key and reports whether it would do.
func tryOffer(t *testing.T, c *rawClient, login string, key gossh.PublicKey) bool {
	t.Helper()
	offer := append(authRequest(login, "publickey"), 0)
	if err := c.send(appendString(appendString(offer, []byte(key.Type())), key.Marshal())); err != nil {
		t.Fatal(err)
	}
	p, err := c.receive()
	if err != nil {
		t.Fatal(err)
	}
	return p[0] == msgUserAuthKeyOK
}

// After one factor the login is settled: x/crypto ends the handshake of a client that changes it.
func TestLoginCannotChangeBetweenTheFactors(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.auth.with(func(o *operators) { o.codes["lea"] = "271828" })
	c := dialRaw(t, d.addr)
	if err := errors.Join(c.handshake(), c.startAuth()); err != nil {
		t.Fatal(err)
	}
	if err := c.signIn("lea", d.auth.signer("lea")); err == nil {
		t.Fatal("one factor was enough")
	}
	if err := c.signIn("admin", d.auth.signer("admin")); err == nil {
		t.Fatal("signed in under another login")
	}
	eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
}

func TestFaultOfTheAuthenticatorRefusesAndIsLogged(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.auth.with(func(o *operators) { o.fault = errors.New("directory down\x1b[2J") })
	_, err := d.dial(t, "lea", gossh.PublicKeys(d.auth.signer("lea")), answers("pass of lea"))
	if err == nil {
		t.Fatal("signed in")
	}
	if strings.Contains(err.Error(), "directory") {
		t.Errorf("the client learns %v", err)
	}
	eventually(t, "the faults are counted", func() bool { return d.Counters().SignInFaults >= 2 })
	if log := d.log.String(); !strings.Contains(log, "directory down") || strings.Contains(log, "\x1b") {
		t.Errorf("log: %s", log)
	}
}

func TestPanicOfTheAuthenticatorEndsOneHandshake(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.auth.with(func(o *operators) { o.slow = func(string) { panic("pass of lea") } })
	if _, err := d.dial(t, "lea", answers("pass of lea")); err == nil {
		t.Fatal("signed in")
	}
	eventually(t, "the panic is counted", func() bool { return d.Counters().Panics == 1 })
	d.enter(t, "lea")
	if strings.Contains(d.log.String(), "pass of lea") {
		t.Error("the log holds the value of the panic")
	}
}

// T47: what a client sees of an unknown login is what it sees of a known one.
func TestUnknownAndKnownLoginLookAlike(t *testing.T) {
	t.Parallel()
	var prompts []string
	look := func(login string) []string {
		d := openDesk(t, func(c *sshd.Config) { c.Banner = "for operators only\n" })
		var seen []string
		tries := 0
		_, err := gossh.Dial("tcp", d.addr, &gossh.ClientConfig{
			User:            login,
			HostKeyCallback: gossh.FixedHostKey(d.hostKey.Public()),
			BannerCallback:  func(b string) error { seen = append(seen, "banner "+b); return nil },
			Auth: []gossh.AuthMethod{
				gossh.PublicKeys(newSigner()),
				gossh.RetryableAuthMethod(gossh.KeyboardInteractive(func(name, instruction string, questions []string, echo []bool) ([]string, error) {
					tries++
					seen = append(seen, fmt.Sprint(tries, name, instruction, questions, echo))
					prompts = questions
					return []string{"wrong"}, nil
				}), 5),
			},
		})
		return append(seen, err.Error())
	}
	known, unknown := look("lea"), look("nobody")
	if !reflect.DeepEqual(known, unknown) {
		t.Errorf("known: %q\nunknown: %q", known, unknown)
	}
	if len(known) != 4 || len(prompts) != 1 {
		t.Errorf("a banner, two questions after the refused key and the end were expected: %q", known)
	}
}

// T47: the answer to a wrong password leaves at a multiple of the pace, however long looking it up took.
func TestRefusalsLeaveAtAPace(t *testing.T) {
	t.Parallel()
	const pace = 150 * time.Millisecond
	for login, work := range map[string]time.Duration{"lea": 20 * time.Millisecond, "nobody": 0} {
		d := openDesk(t, func(c *sshd.Config) { c.Timeouts.PasswordPace = pace })
		d.auth.with(func(o *operators) { o.slow = func(string) { time.Sleep(work) } })
		begin := time.Now()
		if _, err := d.dial(t, login, answers("wrong")); err == nil {
			t.Fatal("signed in")
		}
		if spent := time.Since(begin); spent < pace {
			t.Errorf("%s was refused after %v", login, spent)
		}
	}
}

func TestThreeTriesAreAllThereAre(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	asked := 0
	_, err := d.dial(t, "lea", gossh.RetryableAuthMethod(gossh.KeyboardInteractive(
		func(_, _ string, _ []string, _ []bool) ([]string, error) {
			asked++
			return []string{"wrong"}, nil
		}), 10))
	if err == nil || asked != 3 {
		t.Errorf("asked %d times, %v", asked, err)
	}
	eventually(t, "the failures are counted", func() bool { return d.Counters().SignInFailures == 3 })
}

func TestPasswordsAreOfferedWhereTheyAreAccepted(t *testing.T) {
	t.Parallel()
	for scope, want := range map[sshd.PasswordScope]bool{sshd.PasswordAnywhere: true, sshd.PasswordLoopback: true, sshd.PasswordNowhere: false} {
		d := openDesk(t, func(c *sshd.Config) { c.Passwords = scope })
		_, err := d.dial(t, "lea", answers("pass of lea"))
		if got := err == nil; got != want {
			t.Errorf("%s: signed in: %v (%v)", scope, got, err)
		}
		if !want && !strings.Contains(err.Error(), "attempted methods [none]") {
			t.Errorf("%s: the method was offered: %v", scope, err)
		}
	}
}

// The second factor is asked for by the same method where passwords as a first one are not accepted.
func TestCodeIsAskedForWherePasswordsAreNot(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Passwords = sshd.PasswordNowhere })
	d.auth.with(func(o *operators) { o.codes["lea"] = "271828" })
	if _, err := d.dial(t, "lea", gossh.PublicKeys(d.auth.signer("lea")), answers("271828")); err != nil {
		t.Fatal(err)
	}
}

// T80: names that nobody can have are refused without being looked up, and do no harm in the log.
func TestHostileLoginsAreRefused(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for _, login := range []string{
		"", "lea\x00", "lea\n{\"msg\":\"signed in\"}", "\x1b]0;owned\x07", "lea ", "a\u202eb", "\xff\xfe", strings.Repeat("x", 129), strings.Repeat("y", 200<<10),
	} {
		if _, err := d.dial(t, login, gossh.PublicKeys(newSigner())); err == nil {
			t.Errorf("%.20q signed in", login)
		}
	}
	if len(d.auth.asked) != 0 {
		t.Errorf("looked up: %.100q", d.auth.asked)
	}
	log := d.log.String()
	if strings.ContainsAny(log, "\x1b\x00") || strings.Contains(log, "owned") || strings.Contains(log, "xxx") || strings.Count(log, `"msg":"signed in"`) != 0 {
		t.Errorf("log: %.2000s", log)
	}
}

// T80: more than a packet can hold ends the connection.
func TestLoginOfAMegabyteEndsTheConnection(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := dialRaw(t, d.addr)
	if err := errors.Join(c.handshake(), c.startAuth()); err != nil {
		t.Fatal(err)
	}
	_ = c.send(authRequest(strings.Repeat("z", 1<<20), "none"))
	for err := error(nil); err == nil; {
		_, err = c.receive()
	}
	eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
}

// T80: the client's version is text from outside.
func TestHostileClientVersionIsHarmless(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := dialRaw(t, d.addr)
	c.version = "SSH-2.0-\x1b]52;c;aGk=\x07\u202e"
	if err := errors.Join(c.handshake(), c.startAuth(), c.signIn("lea", d.auth.signer("lea"))); err != nil {
		t.Fatal(err)
	}
	id := soleIdentity(t, d)
	if id.ClientVersion.Raw() != c.version || strings.Contains(id.ClientVersion.String(), "\x1b") {
		t.Errorf("version %q", id.ClientVersion.Raw())
	}
	if log := d.log.String(); strings.Contains(log, "\x1b") || strings.Contains(log, "\u202e") {
		t.Errorf("log: %s", log)
	}
}

func TestLoginsOfFailuresAreNotLogged(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for range 2 {
		_, _ = d.dial(t, "correct-horse-battery", answers("staple-pass"))
	}
	eventually(t, "both tries are noted", func() bool { return len(d.events.of(sshd.EventSignInFailed)) == 2 })
	if log := d.log.String(); strings.Contains(log, "horse") || strings.Contains(log, "staple") {
		t.Errorf("log: %s", log)
	}
	failed := d.events.of(sshd.EventSignInFailed)
	if failed[0].LoginTag == "" || failed[0].LoginTag != failed[1].LoginTag {
		t.Errorf("tags %q and %q", failed[0].LoginTag, failed[1].LoginTag)
	}
}
