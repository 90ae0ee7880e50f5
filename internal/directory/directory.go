// Package directory opens directories by kind: one registry line for each backend.
//
// It holds no directory logic of its own. Backends live in the folders below and pass the contract suite in directorytest.
package directory

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/embedded"
	"github.com/sspr-tui/sspr-tui/internal/directory/openldap"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// Options describe one directory. Which fields count depends on the kind.
type Options struct {
	Name string
	Kind string

	Path string // embedded: the database file

	URLs         []string // over the network: ldaps://host or, with StartTLS, ldap://host
	StartTLS     bool
	CA           []byte // PEM; nil for the system's
	ServerName   string
	BindDN       string
	BindPassword *secret.Text
	Base         string
	PeopleClass  string
	GroupBase    string
	Attributes   map[string]string // our name -> the directory's attribute
	RoleGroups   map[string]string // role name -> group
	ServiceUnits []string          // units whose accounts are service accounts
	Settings     map[string]string // what else the kind can be told; see its package

	Clock   core.Clock
	Entropy core.Entropy
	Log     *slog.Logger
}

// opener opens one kind of directory.
type opener func(ctx context.Context, o Options) (core.Directory, error)

// registry has one line for each backend.
func registry() map[string]opener {
	return map[string]opener{
		"embedded": openEmbedded,
		"openldap": openOpenLDAP,
	}
}

// Kinds lists the kinds of directories that exist, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(registry())) }

// Open opens a directory. The error says what is wrong with the options or the place; a network that does not answer is no error here.
func Open(ctx context.Context, o Options) (core.Directory, error) {
	open, ok := registry()[o.Kind]
	if !ok {
		return nil, fmt.Errorf("directory %s: kind %q is none of %s", o.Name, o.Kind, strings.Join(Kinds(), ", "))
	}
	return open(ctx, o)
}

func openEmbedded(ctx context.Context, o Options) (core.Directory, error) {
	return embedded.Open(ctx, embedded.Options{Name: o.Name, Path: o.Path, Clock: o.Clock, Entropy: o.Entropy, Log: o.Log})
}

func openOpenLDAP(ctx context.Context, o Options) (core.Directory, error) {
	d, err := openldap.Open(ctx, openldap.Options{
		Name: o.Name, URLs: o.URLs, StartTLS: o.StartTLS, CA: o.CA, ServerName: o.ServerName, BindDN: o.BindDN, BindPassword: o.BindPassword,
		Base: o.Base, PeopleClass: o.PeopleClass, GroupBase: o.GroupBase, Attributes: o.Attributes, Settings: o.Settings,
		RoleGroups: o.RoleGroups, ServiceUnits: o.ServiceUnits, Clock: o.Clock, Entropy: o.Entropy, Log: o.Log,
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}
