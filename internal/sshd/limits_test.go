package sshd_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/sshd"
)

// gone waits until a raw client is cut off.
func gone(t *testing.T, c *rawClient) {
	t.Helper()
	must(t, c.conn.SetReadDeadline(time.Now().Add(patience)))
	if _, err := io.Copy(io.Discard, c.in); errors.Is(err, context.DeadlineExceeded) || isTimeout(err) {
		t.Error("the client was not cut off")
	}
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// T70: clients that never get on are dropped when their time is up.
func TestHandshakesHaveADeadline(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(t *testing.T, c *rawClient){
		"silent":              func(*testing.T, *rawClient) {},
		"version without end": func(_ *testing.T, c *rawClient) { _, _ = io.WriteString(c.conn, "SSH-2.0-slo") },
		"no key exchange":     func(t *testing.T, c *rawClient) { t.Helper(); must(t, c.exchangeVersions()) },
		"half a key exchange": func(t *testing.T, c *rawClient) {
			t.Helper()
			must(t, c.exchangeVersions())
			must(t, c.send(kexInit()))
		},
		"no authentication":   func(t *testing.T, c *rawClient) { t.Helper(); must(t, c.handshake()) },
		"unanswered question": askAndWait,
		"byte after byte":     func(_ *testing.T, c *rawClient) { trickle(c) },
		"half of a clear part": func(t *testing.T, c *rawClient) {
			t.Helper()
			must(t, c.exchangeVersions())
			_, _ = c.conn.Write([]byte{0, 0, 1})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t, func(c *sshd.Config) { c.Timeouts.Grace = 300 * time.Millisecond })
			c := dialRaw(t, d.addr)
			act(t, c)
			gone(t, c)
			eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
			if n := d.Counters(); n.HandshakesExpired != 1 || n.Handshakes != 0 {
				t.Errorf("counters %+v", n)
			}
		})
	}
}

func askAndWait(t *testing.T, c *rawClient) {
	t.Helper()
	must(t, c.handshake())
	must(t, c.startAuth())
	must(t, c.send(append(authRequest("lea", "keyboard-interactive"), make([]byte, 8)...)))
}

// trickle sends one byte now and then until the server has enough.
func trickle(c *rawClient) {
	for _, b := range []byte(strings.Repeat("x", 200)) {
		if _, err := c.conn.Write([]byte{b}); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// A version line that has no end and lines before it that never stop are cut off at once, not at the deadline.
func TestEndlessVersionIsCutOff(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for _, chunk := range []string{"SSH-2.0-" + strings.Repeat("x", 1024), strings.Repeat("hello\n", 1024)} {
		c := dialRaw(t, d.addr)
		for range 1024 {
			if _, err := io.WriteString(c.conn, chunk); err != nil {
				break
			}
		}
		gone(t, c)
	}
	eventually(t, "the connections are gone", func() bool { return d.Counters().OpenConnections == 0 })
}

// T70: while 200 clients are silent an operator signs in as if there were none.
func TestSilentFloodDisplacesItselfAndNotAnOperator(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for range 200 {
		dialRaw(t, d.addr)
	}
	eventually(t, "the flood is there", func() bool { return d.Counters().HandshakesEvicted >= 200-32 })
	begin := time.Now()
	must(t, openSession(t, d.enter(t, "lea")).Run("x"))
	if spent := time.Since(begin); spent > 10*time.Second {
		t.Errorf("signing in took %v", spent)
	}
	if n := d.Counters(); n.Handshakes > 32 || n.Penalties != 0 {
		t.Errorf("counters %+v", n)
	}
}

func TestConnectionsAreCapped(t *testing.T) {
	t.Parallel()
	for name, cap := range map[string]func(*sshd.Limits){
		"in all":    func(l *sshd.Limits) { l.Connections = 3 },
		"by source": func(l *sshd.Limits) { l.ConnectionsPerSource = 3 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openDesk(t, func(c *sshd.Config) { cap(&c.Limits) })
			var last *gossh.Client
			for range 3 {
				last = d.enter(t, "lea")
			}
			if _, err := d.dial(t, "lea", gossh.PublicKeys(d.auth.signer("lea"))); err == nil {
				t.Fatal("a fourth one came in")
			}
			if n := d.Counters().RefusedByLimit; n != 1 {
				t.Errorf("%d refused", n)
			}
			must(t, last.Close())
			eventually(t, "there is room", func() bool { return d.Counters().OpenConnections == 2 })
			d.enter(t, "lea")
		})
	}
}

// The penalties of OpenSSH: a source that fails too often is refused before anything is read.
func TestSourceThatFailsTooOftenIsRefused(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Penalties = sshd.Penalties{} })
	for range 4 { // three times 5 s are just under 15 s by then
		if _, err := d.dial(t, "lea", answers("wrong")); err == nil {
			t.Fatal("signed in")
		}
	}
	eventually(t, "the source is penalised", func() bool { return d.Counters().Penalties == 1 })
	if _, err := d.dial(t, "lea", gossh.PublicKeys(d.auth.signer("lea"))); err == nil {
		t.Error("a penalised source came in")
	}
	if n := d.Counters(); n.RefusedByPenalty != 1 || n.SignedIn != 0 {
		t.Errorf("counters %+v", n)
	}
	if e := d.events.of(sshd.EventPenalised); len(e) != 1 || e[0].Detail.Raw() != string(sshd.OffenceAuthFailed) || !e[0].Source.IsLoopback() {
		t.Errorf("events %+v", e)
	}
}

