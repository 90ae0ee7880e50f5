package openldap

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/dn"
)

// server is what the server says about itself.
type server struct {
	root   ldapconn.RootDSE
	suffix string // naming context that holds the base
	types  map[string]bool
	at     time.Time
}

// serverLife is how long that is believed: a module or an overlay that is added is found after it.
const serverLife = 10 * time.Minute

// canAssert reports whether changes can be made under a condition (RFC 4528).
func (s *server) canAssert() bool { return s.root.HasControl(ldapconn.OIDAssertion) }

// hasPolicy reports whether ppolicy is loaded.
func (s *server) hasPolicy() bool { return s.root.HasControl(ldapconn.OIDPasswordPolicy) }

// has reports whether the schema knows an attribute. When the schema cannot be read, only those are taken as known that
// every slapd with ppolicy and memberof has: the others could not be told from ones that may not be read.
func (s *server) has(attribute string) bool {
	if len(s.types) == 0 {
		switch attribute {
		case attrLocked, attrReset, attrChanged, attrFailures, attrPolicy, attrMemberOf:
			return true
		}
		return false
	}
	return s.types[strings.ToLower(attribute)]
}

// known keeps of these attributes the ones that the schema has.
func (s *server) known(attributes ...string) []string {
	var out []string
	for _, a := range attributes {
		if s.has(a) {
			out = append(out, a)
		}
	}
	return out
}

// serverMemory remembers the server.
type serverMemory struct {
	mu  sync.Mutex
	now *server
}

func (m *serverMemory) fresh(now time.Time) *server {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.now == nil || now.Sub(m.now.at) >= serverLife || now.Before(m.now.at) {
		return nil
	}
	return m.now
}

func (m *serverMemory) keep(s *server) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = s
}

// server returns what the server says about itself, and asks it when that is not known. The errors are those of reads.
func (d *Directory) server(ctx context.Context) (*server, error) {
	now := d.clock.Now()
	if s := d.memory.fresh(now); s != nil {
		return s, nil
	}
	root, err := d.pool.RootDSE(ctx)
	if err != nil {
		return nil, err
	}
	s := &server{root: root, suffix: suffixOf(root, d.plan), at: now}
	if s.types, err = d.schema(ctx); err != nil {
		return nil, err
	}
	d.memory.keep(s)
	return s, nil
}

// suffixOf is the naming context that holds the people, else their base.
func suffixOf(root ldapconn.RootDSE, p plan) string {
	for _, context := range root.NamingContexts {
		if name, err := dn.Parse(context); err == nil && p.base.IsUnder(name) {
			return context
		}
	}
	return p.baseDN
}

// attributeNames finds the names in a description of an attribute type (RFC 4512 section 4.1.2).
var (
	attributeNames = regexp.MustCompile(`\sNAME\s+(?:'([^']*)'|\(([^)]*)\))`)
	quotedName     = regexp.MustCompile(`'([^']*)'`)
)

// schema reads the attribute types, nil when they may not be read.
func (d *Directory) schema(ctx context.Context) (map[string]bool, error) {
	entry, err := d.pool.Read(ctx, "cn=Subschema", "attributeTypes")
	if _, refused := ldapconn.CodeOf(err); refused {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	types := map[string]bool{}
	for _, description := range entry.All("attributeTypes") {
		names := attributeNames.FindStringSubmatch(description)
		if names == nil {
			continue
		}
		if names[1] != "" {
			types[strings.ToLower(names[1])] = true
		}
		for _, name := range quotedName.FindAllStringSubmatch(names[2], -1) {
			types[strings.ToLower(name[1])] = true
		}
	}
	return types, nil
}
