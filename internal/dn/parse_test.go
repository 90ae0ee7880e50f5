package dn_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/dn"
)

func TestExamplesOfTheStandardAreAccepted(t *testing.T) {
	t.Parallel()
	tests := []struct{ value, want string }{ // RFC 4514 section 4
		{"UID=jsmith,DC=example,DC=net", "UID=jsmith,DC=example,DC=net"},
		{"OU=Sales+CN=J.  Smith,DC=example,DC=net", "CN=J.  Smith+OU=Sales,DC=example,DC=net"},
		{`CN=James \"Jim\" Smith\, III,DC=example,DC=net`, `CN=James \"Jim\" Smith\, III,DC=example,DC=net`},
		{`CN=Before\0dAfter,DC=example,DC=net`, `CN=Before\0DAfter,DC=example,DC=net`},
		{"1.3.6.1.4.1.1466.0=#04024869", "1.3.6.1.4.1.1466.0=Hi"},
		{`CN=Lu\C4\8Di\C4\87`, "CN=Lučić"},
	}
	for _, tt := range tests {
		if got := mustParse(t, tt.value).String(); got != tt.want {
			t.Errorf("%q is read as %q, want %q", tt.value, got, tt.want)
		}
	}
}

func TestNamesOfRealDirectoriesAreAccepted(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		`CN=Jane Doe\0ADEL:5f2c1f0e-1111-2222-3333-444455556666,CN=Deleted Objects,DC=corp,DC=example`,
		`CN=S-1-5-11,CN=ForeignSecurityPrincipals,DC=corp,DC=example`,
		`CN={31B2F340-016D-11D2-945F-00C04FB984F9},CN=Policies,CN=System,DC=corp,DC=example`,
		`CN=a/b (c) & d = e * f,OU=R\+D,DC=corp,DC=example`,
		`reqStart=20261101000000.000000Z,cn=accesslog`,
		`olcDatabase={1}mdb,cn=config`,
	} {
		if got := mustParse(t, value).Depth(); got < 2 {
			t.Errorf("%q has %d components", value, got)
		}
	}
}

