package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/charmbracelet/colorprofile"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sshd"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
	"github.com/sspr-tui/sspr-tui/internal/verbs"
)

// front implements sshd.SessionHandler: a terminal gets the screens, a command line gets the verbs.
type front struct {
	desk     *core.Desk
	hub      *hub
	unlocker ui.Unlocker
	clock    core.Clock
	log      *slog.Logger
	look     look
	newID    func() string
	unseen   *unseen
}

// look is how the desk shows itself.
type look struct {
	zone     *time.Location
	language text.Language
	theme    theme.Name
	demo     bool
}

func actorOf(s *sshd.Session) core.Actor {
	id := s.Identity()
	return core.Actor{OperatorID: id.OperatorID, Credential: id.Credential, Session: s.ID(), Source: id.Source.String()}
}

// Terminal implements sshd.SessionHandler.
func (f *front) Terminal(ctx context.Context, s *sshd.Session) int {
	pty, _ := s.Pty()
	if pty.Term == "dumb" || pty.Term == "" {
		return f.NoTerminal(ctx, s)
	}
	env, err := f.env(ctx, s, pty.Term)
	if err != nil {
		return f.sorry(s, err)
	}
	box := lineterm.NewMailbox(lineterm.DefaultMailboxSize)
	f.hub.join(s.ID(), env.Actor.OperatorID, box)
	defer f.hub.leave(s.ID())
	leaving, stop := context.WithCancel(ctx)
	defer stop()
	go func() { // ends with the session, or when it is asked to leave
		select {
		case <-s.Leaving():
			stop()
		case <-leaving.Done():
		}
	}()
	root := ui.NewRoot(leaving, ui.Options{
		Env: env, Clock: f.clock, Unlocker: f.unlocker, Since: f.clock.Now(), Status: f.status(ctx, env),
		Looks: f.theme(s.Environ(), pty.Term), Unseen: f.missed(env),
	})
	err = lineterm.Run(leaving, root, f.terminal(leaving, s, pty), lineterm.Options{
		Mailbox: box,
		OnPanic: func(_ any, stack []byte) {
			f.log.ErrorContext(ctx, "a terminal panicked", "session", s.ID(), "stack", string(stack))
		},
	})
	f.goodbye(s, env, root.Ending())
	return f.ended(ctx, s, env.Actor.OperatorID, err)
}

// ended is the exit code of a terminal. What its operator saw is known only when it ended in order.
func (f *front) ended(ctx context.Context, s *sshd.Session, operator string, err error) int {
	if err == nil && ctx.Err() == nil && s.LeaveReason() == "" {
		f.unseen.leave(s.ID())
		return 0
	}
	f.unseen.lose(operator)
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, lineterm.ErrInputClosed), errors.Is(err, sshd.ErrHungUp), errors.Is(err, sshd.ErrClosed):
		return 0
	default:
		f.log.WarnContext(ctx, "a terminal ended", "session", s.ID(), "error", err)
		return 1
	}
}

