package openldap

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// passwordPolicy is one pwdPolicy entry. The zero value is one that is not known.
type passwordPolicy struct {
	known         bool
	name          untrusted.Text
	minLength     int
	history       int
	minAge        time.Duration
	maxAge        time.Duration // 0: never
	lockout       bool
	lockAfter     int
	lockFor       time.Duration // 0: until somebody unlocks
	countFailures time.Duration // 0: until a success
	mustChange    bool          // pwdReset has an effect
	maxIdle       time.Duration // 0: none
}

// forCore is the policy as the card shows it. Rules of a pwdCheckModule cannot be read: the server says them when it refuses.
func (p passwordPolicy) forCore() core.PasswordPolicy {
	c := core.PasswordPolicy{
		Known: p.known, Name: p.name, MinLength: p.minLength, History: p.history, MinAge: p.minAge, MaxAge: p.maxAge,
	}
	if p.lockout && p.lockAfter > 0 {
		c.LockAfter, c.LockFor = p.lockAfter, p.lockFor
	}
	return c
}

func policyAttributes() []string {
	return []string{
		"cn", "pwdMinLength", "pwdInHistory", "pwdMinAge", "pwdMaxAge", "pwdLockout", "pwdMaxFailure", "pwdLockoutDuration",
		"pwdFailureCountInterval", "pwdMustChange", "pwdMaxIdle",
	}
}

func newPolicy(e ldapconn.Entry) passwordPolicy {
	isTrue := func(name string) bool { return strings.EqualFold(e.First(name), "TRUE") }
	return passwordPolicy{
		known: true, name: e.Text("cn"), minLength: count(e.First("pwdMinLength")), history: count(e.First("pwdInHistory")),
		minAge: seconds(e.First("pwdMinAge")), maxAge: seconds(e.First("pwdMaxAge")), lockout: isTrue("pwdLockout"),
		lockAfter: count(e.First("pwdMaxFailure")), lockFor: seconds(e.First("pwdLockoutDuration")),
		countFailures: seconds(e.First("pwdFailureCountInterval")), mustChange: isTrue("pwdMustChange"), maxIdle: seconds(e.First("pwdMaxIdle")),
	}
}

// count reads a number; 0 for what is none.
func count(value string) int {
	const most = 1 << 31
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > most {
		return 0
	}
	return n
}

// seconds reads a length of time, at most a hundred years: longer ones overflow when they are added to a time.
func seconds(value string) time.Duration {
	const most = 100 * 365 * 24 * 3600
	return time.Duration(min(count(value), most)) * time.Second
}

// policies are the password policies of the directory.
type policies struct {
	all      map[string]passwordPolicy // by the key of their name
	standard passwordPolicy            // of entries that name none
	at       time.Time
}

// policyLife is how long policies are believed.
const policyLife = time.Minute

// policyMemory remembers the policies.
type policyMemory struct {
	mu  sync.Mutex
	now *policies
}

// policies returns the policies, and reads them when they are not known. Ones that may not be read are not known.
func (d *Directory) policies(ctx context.Context, s *server) (*policies, error) {
	now := d.clock.Now()
	d.rules.mu.Lock()
	kept := d.rules.now
	d.rules.mu.Unlock()
	if kept != nil && now.Sub(kept.at) < policyLife && !now.Before(kept.at) {
		return kept, nil
	}
	read, err := d.readPolicies(ctx, s)
	if err != nil {
		return nil, err
	}
	read.at = now
	d.rules.mu.Lock()
	defer d.rules.mu.Unlock()
	d.rules.now = read
	return read, nil
}

// readPolicies asks for every policy below the naming context. Its errors are those of reads.
func (d *Directory) readPolicies(ctx context.Context, s *server) (*policies, error) {
	const most = 500
	found, _, err := d.pool.Search(ctx, ldapconn.Request{
		Base: s.suffix, Filter: ldapconn.Equal("objectClass", "pwdPolicy"), Attributes: policyAttributes(), Limit: most,
	})
	if _, refused := ldapconn.CodeOf(err); err != nil && !refused {
		return nil, err
	}
	p := &policies{all: map[string]passwordPolicy{}}
	for _, e := range found {
		name, err := dn.Parse(e.DN)
		if err != nil {
			continue
		}
		p.all[name.Key()] = newPolicy(e)
	}
	p.standard = p.choose(d.plan.settings.defaultPolicy)
	return p, nil
}

// choose finds the policy of entries that name none: the configured one, else the only one, else the one called
// "default". slapd keeps its own choice (olcPPolicyDefault) where an ordinary identity does not see it.
func (p *policies) choose(configured dn.Name) passwordPolicy {
	if !configured.IsZero() {
		return p.all[configured.Key()]
	}
	var named, only passwordPolicy
	for _, one := range p.all {
		only = one
		if strings.EqualFold(one.name.Raw(), "default") {
			named = one
		}
	}
	if len(p.all) == 1 {
		return only
	}
	return named
}

// of is the policy in effect for an entry.
func (p *policies) of(e ldapconn.Entry) passwordPolicy {
	if !e.Has(attrPolicy) {
		return p.standard
	}
	name, err := dn.Parse(e.First(attrPolicy))
	if err != nil {
		return passwordPolicy{}
	}
	return p.all[name.Key()]
}

// shortest is the shortest of a length of time over all policies, 0 where none has it.
func (p *policies) shortest(of func(p passwordPolicy) time.Duration) time.Duration {
	shortest := time.Duration(0)
	for _, one := range p.all {
		if d := of(one); d > 0 && (shortest == 0 || d < shortest) {
			shortest = d
		}
	}
	return shortest
}
