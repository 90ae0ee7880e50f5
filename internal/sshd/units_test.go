package sshd

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gossh "golang.org/x/crypto/ssh"
	"pgregory.net/rapid"
)

func TestCommandLines(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]string{
		"":                           nil,
		"  \t\r\n ":                  nil,
		"user show jane":             {"user", "show", "jane"},
		"  user   search  'van  D' ": {"user", "search", "van  D"},
		`a "b c" d`:                  {"a", "b c", "d"},
		`a"b"'c'd`:                   {"abcd"},
		`'' ""`:                      {"", ""},
		`a\ b \'c`:                   {"a b", "'c"},
		`"a\"b\\c\$d\xe"`:            {`a"b\c$d\xe`},
		`'a\b"c'`:                    {`a\b"c`},
		"$(id) `id` ; rm -rf * | x":  {"$(id)", "`id`", ";", "rm", "-rf", "*", "|", "x"},
		"case open 7 # no comment":   {"case", "open", "7", "#", "no", "comment"},
		"user search Łukasz 王":       {"user", "search", "Łukasz", "王"},
	} {
		if got, err := splitCommandLine(line); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v", line, got, err)
		}
	}
	for _, line := range []string{`'`, `"`, `a 'b`, `a "b`, `a \`, `"a\"`, `"a\`} {
		if got, err := splitCommandLine(line); !errors.Is(err, ErrUnterminated) {
			t.Errorf("%q: %q, %v", line, got, err)
		}
	}
}

// Words that are quoted come back as they were.
func FuzzCommandLine(f *testing.F) {
	f.Add("a b", "c'd", `e"f\`)
	f.Fuzz(func(t *testing.T, a, b, c string) {
		_, _ = splitCommandLine(a + b + c)
		words := []string{a, b, c}
		var line strings.Builder
		for _, w := range words {
			line.WriteString(" '" + strings.ReplaceAll(w, "'", `'\''`) + "'")
		}
		if got, err := splitCommandLine(line.String()); err != nil || !slices.Equal(got, words) {
			t.Errorf("%q: %q, %v", line.String(), got, err)
		}
	})
}

// Nothing that a client can send makes a terminal larger than the limit or its name anything but a name.
func FuzzPty(f *testing.F) {
	f.Add(gossh.Marshal(struct {
		Term       string
		C, R, W, H uint32
		Modes      string
	}{"xterm", 80, 24, 0, 0, ""}))
	limit := Size{400, 150}
	f.Fuzz(func(t *testing.T, payload []byte) {
		if pty, ok := parsePty(payload, limit); ok {
			if pty.Size.Columns < 1 || pty.Size.Columns > 400 || pty.Size.Rows < 1 || pty.Size.Rows > 150 {
				t.Errorf("size %+v", pty.Size)
			}
			if pty.Term == "" || len(pty.Term) > 64 || strings.ContainsFunc(pty.Term, func(r rune) bool { return r < '!' || r > '~' }) {
				t.Errorf("name %q", pty.Term)
			}
		}
		if size, ok := parseResize(payload, limit); ok && (size.Columns < 1 || size.Columns > 400 || size.Rows < 1 || size.Rows > 150) {
			t.Errorf("size %+v", size)
		}
	})
}

func TestEnvironmentNeverGrowsPastItsBounds(t *testing.T) {
	t.Parallel()
	names := []string{"LANG", "TERM", "LC_ALL", "LC_TIME", "COLORTERM", "LD_PRELOAD", "LC_", "PATH"}
	rapid.Check(t, func(t *rapid.T) {
		env := environment{maxVars: 3, maxBytes: 60}
		want := map[string]string{}
		for range rapid.IntRange(0, 30).Draw(t, "n") {
			name := rapid.SampledFrom(names).Draw(t, "name")
			value := strings.Repeat("v", rapid.IntRange(0, 40).Draw(t, "length"))
			if env.set(name, value) {
				want[name] = value
			}
		}
		size := 0
		for name, value := range want {
			size += len(name) + len(value)
			if !slices.Contains(env.list(), name+"="+value) {
				t.Errorf("%s=%s was lost", name, value)
			}
		}
		if len(env.list()) != len(want) || len(want) > 3 || size > 60 || size != env.bytes {
			t.Errorf("%q: %d bytes, counted %d", env.list(), size, env.bytes)
		}
	})
}

