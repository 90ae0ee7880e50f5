package dn

import (
	"slices"
	"strings"
)

// MaxLength is the longest string, in bytes, that [Parse] accepts.
const MaxLength = 32 << 10

// Name is a distinguished name. The zero value is the empty name, which is the root of a directory. A Name is
// immutable and may be shared.
type Name struct {
	components []component // from the entry up to the root
}

// component is one relative distinguished name.
type component struct {
	text string // as RFC 4514 writes it, types and order normalised, values as given
	key  string // equal for equal components and for no others
}

// IsZero reports whether the name is empty.
func (n Name) IsZero() bool { return len(n.components) == 0 }

// Depth returns the number of components.
func (n Name) Depth() int { return len(n.components) }

// Parent returns the name without its first component; the parent of the empty name is the empty name.
func (n Name) Parent() Name {
	if n.IsZero() {
		return Name{}
	}
	return Name{components: n.components[1:]}
}

// Equal reports whether both names denote the same entry.
func (n Name) Equal(other Name) bool {
	return slices.EqualFunc(n.components, other.components, func(a, b component) bool { return a.key == b.key })
}

// IsUnder reports whether n is the ancestor itself or lies below it. Nothing is under the empty name: a scope that
// was left empty must not become the whole directory.
func (n Name) IsUnder(ancestor Name) bool {
	above := len(n.components) - len(ancestor.components)
	if ancestor.IsZero() || above < 0 {
		return false
	}
	return Name{components: n.components[above:]}.Equal(ancestor)
}

// Key returns a string that is the same for equal names and for no others, for use as a map key. It is not for
// showing and not for the directory.
func (n Name) Key() string {
	return n.join(func(c component) string { return c.key })
}

// String returns the name as RFC 4514 writes it, with the common attribute types in capitals and others in small
// letters, no optional spaces, values in the case they were given in, and every control escaped.
func (n Name) String() string {
	return n.join(func(c component) string { return c.text })
}

func (n Name) join(part func(component) string) string {
	parts := make([]string, len(n.components))
	for i, c := range n.components {
		parts[i] = part(c)
	}
	return strings.Join(parts, ",")
}
