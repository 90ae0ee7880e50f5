package app

import (
	"context"
	"reflect"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sshd"
)

// How often the background jobs look.
const (
	watchEvery = 2 * time.Second // operators who are signed in
	mendEvery  = 5 * time.Second // open operations, and a trail that could not be written
	sumEvery   = time.Minute     // searches that are not yet recorded
)

// start runs the background jobs until ctx ends.
func (a *App) start(ctx context.Context) {
	jobs := []func(context.Context){a.mail.run, a.serveStatus, every(watchEvery, a.watch), every(mendEvery, a.mend), every(sumEvery, a.sumUp)}
	for _, job := range jobs {
		a.jobs.Go(func() { job(ctx) }) // ends with ctx
	}
}

// every calls do again and again until ctx ends.
func every(pause time.Duration, do func(context.Context)) func(context.Context) {
	return func(ctx context.Context) {
		t := time.NewTicker(pause)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				do(ctx)
			}
		}
	}
}

// mend looks at operations whose outcome is not known, and reopens the desk when the trail can be written again.
func (a *App) mend(ctx context.Context) {
	open, err := a.store.OpenIntents(ctx, core.AccountID{})
	if (err == nil && len(open) == 0 && !a.desk.Degraded()) || ctx.Err() != nil {
		return
	}
	if err := a.desk.Mend(ctx); err != nil {
		a.log.WarnContext(ctx, "the trail cannot be written yet", "error", err)
	}
}

// sumUp records what was searched.
func (a *App) sumUp(context.Context) { a.desk.SumUp(sumEvery) }

// watch ends the terminals of operators who were disabled, lost their roles, or whose credential was revoked or taken away. What cannot be
// read now ends nobody: every operation reads it again.
func (a *App) watch(ctx context.Context) {
	gone := map[string]bool{}
	for _, id := range a.server.SignedIn() {
		if _, seen := gone[id.OperatorID]; seen {
			continue
		}
		op, err := a.operators.Operator(ctx, id.OperatorID)
		gone[id.OperatorID] = core.CodeOf(err) == core.CodeNotFound || (err == nil && (op.Disabled || len(op.Roles) == 0))
	}
	takenAway, unread := a.auth.takenAway(ctx)
	a.server.Dismiss(func(id sshd.Identity) bool {
		revoked, err := a.revocations.Revokes(id)
		return gone[id.OperatorID] || revoked || err != nil || (unread == nil && takenAway(id))
	})
}

// Reload takes over a changed configuration, all of it or nothing: settings, grants, operators, roles and ssh.require_totp. The tables in
// which anything else changed need a restart: they are named, also at the next reload, and left as they are.
func (a *App) Reload(ctx context.Context, cfg config.Config) (needsRestart []string) {
	needsRestart = restartNeeded(*a.started, cfg)
	a.live.Store(&cfg)
	a.desk.Rule(rulesOf(cfg))
	a.hub.Changed(core.Event{Kind: core.EventOperator})
	a.log.InfoContext(ctx, "the configuration was reloaded", "settings", cfg.Settings.Version, "needs_restart", needsRestart)
	return needsRestart
}

// restartNeeded names the tables of a configuration that differ from those the desk was started with and are not taken over by a reload.
func restartNeeded(started, now config.Config) []string {
	started.SSH.RequireTOTP = now.SSH.RequireTOTP
	sameZone := started.Desk.Zone.String() == now.Desk.Zone.String()
	started.Desk.Zone = now.Desk.Zone // zones are compared by name: they remember what they were asked last
	var out []string
	for _, table := range []struct {
		name string
		same bool
	}{
		{"desk", sameZone && reflect.DeepEqual(started.Desk, now.Desk)},
		{"ssh", reflect.DeepEqual(started.SSH, now.SSH)},
		{"mail", reflect.DeepEqual(started.Mail, now.Mail)},
		{"log", started.Log == now.Log},
		{"directory", reflect.DeepEqual(started.Directories, now.Directories)},
	} {
		if !table.same {
			out = append(out, table.name)
		}
	}
	return out
}
