package ldapconn

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// brokenPipe is a connection that takes a number of bytes and fails then. Reading waits until it is closed.
type brokenPipe struct {
	net.Conn
	takes  int
	closed chan struct{}
	once   sync.Once
}

var errBroken = errors.New("broken pipe")

func (b *brokenPipe) Write(p []byte) (int, error) {
	n := min(b.takes, len(p))
	b.takes -= n
	if n < len(p) {
		return n, errBroken
	}
	return n, nil
}

func (b *brokenPipe) Read([]byte) (int, error) {
	<-b.closed
	return 0, io.EOF
}

func (b *brokenPipe) Close() error {
	b.once.Do(func() { close(b.closed) })
	return nil
}

// poolOver is a pool that holds one used connection over conn, and an address where nobody listens.
func poolOver(t *testing.T, conn net.Conn) *Pool {
	t.Helper()
	p, err := Open(Config{
		URLs: []string{"ldaps://127.0.0.1:1"}, BindDN: "cn=x", Password: secret.FromString("x"), OpTimeout: 200 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Conn: conn}
	s, err := newSession(p.endpoints[0], w, w, p.config.limits())
	if err != nil {
		t.Fatal(err)
	}
	p.idle = append(p.idle, s)
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func modify(c *ldap.Conn) (*ldap.ModifyResult, error) {
	return c.ModifyWithResult(&ldap.ModifyRequest{DN: "cn=a", Changes: []ldap.Change{Replace("title", "x").wire()}})
}

func TestAByteMoreOrLessDecidesWhetherAWriteWasSent(t *testing.T) {
	t.Parallel()
	for takes, want := range map[int]bool{0: false, 1: true, 10: true, 1000: true} {
		p := poolOver(t, &brokenPipe{takes: takes, closed: make(chan struct{})})
		_, err := write(t.Context(), p, modify)
		failed, ok := errors.AsType[*WriteError](err)
		if !ok || failed.Sent != want {
			t.Errorf("%d bytes taken: %v", takes, err)
		}
		if _, refused := errors.AsType[*UnavailableError](err); refused == want {
			t.Errorf("%d bytes taken: tried again: %v, %v", takes, refused, err)
		}
	}
}

func TestAReadIsTriedAgainOnAnotherConnection(t *testing.T) {
	t.Parallel()
	p := poolOver(t, &brokenPipe{takes: 1, closed: make(chan struct{})})
	_, err := read(t.Context(), p, askNothing)
	if _, ok := errors.AsType[*UnavailableError](err); !ok || errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}

func TestAConnectionThatWasIdleForLongIsProvedBeforeAWrite(t *testing.T) {
	t.Parallel()
	pipe := &brokenPipe{takes: 0, closed: make(chan struct{})}
	p := poolOver(t, pipe)
	p.idle[0].used = time.Now().Add(-2 * proofAge)
	_, err := write(t.Context(), p, func(*ldap.Conn) (*ldap.ModifyResult, error) {
		t.Error("written on a dead connection")
		return nil, errBroken
	})
	if failed, ok := errors.AsType[*WriteError](err); !ok || failed.Sent {
		t.Errorf("got %v", err)
	}
}

func TestALibraryThatPanicsIsAnError(t *testing.T) {
	t.Parallel()
	p := poolOver(t, &brokenPipe{takes: 1 << 20, closed: make(chan struct{})})
	_, err := read(t.Context(), p, func(*ldap.Conn) (bool, error) { panic("on a hostile answer") })
	if !errors.Is(err, errPanic) || !errors.Is(err, errMalformed) {
		t.Errorf("got %v", err)
	}
}

func TestAWriteThatGetsNoAnswerEndsInTime(t *testing.T) {
	t.Parallel()
	p := poolOver(t, &brokenPipe{takes: 1 << 20, closed: make(chan struct{})})
	_, err := write(t.Context(), p, modify)
	if failed, ok := errors.AsType[*WriteError](err); !ok || !failed.Sent || !errors.Is(err, ErrTimeout) {
		t.Errorf("got %v", err)
	}
}

func TestAStuckRequestCountsAsSent(t *testing.T) {
	t.Parallel()
	p := poolOver(t, &brokenPipe{takes: 1 << 20, closed: make(chan struct{})})
	stuck := make(chan struct{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := write(ctx, p, func(*ldap.Conn) (bool, error) {
		<-stuck
		return false, errBroken
	})
	close(stuck)
	if failed, ok := errors.AsType[*WriteError](err); !ok || !failed.Sent || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestStartTLSReadsNotOneByteTooMany(t *testing.T) {
	t.Parallel()
	answer := testlab.Answer(1, 0x78, 0, "")
	s := &stream{reader: &oneByte{append(answer, "slipped in"...)}}
	if err := startTLS(s); err != nil {
		t.Fatal(err)
	}
	if rest, _ := io.ReadAll(s); string(rest) != "slipped in" {
		t.Errorf("%q is left", rest)
	}
	want := testlab.BER(0x30, []byte{2, 1, 1}, testlab.BER(0x77, testlab.BER(0x80, []byte(oidStartTLS))))
	if got := s.written.Bytes(); string(got) != string(want) {
		t.Errorf("asked %x, want %x", got, want)
	}
}

// oneByte yields one byte per read.
type oneByte struct{ rest []byte }

func (o *oneByte) Read(p []byte) (int, error) {
	if len(o.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, o.rest)
	o.rest = o.rest[n:]
	return n, nil
}

func TestStartTLSAcceptsNoOtherAnswer(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{
		"refused":          testlab.Answer(1, 0x78, 52, ""),
		"another id":       testlab.Answer(2, 0x78, 0, ""),
		"another kind":     testlab.Answer(1, 0x61, 0, ""),
		"nothing":          nil,
		"half":             testlab.Answer(1, 0x78, 0, "")[:5],
		"a long one":       testlab.Answer(1, 0x78, 0, string(make([]byte, 8<<10))),
		"a huge length":    {0x30, 0x84, 0x7f, 0xff, 0xff, 0xff},
		"half a length":    {0x30, 0x84, 0x7f},
		"a huger length":   {0x30, 0x88, 0, 0, 0, 0, 0, 0, 0, 1},
		"not a message":    {0x31, 0x00},
		"not an operation": testlab.BER(0x30, testlab.BERInt(1)),
		"not a result":     testlab.BER(0x30, testlab.BERInt(1), testlab.BER(0x78)),
	} {
		if err := startTLS(&stream{reader: &oneByte{raw}}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := startTLS(&stream{reader: &oneByte{testlab.Answer(1, 0x78, 0, string(make([]byte, 300)))}}); err != nil {
		t.Errorf("a success with many words: %v", err)
	}
}

func TestQuantilesAreOfTheLastMinutes(t *testing.T) {
	t.Parallel()
	var l latencies
	now := time.Now()
	if _, _, n := l.quantiles(now); n != 0 {
		t.Errorf("%d samples of nothing", n)
	}
	for i := range 100 {
		l.note(now.Add(-time.Hour), time.Minute)
		l.note(now.Add(-time.Second), time.Duration(i+1)*time.Millisecond)
	}
	p50, p99, n := l.quantiles(now)
	if p50 != 50*time.Millisecond || p99 != 99*time.Millisecond || n != 100 {
		t.Errorf("p50 %v, p99 %v of %d", p50, p99, n)
	}
	for range 5000 {
		l.note(now, time.Second)
	}
	if _, _, n := l.quantiles(now); n != latencySamples {
		t.Errorf("%d samples", n)
	}
}