func TestRSAKeysBySize(t *testing.T) {
	t.Parallel()
	for bits, ok := range map[int]bool{1024: false, 2048: false, 3071: false, 3072: true, 4096: true, 8192: true, 8193: false, 16384: false} {
		n := new(big.Int).SetBit(big.NewInt(1), bits-1, 1)
		key, err := gossh.NewPublicKey(&rsa.PublicKey{N: n, E: 65537})
		if err != nil {
			t.Fatal(err)
		}
		if err := checkKey(key); (err == nil) != ok || (err != nil && !errors.Is(err, ErrRefused)) {
			t.Errorf("%d bits: %v", bits, err)
		}
	}
}

func TestLogins(t *testing.T) {
	t.Parallel()
	for _, login := range []string{"lea", "lea.l1@desk.example", `CORP\lea`, "Łucja", "王芳", strings.Repeat("x", 128)} {
		if err := checkLogin(login); err != nil {
			t.Errorf("%q: %v", login, err)
		}
	}
	for _, login := range []string{"", "a b", "a\tb", "a\u00a0b", "a\u200bb", "\u202ea", "a\x7f", "\xc3", strings.Repeat("x", 129)} {
		if err := checkLogin(login); !errors.Is(err, ErrRefused) {
			t.Errorf("%q: %v", login, err)
		}
	}
}

func TestIdentityNeedsAGrant(t *testing.T) {
	t.Parallel()
	id := Identity{OperatorID: "op"}
	forged := &gossh.Permissions{
		CriticalOptions: map[string]string{"op-id": "op"},
		Extensions:      map[string]string{"op-id": "op", "sshd.grantKey": "op"},
		ExtraData:       map[any]any{"grantKey": id, struct{}{}: id},
	}
	for name, p := range map[string]*gossh.Permissions{
		"nothing": nil, "empty": {}, "an offer": offer(id), "look-alikes": forged, "a grant of nobody": grant(Identity{}),
	} {
		if got, err := identityOf(p); !errors.Is(err, errNoIdentity) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if got, err := identityOf(grant(id)); err != nil || got.OperatorID != "op" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestSecondFactorLeavesTheFirstIdentityAlone(t *testing.T) {
	t.Parallel()
	factors := make([]Factor, 1, 4)
	factors[0] = FactorKey
	first := Identity{OperatorID: "op", Factors: factors}
	second := first.with(FactorTOTP)
	third := first.with(FactorPassword)
	if len(first.Factors) != 1 || !second.Has(FactorTOTP) || second.Has(FactorPassword) || !third.Has(FactorPassword) {
		t.Errorf("%v, %v, %v", first.Factors, second.Factors, third.Factors)
	}
}

func TestPaceIsAMultipleHoweverLongTheWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &signIn{server: &Server{cfg: Config{Now: time.Now}}}
		for work, want := range map[time.Duration]time.Duration{
			0: time.Second, time.Millisecond: time.Second, 999 * time.Millisecond: time.Second,
			time.Second: 2 * time.Second, 1300 * time.Millisecond: 2 * time.Second,
		} {
			begin := time.Now()
			time.Sleep(work)
			a.pace(t.Context(), begin, time.Second)
			if spent := time.Since(begin); spent != want {
				t.Errorf("work of %v was answered after %v", work, spent)
			}
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		begin := time.Now()
		a.pace(ended, begin, time.Hour)
		if spent := time.Since(begin); spent != 0 {
			t.Errorf("the end of the handshake was waited for: %v", spent)
		}
	})
}

func source(s string) netip.Prefix { return sourceOf(netip.MustParseAddr(s)) }

func TestPenaltiesAddUpAndPass(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		box := newPenaltyBox(Penalties{}.withDefaults(), time.Now)
		bad, good := source("192.0.2.1"), source("192.0.2.2")
		for i, want := range []bool{false, false, true, false} {
			if became := box.add(bad, OffenceAuthFailed); became != want {
				t.Errorf("offence %d: %v", i+1, became)
			}
		}
		if !box.refuses(bad) || box.refuses(good) {
			t.Error("the wrong source is refused")
		}
		time.Sleep(19 * time.Second)
		if !box.refuses(bad) {
			t.Error("the penalty ended before its time")
		}
		if box.add(bad, OffenceNoAuth); !box.refuses(bad) {
			t.Error("another offence ended the penalty")
		}
		time.Sleep(2 * time.Second)
		if box.refuses(bad) {
			t.Error("the penalty did not end")
		}
		if box.add(bad, OffenceGrace) || box.refuses(bad) {
			t.Error("an old penalty counted again")
		}
	})
}

