package openldap

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
)

// Connections at the same time. Lists have their own: a page of one may stay open for minutes, and a search must never
// wait for that.
const (
	mostConnections     = 8
	mostListConnections = 4
)

// Directory is a directory of people on an OpenLDAP server. All its methods may be called by many at once.
type Directory struct {
	plan    plan
	clock   core.Clock
	log     *slog.Logger
	pool    *ldapconn.Pool
	lists   *listTable
	version versionKey

	memory  serverMemory
	rules   policyMemory
	indexes indexMemory
	chains  chainMemory

	stop context.CancelFunc // ends the goroutine of measureIndexes
	work sync.WaitGroup
}

var (
	_ core.Directory     = (*Directory)(nil)
	_ core.Authenticator = (*Directory)(nil)
)

// Open checks the options. It does not wait for the server: one that is down may come back. The error names everything
// that is wrong with the options.
func Open(ctx context.Context, o Options) (*Directory, error) {
	p, err := o.plan()
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	pool, err := ldapconn.Open(o.connection(mostConnections))
	if err != nil {
		return nil, err
	}
	listPool, err := ldapconn.Open(o.connection(mostListConnections))
	if err != nil {
		return nil, fmt.Errorf("lists: %w", err)
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	d := &Directory{
		plan: p, clock: o.Clock, log: o.Log, pool: pool, stop: stop, version: newVersionKey(o.BindPassword),
		lists: newListTable(listPool, o.Entropy),
	}
	d.work.Go(func() { d.measureIndexes(background) }) // ends with Close
	return d, nil
}

// Name implements core.Directory.
func (d *Directory) Name() string { return d.plan.name }

// Can implements core.Directory. Lists are offered as far as the server was found to have the attributes and indexes.
func (d *Directory) Can() core.Capabilities {
	known := d.indexes.get()
	return core.Capabilities{
		Reset: true, Unlock: true, MustChange: true, ReadPolicy: true,
		ListStates: known.lists(), LastSignIn: known.lastSignIn() != "",
	}
}

// Close implements core.Directory. It ends what is under way.
func (d *Directory) Close() error {
	d.stop()
	d.work.Wait()
	d.lists.close()
	return d.pool.Close()
}

func (d *Directory) id(key string) core.AccountID {
	return core.AccountID{Directory: d.plan.name, Key: key}
}
