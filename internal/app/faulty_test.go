package app

import (
	"context"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

// slowDirectory says when a password is about to be set, and waits.
type slowDirectory struct {
	core.Directory
	under chan<- struct{}
	goOn  <-chan struct{}
}

func (d *slowDirectory) SetPassword(ctx context.Context, g rbac.Grant, c core.PasswordChange) error {
	d.under <- struct{}{}
	<-d.goOn
	return d.Directory.SetPassword(ctx, g, c)
}