func (f *front) terminal(ctx context.Context, s *sshd.Session, pty sshd.Pty) lineterm.Terminal {
	sizes := make(chan lineterm.Size)
	go func() { // ends with the session
		for {
			select {
			case z := <-s.Resizes():
				select {
				case sizes <- lineterm.Size{Cols: z.Columns, Rows: z.Rows}:
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return lineterm.Terminal{
		In: s, Out: s, Term: pty.Term, Environ: s.Environ(), Resizes: sizes,
		Size:        lineterm.Size{Cols: pty.Size.Columns, Rows: pty.Size.Rows},
		CloseOutput: func() { _ = s.Close() },
	}
}

// env is what the screens of this terminal share.
func (f *front) env(ctx context.Context, s *sshd.Session, term string) (*screen.Env, error) {
	actor := actorOf(s)
	op, may, err := f.desk.WhoAmI(ctx, actor)
	if err != nil {
		return nil, err
	}
	actor.Held = core.HeldBy(op)
	look, err := theme.New(f.theme(s.Environ(), term))
	if err != nil {
		return nil, err
	}
	return &screen.Env{
		Desk: f.desk, Actor: actor, Operator: op, May: may, Theme: look, Lang: f.language(s.Environ()), Zone: f.look.zone,
		Log: f.log.With("session", s.ID()), NewID: f.newID, Demo: f.look.demo,
	}, nil
}

// theme follows the client: NO_COLOR, the depth of its terminal, and whether it can draw the glyphs.
func (f *front) theme(environ []string, term string) theme.Options {
	o := theme.Options{Name: f.look.theme, Depth: theme.DepthOf(colorprofile.Env(append(slices.Clone(environ), "TERM="+term)))}
	if has(environ, "NO_COLOR") {
		o.Name, o.Depth = theme.None, theme.DepthNone
	}
	if ascii(environ, term) {
		o.Glyphs = theme.GlyphsASCII
	}
	return o
}

// ascii reports whether a client cannot draw the symbols: the Linux console, a VT220, or a locale that is not UTF-8.
func ascii(environ []string, term string) bool {
	if term == "linux" || strings.HasPrefix(term, "vt") {
		return true
	}
	locale := value(environ, "LC_ALL")
	if locale == "" {
		locale = value(environ, "LC_CTYPE")
	}
	if locale == "" {
		locale = value(environ, "LANG")
	}
	return locale == "C" || locale == "POSIX"
}

// language is the client's where the desk has it, else the desk's.
func (f *front) language(environ []string) text.Language {
	for _, k := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if l := text.ParseLanguage(value(environ, k)); l != text.English {
			return l
		}
	}
	return f.look.language
}

func value(environ []string, key string) string {
	for _, kv := range environ {
		if k, v, ok := strings.Cut(kv, "="); ok && k == key {
			return v
		}
	}
	return ""
}

func has(environ []string, key string) bool { return value(environ, key) != "" }

// NoTerminal implements sshd.SessionHandler.
func (f *front) NoTerminal(_ context.Context, s *sshd.Session) int {
	p := text.Printer{Lang: f.language(s.Environ()), Zone: f.look.zone, Now: f.clock.Now()}
	_, _ = fmt.Fprintln(s, p.Label("front.no_terminal"))
	return 2
}

// Command implements sshd.SessionHandler.
func (f *front) Command(ctx context.Context, s *sshd.Session) int {
	args, err := s.Args()
	p := text.Printer{Lang: f.language(s.Environ()), Zone: f.look.zone, Now: f.clock.Now()}
	if err != nil {
		_, _ = fmt.Fprintln(s.Stderr(), p.Label("front.unterminated"))
		return 2
	}
	code := verbs.Run(ctx, verbs.Env{
		Desk: f.desk, Actor: actorOf(s), Text: p, Clock: f.clock, NewID: f.newID,
		In: s, Out: s, Err: s.Stderr(),
	}, args)
	if ctx.Err() != nil {
		f.unseen.lose(s.Identity().OperatorID)
		return code
	}
	f.unseen.leave(s.ID())
	return code
}

func (f *front) sorry(s *sshd.Session, err error) int {
	p := text.Printer{Lang: f.language(s.Environ()), Zone: f.look.zone, Now: f.clock.Now()}
	_, _ = fmt.Fprintln(s, p.Say(core.AsError(err).Said))
	return 3
}

// goodbye says, after the terminal was restored, why it ended when the operator did not ask for it.
func (f *front) goodbye(s *sshd.Session, env *screen.Env, ending ui.Ending) {
	why := string(s.LeaveReason())
	if why == "" {
		why = string(ending)
	}
	if why != "" {
		_, _ = fmt.Fprintln(s, env.Label("front.leave_"+why))
	}
}

// missed lists what the operator of a terminal did not see the end of. At first that is everything: a connection that is dead may not be known to be.
// Later, what another terminal of the operator shows is left to that one.
func (f *front) missed(env *screen.Env) func(context.Context) ([]ui.Unseen, bool) {
	var again atomic.Bool
	me, here := env.Actor.OperatorID, env.Actor.Session
	return func(ctx context.Context) ([]ui.Unseen, bool) {
		shown := func(string) bool { return false }
		if again.Swap(true) {
			shown = f.hub.has
		}
		list, err := f.unseen.of(ctx, env.Actor, shown)
		if err != nil {
			env.Log.WarnContext(ctx, "what an operator did not see could not be read", "error", err)
		}
		return list, f.unseen.lostLately(me) || f.hub.elsewhere(me, here)
	}
}

// status is how the things the desk depends on are, for the header.
func (f *front) status(_ context.Context, env *screen.Env) func() ui.Status {
	return func() ui.Status {
		if f.desk.Degraded() {
			return ui.Status{Cells: []kit.Cell{{Text: env.Label("header.degraded"), State: theme.StateBad}}}
		}
		return ui.Status{}
	}
}
