package openldap

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// Options say which directory to open and how its entries are to be read.
type Options struct {
	Name         string // as the configuration calls it; the Directory of its accounts
	URLs         []string
	StartTLS     bool
	CA           []byte // PEM; nil for the system's
	ServerName   string
	BindDN       string
	BindPassword *secret.Text
	Base         string            // people are below
	PeopleClass  string            // "": inetOrgPerson
	GroupBase    string            // where Examine looks for groups; "": the naming context of Base. Groups elsewhere count as well
	Attributes   map[string]string // our name -> attribute, or several with "|" between them, of which the first with a value counts
	Settings     map[string]string // see settings
	RoleGroups   map[string]string // role -> distinguished name or name of a group
	ServiceUnits []string          // units whose accounts are service accounts

	Clock   core.Clock
	Entropy core.Entropy
	Log     *slog.Logger // nil: no log

	OpTimeout time.Duration // of one request; 0: 5 s
}

// plan is what the options mean.
type plan struct {
	name        string
	base        dn.Name
	baseDN      string
	groupBase   string
	bindDN      dn.Name
	bindText    string
	peopleClass string
	attributes  mapping
	settings    settings
	roles       []roleGroup
	services    []dn.Name
}

// plan checks the options. The error names everything that is wrong.
func (o Options) plan() (plan, error) {
	p := plan{name: o.Name, bindText: o.BindDN, baseDN: o.Base, groupBase: o.GroupBase, peopleClass: o.PeopleClass}
	if p.peopleClass == "" {
		p.peopleClass = "inetOrgPerson"
	}
	var problems problems
	if o.Name == "" || strings.ContainsRune(o.Name, ':') {
		problems.add("name", "a name without colons")
	}
	if o.Clock == nil || o.Entropy == nil {
		problems.add("clock and entropy", "both")
	}
	p.base = problems.name("base", o.Base)
	p.bindDN = problems.name("bind_dn", o.BindDN)
	if o.GroupBase != "" {
		problems.name("group_base", o.GroupBase)
	}
	for _, unit := range o.ServiceUnits {
		p.services = append(p.services, problems.name("service_units", unit))
	}
	if err := ldapconn.Present(p.peopleClass).Err(); err != nil {
		problems.add("people_class", "the name of an object class")
	}
	p.attributes = newMapping(o.Attributes, &problems)
	p.settings = newSettings(o.Settings, p.attributes, &problems)
	p.roles = newRoleGroups(o.RoleGroups, &problems)
	return p, problems.err()
}

// connection is how to reach the server, with at most this many connections.
func (o Options) connection(most int) ldapconn.Config {
	return ldapconn.Config{
		URLs: o.URLs, StartTLS: o.StartTLS, CA: o.CA, ServerName: o.ServerName, BindDN: o.BindDN, Password: o.BindPassword,
		OpTimeout: o.OpTimeout, MaxConns: most,
	}
}

// problems collects everything that is wrong with the options.
type problems struct{ all []error }

func (p *problems) add(key, expected string) {
	p.all = append(p.all, fmt.Errorf("%s: expected %s", key, expected))
}

// name parses a distinguished name that must be there.
func (p *problems) name(key, value string) dn.Name {
	name, err := dn.Parse(value)
	if err != nil || name.IsZero() {
		p.add(key, `a distinguished name such as "ou=people,dc=example,dc=org"`)
	}
	return name
}

func (p *problems) err() error { return errors.Join(p.all...) }
