package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/bench/child"
	"github.com/sspr-tui/sspr-tui/internal/bench/figure"
	"github.com/sspr-tui/sspr-tui/internal/bench/load"
	"github.com/sspr-tui/sspr-tui/internal/bench/serve"
	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
)

const groupEndings = "Endings: what clients leave behind"

// endings counts goroutines that stay when clients end in all ways there are.
func (s *suite) endings(ctx context.Context) (err error) {
	folder, err := s.folder(ctx, "endings", stage.TypingPeople)
	if err != nil {
		return err
	}
	r, err := s.start(ctx, serve.Desk, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if _, err := s.ending(ctx, r, load.Disconnects, 1); err != nil { // for what a server makes only once
		return err
	}
	for _, how := range load.Endings() {
		n := s.Endings
		if how == load.NeverReads {
			n = s.Staring
		}
		f := figure.Figure{
			ID: "endings." + string(how), Group: groupEndings, Title: fmt.Sprintf("%d x %s: goroutines left behind", n, how),
			Aim: figure.Aim{On: figure.OnValue},
		}
		f.Note = "Counted once: a leak of one connection in all of them would show."
		left, err := s.ending(ctx, r, how, n)
		if err != nil {
			return err
		}
		f.Rounds = []figure.Round{{Ours: float64(left)}}
		s.add(f)
	}
	return nil
}

// patience is how long a server may take to notice: the deadline of a write, and of a close that is not agreed to, and some more.
const patience = 40 * time.Second

// ending ends n clients and returns how many goroutines stay, as soon as none does or when patience is over.
func (s *suite) ending(ctx context.Context, r *running, how load.Ending, n int) (left int, err error) {
	before, err := r.Ask(child.Usage, "")
	if err != nil {
		return 0, err
	}
	leave, err := r.target.End(ctx, how, n, stage.Keys)
	defer leave()
	if err != nil {
		return 0, err
	}
	if how == load.ClosesChannel {
		leave() // the connections of these clients are in order, only their channels have ended
	}
	return s.leftBehind(ctx, r, before.Goroutines, patience)
}

// leftBehind waits for goroutines to end and returns how many more there are than before.
func (s *suite) leftBehind(ctx context.Context, r *running, before int, patience time.Duration) (left int, err error) {
	for end := time.Now().Add(patience); ; {
		now, err := r.Ask(child.Usage, "")
		if err != nil {
			return 0, err
		}
		left = max(0, now.Goroutines-before)
		if left == 0 || time.Now().After(end) {
			return left, nil
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return 0, err
		}
	}
}
