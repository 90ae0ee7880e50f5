package app

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sshd"
)

// doorkeeper implements sshd.Observer: who came, who left and who was refused goes into the trail.
type doorkeeper struct {
	trail core.Trail
	clock core.Clock
}

// Observe implements sshd.Observer.
func (d *doorkeeper) Observe(e sshd.Event) {
	if e.Kind == sshd.EventSignInFailed || e.Kind == sshd.EventSessionEnded {
		return // counted by the server; a failed sign-in that ends in a penalty is recorded as that
	}
	detail := map[string]string{}
	if !e.Detail.IsZero() {
		detail["detail"] = e.Detail.String()
	}
	if e.LoginTag != "" {
		detail["login_tag"] = e.LoginTag
	}
	d.trail.Note(core.Record{
		At: d.clock.Now().UTC(), Kind: core.KindSystem, Verb: core.Verb("door." + string(e.Kind)), Detail: detail,
		Actor: core.Actor{
			OperatorID: e.Identity.OperatorID, Credential: e.Identity.Credential, Session: e.Session, Source: e.Source.String(),
		},
	})
}

// drainer implements sshd.Operations: a drain waits for operations under way.
type drainer struct{ a *App }

// Wait implements sshd.Operations.
func (w drainer) Wait(ctx context.Context) error { return w.a.desk.Drain(ctx) }
