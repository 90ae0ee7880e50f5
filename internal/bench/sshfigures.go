package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/bench/child"
	"github.com/sspr-tui/sspr-tui/internal/bench/figure"
	"github.com/sspr-tui/sspr-tui/internal/bench/load"
)

// The sizes of crowds that have aims.
const (
	someSessions = 200
	manySessions = 1000
)

const fromDue = "From the moment a key was due to the first byte of the answer, one key in flight for each session."

// addTyping adds the figures of one crowd.
func (s *suite) addTyping(n int, rounds []pairOf) {
	aim := func(at int, a figure.Aim) figure.Aim {
		if n == at {
			return a
		}
		return figure.Aim{}
	}
	of := func(id, title, unit string, a figure.Aim, value func(t typed) float64) figure.Figure {
		f := figure.Figure{
			ID: fmt.Sprintf("ssh.%s.%d", id, n), Group: groupSSH, Title: fmt.Sprintf("%d sessions: %s", n, title), Unit: unit, Aim: a,
			Floor: "the echo server",
		}
		for _, r := range rounds {
			f.Rounds = append(f.Rounds, figure.Round{Ours: value(r.ours), Floor: value(r.floor)})
		}
		return f
	}
	p50 := of("p50", "key to first byte, p50", "ms", aim(someSessions, figure.Aim{On: figure.OnRatio, Most: 2}),
		func(t typed) float64 { return figure.Percentile(t.Late, 50) })
	p50.Note = fromDue
	s.add(p50)
	s.add(of("p99", "key to first byte, p99", "ms", aim(someSessions, figure.Aim{On: figure.OnRatio, Most: 2.5}),
		func(t typed) float64 { return figure.Percentile(t.Late, 99) }))
	sent := of("sent.p50", "key to first byte from when it was sent, p50", "ms", figure.Aim{},
		func(t typed) float64 { return figure.Percentile(t.Wait, 50) })
	sent.Note = "The same without the time by which the client's own timers were late."
	s.add(sent)
	whole := of("whole.p50", "key to the whole answer, p50", "ms", figure.Aim{},
		func(t typed) float64 { return figure.Percentile(t.Whole, 50) })
	whole.Note = "The first byte belongs to the typed letter in its box, the end to the table of 50 rows. The next key waits for it."
	s.add(whole)
	s.add(of("cpu", "time of the processor for one key", "µs", figure.Aim{}, typed.perKey))
	s.addAnswered(n, rounds)
}

// addAnswered adds what is not compared with the floor.
func (s *suite) addAnswered(n int, rounds []pairOf) {
	unanswered := figure.Figure{
		ID: fmt.Sprintf("ssh.unanswered.%d", n), Group: groupSSH, Title: fmt.Sprintf("%d sessions: keys not answered", n), Unit: "%",
	}
	late := figure.Figure{
		ID: fmt.Sprintf("ssh.timeouts.%d", n), Group: groupSSH, Title: fmt.Sprintf("%d sessions: keys without an answer in 5 s", n), Unit: "",
	}
	if n == manySessions {
		unanswered.Aim, late.Aim = figure.Aim{On: figure.OnValue, Most: 5}, figure.Aim{On: figure.OnValue}
	}
	size := figure.Figure{ID: fmt.Sprintf("ssh.bytes.%d", n), Group: groupSSH, Title: fmt.Sprintf("%d sessions: bytes for one key", n), Unit: "bytes"}
	for _, r := range rounds {
		unanswered.Rounds = append(unanswered.Rounds, figure.Round{Ours: r.ours.Unanswered()})
		late.Rounds = append(late.Rounds, figure.Round{Ours: float64(r.ours.TimeOuts)})
		size.Rounds = append(size.Rounds, figure.Round{Ours: float64(r.ours.Bytes) / float64(r.ours.Answered)})
	}
	unanswered.Note = "Of the keys that became due; a session more than 2 s behind leaves keys out, and they count."
	s.add(unanswered)
	s.add(late)
	s.add(size)
}

// idle measures a crowd that does nothing.
func (s *suite) idle(ctx context.Context, p pair, ours *load.Crowd, n int) error {
	aim := func(most float64) figure.Aim {
		if n < manySessions {
			return figure.Aim{}
		}
		return figure.Aim{On: figure.OnValue, Most: most}
	}
	sent := figure.Figure{
		ID: "ssh.idle.bytes", Group: groupSSH, Title: fmt.Sprintf("%d idle sessions: bytes sent", n), Unit: "bytes", Aim: aim(0),
		Note: fmt.Sprintf("All sessions together, in windows of %v, on the home screen without a case.", s.IdleWindow),
	}
	cpu := figure.Figure{
		ID: "ssh.idle.cpu", Group: groupSSH, Title: fmt.Sprintf("%d idle sessions: share of one core", n), Unit: "%", Aim: aim(10),
	}
	for range s.Rounds {
		bytes, share, err := s.idleWindow(ctx, p.ours, ours)
		if err != nil {
			return err
		}
		sent.Rounds, cpu.Rounds = append(sent.Rounds, figure.Round{Ours: bytes}), append(cpu.Rounds, figure.Round{Ours: share})
	}
	s.add(sent)
	s.add(cpu)
	return nil
}

// idleWindow is what is sent in one window, in bytes, and the share of a core that the server uses meanwhile, in percent.
func (s *suite) idleWindow(ctx context.Context, r *running, c *load.Crowd) (bytes, share float64, err error) {
	had := c.Bytes()
	before, err := r.Ask(child.Usage, "")
	if err != nil {
		return 0, 0, err
	}
	begun := time.Now()
	if err := pause(ctx, s.IdleWindow); err != nil {
		return 0, 0, err
	}
	after, err := r.Ask(child.Usage, "")
	if err != nil {
		return 0, 0, err
	}
	return float64(c.Bytes() - had), 100 * float64(after.CPU-before.CPU) / float64(time.Since(begun)), nil
}

// pause waits, as part of what is measured.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
