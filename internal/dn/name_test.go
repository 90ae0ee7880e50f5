package dn_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/dn"
)

// failer is what testing.T and rapid.T have in common.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func mustParse(t failer, s string) dn.Name {
	t.Helper()
	n, err := dn.Parse(s)
	if err != nil {
		t.Fatalf("Parse(%q): %v", s, err)
	}
	return n
}

func TestEqualComparesWhatNamesMean(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, a, b string
		want       bool
	}{
		{"same", "CN=Jane,DC=x", "CN=Jane,DC=x", true},
		{"case of types and values", "cn=JANE,dc=X", "CN=jane,DC=x", true},
		{"case beyond ASCII", "CN=ŁUKASZ ÉMILE", "CN=łukasz émile", true},
		{"other value", "CN=Jane,DC=x", "CN=June,DC=x", false},
		{"other type", "CN=Jane,DC=x", "OU=Jane,DC=x", false},
		{"other length", "CN=Jane,DC=x", "CN=Jane,DC=x,DC=y", false},
		{"other order", "CN=Jane,OU=a,OU=b", "CN=Jane,OU=b,OU=a", false},
		{"spaces around separators", "CN = Jane , DC = x", "CN=Jane,DC=x", true},
		{"spaces around everything", "  CN=Jane,DC=x  ", "CN=Jane,DC=x", true},
		{"repeated inner spaces", "CN=Jane   Doe", "CN=Jane Doe", true},
		{"no inner space", "CN=JaneDoe", "CN=Jane Doe", false},
		{"escaped spaces at the ends", `CN=\ Jane\ `, "CN=Jane", true},
		{"escaped comma and its hexadecimal", `CN=Doe\, Jane`, `CN=Doe\2C Jane`, true},
		{"small hexadecimal", `CN=Doe\2c Jane`, `CN=Doe\2C Jane`, true},
		{"needless escape", `CN=\4Aane`, "CN=Jane", true},
		{"UTF-8 in hexadecimal", `CN=Lu\C4\8Di\C4\87`, "CN=Lučić", true},
		{"object identifier", "2.5.4.3=Jane,0.9.2342.19200300.100.1.25=x", "CN=Jane,DC=x", true},
		{"old prefix of identifiers", "OID.2.5.4.3=Jane", "cn=Jane", true},
		{"long name", "commonName=Jane,domainComponent=x", "CN=Jane,DC=x", true},
		{"unknown identifier", "1.2.3=Jane", "CN=Jane", false},
		{"multi-valued in any order", "UID=j+CN=Jane,DC=x", "cn=jane+uid=J,dc=x", true},
		{"multi-valued, one part missing", "UID=j+CN=Jane,DC=x", "CN=Jane,DC=x", false},
		{"escaped plus is no part", `CN=Jane\+UID=j`, "CN=Jane+UID=j", false},
		{"escaped comma is no component", `CN=Jane\,DC=x`, "CN=Jane,DC=x", false},
		{"BER octet string", "1.3.6.1.4.1.1466.0=#04024869", "1.3.6.1.4.1.1466.0=Hi", true},
		{"BER printable string", "CN=#13044A616E65", "CN=jane", true},
		{"BER UTF-8 string", "CN=#0C044A616E65", "CN=jane", true},
		{"BER long form of the length", "CN=#0C81044A616E65", "CN=jane", true},
		{"BER octets that are not UTF-8", "CN=#0401FF", `CN=\ff`, true},
		{"BER integer is opaque", "CN=#020101", "CN=#020101", true},
		{"BER integers differ", "CN=#020101", "CN=#020102", false},
		{"BER without a length is opaque", "CN=#04", "CN=", false},
		{"BER of indefinite length is opaque", "CN=#24800000", "CN=", false},
		{"BER length longer than the value", "CN=#0484", "CN=", false},
		{"opaque value and its text", "CN=#020101", `CN=\#020101`, false},
		{"BER length does not match", "CN=#0C054A616E65", "CN=jane", false},
		{"different invalid bytes", `CN=\FF`, `CN=\FE`, false},
		{"invalid byte and U+FFFD", `CN=\FF`, "CN=\ufffd", false},
		{"Kelvin sign and long s fold with their letters", "CN=\u212aarlo\u017f", "CN=KARLOS", true},
		{"homoglyph", "CN=admin", "CN=\u0430dmin", false},
		{"both empty", "", "  ", true},
		{"empty and not", "", "CN=a", false},
		{"empty value", "CN=,DC=x", "cn= ,dc=x", true},
		{"a comma within the folded key", `CN=a\,CN\=b`, "CN=a,CN=b", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, errA := dn.Parse(tt.a)
			b, errB := dn.Parse(tt.b)
			got := errA == nil && errB == nil && a.Equal(b) && b.Equal(a)
			if got != tt.want {
				t.Errorf("%q (%v) equals %q (%v): %v, want %v", tt.a, errA, tt.b, errB, got, tt.want)
			}
			if same := a.Key() == b.Key(); errA == nil && errB == nil && same != tt.want {
				t.Errorf("the keys %q and %q are the same: %v", a.Key(), b.Key(), same)
			}
		})
	}
}

