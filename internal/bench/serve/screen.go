package serve

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	"github.com/charmbracelet/colorprofile"

	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
	"github.com/sspr-tui/sspr-tui/internal/sshd"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// screenHandler runs the desk's screens in every session, as the program does.
type screenHandler struct{ desk *stage.Desk }

// Terminal implements sshd.SessionHandler.
func (h screenHandler) Terminal(ctx context.Context, s *sshd.Session) int {
	env, err := h.env(ctx, s)
	if err != nil {
		return 1
	}
	pty, _ := s.Pty()
	root := ui.NewRoot(ctx, ui.Options{Env: env, Clock: stage.Clock{}, Since: time.Now()})
	err = lineterm.Run(ctx, root, lineterm.Terminal{
		In: s, Out: s, Term: pty.Term, Environ: s.Environ(), Size: lineterm.Size{Cols: pty.Size.Columns, Rows: pty.Size.Rows},
		CloseOutput: func() { _ = s.Close() },
	}, lineterm.Options{})
	if err != nil {
		return 1
	}
	return 0
}

func (h screenHandler) env(ctx context.Context, s *sshd.Session) (*screen.Env, error) {
	op, may, err := h.desk.WhoAmI(ctx, stage.Actor())
	if err != nil {
		return nil, err
	}
	look, err := theme.New(theme.Options{Name: theme.Dark, Depth: theme.DepthOf(colorprofile.Env(s.Environ()))})
	if err != nil {
		return nil, err
	}
	return &screen.Env{
		Desk: h.desk.Desk, Actor: stage.Actor(), Operator: op, May: may, Theme: look, Lang: text.English, Zone: time.UTC,
		Log: slog.New(slog.DiscardHandler), NewID: rand.Text,
	}, nil
}

// NoTerminal implements sshd.SessionHandler.
func (screenHandler) NoTerminal(context.Context, *sshd.Session) int { return 2 }

// Command implements sshd.SessionHandler.
func (screenHandler) Command(context.Context, *sshd.Session) int { return 2 }
