package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// The terminal of every session.
const (
	Columns = 130
	Rows    = 60
)

// FrameEnd ends a frame of more than one row: the end of a synchronised update (mode 2026).
const FrameEnd = "\x1b[?2026l"

// Target is a server and how to sign in there.
type Target struct {
	Addr    string
	HostKey gossh.PublicKey
	Login   string
	Key     gossh.Signer
	Whole   string // what stands in the output when the first frame is complete; "" when the first byte is enough
}

// perSource is how many sessions share one source address: a server has a cap for each.
const perSource = 200

// Session is one connection with one terminal.
type Session struct {
	conn    net.Conn
	client  gossh.Conn
	channel gossh.Channel
	gate    *gate
	ended   chan struct{} // closed when the output has ended

	mu      sync.Mutex
	whole   []byte // what is looked for until it came
	tail    []byte // the end of what came, as long as whole is looked for
	found   bool
	drawn   chan struct{} // closed when it came
	bytes   int64
	last    time.Time
	waiting chan time.Time // gets the time of the next byte
}

// Dial connects session number i, opens a terminal and waits until the first frame is whole.
func (t Target) Dial(ctx context.Context, i int) (*Session, error) {
	local := &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+i/perSource))}
	dialer := net.Dialer{LocalAddr: local}
	conn, err := dialer.DialContext(ctx, "tcp", t.Addr)
	if err != nil {
		return nil, fmt.Errorf("session %d: %w", i, err)
	}
	s := &Session{conn: conn, gate: newGate(conn), ended: make(chan struct{}), whole: []byte(t.Whole), drawn: make(chan struct{})}
	if err := s.start(ctx, t); err != nil {
		return nil, errors.Join(fmt.Errorf("session %d: %w", i, err), conn.Close())
	}
	select {
	case <-s.drawn:
		return s, nil
	case <-s.ended:
		return nil, errors.Join(fmt.Errorf("session %d: it ended before its first frame", i), s.Close())
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), s.Close())
	}
}

// start signs in and asks for a shell on a terminal.
func (s *Session) start(ctx context.Context, t Target) error {
	stop := context.AfterFunc(ctx, func() { _ = s.conn.Close() }) // the handshake knows no context
	defer stop()
	config := &gossh.ClientConfig{
		User: t.Login, Auth: []gossh.AuthMethod{gossh.PublicKeys(t.Key)}, HostKeyCallback: gossh.FixedHostKey(t.HostKey),
		BannerCallback: func(string) error { return nil },
	}
	client, channels, requests, err := gossh.NewClientConn(s.gate, t.Addr, config)
	if err != nil {
		return err
	}
	s.client = client
	go gossh.DiscardRequests(requests) // ends with the connection
	go refuse(channels)                // likewise
	return s.open()
}

// open opens a channel with a terminal and a shell.
func (s *Session) open() error {
	channel, requests, err := s.client.OpenChannel("session", nil)
	if err != nil {
		return err
	}
	go gossh.DiscardRequests(requests) // ends with the channel
	s.channel = channel
	go s.read() // likewise
	if err := ask(channel, "pty-req", gossh.Marshal(ptyRequest{Term: "xterm-256color", Columns: Columns, Rows: Rows})); err != nil {
		return err
	}
	return ask(channel, "shell", nil)
}

// ptyRequest is RFC 4254 section 6.2.
type ptyRequest struct {
	Term                         string
	Columns, Rows, Width, Height uint32
	Modes                        string
}

func ask(channel gossh.Channel, request string, payload []byte) error {
	ok, err := channel.SendRequest(request, true, payload)
	if err == nil && !ok {
		err = fmt.Errorf("%s was refused", request)
	}
	return err
}

func refuse(channels <-chan gossh.NewChannel) {
	for c := range channels {
		_ = c.Reject(gossh.Prohibited, "")
	}
}

// read takes the output until it ends.
func (s *Session) read() {
	defer close(s.ended)
	buf := make([]byte, 16<<10)
	for {
		n, err := s.channel.Read(buf)
		if n > 0 {
			s.came(buf[:n], time.Now())
		}
		if err != nil {
			return
		}
	}
}

func (s *Session) came(p []byte, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bytes += int64(len(p))
	s.last = at
	if s.waiting != nil {
		s.waiting <- at // it has room for one
		s.waiting = nil
	}
	if s.found {
		return
	}
	s.tail = append(s.tail, p...)
	if bytes.Contains(s.tail, s.whole) {
		s.found, s.tail = true, nil
		close(s.drawn)
		return
	}
	s.tail = s.tail[max(0, len(s.tail)-len(s.whole)):]
}

// press sends a key and returns a channel that gets the time of the first byte after it.
func (s *Session) press(key byte) (<-chan time.Time, error) {
	answered := make(chan time.Time, 1)
	s.mu.Lock()
	s.waiting = answered
	s.mu.Unlock()
	_, err := s.channel.Write([]byte{key})
	return answered, err
}

// Bytes is how much has come so far, and when the last of it did.
func (s *Session) Bytes() (n int64, last time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes, s.last
}

// Algorithms are what was agreed on.
func (s *Session) Algorithms() gossh.NegotiatedAlgorithms {
	meta, ok := s.client.(gossh.AlgorithmsConnMetadata)
	if !ok {
		return gossh.NegotiatedAlgorithms{}
	}
	return meta.Algorithms()
}

// Close ends the connection as a client does that is done.
func (s *Session) Close() error {
	s.gate.open()
	if s.client == nil {
		return s.conn.Close()
	}
	err := s.client.Close()
	<-s.ended
	return err
}