func TestIsUnderCannotBeTricked(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, entry, ancestor string
		want                  bool
	}{
		{"itself", "OU=Allowed,DC=x", "OU=Allowed,DC=x", true},
		{"child", "CN=j,OU=Allowed,DC=x", "OU=Allowed,DC=x", true},
		{"far below", "CN=j,OU=a,OU=b,OU=Allowed,DC=x", "OU=Allowed,DC=x", true},
		{"case and spaces", "CN=j, ou = ALLOWED , dc=X", "OU=Allowed,DC=x", true},
		{"parent", "DC=x", "OU=Allowed,DC=x", false},
		{"sibling", "CN=j,OU=Other,DC=x", "OU=Allowed,DC=x", false},
		{"sibling that ends alike", "CN=j,OU=NotAllowed,DC=x", "OU=Allowed,DC=x", false},
		{"allowed below not allowed", "CN=j,OU=Allowed,OU=NotAllowed,DC=x", "OU=Allowed,DC=x", false},
		{"not allowed below allowed", "OU=NotAllowed,OU=Allowed,DC=x", "OU=Allowed,DC=x", true},
		{"escaped comma imitates the ancestor", `CN=j\,OU=Allowed,DC=x`, "OU=Allowed,DC=x", false},
		{"escaped comma in the ancestor's place", `CN=j,OU=Allowed\,DC=x`, "OU=Allowed,DC=x", false},
		{"hexadecimal comma", `CN=j,OU=Allowed\2CDC=x`, "OU=Allowed,DC=x", false},
		{"escaped equals", `CN=j\,OU\=Allowed,DC=x`, "OU=Allowed,DC=x", false},
		{"hexadecimal spelling of the ancestor", `CN=j,OU=\41llowed,DC=x`, "OU=Allowed,DC=x", true},
		{"BER spelling of the ancestor", "CN=j,OU=#0C07416C6C6F776564,DC=x", "OU=Allowed,DC=x", true},
		{"multi-valued component holds more", "CN=j,OU=Allowed+CN=y,DC=x", "OU=Allowed,DC=x", false},
		{"ancestor in the middle", "CN=j,OU=Allowed,DC=x,DC=evil", "OU=Allowed,DC=x", false},
		{"other root", "CN=j,OU=Allowed,DC=y", "OU=Allowed,DC=x", false},
		{"homoglyph", "CN=j,OU=\u0410llowed,DC=x", "OU=Allowed,DC=x", false},
		{"below the empty name", "CN=j", "", false},
		{"the empty name below one", "", "DC=x", false},
		{"both empty", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			entry, ancestor := mustParse(t, tt.entry), mustParse(t, tt.ancestor)
			if got := entry.IsUnder(ancestor); got != tt.want {
				t.Errorf("%q is under %q: %v, want %v", tt.entry, tt.ancestor, got, tt.want)
			}
		})
	}
}