func TestPenaltiesBelowTheThresholdRefuseNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		box := newPenaltyBox(Penalties{}.withDefaults(), time.Now)
		bad := source("192.0.2.1")
		for range 100 {
			box.add(bad, OffenceAuthFailed)
			if box.refuses(bad) {
				t.Fatal("refused for an offence every 5 s")
			}
			time.Sleep(5 * time.Second)
		}
	})
}

func TestPenaltyIsNeverLongerThanItsMaximum(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		box := newPenaltyBox(Penalties{}.withDefaults(), time.Now)
		bad := source("192.0.2.1")
		for range 1000 {
			box.add(bad, OffenceGrace)
		}
		time.Sleep(10*time.Minute - time.Second)
		if !box.refuses(bad) {
			t.Error("ended early")
		}
		time.Sleep(time.Second)
		if box.refuses(bad) {
			t.Error("did not end")
		}
	})
}

func TestPenalisedSourcesAreForgottenInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		box := newPenaltyBox(Penalties{Sources: 3, Enforce: time.Second, AuthFailed: time.Minute}.withDefaults(), time.Now)
		for i := range 5 {
			box.add(source(fmt.Sprintf("192.0.2.%d", i)), OffenceAuthFailed)
			time.Sleep(time.Second)
		}
		for i, want := range []bool{false, false, true, true, true} {
			if got := box.refuses(source(fmt.Sprintf("192.0.2.%d", i))); got != want {
				t.Errorf("source %d refused: %v", i, got)
			}
		}
		time.Sleep(time.Hour)
		box.add(source("192.0.2.9"), OffenceAuthFailed)
		if len(box.sources) != 1 {
			t.Errorf("%d remembered", len(box.sources))
		}
	})
}

func TestSourcesAreAddressesOrNetworksOfIPv6(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"192.0.2.7:22":              "192.0.2.7/32",
		"[::ffff:192.0.2.7]:22":     "192.0.2.7/32",
		"[2001:db8:1:2:3:4:5:6]:22": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:22":         "fe80::/64",
	} {
		tcp := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(addr))
		if got := sourceOf(addressOf(tcp)).String(); got != want {
			t.Errorf("%s: %s", addr, got)
		}
	}
	if got := sourceOf(addressOf(&net.UnixAddr{Name: "/run/x"})); got != (netip.Prefix{}) {
		t.Errorf("a unix socket: %s", got)
	}
}

// admitted counts how many handshakes of each source are there.
func admitted(a *admission) map[string]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	counts := map[string]int{}
	for _, v := range a.halfOpen {
		counts[v.source.Addr().String()]++
	}
	return counts
}

func TestFullHandshakesDisplaceTheOldestOfTheBusiestSource(t *testing.T) {
	t.Parallel()
	a := newAdmission(Limits{HalfOpen: 10, HalfOpenPerSource: 6}.withDefaults())
	var closed []string
	enter := func(addr, name string) *visit {
		return a.enter(source(addr), func() error { closed = append(closed, name); return nil })
	}
	for i := range 6 {
		enter("192.0.2.1", fmt.Sprint("flood ", i))
	}
	for i := range 4 {
		enter(fmt.Sprint("198.51.100.", i), fmt.Sprint("calm ", i))
	}
	enter("192.0.2.1", "flood 6")
	enter("203.0.113.1", "operator")
	if want := []string{"flood 0", "flood 1"}; !slices.Equal(closed, want) {
		t.Errorf("displaced %q", closed)
	}
	if counts := admitted(a); counts["192.0.2.1"] != 5 || counts["203.0.113.1"] != 1 || a.handshakes() != 10 {
		t.Errorf("left: %v", counts)
	}
}

func TestAdmissionCountsComeBackToNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := newAdmission(Limits{Connections: 8, ConnectionsPerSource: 4, HalfOpen: 5, HalfOpenPerSource: 3})
		var here []*visit
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			switch i := rapid.IntRange(0, 2).Draw(t, "step"); {
			case i == 0:
				addr := fmt.Sprintf("192.0.2.%d", rapid.IntRange(1, 4).Draw(t, "source"))
				if v := a.enter(source(addr), func() error { return nil }); v != nil {
					here = append(here, v)
				}
			case len(here) > 0:
				at := rapid.IntRange(0, len(here)-1).Draw(t, "who")
				a.handshakeOver(here[at])
				if i == 2 {
					a.leave(here[at])
					here = slices.Delete(here, at, at+1)
				}
			}
			if len(here) > 8 || a.total != len(here) || a.handshakes() > 5 {
				t.Fatalf("%d connections, counted %d, %d handshakes", len(here), a.total, a.handshakes())
			}
		}
		for _, v := range here {
			a.leave(v)
		}
		if a.total != 0 || len(a.bySource) != 0 || a.handshakes() != 0 {
			t.Errorf("left: %d, %v, %d", a.total, a.bySource, a.handshakes())
		}
	})
}

