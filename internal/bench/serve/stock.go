package serve

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sshd"
)

// openScreen opens the desk's door with one of the two screens behind it, on a directory in memory.
func openScreen(ctx context.Context, folder stage.Folder, behind func(d *stage.Desk) sshd.SessionHandler) (server, gossh.PublicKey, func() error, error) {
	host, err := sshd.OpenHostKey(folder.HostKey())
	if err != nil {
		return nil, nil, nil, err
	}
	client, err := folder.Signer()
	if err != nil {
		return nil, nil, nil, err
	}
	desk, err := stage.OpenDesk(ctx, folder.StoreOf("screen"), stage.NewMemory(stage.TypingPeople))
	if err != nil {
		return nil, nil, nil, err
	}
	s, err := sshd.New(sshd.Config{
		HostKey: host, Authenticator: known{client.PublicKey()}, Handler: behind(desk), Now: time.Now, Passwords: sshd.PasswordNowhere,
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, nil, nil, errors.Join(err, desk.Close())
	}
	return s, host.Public(), desk.Close, nil
}

// known lets the operator's key in.
type known struct{ key gossh.PublicKey }

// PublicKey implements sshd.Authenticator.
func (k known) PublicKey(_ context.Context, _ string, key gossh.PublicKey) (string, error) {
	if !slices.Equal(key.Marshal(), k.key.Marshal()) {
		return "", sshd.ErrRefused
	}
	return stage.Login, nil
}

// Certificate implements sshd.Authenticator.
func (known) Certificate(context.Context, string, sshd.Certificate) (string, error) {
	return "", sshd.ErrRefused
}

// Password implements sshd.Authenticator.
func (known) Password(context.Context, string, *secret.Text) (string, error) {
	return "", sshd.ErrRefused
}

// NeedsTOTP implements sshd.Authenticator.
func (known) NeedsTOTP(context.Context, string) (bool, error) { return false, nil }

// TOTP implements sshd.Authenticator.
func (known) TOTP(context.Context, string, *secret.Text) error { return sshd.ErrRefused }

// stockHandler runs a stock program in every session.
type stockHandler struct{ desk *stage.Desk }

// Terminal implements sshd.SessionHandler.
func (h stockHandler) Terminal(ctx context.Context, s *sshd.Session) int {
	pty, _ := s.Pty()
	environ := s.Environ()
	program := tea.NewProgram(newStockScreen(ctx, h.desk, pty.Size.Columns, pty.Size.Rows),
		tea.WithContext(ctx), tea.WithInput(s), tea.WithOutput(s), tea.WithoutSignalHandler(),
		tea.WithWindowSize(pty.Size.Columns, pty.Size.Rows), tea.WithEnvironment(environ),
		tea.WithColorProfile(colorprofile.Env(environ)))
	if _, err := program.Run(); err != nil {
		return 1
	}
	return 0
}

// NoTerminal implements sshd.SessionHandler.
func (stockHandler) NoTerminal(context.Context, *sshd.Session) int { return 2 }

// Command implements sshd.SessionHandler.
func (stockHandler) Command(context.Context, *sshd.Session) int { return 2 }
