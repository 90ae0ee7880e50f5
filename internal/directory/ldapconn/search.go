package ldapconn

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// Scope is how far a search goes below its base.
type Scope string

// The scopes.
const (
	ScopeSubtree  Scope = ""    // the base and everything below
	ScopeOneLevel Scope = "one" // what lies directly below
	ScopeBase     Scope = "base"
)

func (s Scope) wire() (int, error) {
	switch s {
	case ScopeSubtree:
		return ldap.ScopeWholeSubtree, nil
	case ScopeOneLevel:
		return ldap.ScopeSingleLevel, nil
	case ScopeBase:
		return ldap.ScopeBaseObject, nil
	}
	return 0, fmt.Errorf("%q is not a scope", s)
}

// Request is one search.
type Request struct {
	Base       string
	Scope      Scope
	Filter     Filter
	Attributes []string // "*" is never sent: an entry may carry photographs
	Limit      int      // entries: of the result for Search, of the whole walk for Pages, where 0 means no limit
	Controls   []Control
}

// Search returns at most Limit entries, and whether there are more. It asks for no referral to be followed and follows
// none. Entries come in the order of the server.
//
// It returns an error that wraps ErrFilter or ErrTooMuch, *ResultError when the server refused (the entries before it
// are returned), *UnavailableError when there is no answer.
func (p *Pool) Search(ctx context.Context, request Request) (entries []Entry, more bool, err error) {
	if request.Limit <= 0 {
		return nil, false, errors.New("a search without a limit")
	}
	wire, err := request.wire(p.config.OpTimeout)
	if err != nil {
		return nil, false, err
	}
	wire.SizeLimit, wire.EnforceSizeLimit = request.Limit, true
	r, err := read(ctx, p, func(c *ldap.Conn) (*ldap.SearchResult, error) { return c.Search(wire) })
	if errors.Is(r.library, ldap.ErrSizeLimitExceeded) {
		return newEntries(r.value), true, nil // some servers take no notice of a limit
	}
	if err != nil {
		return nil, false, err
	}
	if err := complete(r); err != nil {
		return nil, false, err
	}
	if r.answer.code == CodeSizeLimitExceeded {
		return newEntries(r.value), true, nil
	}
	return newEntries(r.value), false, r.answer.err()
}

// Read returns one entry by its name.
//
// It returns *ResultError with CodeNoSuchObject when there is none or it may not be seen, and the errors of Search.
func (p *Pool) Read(ctx context.Context, dn string, attributes ...string) (Entry, error) {
	entries, _, err := p.Search(ctx, Request{
		Base: dn, Scope: ScopeBase, Filter: Present("objectClass"), Attributes: attributes, Limit: 1,
	})
	if err != nil {
		return Entry{}, err
	}
	if len(entries) != 1 {
		return Entry{}, &ResultError{Code: CodeNoSuchObject}
	}
	return entries[0], nil
}

// wire makes the request one of go-ldap.
func (r Request) wire(patience time.Duration) (*ldap.SearchRequest, error) {
	if err := r.Filter.Err(); err != nil {
		return nil, err
	}
	scope, err := r.Scope.wire()
	if err != nil {
		return nil, err
	}
	attributes := r.Attributes
	if len(attributes) == 0 {
		attributes = []string{"1.1"} // no attributes (RFC 4511 section 4.5.1.8)
	}
	for _, name := range attributes {
		if err := checkAttribute(name); err != nil {
			return nil, err
		}
	}
	wire := &ldap.SearchRequest{
		BaseDN: r.Base, Scope: scope, DerefAliases: ldap.NeverDerefAliases, Filter: r.Filter.text, Attributes: attributes,
		TimeLimit: int((patience + time.Second - 1) / time.Second),
	}
	for _, control := range r.Controls {
		wire.Controls = append(wire.Controls, wireControl{control})
	}
	return wire, nil
}

// complete reports an error when go-ldap stopped at something it could not decode: the entries after it are missing,
// whatever the answer says.
func complete(r reply[*ldap.SearchResult]) error {
	if r.library == nil || ldap.IsErrorWithCode(r.library, uint16(r.answer.code)) {
		return nil
	}
	return fmt.Errorf("search result: %w: %w", errMalformed, r.library)
}

func newEntries(result *ldap.SearchResult) []Entry {
	if result == nil {
		return nil
	}
	entries := make([]Entry, 0, len(result.Entries))
	for _, e := range result.Entries {
		entries = append(entries, newEntry(e))
	}
	return entries
}
