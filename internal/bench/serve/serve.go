package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/app"
	"github.com/sspr-tui/sspr-tui/internal/bench/child"
	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/sshd"
)

// Kind is a kind of server.
type Kind string

// The servers.
const (
	Desk   Kind = "desk"   // the whole desk, as the program puts it together
	Echo   Kind = "echo"   // the floor of the whole desk
	Screen Kind = "screen" // the desk's screens on a directory in memory
	Stock  Kind = "stock"  // the same with a stock program
)

// server serves until its context ends.
type server interface {
	Serve(ctx context.Context, l net.Listener) error
}

// Run serves on the state folder, on a free port of loopback, and answers questions on in and out until in ends.
func Run(ctx context.Context, kind Kind, folder stage.Folder, in io.Reader, out io.Writer) error {
	s, public, leave, err := open(ctx, kind, folder)
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, leave())
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- s.Serve(serving, listener) }() // ends with serving
	err = child.Answer(in, out, child.Hello{Addr: listener.Addr().String(), HostKey: authorized(public)})
	stop()
	return errors.Join(err, <-served, leave())
}

func open(ctx context.Context, kind Kind, folder stage.Folder) (s server, public gossh.PublicKey, leave func() error, err error) {
	switch kind {
	case Desk:
		return openDesk(ctx, folder)
	case Echo:
		return openEcho(folder)
	case Screen:
		return openScreen(ctx, folder, func(d *stage.Desk) sshd.SessionHandler { return screenHandler{d} })
	case Stock:
		return openScreen(ctx, folder, func(d *stage.Desk) sshd.SessionHandler { return stockHandler{d} })
	}
	return nil, nil, nil, fmt.Errorf("there is no server %q", string(kind))
}

// openDesk puts the desk together as the program does.
func openDesk(ctx context.Context, folder stage.Folder) (server, gossh.PublicKey, func() error, error) {
	cfg, err := config.Load(folder.Config())
	if err != nil {
		return nil, nil, nil, err
	}
	a, err := app.Open(ctx, cfg, app.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, nil, nil, err
	}
	key, err := sshd.OpenHostKey(folder.HostKey())
	if err != nil {
		return nil, nil, nil, errors.Join(err, a.Close())
	}
	return a, key.Public(), a.Close, nil
}

func authorized(key gossh.PublicKey) string {
	return strings.TrimSpace(string(gossh.MarshalAuthorizedKey(key)))
}