func TestExemptSourceIsNeverRefused(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) {
		c.Penalties = sshd.Penalties{Exempt: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	})
	for range 10 {
		_ = dialRaw(t, d.addr).conn.Close()
		_, _ = d.dial(t, "lea", answers("wrong"))
	}
	d.enter(t, "lea")
}

// T73: channels past the cap are refused, and a client that goes on asking is cut off.
func TestFloodOfChannelsEndsTheConnection(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.rawEnter(t, "lea")
	opened, refused := 0, 0
	for id := range uint32(5000) {
		if err := c.send(channelOpen("session", id, 1<<20, 1<<15)); err != nil {
			break
		}
		p, err := c.receive()
		if err != nil {
			break
		}
		switch {
		case p[0] == msgChannelConfirm:
			opened++
		case p[0] == msgChannelFailure && binary.BigEndian.Uint32(p[5:]) == uint32(gossh.ResourceShortage):
			refused++
		}
	}
	if opened != 4 || refused > 10 {
		t.Errorf("%d opened, %d refused", opened, refused)
	}
	eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
	if n := d.Counters(); n.ChannelsRefused < 10 || n.Flooded != 1 || n.OpenSessions != 0 {
		t.Errorf("counters %+v", n)
	}
}

// T73: the flood may come without waiting for a single answer.
func TestFloodOfChannelsAtOnceEndsTheConnection(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.rawEnter(t, "lea")
	var flood []byte
	for id := range uint32(5000) {
		flood = append(flood, c.seal(channelOpen("session", id, 1<<20, 1<<15))...)
	}
	_, _ = c.conn.Write(flood)
	gone(t, c)
	eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
	if n := d.Counters(); n.Flooded != 1 || n.Sessions != 0 {
		t.Errorf("counters %+v", n)
	}
}

func TestPlaceOfAnEndedSessionIsFreeAgain(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	client := d.enter(t, "lea")
	for range 30 {
		session := openSession(t, client)
		must(t, session.Run("x"))
		_ = session.Close()
	}
	eventually(t, "no session is left", func() bool { return d.Counters().OpenSessions == 0 })
	if n := d.Counters(); n.ChannelsRefused != 0 {
		t.Errorf("counters %+v", n)
	}
}

// The time for agreeing to a close ends with the agreement, not with the connection.
func TestConnectionOutlivesItsSessions(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Timeouts.Close = 50 * time.Millisecond })
	client := d.enter(t, "lea")
	for end := time.Now().Add(300 * time.Millisecond); time.Now().Before(end); {
		must(t, openSession(t, client).Run("x"))
	}
	if n := d.Counters(); n.Unclosed != 0 || n.OpenConnections != 1 {
		t.Errorf("counters %+v", n)
	}
}

