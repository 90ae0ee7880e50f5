package core

import (
	"slices"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Operator is an authenticated helpdesk person, read anew on every operation.
type Operator struct {
	ID       string // stable
	Login    string // as typed in `ssh login@desk`
	Name     untrusted.Text
	Roles    []rbac.Role
	Scope    Scope
	Desk     string    // site
	Account  AccountID // the operator's own account where it is known
	Disabled bool
	TOTP     bool // a second factor is registered
	Source   string
}

// Scope limits which accounts an operator reaches. Empty lists do not limit.
type Scope struct {
	Directories []string
	Units       []string // distinguished names; an account is inside when its Place is at or below one of them
	Groups      []string // ids of groups
}

// Subject is the operator as rbac sees them.
func (o Operator) Subject() rbac.Subject { return rbac.Subject{ID: o.ID, Roles: o.Roles} }

// Level is the highest desk level among the operator's roles, 0 when none has one.
func (o Operator) Level() int {
	level := 0
	for _, r := range o.Roles {
		level = max(level, r.Level())
	}
	return level
}

// Reaches reports whether the account is inside the scope. A unit that cannot be parsed reaches nothing.
func (s Scope) Reaches(a Account) bool {
	if len(s.Directories) > 0 && !slices.Contains(s.Directories, a.ID.Directory) {
		return false
	}
	if len(s.Groups) > 0 && !slices.ContainsFunc(a.Groups, func(g Group) bool { return slices.Contains(s.Groups, g.ID) }) {
		return false
	}
	return len(s.Units) == 0 || slices.ContainsFunc(s.Units, func(unit string) bool { return below(a.Place, unit) })
}

func below(place, unit string) bool {
	p, err := dn.Parse(place)
	if err != nil {
		return false
	}
	u, err := dn.Parse(unit)
	return err == nil && p.IsUnder(u)
}

// Actor is who acts in one call: the operator and the credential and place they signed in with. It comes from the finished
// handshake, never from what a client says.
type Actor struct {
	OperatorID string
	Credential string // stable id of the credential: "key:SHA256:...", "cert:...", "password:login"
	Session    string
	Source     string // client address
}

// OperatorKey is a public key or certificate principal an operator signs in with.
type OperatorKey struct {
	OperatorID  string
	Fingerprint string // "SHA256:..."
	Authorized  string // the key in authorized_keys form, without options
	Comment     string
	AddedAt     time.Time
	AddedBy     string
}

// sameName compares names of accounts without regard to case and surrounding blanks.
func sameName(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	return a != "" && strings.EqualFold(a, b)
}
