package app

import (
	"context"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// whereabouts remembers which account "directory:login" is, and for a moment whether it is shut: operators are read anew for every search, their
// own accounts need not be.
type whereabouts struct {
	clock core.Clock
	mu    sync.Mutex
	known map[core.AccountID]sighting
}

type sighting struct {
	id     core.AccountID
	shut   bool // disabled, expired or locked: whoever owns it is not welcome at the desk
	found  time.Time
	looked time.Time
}

const (
	whereaboutsLife = time.Minute     // how long a rename of an operator's own account may go unnoticed
	stateLife       = 2 * time.Second // and how long that it was shut
)

// find is the account with that login, or with that id. CodeNotFound, CodeUnavailable.
func (w *whereabouts) find(ctx context.Context, d core.Directory, login string) (sighting, error) {
	key, now := core.AccountID{Directory: d.Name(), Key: login}, w.clock.Now()
	w.mu.Lock()
	seen := w.known[key]
	w.mu.Unlock()
	known := !seen.id.IsZero() && now.Sub(seen.found).Abs() < whereaboutsLife
	if known && now.Sub(seen.looked).Abs() < stateLife {
		return seen, nil
	}
	var a core.Account
	var err error
	if known {
		a, err = d.Account(ctx, seen.id.Key)
	} else {
		seen.found = now
		a, err = withLogin(ctx, d, login)
	}
	if err != nil {
		return sighting{}, err
	}
	seen.id, seen.shut, seen.looked = a.ID, shut(a), now
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known == nil {
		w.known = map[core.AccountID]sighting{}
	}
	w.known[key] = seen
	return seen, nil
}

// shut reports whether nobody can sign in with an account now.
func shut(a core.Account) bool { return !a.State.Enabled || a.State.Locked || a.State.AccountExpired }
