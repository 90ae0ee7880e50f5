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
	Whole   string // what ends the first frame, and the answer to a key; "" when the first byte is both
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

	mark  string
	drawn *answer // the first frame

	mu      sync.Mutex
	waiting *answer
	bytes   int64
}

// answer is output that is waited for. Both channels have room for one.
type answer struct {
	first chan time.Time // gets the time of its first byte
	whole chan time.Time // and when its mark has come
	mark  []byte
	tail  []byte // the end of what came, where the mark may have begun
	begun bool
}

func newAnswer(mark string) *answer {
	return &answer{first: make(chan time.Time, 1), whole: make(chan time.Time, 1), mark: []byte(mark)}
}

// came takes a piece of output and reports whether the answer is whole.
func (a *answer) came(p []byte, at time.Time) bool {
	if !a.begun {
		a.begun = true
		a.first <- at
	}
	a.tail = append(a.tail, p...)
	if bytes.Contains(a.tail, a.mark) {
		a.whole <- at
		return true
	}
	a.tail = a.tail[max(0, len(a.tail)-len(a.mark)):]
	return false
}

// Dial connects session number i, opens a terminal and waits until the first frame is whole.
func (t Target) Dial(ctx context.Context, i int) (*Session, error) {
	local := &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+i/perSource))}
	dialer := net.Dialer{LocalAddr: local}
	conn, err := dialer.DialContext(ctx, "tcp", t.Addr)
	if err != nil {
		return nil, fmt.Errorf("session %d: %w", i, err)
	}
	frame := newAnswer(t.Whole)
	s := &Session{conn: conn, gate: newGate(conn), ended: make(chan struct{}), mark: t.Whole, drawn: frame, waiting: frame}
	if err := s.start(ctx, t); err != nil {
		return nil, errors.Join(fmt.Errorf("session %d: %w", i, err), conn.Close())
	}
	select {
	case <-s.drawn.whole:
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
	if s.waiting != nil && s.waiting.came(p, at) {
		s.waiting = nil
	}
}

// press sends a key and returns the answer that is waited for from then on.
func (s *Session) press(key byte) (*answer, error) {
	a := newAnswer(s.mark)
	s.mu.Lock()
	s.waiting = a
	s.mu.Unlock()
	_, err := s.channel.Write([]byte{key})
	return a, err
}

// Bytes is how much has come so far.
func (s *Session) Bytes() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes
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