// T77: nothing is forwarded, in neither direction.
func TestForwardingIsRefused(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	client := d.enter(t, "lea")
	if _, err := client.Listen("tcp", "127.0.0.1:0"); err == nil {
		t.Error("tcpip-forward was served")
	}
	if _, err := client.ListenUnix(t.TempDir() + "/sock"); err == nil {
		t.Error("streamlocal-forward was served")
	}
	for name, dial := range map[string]func() (net.Conn, error){
		"direct-tcpip":       func() (net.Conn, error) { return client.Dial("tcp", d.addr) },
		"direct-streamlocal": func() (net.Conn, error) { return client.Dial("unix", "/run/x") },
	} {
		_, err := dial()
		var refused *gossh.OpenChannelError
		if !errors.As(err, &refused) || refused.Reason != gossh.Prohibited {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, kind := range []string{"x11", "auth-agent@openssh.com", "forwarded-tcpip", ""} {
		if _, _, err := client.OpenChannel(kind, nil); err == nil {
			t.Errorf("channel %q was opened", kind)
		}
	}
	must(t, openSession(t, client).Run("still good"))
	var kinds []string
	for _, e := range d.events.of(sshd.EventRefused) {
		kinds = append(kinds, e.Detail.Raw())
	}
	if !slices.Contains(kinds, "tcpip-forward") || !slices.Contains(kinds, "direct-tcpip") {
		t.Errorf("noted %q", kinds)
	}
}

func TestFloodOfRequestsEndsTheConnection(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	client := d.enter(t, "lea")
	for i := 0; ; i++ {
		if _, _, err := client.SendRequest("made-up@example.org", true, nil); err != nil {
			break
		}
		if i > 100 {
			t.Fatal("the flood is still served")
		}
	}
	eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
	if n := d.Counters(); n.Flooded != 1 || n.RequestsRefused < 100 {
		t.Errorf("counters %+v", n)
	}
}

// What clients send in good faith is not held against them, however often.
func TestKeepAlivesOfAClientAreNoFlood(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	client := d.enter(t, "lea")
	for range 300 {
		if _, _, err := client.SendRequest("keepalive@openssh.com", true, nil); err != nil {
			t.Fatal(err)
		}
	}
	if n := d.Counters().RequestsRefused; n != 0 {
		t.Errorf("%d refused", n)
	}
}

// A client that asks without end and reads no answer is cut off when an answer is not taken.
func TestClientThatReadsNoAnswersIsCutOff(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Timeouts.Write = 200 * time.Millisecond })
	c := d.rawEnter(t, "lea")
	must(t, c.conn.SetWriteDeadline(time.Now().Add(patience)))
	request := append(appendString([]byte{msgGlobalRequest}, []byte("keepalive@openssh.com")), 1)
	var err error
	for err == nil {
		var batch []byte
		for range 1000 {
			batch = append(batch, c.seal(request)...)
		}
		_, err = c.conn.Write(batch)
	}
	if isTimeout(err) {
		t.Error("the client was not cut off")
	}
	eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
}

// T75: answers to nothing are ignored, and packets for channels that are not there end the connection.
func TestUnsolicitedPacketsLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	data := func(id uint32) []byte {
		return appendString(binary.BigEndian.AppendUint32([]byte{msgChannelData}, id), []byte("x"))
	}
	for name, packet := range map[string][]byte{
		"data for no channel":  data(7),
		"answer of no channel": binary.BigEndian.AppendUint32([]byte{msgChannelSuccess}, 7),
		"unknown message":      {192},
		"short packet":         {msgChannelData, 0},
	} {
		c := d.rawEnter(t, "lea")
		for range 40 {
			must(t, c.send([]byte{msgRequestSuccess}))
		}
		must(t, c.send(channelOpen("session", 0, 1<<20, 1<<15)))
		must(t, c.send(data(0))) // perhaps before it is confirmed
		if _, err := c.receiveKind(msgChannelConfirm); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		must(t, c.send(packet))
		gone(t, c)
	}
	eventually(t, "every connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
}

// T72: key exchanges without end are served one after the other, and ended ones leave nothing.
func TestRekeyFloodIsServedInOrder(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.rawEnter(t, "lea")
	for range 50 {
		must(t, c.exchangeKeys(nil))
	}
	must(t, c.send(channelOpen("session", 0, 1<<20, 1<<15)))
	if _, err := c.receiveKind(msgChannelConfirm); err != nil {
		t.Fatal(err)
	}
}

// T72: a client that begins a key exchange and never ends it, while output waits, loses its connection.
func TestRekeyThatNeverEndsLosesTheConnection(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) {
		c.Timeouts.Write = 200 * time.Millisecond
		c.Timeouts.Close = 200 * time.Millisecond
	})
	flood := make(chan struct{})
	d.handler.command = func(_ context.Context, s *sshd.Session) int {
		<-flood
		for frame := make([]byte, 16<<10); ; {
			if _, err := s.Write(frame); err != nil {
				return 0
			}
		}
	}
	c := d.rawEnter(t, "lea")
	must(t, c.send(channelOpen("session", 0, 1<<31, 1<<15)))
	if _, err := c.receiveKind(msgChannelConfirm); err != nil {
		t.Fatal(err)
	}
	must(t, c.send(channelRequest(0, "exec", true, appendString(nil, []byte("x")))))
	if _, err := c.receiveKind(msgChannelSuccess); err != nil {
		t.Fatal(err)
	}
	must(t, c.send(kexInit()))
	if _, err := c.receiveKind(msgKexInit); err != nil {
		t.Fatal(err)
	}
	close(flood)
	eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
}

