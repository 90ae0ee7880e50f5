package core

import (
	"slices"
	"strings"
	"time"

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

// Actor is who acts in one call: the operator and the credential and place they signed in with. It comes from the finished
// handshake, never from what a client says.
type Actor struct {
	OperatorID string
	Credential string // stable id of the credential: "key:SHA256:...", "cert:...", "password:login"
	Session    string
	Source     string // client address
	Held       Held   // roles at sign-in
}

// Held are the roles an operator held when they signed in. A role that is taken away is gone at once; one that is given takes a new sign-in, so
// that nobody who sits at somebody's open terminal grows with them. The zero Held does not limit.
type Held string

// HeldBy notes the roles of an operator who signs in.
func HeldBy(o Operator) Held {
	names := make([]string, 0, len(o.Roles))
	for _, r := range o.Roles {
		names = append(names, string(r))
	}
	return Held(strings.Join(names, "\n"))
}

// limit keeps the roles that were held.
func (h Held) limit(roles []rbac.Role) []rbac.Role {
	if h == "" {
		return roles
	}
	held := strings.Split(string(h), "\n")
	return slices.DeleteFunc(slices.Clone(roles), func(r rbac.Role) bool { return !slices.Contains(held, string(r)) })
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
