package load

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// Ending is a way in which a client ends, or does not.
type Ending string

// The endings.
const (
	Disconnects   Ending = "connect and disconnect"
	ClosesChannel Ending = "close of the channel alone"
	Resets        Ending = "TCP reset"
	NeverReads    Ending = "never reading"
)

// Endings lists them all.
func Endings() []Ending { return []Ending{Disconnects, ClosesChannel, Resets, NeverReads} }

// End connects n sessions, a few at a time, and ends each of them in this way. What the server must notice by itself it may not have noticed
// yet when End returns; leave lets go of what the clients still hold.
func (t Target) End(ctx context.Context, how Ending, n int, keys func(session int) Keyboard) (leave func(), err error) {
	var held []*Session
	leave = func() {
		for _, s := range held {
			_ = s.Close()
		}
	}
	for begun := 0; begun < n; {
		some := min(n-begun, 4*atOnce)
		c, err := Gather(ctx, t, some, keys)
		if err != nil {
			return leave, err
		}
		begun += some
		kept, err := c.end(how)
		held = append(held, kept...)
		if err != nil {
			return leave, err
		}
	}
	return leave, nil
}

// end ends all sessions side by side and returns those whose connection is still held.
func (c *Crowd) end(how Ending) (held []*Session, err error) {
	kept, errs := make([]bool, len(c.sessions)), make([]error, len(c.sessions))
	var all sync.WaitGroup
	for i, s := range c.sessions {
		all.Go(func() { kept[i], errs[i] = s.end(how, c.keyboards[i]) }) // bounded by the time to type
	}
	all.Wait()
	for i, s := range c.sessions {
		if kept[i] {
			held = append(held, s)
		}
	}
	return held, errors.Join(errs...)
}

// end ends one session, and reports whether its connection is still held.
func (s *Session) end(how Ending, next Keyboard) (kept bool, err error) {
	switch how {
	case Disconnects:
		return false, s.Close()
	case ClosesChannel:
		return true, s.channel.Close()
	case Resets:
		return false, s.reset()
	case NeverReads:
		return true, s.stare(next)
	}
	return false, errors.New("unknown ending " + string(how))
}

// reset cuts the connection without a word.
func (s *Session) reset() error {
	tcp, ok := s.conn.(*net.TCPConn)
	if !ok {
		return errors.New("this is not TCP")
	}
	if err := tcp.SetLinger(0); err != nil {
		return err
	}
	err := s.conn.Close()
	<-s.ended
	return err
}

// stare stops reading and types on, until there is more to read than a channel and a connection take.
func (s *Session) stare(next Keyboard) error {
	const keys, pace = 1500, 4 * time.Millisecond
	if tcp, ok := s.conn.(*net.TCPConn); ok {
		if err := tcp.SetReadBuffer(4 << 10); err != nil {
			return err
		}
	}
	s.gate.close()
	for range keys {
		if _, err := s.channel.Write([]byte{next()}); err != nil {
			return nil //nolint:nilerr // the server has cut it off: that is what it is for
		}
		time.Sleep(pace)
	}
	return nil
}