// clearPacket is one before the keys are exchanged.
func clearPacket(payload []byte) []byte {
	p := []byte{0, 0, 0, byte(len(payload) + 5), 4}
	return append(append(p, payload...), 0, 0, 0, 0)
}

func kexInitWith(cipher, mac string) []byte {
	p := append([]byte{20}, make([]byte, 16)...)
	for _, list := range []string{"k", "h", cipher, "x", mac, "y", "none", "none", "", ""} {
		p = append(p, 0, 0, 0, byte(len(list)))
		p = append(p, list...)
	}
	return append(p, 0, 0, 0, 0, 0)
}

func sealedPacket(payload, tag int) []byte {
	return append([]byte{0, 0, 0, byte(payload)}, make([]byte, payload+tag)...)
}

// The packets are counted however the network cuts them, for every algorithm we offer.
func TestLockstepCountsPacketsInPieces(t *testing.T) {
	t.Parallel()
	algorithms := []struct {
		cipher, mac string
		tag         int
	}{
		{gossh.CipherAES128GCM, "other", 16},
		{"chacha20-poly1305@openssh.com," + gossh.CipherAES256GCM, gossh.HMACSHA512ETM, 16},
		{gossh.CipherAES128CTR, "hmac-sha1," + gossh.HMACSHA256ETM, 32},
		{gossh.CipherAES256CTR + "," + gossh.CipherAES128GCM, gossh.HMACSHA512ETM, 64},
	}
	rapid.Check(t, func(t *rapid.T) {
		alg := rapid.SampledFrom(algorithms).Draw(t, "algorithms")
		stream := []byte("hello\r\nSSH-2.0-x\r\n")
		stream = append(stream, clearPacket(kexInitWith(alg.cipher, alg.mac))...)
		stream = append(stream, clearPacket([]byte{30, 1, 2, 3})...)
		stream = append(stream, clearPacket([]byte{21})...)
		n := rapid.IntRange(0, 20).Draw(t, "packets")
		for range n {
			stream = append(stream, sealedPacket(rapid.IntRange(16, 200).Draw(t, "size"), alg.tag)...)
		}
		var l lockstep
		var err error
		for len(stream) > 0 && err == nil {
			piece := rapid.IntRange(1, min(len(stream), 700)).Draw(t, "piece")
			err = l.received(stream[:piece])
			stream = stream[piece:]
		}
		if n > maxAhead != errors.Is(err, errSentAhead) {
			t.Fatalf("%d packets: %v", n, err)
		}
		if err == nil && (l.ahead != n || l.skip != 0 || len(l.buffer) != 0) {
			t.Fatalf("%d packets: %+v", n, l)
		}
	})
}

func TestLockstepLetsAnsweredPacketsThrough(t *testing.T) {
	t.Parallel()
	l := lockstep{stage: stageSealed, tag: 16}
	for i := range 1000 {
		if err := l.received(sealedPacket(48, 16)); err != nil {
			t.Fatalf("packet %d: %v", i, err)
		}
		l.answered()
	}
	l.answered()
	if l.ahead != 0 {
		t.Errorf("ahead: %d", l.ahead)
	}
}

func TestLockstepBoundsWhatAnAnonymousClientSends(t *testing.T) {
	t.Parallel()
	for name, stream := range map[string][]byte{
		"no end of lines":  []byte(strings.Repeat("x", maxHandshakeBytes+1)),
		"large clear part": append([]byte("SSH-2.0-x\n"), 0, 1, 0, 0),
		"empty clear part": append([]byte("SSH-2.0-x\n"), 0, 0, 0, 1),
	} {
		var l lockstep
		if err := l.received(stream); !errors.Is(err, errSentAhead) {
			t.Errorf("%s: %v", name, err)
		}
	}
	l := lockstep{stage: stageSealed}
	if err := l.received([]byte{0x7f, 0xff, 0xff, 0xff}); !errors.Is(err, errSentAhead) {
		t.Errorf("large sealed packet: %v", err)
	}
}

func FuzzLockstep(f *testing.F) {
	f.Add([]byte("SSH-2.0-x\r\n"), clearPacket(kexInitWith("aes128-ctr", "")))
	f.Fuzz(func(_ *testing.T, a, b []byte) {
		var l lockstep
		if l.received(a) == nil {
			_ = l.received(b)
		}
	})
}

