package load

import (
	"context"
	"errors"
	"sync"
	"time"
)

// atOnce is how many sessions are connected side by side.
const atOnce = 16

// Keyboard gives the keys of one session, without an end.
type Keyboard func() byte

// Crowd is many sessions on one server, each with a keyboard.
type Crowd struct {
	sessions  []*Session
	keyboards []Keyboard
}

// Gather connects n sessions. When one fails, all are closed.
func Gather(ctx context.Context, t Target, n int, keys func(session int) Keyboard) (*Crowd, error) {
	sessions, errs := make([]*Session, n), make([]error, n)
	var all sync.WaitGroup
	free := make(chan struct{}, atOnce)
	for i := range n {
		free <- struct{}{}
		all.Go(func() { // ends with its dial
			defer func() { <-free }()
			sessions[i], errs[i] = t.Dial(ctx, i)
		})
	}
	all.Wait()
	c := &Crowd{}
	for i, s := range sessions {
		if s != nil {
			c.sessions, c.keyboards = append(c.sessions, s), append(c.keyboards, keys(i))
		}
	}
	if err := errors.Join(errs...); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// Close ends all of them.
func (c *Crowd) Close() {
	var all sync.WaitGroup
	for _, s := range c.sessions {
		all.Go(func() { _ = s.Close() }) // ends with the connection
	}
	all.Wait()
}

// First is one of them.
func (c *Crowd) First() *Session { return c.sessions[0] }

// Bytes is how much all of them have received.
func (c *Crowd) Bytes() int64 {
	var sum int64
	for _, s := range c.sessions {
		sum += s.Bytes()
	}
	return sum
}

// Settle waits until nothing has come for the time of quiet, or gives up after patience.
func (c *Crowd) Settle(ctx context.Context, quiet, patience time.Duration) error {
	end := time.Now().Add(patience)
	for before := int64(-1); time.Now().Before(end); {
		now := c.Bytes()
		if now == before {
			return nil
		}
		before = now
		if err := sleep(ctx, quiet); err != nil {
			return err
		}
	}
	return errors.New("the sessions do not become quiet")
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
