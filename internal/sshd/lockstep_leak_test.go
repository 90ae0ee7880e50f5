package sshd_test

import (
	"errors"
	"io"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/sshd"
)

// T70: with x/crypto alone each of these clients leaves two goroutines behind; TestMain looks for them.
func TestAnonymousClientThatSendsAheadLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for range 20 {
		c := dialRaw(t, d.addr)
		if err := errors.Join(c.handshake(), c.startAuth()); err != nil {
			t.Fatal(err)
		}
		var flood []byte
		for range 60 {
			flood = append(flood, c.seal(authRequest("nobody", "bogus"))...)
		}
		_, _ = c.conn.Write(flood)
		_, _ = io.Copy(io.Discard, c.in)
	}
	eventually(t, "every connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
	if n := d.Counters().SignedIn; n != 0 {
		t.Errorf("%d signed in", n)
	}
}

func TestClientThatSendsAheadBeforeTheServiceLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for range 20 {
		c := dialRaw(t, d.addr)
		if err := c.handshake(); err != nil {
			t.Fatal(err)
		}
		var flood []byte
		for range 60 {
			flood = append(flood, c.seal(appendString([]byte{msgServiceRequest}, []byte("ssh-bogus")))...)
		}
		_, _ = c.conn.Write(flood)
		_, _ = io.Copy(io.Discard, c.in)
	}
	eventually(t, "every connection is gone", func() bool { return d.Counters().OpenConnections == 0 })
}

// A client that asks for the service and the methods at once, as small clients do, is not held up.
func TestClientThatAsksTwoThingsAtOnceIsServed(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := dialRaw(t, d.addr)
	if err := c.handshake(); err != nil {
		t.Fatal(err)
	}
	both := c.seal(appendString([]byte{msgServiceRequest}, []byte("ssh-userauth")))
	both = append(both, c.seal(authRequest("lea", "none"))...)
	if _, err := c.conn.Write(both); err != nil {
		t.Fatal(err)
	}
	for _, want := range []byte{msgServiceAccept, msgUserAuthFailure} {
		if p, err := c.receive(); err != nil || p[0] != want {
			t.Fatalf("got %v, %v; want message %d", p, err, want)
		}
	}
	if err := c.signIn("lea", d.auth.signer("lea")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "lea is signed in", func() bool { return len(d.events.of(sshd.EventSignedIn)) == 1 })
}