func TestWhatIsNotANameIsAnError(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, value string
		offset      int
		problem     string
	}{
		{"no equals", "Jane", 4, `"=" is missing`},
		{"no type", "=Jane", 0, "an attribute type is expected"},
		{"type begins with a digit", "1a=x", 0, "an attribute type is expected"},
		{"identifier with one number", "2=x", 0, "an attribute type is expected"},
		{"identifier with a leading zero", "2.05.4=x", 0, "an attribute type is expected"},
		{"identifier with an empty number", "2..4=x", 0, "an attribute type is expected"},
		{"dot in a name", "c.n=x", 0, "an attribute type is expected"},
		{"type with an underscore", "c_n=x", 1, `"=" is missing`},
		{"trailing comma", "CN=a,", 5, "an attribute type is expected"},
		{"leading comma", ",CN=a", 0, "an attribute type is expected"},
		{"double comma", "CN=a,,DC=x", 5, "an attribute type is expected"},
		{"trailing plus", "CN=a+", 5, "an attribute type is expected"},
		{"semicolon", "CN=a;DC=x", 4, "a character that must be escaped"},
		{"quoted value", `CN="a,b",DC=x`, 3, "a character that must be escaped"},
		{"angle bracket", "CN=<a>", 3, "a character that must be escaped"},
		{"NUL", "CN=a\x00b", 4, "a character that must be escaped"},
		{"backslash at the end", `CN=a\`, 4, "an unknown escape"},
		{"half a hexadecimal pair", `CN=a\2`, 4, "an unknown escape"},
		{"not hexadecimal", `CN=a\zz`, 4, "an unknown escape"},
		{"escape cut by a comma", `CN=a\2,DC=x`, 4, "an unknown escape"},
		{"sharp alone", "CN=#", 4, "pairs of hexadecimal digits are expected"},
		{"odd digits", "CN=#040", 7, "pairs of hexadecimal digits are expected"},
		{"text after digits", "CN=#0402zz", 8, "something follows the hexadecimal value"},
		{"the same part twice", "CN=a+cn=A,DC=x", 9, "the same part twice"},
		{"NUL alone", "\x00", 0, "an attribute type is expected"},
		{"type in other letters", "СN=x", 0, "an attribute type is expected"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n, err := dn.Parse(tt.value)
			var syntax *dn.SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("Parse(%q) = %q, %v, want a syntax error", tt.value, n, err)
			}
			if syntax.Offset != tt.offset || syntax.Problem != tt.problem {
				t.Errorf("Parse(%q): %q at %d, want %q at %d", tt.value, syntax.Problem, syntax.Offset, tt.problem, tt.offset)
			}
			if !n.IsZero() {
				t.Errorf("beside the error a name %q is returned", n)
			}
		})
	}
}

func TestASyntaxErrorDoesNotRepeatTheName(t *testing.T) {
	t.Parallel()
	_, err := dn.Parse("CN=Jane Doe;DC=x")
	if got, want := err.Error(), "distinguished name: a character that must be escaped at byte 11"; got != want {
		t.Errorf("the error is %q, want %q", got, want)
	}
}

func TestAnEndlessNameIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := dn.Parse("CN=" + strings.Repeat("a", dn.MaxLength)); err == nil {
		t.Error("a name longer than the limit was accepted")
	}
	if _, err := dn.Parse("CN=" + strings.Repeat("a", dn.MaxLength-3)); err != nil {
		t.Errorf("a name of exactly the limit: %v", err)
	}
}

func TestEscapeProtectsEveryCharacter(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, value, want string }{
		{"plain", "Jane Doe", "Jane Doe"},
		{"specials", `a"b+c,d;e<f>g\h`, `a\"b\+c\,d\;e\<f\>g\\h`},
		{"equals needs none", "a=b", "a=b"},
		{"leading sharp", "#a#", `\#a#`},
		{"spaces at the ends", "  a  ", `\  a \ `},
		{"one space", " ", `\ `},
		{"NUL and controls", "\x00\n\x7f", `\00\0A\7F`},
		{"invalid UTF-8", "a\xff\xc3", `a\FF\C3`},
		{"letters", "Łukasz 李", "Łukasz 李"},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := dn.Escape(tt.value); got != tt.want {
				t.Errorf("Escape(%q) = %q, want %q", tt.value, got, tt.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "CN=Jane,DC=x", `OU=Allowed\,DC=x`, "CN=#04024869", "CN=#020101", `CN=\FF`, "a=1+b=2,c=3", "CN=\\ a\\ ,DC = x ",
		"2.5.4.3=x", "CN=a;b", `CN=\`, "CN=#0c80", "CN=\u212a", "OID.1.2=x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := dn.Parse(s)
		if err != nil {
			return
		}
		again, err := dn.Parse(n.String())
		if err != nil {
			if len(n.String()) > dn.MaxLength {
				return
			}
			t.Fatalf("%q is written as %q, which is no name: %v", s, n, err)
		}
		if !again.Equal(n) || again.Key() != n.Key() || again.String() != n.String() {
			t.Fatalf("%q is written as %q and read back as %q", s, n, again)
		}
		if folded := strings.ToUpper(n.String()); !n.IsZero() && strings.EqualFold(folded, n.String()) {
			if upper, err := dn.Parse(folded); err != nil || !upper.IsUnder(n) {
				t.Fatalf("%q differs from %q by more than case: %v", folded, n, err)
			}
		}
		if strings.ContainsFunc(n.String(), func(r rune) bool { return r < 0x20 || r == 0x7f }) {
			t.Fatalf("%q shows a control", n)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := dn.Parse("CN=Jane Doe,OU=Accounting,OU=People,DC=corp,DC=example,DC=com"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIsUnder(b *testing.B) {
	entry := mustParse(b, "CN=Jane Doe,OU=Accounting,OU=People,DC=corp,DC=example,DC=com")
	ancestor := mustParse(b, "OU=People,DC=corp,DC=example,DC=com")
	b.ReportAllocs()
	for b.Loop() {
		if !entry.IsUnder(ancestor) {
			b.Fatal("not under")
		}
	}
}
