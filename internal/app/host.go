package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	gossh "golang.org/x/crypto/ssh"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// ErrLastAdministrator refuses to leave the desk without a Global Administrator.
var ErrLastAdministrator = errors.New("this is the last Global Administrator: add or enable another one first; nothing was changed")

// NewOperator describes an operator to be added on the host.
type NewOperator struct {
	Login   string
	Name    string
	Role    string
	Site    string
	Account string // directory:login of their own account; may be empty
	KeyFile string // a public key in authorized_keys form; may be empty
}

// AddOperator adds an operator on the host itself, recorded in the trail.
func (a *App) AddOperator(ctx context.Context, n NewOperator) error {
	role, ok := rbac.ParseOperatorRole(n.Role)
	if !ok {
		return fmt.Errorf("%q is not a role; the roles are %s; nothing was changed", n.Role, roleList())
	}
	if n.Login == "" || strings.ContainsAny(n.Login, " \t:@/") {
		return fmt.Errorf("a login has no blanks, colons, at signs and slashes; nothing was changed")
	}
	if n.Name == "" {
		n.Name = n.Login
	}
	op := fromConfig(config.Operator{Login: n.Login, Name: n.Name, Roles: []rbac.Role{role}, Site: n.Site, Account: n.Account})
	op.Source = fromHost
	if _, found, err := a.operators.named(ctx, op.ID); found || err != nil {
		return errors.Join(fmt.Errorf("there is an operator %s already, and adding one replaces nobody; nothing was changed", untrusted.New(n.Login)), err)
	}
	if n.KeyFile != "" {
		if _, _, err := readPublicKey(n.KeyFile); err != nil { // before anything is done
			return err
		}
	}
	if err := a.store.SaveOperator(ctx, op, a.hostRecord(op.ID, "add")); err != nil {
		return a.spoken(err)
	}
	if n.KeyFile == "" {
		return nil
	}
	if err := a.AddOperatorKey(ctx, op.ID, n.KeyFile); err != nil {
		return fmt.Errorf("%s was added without a key: %w", untrusted.New(n.Login), err)
	}
	return nil
}

// readPublicKey reads one key in authorized_keys form.
func readPublicKey(file string) (key gossh.PublicKey, comment string, err error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, "", fmt.Errorf("the public key: %w; nothing was changed", err)
	}
	if key, comment, _, _, err = gossh.ParseAuthorizedKey(raw); err != nil {
		return nil, "", fmt.Errorf("%s is not a public key in authorized_keys form; nothing was changed", file)
	}
	return key, comment, nil
}

func roleList() string {
	var names []string
	for _, r := range rbac.OperatorRoles() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// hostRecord is the trail's record of a change made on the host console.
func (a *App) hostRecord(operator, what string) core.Record {
	return core.Record{
		At: a.clock.Now().UTC(), Kind: core.KindDesk, Verb: core.VerbOperator, Operation: newID(),
		Actor:  core.Actor{OperatorID: hostOperator, Credential: "console"},
		Detail: map[string]string{"operator": operator, "what": what},
	}
}

// AddOperatorKey lets an operator sign in with the public key in a file.
func (a *App) AddOperatorKey(ctx context.Context, operator, file string) error {
	key, comment, err := readPublicKey(file)
	if err != nil {
		return err
	}
	if _, err := a.operators.Operator(ctx, operator); err != nil {
		return fmt.Errorf("there is no operator %s; nothing was changed", untrusted.New(operator))
	}
	return a.spoken(a.store.AddKey(ctx, core.OperatorKey{
		OperatorID: strings.ToLower(operator), Fingerprint: gossh.FingerprintSHA256(key), Comment: comment, AddedBy: hostOperator,
		Authorized: strings.TrimSpace(string(gossh.MarshalAuthorizedKey(key))), AddedAt: a.clock.Now().UTC(),
	}, a.hostRecord(operator, "key_add")))
}

// RemoveOperatorKey ends that an operator signs in with the public key in a file; terminals opened with it end within seconds. Keys that stand in
// the configuration are removed there.
func (a *App) RemoveOperatorKey(ctx context.Context, operator, file string) error {
	key, _, err := readPublicKey(file)
	if err != nil {
		return err
	}
	return a.spoken(a.store.RemoveKey(ctx, strings.ToLower(operator), gossh.FingerprintSHA256(key), a.hostRecord(strings.ToLower(operator), "key_remove")))
}

// DisableOperator takes an operator's access away, or gives it back. ErrLastAdministrator.
func (a *App) DisableOperator(ctx context.Context, operator string, disabled bool) error {
	op, err := a.operators.Operator(ctx, operator)
	if err != nil {
		return fmt.Errorf("there is no operator %s; nothing was changed", untrusted.New(operator))
	}
	if disabled {
		all, err := a.operators.all(ctx)
		if err != nil {
			return err
		}
		if isAdmin(op) && !slices.ContainsFunc(all, func(o core.Operator) bool { return o.ID != op.ID && isAdmin(o) }) {
			return ErrLastAdministrator
		}
	}
	what := "enable"
	if disabled {
		what = "disable"
	}
	op.Disabled = disabled
	return a.spoken(a.store.SaveOperator(ctx, op, a.hostRecord(op.ID, what)))
}

func isAdmin(o core.Operator) bool {
	return !o.Disabled && slices.Contains(o.Roles, rbac.GlobalAdministrator)
}

// ListOperators writes every operator with roles and keys, one a line.
func (a *App) ListOperators(ctx context.Context, w io.Writer) error {
	all, err := a.operators.all(ctx)
	if err != nil {
		return err
	}
	keys, err := a.store.Keys(ctx, "")
	if err != nil {
		return err
	}
	for _, o := range all {
		state := "enabled"
		if o.Disabled {
			state = "disabled"
		}
		var roles []string
		for _, r := range o.Roles {
			roles = append(roles, string(r))
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", o.ID, o.Name, strings.Join(roles, ", "), state, o.Source); err != nil {
			return err
		}
		for _, k := range keys {
			if k.OperatorID == o.ID {
				if _, err := fmt.Fprintf(w, "\tkey %s %s\n", k.Fingerprint, untrusted.New(k.Comment)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