// T81: what the server offers is on the list, and nothing else is.
func TestOfferedAlgorithms(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := dialRaw(t, d.addr)
	must(t, c.exchangeVersions())
	if c.server != "SSH-2.0-sspr-tui" {
		t.Errorf("version %q", c.server)
	}
	init, err := c.receiveKind(msgKexInit)
	must(t, err)
	rest := init[17:]
	for i, want := range []string{
		"mlkem768x25519-sha256,curve25519-sha256,curve25519-sha256@libssh.org,kex-strict-s-v00@openssh.com",
		"ssh-ed25519",
		"aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr", "",
		"hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com", "", "none", "",
	} {
		var list []byte
		list, rest = cutString(rest)
		if want != "" && string(list) != want {
			t.Errorf("list %d: %s", i, list)
		}
	}
}

// T82: clients that have only what is not on the list do not get in; with each thing on it they do.
func TestNegotiatedAlgorithms(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for _, tt := range []struct {
		config gossh.Config
		ok     bool
	}{
		{gossh.Config{Ciphers: []string{gossh.CipherChaCha20Poly1305}}, false},
		{gossh.Config{Ciphers: []string{gossh.InsecureCipherAES128CBC}}, false},
		{gossh.Config{Ciphers: []string{gossh.CipherAES128CTR}, MACs: []string{gossh.HMACSHA256}}, false},
		{gossh.Config{Ciphers: []string{gossh.CipherAES128CTR}, MACs: []string{gossh.HMACSHA1}}, false},
		{gossh.Config{KeyExchanges: []string{gossh.KeyExchangeDH14SHA256}}, false},
		{gossh.Config{KeyExchanges: []string{gossh.KeyExchangeECDHP256}}, false},
		{gossh.Config{KeyExchanges: []string{gossh.KeyExchangeCurve25519}}, true},
		{gossh.Config{KeyExchanges: []string{gossh.KeyExchangeMLKEM768X25519}}, true},
		{gossh.Config{Ciphers: []string{gossh.CipherAES128GCM}}, true},
		{gossh.Config{Ciphers: []string{gossh.CipherAES256GCM}}, true},
		{gossh.Config{Ciphers: []string{gossh.CipherChaCha20Poly1305, gossh.CipherAES128CTR}, MACs: []string{gossh.HMACSHA256ETM}}, true},
		{gossh.Config{Ciphers: []string{gossh.CipherAES192CTR}, MACs: []string{gossh.HMACSHA512ETM}}, true},
		{gossh.Config{Ciphers: []string{gossh.CipherAES256CTR}, MACs: []string{gossh.HMACSHA1, gossh.HMACSHA512ETM}}, true},
	} {
		client, err := gossh.Dial("tcp", d.addr, &gossh.ClientConfig{
			Config: tt.config, User: "lea", HostKeyCallback: gossh.FixedHostKey(d.hostKey.Public()), Timeout: patience,
			Auth: []gossh.AuthMethod{gossh.PublicKeys(d.auth.signer("admin")), answers("wrong", "pass of lea")},
		})
		if (err == nil) != tt.ok {
			t.Errorf("%+v: %v", tt.config, err)
		}
		if err == nil {
			_ = client.Close()
		}
	}
}

func TestBannerIsShownBeforeSignIn(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Banner = "Authorised operators only.\n" })
	var banner string
	_, err := gossh.Dial("tcp", d.addr, &gossh.ClientConfig{
		User: "nobody", HostKeyCallback: gossh.FixedHostKey(d.hostKey.Public()),
		BannerCallback: func(text string) error { banner = text; return nil },
	})
	if err == nil || banner != "Authorised operators only.\n" {
		t.Errorf("%q, %v", banner, err)
	}
}

// A channel that nobody uses and a connection without channels do not stay.
func TestUnusedChannelsAndConnectionsEnd(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) {
		c.Timeouts.Start = 100 * time.Millisecond
		c.Timeouts.Sessionless = 300 * time.Millisecond
	})
	client := d.enter(t, "lea")
	openSession(t, client)
	ended := make(chan error, 1)
	go func() { ended <- client.Wait() }()
	within(t, "the connection ends", ended)
	eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
}