// stuck takes nothing until it is let go.
type stuck struct{ release chan struct{} }

func (s stuck) Write(p []byte) (int, error) {
	<-s.release
	return len(p), io.EOF
}

func TestWriteThatIsNotTakenIsReportedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		to := stuck{make(chan struct{})}
		stalls := 0
		begin := time.Now()
		o := newOutput(to, 15*time.Second, func() { stalls++; close(to.release) })
		if n, err := o.Write([]byte("x")); n != 0 || !errors.Is(err, ErrClosed) {
			t.Errorf("%d, %v", n, err)
		}
		if spent := time.Since(begin); spent != 15*time.Second {
			t.Errorf("given up after %v", spent)
		}
		time.Sleep(time.Minute)
		if stalls != 1 {
			t.Errorf("reported %d times", stalls)
		}
	})
}

// slow takes each piece in its own time.
type slow struct{ pieces int }

func (s *slow) Write(p []byte) (int, error) {
	time.Sleep(14 * time.Second)
	s.pieces++
	return len(p), nil
}

func TestLongAnswerOverASlowLineIsNoStall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		to := &slow{}
		o := newOutput(to, 15*time.Second, func() { t.Error("given up") })
		if n, err := o.Write(make([]byte, 10*maxPiece+1)); n != 10*maxPiece+1 || err != nil || to.pieces != 11 {
			t.Errorf("%d, %v in %d pieces", n, err, to.pieces)
		}
		time.Sleep(time.Minute)
	})
}

// However the output is cut into writes, the terminal gets the same.
func TestTranslationDoesNotDependOnTheWrites(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a\r\n]{0,40}`).Draw(t, "text")
		var got strings.Builder
		o := newOutput(&got, time.Minute, func() {})
		o.asTerminal()
		for rest := text; rest != ""; {
			n := rapid.IntRange(0, len(rest)).Draw(t, "piece")
			if _, err := o.Write([]byte(rest[:n])); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		want := strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
		if got.String() != want {
			t.Errorf("%q became %q, want %q", text, got.String(), want)
		}
	})
}

func TestCredentialOfACertificateCannotBeImitated(t *testing.T) {
	t.Parallel()
	a := Certificate{Authority: "SHA256:x", KeyID: "lea:17", Serial: 3}
	b := Certificate{Authority: "SHA256:x", KeyID: "lea", Serial: 17}
	c := Certificate{Authority: "SHA256:x", KeyID: "lea\x1b[2J:17:3", Serial: 3}
	seen := map[string]bool{}
	for _, cert := range []Certificate{a, b, c} {
		credential := cert.credential()
		if seen[credential] || strings.Count(credential, ":") != 4 || strings.ContainsRune(credential, '\x1b') {
			t.Errorf("%q", credential)
		}
		seen[credential] = true
	}
}

func TestCountersAreCopiedField(t *testing.T) {
	t.Parallel()
	var c counters
	c.connections.Add(1)
	c.unclosed.Add(2)
	c.openSessions.Add(3)
	if s := c.snapshot(); s.Connections != 1 || s.Unclosed != 2 || s.OpenSessions != 3 {
		t.Errorf("%+v", s)
	}
}

func TestConfigurationKeepsWhatIsSet(t *testing.T) {
	t.Parallel()
	_, private, err := newTestKey()
	if err != nil {
		t.Fatal(err)
	}
	c, err := Config{
		HostKey: HostKey{private}, Authenticator: struct{ Authenticator }{}, Handler: struct{ SessionHandler }{}, Now: time.Now,
		Limits: Limits{Channels: 9}, Timeouts: Timeouts{Grace: time.Minute}, Penalties: Penalties{NoAuth: time.Hour},
	}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	if c.Limits.Channels != 9 || c.Timeouts.Grace != time.Minute || c.Penalties.NoAuth != time.Hour {
		t.Errorf("%+v", c)
	}
	if c.Limits.AuthTries != 3 || c.Timeouts.Write != 15*time.Second || c.Penalties.Enforce != 15*time.Second ||
		c.Limits.Columns != 400 || c.Limits.Rows != 150 || c.Limits.Channels != 9 || c.Passwords != PasswordAnywhere {
		t.Errorf("defaults: %+v", c)
	}
}

func newTestKey() (gossh.PublicKey, gossh.Signer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, nil, err
	}
	signer, err := gossh.NewSignerFromKey(key)
	if err != nil {
		return nil, nil, err
	}
	return signer.PublicKey(), signer, nil
}
