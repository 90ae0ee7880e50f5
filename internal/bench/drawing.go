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

const (
	groupDrawing = "Drawing: against a stock Bubble Tea screen"
	stockScreen  = "a stock tea.Program with the table of bubbles v2"
)

// drawn is one round of one server.
type drawn struct {
	typed
	heap  float64 // live bytes of one session
	stack float64
}

// drawing measures the desk's screen against the stock one.
func (s *suite) drawing(ctx context.Context) (err error) {
	p, err := s.pair(ctx, serve.Screen, serve.Stock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	for _, r := range []*running{p.floor, p.ours} { // once, for what a server makes only once
		if _, err := s.draw(ctx, r); err != nil {
			return err
		}
	}
	var ours, stock []drawn
	for range s.Rounds {
		b, err := s.draw(ctx, p.floor)
		if err != nil {
			return err
		}
		a, err := s.draw(ctx, p.ours)
		if err != nil {
			return err
		}
		ours, stock = append(ours, a), append(stock, b)
	}
	s.addDrawing(ours, stock)
	return nil
}

// draw connects a small crowd, has it type, and looks at what a session with a full table holds.
func (s *suite) draw(ctx context.Context, r *running) (out drawn, err error) {
	before, err := r.Ask(child.Memory, "")
	if err != nil {
		return out, err
	}
	c, err := load.Gather(ctx, r.target, s.Drawing, stage.Keys)
	if err != nil {
		return out, err
	}
	defer c.Close()
	if _, err := s.round(ctx, r, c, s.warmUp()); err != nil {
		return out, err
	}
	if err := s.profile(r, "drawing"); err != nil {
		return out, err
	}
	if out.typed, err = s.round(ctx, r, c, s.Window); err != nil {
		return out, err
	}
	if err := s.endProfile(r); err != nil {
		return out, err
	}
	if err := c.Settle(ctx, s.quiet(), time.Minute); err != nil {
		return out, err
	}
	after, err := r.Ask(child.Memory, "")
	if err != nil {
		return out, err
	}
	if s.Profiles != "" {
		if _, err := r.Ask(child.Heap, s.Profiles+"/drawing-"+string(r.kind)+".heap"); err != nil {
			return out, err
		}
	}
	out.heap = float64(after.Heap-before.Heap) / float64(s.Drawing)
	out.stack = float64(after.Stack-before.Stack) / float64(s.Drawing)
	return out, s.gone(ctx, r, c, before.Goroutines)
}

// gone closes a crowd and waits until the server has noticed, so that it does not lie in the next round.
func (s *suite) gone(ctx context.Context, r *running, c *load.Crowd, base int) error {
	c.Close()
	_, err := s.leftBehind(ctx, r, base, 10*time.Second)
	return err
}

func (s *suite) addDrawing(ours, stock []drawn) {
	of := func(id, title, unit string, most float64, value func(d drawn) float64) figure.Figure {
		f := figure.Figure{
			ID: "drawing." + id, Group: groupDrawing, Title: fmt.Sprintf("%d sessions: %s", s.Drawing, title), Unit: unit, Floor: stockScreen,
		}
		if most > 0 {
			f.Aim = figure.Aim{On: figure.OnRatio, Most: most}
		}
		for i := range ours {
			f.Rounds = append(f.Rounds, figure.Round{Ours: value(ours[i]), Floor: value(stock[i])})
		}
		return f
	}
	cpu := of("cpu", "time of the processor for one key", "µs", 1.0/8, func(d drawn) float64 { return d.perKey() })
	cpu.Note = "All of the server's: SSH, the search, the screen, drawing. Both have the desk's door and search sorted names in memory through core.Desk, which " +
		"takes microseconds. What a key costs the desk with its embedded directory is among the figures of SSH."
	s.add(cpu)
	heap := of("heap", "live heap of one session", "KiB", 1.0/6, func(d drawn) float64 { return d.heap / 1024 })
	heap.Note = "After two collections, with 50 rows on the screen, the connection's own buffers included, stacks of goroutines not."
	s.add(heap)
	s.add(of("stack", "stacks of one session", "KiB", 0, func(d drawn) float64 { return d.stack / 1024 }))
	s.add(of("p50", "key to first byte, p50", "ms", 0, func(d drawn) float64 { return figure.Percentile(d.Late, 50) }))
	s.add(of("bytes", "bytes for one key", "bytes", 0, func(d drawn) float64 { return float64(d.Bytes) / float64(d.Answered) }))
}
