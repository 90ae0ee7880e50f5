package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"sync/atomic"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sshd"
	"github.com/sspr-tui/sspr-tui/internal/store"
)

// ErrOccupied means that another process serves the state folder.
var ErrOccupied = errors.New("another desk serves this state folder; nothing was changed")

// Options are what a configuration file does not say.
type Options struct {
	Log  *slog.Logger
	Demo bool // says so in the header and the banner
	// Beside is for commands on the host beside a desk that may be serving: operations that are open are left to that one.
	Beside bool
	Clock  core.Clock // nil: the machine's
	// OnStep is core.Parts.OnStep; nil outside tests.
	OnStep func(ctx context.Context, s core.Step) error
}

// App is the running program: everything opened and put together.
type App struct {
	log         *slog.Logger
	clock       core.Clock
	live        atomic.Pointer[config.Config]
	started     *config.Config // what it was opened with
	store       *store.Store
	directories []core.Directory
	operators   *operators
	auth        *authenticator
	hub         *hub
	desk        *core.Desk
	mail        post
	server      *sshd.Server
	hostKey     sshd.HostKey
	revocations *sshd.Revocations
	options     Options
	occupied    occupancy
	jobs        sync.WaitGroup
}

// Open opens what the configuration names and puts the desk together; nothing listens yet. Operations that a crash cut off are
// recovered before it returns. The error says what could not be opened: ErrOccupied when another process serves that state folder.
func Open(ctx context.Context, cfg config.Config, o Options) (*App, error) {
	for _, name := range []string{"TEA_TRACE", "TEA_DEBUG"} {
		if os.Getenv(name) != "" {
			return nil, fmt.Errorf("%s is set, which would log typed passwords: unset it", name)
		}
	}
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	a := &App{log: o.Log, clock: o.Clock, hub: newHub(), options: o}
	a.live.Store(&cfg)
	a.started = &cfg
	if err := a.open(ctx, cfg); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if o.Beside {
		return a, nil
	}
	open, err := a.desk.Recover(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("recovering operations that were cut off: %w", err), a.Close())
	}
	if open > 0 {
		o.Log.WarnContext(ctx, "operations whose outcome is not known block their accounts until they are checked", "count", open)
	}
	return a, nil
}

func (a *App) open(ctx context.Context, cfg config.Config) (err error) {
	if !a.options.Beside {
		if a.occupied, err = occupy(cfg.Desk.State); err != nil {
			return err
		}
	}
	if a.store, err = openStore(ctx, cfg, a.clock, a.log); err != nil {
		return err
	}
	if a.directories, err = openDirectories(ctx, cfg, a.clock, a.log); err != nil {
		return err
	}
	if a.mail, err = openPost(cfg, a.store, a.clock, a.log); err != nil {
		return err
	}
	a.operators = &operators{
		store: a.store, directories: func() []core.Directory { return a.directories },
		configured: func() []config.Operator { return a.live.Load().Operators },
		groups:     func() []config.RoleGroup { return a.live.Load().Roles },
		own:        &whereabouts{clock: a.clock},
	}
	a.desk = a.newDesk(cfg)
	return a.openServer(cfg)
}

// Serve accepts operators on the listener until ctx ends, then drains: no new connections, goodbye to those who are there, operations
// under way are finished. It returns what could not be ended in time.
func (a *App) Serve(ctx context.Context, listener net.Listener) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	a.start(work)
	served := make(chan error, 1)
	go func() { served <- a.server.Serve(work, listener) }() // ends when the server drains
	notifySystemd(ctx, "READY=1")
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		notifySystemd(work, "STOPPING=1")
		err = a.server.Drain(work)
	}
	stop()
	a.jobs.Wait()
	return err
}

// Close lets go of everything that was opened.
func (a *App) Close() error {
	var errs []error
	for _, d := range a.directories {
		errs = append(errs, d.Close())
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	return errors.Join(append(errs, a.occupied.Close())...)
}

// Fingerprint is what ssh shows at the first connection.
func (a *App) Fingerprint() string { return a.hostKey.Fingerprint() }