func TestParentTakesOneComponentAway(t *testing.T) {
	t.Parallel()
	n := mustParse(t, `CN=Doe\, Jane+UID=j,OU=People,DC=x`)
	for _, want := range []string{"OU=People,DC=x", "DC=x", "", ""} {
		n = n.Parent()
		if got := n.String(); got != want {
			t.Fatalf("the parent is %q, want %q", got, want)
		}
	}
	if !n.IsZero() || n.Depth() != 0 {
		t.Error("above the last component the name is not empty")
	}
}

func TestDepthCountsComponents(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": 0, "DC=x": 1, "CN=a+UID=b,DC=x": 2, `CN=a\,b,OU=c,DC=x`: 3} {
		if got := mustParse(t, s).Depth(); got != want {
			t.Errorf("%q has depth %d, want %d", s, got, want)
		}
	}
}

func TestStringIsNormalised(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, value, want string }{
		{"types", "cn=Jane,2.5.4.11=People,uid=j,dc=x", "CN=Jane,OU=People,UID=j,DC=x"},
		{"other types small", "employeeNumber=7,dc=x", "employeenumber=7,DC=x"},
		{"spaces", " cn = Jane  Doe , dc = x ", "CN=Jane  Doe,DC=x"},
		{"order of parts", "UID=j+CN=Jane", "CN=Jane+UID=j"},
		{"one way of escaping", `CN=\44oe\2c \22J\22\0a`, `CN=Doe\, \"J\"\0A`},
		{"ends", `CN=\20a\20`, `CN=\ a\ `},
		{"one space", `CN=\20`, `CN=\ `},
		{"sharp", `CN=\23a`, `CN=\#a`},
		{"opaque", "CN=#020A01", "CN=#020a01"},
		{"string in BER", "CN=#0C024869", "CN=Hi"},
		{"invalid UTF-8", `CN=\ff`, `CN=\FF`},
		{"case is kept", "CN=JaNe", "CN=JaNe"},
		{"all types", "l=a,st=b,o=c,c=d,street=e,sn=f", "L=a,ST=b,O=c,C=d,STREET=e,SN=f"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := mustParse(t, tt.value).String(); got != tt.want {
				t.Errorf("String() of %q = %q, want %q", tt.value, got, tt.want)
			}
		})
	}
}

// buildName draws a name as a list of components, so that the oracle does not depend on the parser.
func buildName() *rapid.Generator[[][2]string] {
	kind := rapid.SampledFrom([]string{"CN", "OU", "DC", "UID", "employeeNumber", "1.2.840.113556"})
	value := rapid.OneOf(
		rapid.SampledFrom([]string{"Allowed", "a,DC=x", `\2C`, " ", "#04", "=", "+", "é", "\x00", "\xff", `"<;>`, "a  b", "a b "}),
		rapid.String(),
	)
	pair := rapid.Custom(func(t *rapid.T) [2]string { return [2]string{kind.Draw(t, "type"), value.Draw(t, "value")} })
	return rapid.SliceOfN(pair, 1, 5)
}

func join(components [][2]string) string {
	s := ""
	for i, c := range components {
		if i > 0 {
			s += ","
		}
		s += c[0] + "=" + dn.Escape(c[1])
	}
	return s
}

func TestAnEscapedValueStaysOneComponent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		components := buildName().Draw(rt, "components")
		n, err := dn.Parse(join(components))
		if err != nil {
			rt.Fatal(err)
		}
		if n.Depth() != len(components) {
			rt.Fatalf("%d components became %d: %q", len(components), n.Depth(), n)
		}
		for i := range components {
			ancestor, err := dn.Parse(join(components[i:]))
			if err != nil || !n.IsUnder(ancestor) {
				rt.Fatalf("%q is not under %q: %v", n, ancestor, err)
			}
			if i > 0 && ancestor.IsUnder(n) {
				rt.Fatalf("%q is under the longer %q", ancestor, n)
			}
		}
	})
}
