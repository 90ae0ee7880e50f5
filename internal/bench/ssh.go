package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/bench/child"
	"github.com/sspr-tui/sspr-tui/internal/bench/figure"
	"github.com/sspr-tui/sspr-tui/internal/bench/load"
	"github.com/sspr-tui/sspr-tui/internal/bench/serve"
	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
)

// What the groups of figures are called.
const groupSSH = "SSH: many operators at once"

// running is a server of the benchmarks with what its client needs.
type running struct {
	*child.Process
	kind   serve.Kind
	target load.Target
}

// start starts a server in a process of its own.
func (s *suite) start(ctx context.Context, kind serve.Kind, folder stage.Folder) (*running, error) {
	key, err := folder.Signer()
	if err != nil {
		return nil, err
	}
	p, err := child.Start(ctx, s.Progress, s.Self, "-serve", string(kind), "-state", folder.Dir)
	if err != nil {
		return nil, err
	}
	r := &running{Process: p, kind: kind}
	r.target = load.Target{Addr: p.Addr, HostKey: p.HostKey, Login: stage.Login, Key: key}
	if kind == serve.Desk || kind == serve.Screen {
		r.target.Whole = load.FrameEnd
	}
	return r, nil
}

// pair is the desk and the floor.
type pair struct{ ours, floor *running }

func (p pair) close() error { return errors.Join(p.ours.Close(), p.floor.Close()) }

func (s *suite) pair(ctx context.Context, kind, floor serve.Kind) (p pair, err error) {
	folder, err := s.folder(ctx, "typing-"+string(kind)+"-"+string(floor), stage.TypingPeople)
	if err != nil {
		return p, err
	}
	if p.ours, err = s.start(ctx, kind, folder); err != nil {
		return p, err
	}
	if p.floor, err = s.start(ctx, floor, folder); err != nil {
		return p, errors.Join(err, p.ours.Close())
	}
	return p, nil
}

// ssh measures the desk against the echo server.
func (s *suite) ssh(ctx context.Context) (err error) {
	p, err := s.pair(ctx, serve.Desk, serve.Echo)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := s.connects(ctx, p); err != nil {
		return err
	}
	for i, n := range s.Sessions {
		if err := s.crowd(ctx, p, n, i == len(s.Sessions)-1); err != nil {
			return err
		}
	}
	return nil
}

// connects measures single connections, one after the other, on servers with nothing else to do.
func (s *suite) connects(ctx context.Context, p pair) error {
	f := figure.Figure{
		ID: "ssh.connect", Group: groupSSH, Title: "connect to first full frame", Unit: "ms", Aim: figure.Aim{On: figure.OnRatio, Most: 2.5},
		Floor: "connect to the echo server's first byte",
		Note:  "One connection at a time: TCP, handshake, sign-in with an ed25519 key, terminal, shell, and the end of the first frame.",
	}
	for range s.Rounds {
		floor, err := s.connect(ctx, p.floor)
		if err != nil {
			return err
		}
		ours, err := s.connect(ctx, p.ours)
		if err != nil {
			return err
		}
		f.Rounds = append(f.Rounds, figure.Round{Ours: ours, Floor: floor})
	}
	s.add(f)
	return nil
}

// connect is the median of some connections, in ms.
func (s *suite) connect(ctx context.Context, r *running) (float64, error) {
	var all []float64
	for i := range s.Connects {
		begun := time.Now()
		session, err := r.target.Dial(ctx, i)
		if err != nil {
			return 0, err
		}
		all = append(all, inMS(time.Since(begun)))
		if err := session.Close(); err != nil {
			return 0, err
		}
	}
	return figure.SpreadOf(all).Median, nil
}

func inMS(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// crowd connects n sessions to each server and has them type in turn; the largest crowd idles before.
func (s *suite) crowd(ctx context.Context, p pair, n int, idles bool) error {
	ours, err := load.Gather(ctx, p.ours.target, n, stage.Keys)
	if err != nil {
		return err
	}
	defer ours.Close()
	floor, err := load.Gather(ctx, p.floor.target, n, stage.Keys)
	if err != nil {
		return err
	}
	defer floor.Close()
	if a, b := ours.First().Algorithms(), floor.First().Algorithms(); a != b {
		return fmt.Errorf("the floor has agreed on other algorithms: %+v and %+v", a, b)
	}
	if err := ours.Settle(ctx, s.quiet(), time.Minute); err != nil {
		return err
	}
	if idles {
		if err := s.idle(ctx, p, ours, n); err != nil {
			return err
		}
	}
	return s.typing(ctx, p, ours, floor, n)
}

func (s *suite) pace(window time.Duration) load.Typing {
	return load.Typing{Every: s.Every, For: window, TimeOut: 5 * time.Second, Rest: 10 * s.Every, Behind: 2 * time.Second}
}

// typed is one round of typing, and the time of the processor its server has used.
type typed struct {
	load.Typed
	cpu time.Duration
}

func (s *suite) round(ctx context.Context, r *running, c *load.Crowd, window time.Duration) (out typed, err error) {
	before, err := r.Ask(child.Usage, "")
	if err != nil {
		return out, err
	}
	out.Typed = c.Type(ctx, s.pace(window))
	after, err := r.Ask(child.Usage, "")
	if err != nil {
		return out, err
	}
	out.cpu = after.CPU - before.CPU
	if out.Answered == 0 {
		return out, fmt.Errorf("the server %s answered no key", r.kind)
	}
	return out, nil
}

// perKey is the time of the processor for one answered key, in µs.
func (t typed) perKey() float64 {
	return float64(t.cpu) / float64(time.Microsecond) / float64(t.Answered)
}

// begin gets every session to the stem, and both servers going. Nothing of it is measured.
func (s *suite) begin(ctx context.Context, p pair, ours, floor *load.Crowd) error {
	if _, err := s.round(ctx, p.floor, floor, s.warmUp()); err != nil {
		return err
	}
	_, err := s.round(ctx, p.ours, ours, s.warmUp())
	return err
}

func (s *suite) typing(ctx context.Context, p pair, ours, floor *load.Crowd, n int) error {
	if err := s.begin(ctx, p, ours, floor); err != nil {
		return err
	}
	if err := s.profile(p.ours, fmt.Sprintf("typing-%d", n)); err != nil {
		return err
	}
	var rounds []pairOf
	for range s.Rounds {
		b, err := s.round(ctx, p.floor, floor, s.Window)
		if err != nil {
			return err
		}
		a, err := s.round(ctx, p.ours, ours, s.Window)
		if err != nil {
			return err
		}
		rounds = append(rounds, pairOf{a, b})
	}
	s.addTyping(n, rounds)
	return s.endProfile(p.ours)
}

// pairOf is one round of ours and of the floor.
type pairOf struct{ ours, floor typed }

// profile begins a profile of a server, where profiles are wanted.
func (s *suite) profile(r *running, name string) error {
	if s.Profiles == "" {
		return nil
	}
	_, err := r.Ask(child.Profile, filepath.Join(s.Profiles, name+"-"+string(r.kind)+".cpu"))
	return err
}

func (s *suite) endProfile(r *running) error {
	if s.Profiles == "" {
		return nil
	}
	_, err := r.Ask(child.Stop, "")
	return err
}
