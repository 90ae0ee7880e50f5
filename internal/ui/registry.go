package ui

import (
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/account"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/cases"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/handoff"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/health"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/home"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/lists"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/operate"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/reveal"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/trail"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen/verify"
)

// Entry is one screen of the registry.
type Entry struct {
	Route screen.Route
	// New makes the screen. with is the route's params type from package screen, nil for routes without params.
	New func(env *screen.Env, life *screen.Life, with any) screen.Screen
	// Key and Label open it from every screen and from the palette; "" for screens that need params.
	Key   string
	Label string // catalogue id
	Needs rbac.Permission
}

// Registry lists every screen: adding one is its folder and a line here.
func Registry() []Entry {
	return []Entry{
		{Route: screen.Home, New: home.New},
		{Route: screen.Account, New: account.New},
		{Route: screen.Cases, New: cases.New, Key: "f2", Label: "go.cases", Needs: rbac.CaseWork},
		{Route: screen.Case, New: cases.NewCase},
		{Route: screen.Lists, New: lists.New, Key: "f3", Label: "go.lists", Needs: rbac.Find},
		{Route: screen.Trail, New: trail.New, Key: "f4", Label: "go.trail"},
		{Route: screen.Health, New: health.New, Key: "f5", Label: "go.health"},
		{Route: screen.Operate, New: operate.New},
		{Route: screen.Verify, New: verify.New},
		{Route: screen.HandOff, New: handoff.New},
		{Route: screen.Reveal, New: reveal.New},
	}
}
