package stage

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/store"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Desk is a core.Desk on the real store and one directory. What proves a caller and what delivers a password are in memory: they are not
// what is measured.
type Desk struct {
	*core.Desk
	Store *store.Store

	directory core.Directory
}

// storeKeySize is the length of a store's key in bytes.
const storeKeySize = store.KeySize

// OpenDesk opens a desk with a new store in the file. It closes the directory when it closes.
func OpenDesk(ctx context.Context, file string, directory core.Directory) (*Desk, error) {
	s, err := store.Open(ctx, store.Options{Path: file, Key: secret.New(make([]byte, storeKeySize)), Clock: Clock{}})
	if err != nil {
		return nil, err
	}
	settings := policy.Defaults()
	settings.Quota.ChangesPerHour = 1 << 20
	who := &operators{store: s, directory: directory}
	if _, ok := directory.(*Memory); ok {
		who.store = nil
	}
	who.locate(ctx)
	return &Desk{Store: s, directory: directory, Desk: core.NewDesk(core.Parts{
		Directories: []core.Directory{directory}, Operators: who, OperatorStore: s,
		Cases: s, Proofs: s, Attempts: s, Registrations: s, Trail: s, Presence: coretest.Presence{Login}, Clock: Clock{},
		Provers: []core.Prover{&coretest.Prover{
			Way: core.ProofTOTP, Worth: core.Strong, Kinds: []core.MethodKind{core.MethodTOTP},
		}},
		Couriers: []core.Courier{&coretest.Courier{}}, Log: slog.New(slog.DiscardHandler),
		Rules: core.Rules{Settings: settings, Grants: rbac.DefaultGrants()},
	})}, nil
}

// Close closes store and directory.
func (d *Desk) Close() error { return errors.Join(d.directory.Close(), d.Store.Close()) }

// Actor is the operator at work.
func Actor() core.Actor {
	return core.Actor{OperatorID: Login, Credential: "key:SHA256:bench", Session: "bench", Source: "127.0.0.1"}
}

// operators knows one operator, and reads what the program's own operators read for a configured one: the store's each time, and where
// their own account is once.
type operators struct {
	store     core.OperatorStore // nil: nothing is read, for a desk of which only the screen is measured
	directory core.Directory
	own       core.AccountID
}

// locate finds the operator's own account. An operator without one is one all the same.
func (o *operators) locate(ctx context.Context) {
	o.own = core.AccountID{Directory: DirectoryName, Key: account}
	if ids, err := o.directory.Resolve(ctx, untrusted.New(account)); err == nil && len(ids) == 1 {
		o.own = ids[0]
	}
}

// read looks into the store as the program does.
func (o *operators) read(ctx context.Context) error {
	if o.store == nil {
		return nil
	}
	_, err := o.store.StoredOperators(ctx)
	return err
}

// Operator implements core.Operators.
func (o *operators) Operator(ctx context.Context, id string) (core.Operator, error) {
	if err := o.read(ctx); err != nil {
		return core.Operator{}, err
	}
	return core.Operator{
		ID: Login, Login: Login, Name: untrusted.New("Ann Lee"), Roles: []rbac.Role{rbac.PasswordAdministrator}, Desk: "Oslo",
		Account: o.own, Source: "config",
	}, nil
}

// Owner implements core.Operators.
func (o *operators) Owner(ctx context.Context, a core.Account) (string, error) {
	if err := o.read(ctx); err != nil {
		return "", err
	}
	if strings.EqualFold(a.Login.Raw(), account) {
		return Login, nil
	}
	return "", nil
}

// Name implements core.Operators.
func (o *operators) Name(context.Context, string) untrusted.Text { return untrusted.New("Ann Lee") }
