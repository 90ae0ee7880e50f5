package openldap

import (
	"slices"
	"sync"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// indexKind is a kind of index of slapd, as olcDbIndex names it.
type indexKind string

// The kinds.
const (
	indexEqual   indexKind = "eq"
	indexPart    indexKind = "sub"
	indexPresent indexKind = "pres"
	indexOrder   indexKind = "eq (order)" // an eq index of a time also serves "before" and "after"
)

// declared is the kind as olcDbIndex has it.
func (k indexKind) declared() string {
	if k == indexOrder {
		return string(indexEqual)
	}
	return string(k)
}

// index is one index that searches and lists need.
type index struct {
	kind      indexKind
	attribute string
}

// String is the index as an administrator adds it: "pwdAccountLockedTime pres".
func (i index) String() string { return i.attribute + " " + i.kind.declared() }

// needed are the indexes that this configuration needs on this server.
func (p plan) needed(s *server) []index {
	var out []index
	add := func(kind indexKind, names ...string) {
		for _, name := range names {
			if i := (index{kind, name}); !slices.Contains(out, i) {
				out = append(out, i)
			}
		}
	}
	add(indexEqual, attrUUID)
	add(indexEqual, unique(slices.Concat(p.attributes.login, p.attributes.employeeNumber, p.settings.addresses, p.settings.phones))...)
	add(indexPart, unique(slices.Concat(p.settings.prefix, p.settings.inside))...)
	add(indexPresent, s.known(attrLocked, attrReset)...)
	add(indexOrder, s.known(attrChanged, attrStart, attrEnd, attrLastSuccess, attrAuthTime)...)
	return out
}

// indexes are what is known of the indexes: how long a search took that finds nobody, and so has nothing to do unless slapd
// reads every entry for it. The zero value knows nothing.
type indexes struct {
	took    map[index]time.Duration
	slow    map[index]bool
	signIns string // attribute of the last sign-in that somebody has
	sees    bool   // the state of people may be read
	at      time.Time
}

// usable reports whether a search may use an attribute. What was not measured is believed to be as it is configured.
func (x *indexes) usable(kind indexKind, attribute string) bool {
	return !x.slow[index{kind, attribute}]
}

// quick reports whether an index was measured and found to be quick.
func (x *indexes) quick(kind indexKind, attributes ...string) bool {
	for _, a := range attributes {
		if _, measured := x.took[index{kind, a}]; !measured || x.slow[index{kind, a}] {
			return false
		}
	}
	return true
}

// missing are the indexes that slapd was found not to have.
func (x *indexes) missing() []string {
	var out []string
	for i := range x.slow {
		out = append(out, i.String())
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// lastSignIn is the attribute that tells the last sign-in, "" when the directory does not keep it or has no index for it.
func (x *indexes) lastSignIn() string { return x.signIns }

// seesState reports whether the state of people may be read.
func (x *indexes) seesState() bool { return x.sees }

// lists are the lists that slapd can make without reading every entry.
func (x *indexes) lists() []core.ListState {
	offered := map[core.ListState]bool{
		core.ListLocked:     x.quick(indexPresent, attrLocked),
		core.ListDisabled:   x.quick(indexOrder, attrStart, attrEnd),
		core.ListExpired:    x.quick(indexOrder, attrChanged) && !x.slow[index{indexOrder, attrEnd}],
		core.ListExpiring:   x.quick(indexOrder, attrChanged),
		core.ListMustChange: x.quick(indexPresent, attrReset),
		core.ListIdle:       x.signIns != "",
	}
	return slices.DeleteFunc(core.ListStates(), func(s core.ListState) bool { return !x.sees || !offered[s] })
}

// indexMemory remembers the last measurement.
type indexMemory struct {
	mu  sync.Mutex
	now *indexes
}

// get returns what is known, never nil.
func (m *indexMemory) get() *indexes {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.now == nil {
		return &indexes{}
	}
	return m.now
}

func (m *indexMemory) keep(x *indexes) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = x
}
