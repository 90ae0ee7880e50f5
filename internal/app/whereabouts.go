package app

import (
	"context"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// whereabouts remembers for a minute which account "directory:login" is: operators are read anew for every search, their own accounts
// need not be.
type whereabouts struct {
	clock core.Clock
	mu    sync.Mutex
	known map[core.AccountID]sighting
}

type sighting struct {
	id core.AccountID
	at time.Time
}

// whereaboutsLife is how long a rename of an operator's own account may go unnoticed.
const whereaboutsLife = time.Minute

// find is the account with that login, or with that id. CodeNotFound, CodeUnavailable.
func (w *whereabouts) find(ctx context.Context, d core.Directory, login string) (core.AccountID, error) {
	key, now := core.AccountID{Directory: d.Name(), Key: login}, w.clock.Now()
	w.mu.Lock()
	seen, ok := w.known[key]
	w.mu.Unlock()
	if ok && now.Sub(seen.at).Abs() < whereaboutsLife {
		return seen.id, nil
	}
	a, err := withLogin(ctx, d, login)
	if err != nil {
		return core.AccountID{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known == nil {
		w.known = map[core.AccountID]sighting{}
	}
	w.known[key] = sighting{a.ID, now}
	return a.ID, nil
}
