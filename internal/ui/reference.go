package ui

import (
	"context"
	"log/slog"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// ScreenKeys are the keys of one screen, for the documentation.
type ScreenKeys struct {
	Screen string
	Keys   kit.KeyMap
}

// KeyReference lists the keys that work everywhere and those of every screen that opens without params, as an operator who may do
// everything sees them.
func KeyReference() []ScreenKeys {
	env := &screen.Env{
		Desk: core.NewDesk(core.Parts{Rules: core.Rules{Settings: policy.Defaults(), Grants: rbac.DefaultGrants()}}),
		Lang: text.English, Zone: time.UTC, Log: slog.New(slog.DiscardHandler), May: map[rbac.Permission]rbac.Decision{}, NewID: func() string { return "" },
	}
	for _, p := range rbac.Permissions() {
		env.May[p] = rbac.Decision{Allowed: true}
	}
	r := NewRoot(context.Background(), Options{Env: env, Clock: still{}})
	out := []ScreenKeys{{Screen: "Everywhere", Keys: append(r.globalKeys(), r.everywhere()...)}}
	for _, e := range r.order {
		if e.Label == "" && e.Route != screen.Home {
			continue
		}
		life := screen.NewLife(r.ctx, 0, env)
		s := e.New(env, life, nil)
		out = append(out, ScreenKeys{Screen: s.Title(), Keys: s.Keys()})
		life.End()
	}
	return out
}

// still is a clock that stands still.
type still struct{}

// Now implements core.Clock.
func (still) Now() time.Time { return time.Time{} }
