package main

import (
	"fmt"

	"github.com/sspr-tui/sspr-tui/internal/app"
)

type operatorCommand struct {
	Add     operatorAdd     `cmd:"" help:"Add an operator."`
	List    operatorList    `cmd:"" help:"List operators and their keys."`
	Disable operatorDisable `cmd:"" help:"Take an operator's access away."`
	Enable  operatorEnable  `cmd:"" help:"Give an operator's access back."`
	Key     operatorKey     `cmd:"" help:"Let an operator sign in with a public key, or end that."`
	TOTP    operatorTOTP    `cmd:"" name:"totp" help:"Register a second factor; prints the secret once."`
}

type operatorAdd struct {
	host
	Login   string `arg:"" help:"What the operator types in ssh LOGIN@desk."`
	Name    string `help:"Name shown to colleagues."`
	Role    string `help:"Role as in Microsoft Entra." default:"Password Administrator"`
	Site    string `help:"Desk (site)."`
	Account string `help:"The operator's own account as directory:login." placeholder:"DIR:LOGIN"`
	KeyFile string `help:"Public key file." name:"key" placeholder:"FILE"`
}

// Run adds the operator.
func (c *operatorAdd) Run(r *runtime) error {
	return c.with(r, func(a *app.App) error {
		err := a.AddOperator(r.ctx, app.NewOperator{
			Login: c.Login, Name: c.Name, Role: c.Role, Site: c.Site, Account: c.Account, KeyFile: c.KeyFile,
		})
		if err == nil {
			_, err = fmt.Fprintf(r.out, "added %s as %s\n", c.Login, c.Role)
		}
		return err
	})
}

type operatorList struct{ host }

// Run lists the operators.
func (c *operatorList) Run(r *runtime) error {
	return c.with(r, func(a *app.App) error { return a.ListOperators(r.ctx, r.out) })
}

type operatorDisable struct {
	host
	Login string `arg:""`
}

// Run disables the operator.
func (c *operatorDisable) Run(r *runtime) error {
	return c.with(r, func(a *app.App) error { return a.DisableOperator(r.ctx, c.Login, true) })
}

type operatorEnable struct {
	host
	Login string `arg:""`
}

// Run enables the operator.
func (c *operatorEnable) Run(r *runtime) error {
	return c.with(r, func(a *app.App) error { return a.DisableOperator(r.ctx, c.Login, false) })
}

type operatorKey struct {
	host
	Login  string `arg:""`
	File   string `arg:"" help:"Public key in authorized_keys form."`
	Remove bool   `help:"Take the key away; terminals opened with it end within seconds."`
}

// Run adds the key, or removes it.
func (c *operatorKey) Run(r *runtime) error {
	if c.Remove {
		return c.with(r, func(a *app.App) error { return a.RemoveOperatorKey(r.ctx, c.Login, c.File) })
	}
	return c.with(r, func(a *app.App) error { return a.AddOperatorKey(r.ctx, c.Login, c.File) })
}

type operatorTOTP struct {
	host
	Login string `arg:""`
}

// Run registers a second factor and prints its secret, the only time it can be seen.
func (c *operatorTOTP) Run(r *runtime) error {
	return c.with(r, func(a *app.App) error {
		uri, err := a.RegisterSecondFactor(r.ctx, c.Login)
		if err == nil {
			_, err = fmt.Fprintln(r.out, uri)
		}
		return err
	})
}