func TestRunningSessionIsNotTakenForUnused(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) {
		c.Timeouts.Start = 50 * time.Millisecond
		c.Timeouts.Sessionless = 50 * time.Millisecond
	})
	d.handler.command = func(ctx context.Context, _ *sshd.Session) int {
		select {
		case <-ctx.Done():
			return 1
		case <-time.After(300 * time.Millisecond):
			return 0
		}
	}
	must(t, openSession(t, d.enter(t, "lea")).Run("x"))
}

func TestConnectionEndsWithItsLifetime(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Timeouts.Lifetime = 200 * time.Millisecond })
	why := make(chan sshd.LeaveReason, 1)
	d.handler.terminal = func(_ context.Context, s *sshd.Session) int {
		<-s.Leaving()
		why <- s.LeaveReason()
		return 0
	}
	session := shell(t, d.enter(t, "lea"))
	if reason := within(t, "the reason", why); reason != sshd.LeaveLifetime {
		t.Errorf("asked to leave for %q", reason)
	}
	must(t, session.Wait())
	eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
}

func TestSilentClientIsProbedAndStays(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Timeouts.KeepAlive = 50 * time.Millisecond })
	conn, err := net.Dial("tcp", d.addr)
	must(t, err)
	ssh, channels, requests, err := gossh.NewClientConn(conn, d.addr, &gossh.ClientConfig{
		User: "lea", Auth: []gossh.AuthMethod{gossh.PublicKeys(d.auth.signer("lea"))},
		HostKeyCallback: gossh.FixedHostKey(d.hostKey.Public()),
	})
	must(t, err)
	defer ssh.Close()
	go func() {
		for channel := range channels { // none comes; ends with the connection
			_ = channel.Reject(gossh.Prohibited, "")
		}
	}()
	for range 3 {
		probe := within(t, "a probe", requests)
		if probe.Type != "keepalive@openssh.com" || !probe.WantReply {
			t.Fatalf("probe %+v", probe)
		}
		must(t, probe.Reply(false, nil))
	}
	if n := d.Counters(); n.Lost != 0 || n.OpenConnections != 1 {
		t.Errorf("counters %+v", n)
	}
}

func TestClientThatDoesNotAnswerIsLost(t *testing.T) {
	t.Parallel()
	d := openDesk(t, func(c *sshd.Config) { c.Timeouts.KeepAlive = 50 * time.Millisecond })
	c := d.rawEnter(t, "lea")
	if p, err := c.receiveKind(msgGlobalRequest); err != nil || !strings.Contains(string(p), "keepalive@openssh.com") {
		t.Fatalf("%q, %v", p, err)
	}
	eventually(t, "the connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
	if n := d.Counters().Lost; n != 1 {
		t.Errorf("%d lost", n)
	}
}

// Connections that come and go in every way leave nothing; TestMain looks for goroutines.
func TestManyWaysToGoLeaveNothing(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.handler.terminal = func(ctx context.Context, s *sshd.Session) int {
		go func() { _, _ = io.Copy(io.Discard, s) }()
		<-ctx.Done()
		return 0
	}
	for i := range 200 {
		conn, err := net.Dial("tcp", d.addr)
		must(t, err)
		ssh, channels, requests, err := gossh.NewClientConn(conn, d.addr, &gossh.ClientConfig{
			User: "lea", Auth: []gossh.AuthMethod{gossh.PublicKeys(d.auth.signer("lea"))},
			HostKeyCallback: gossh.FixedHostKey(d.hostKey.Public()),
		})
		must(t, err)
		session := shell(t, gossh.NewClient(ssh, channels, requests))
		switch i % 4 {
		case 0: // politely
			must(t, session.Close())
			must(t, ssh.Close())
		case 1: // TCP FIN in the middle
			must(t, conn.Close())
		case 2: // TCP RST
			must(t, conn.(*net.TCPConn).SetLinger(0))
			must(t, conn.Close())
		case 3: // resizes until the end
			for range 40 {
				_ = session.WindowChange(30, 100)
			}
			must(t, ssh.Close())
		}
		_ = ssh.Wait()
	}
	eventually(t, "every connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
	if n := d.Counters(); n.SignedIn != 200 || n.OpenSessions != 0 || n.Panics != 0 {
		t.Errorf("counters %+v", n)
	}
}
