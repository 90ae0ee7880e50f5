package untrusted_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// mustBeHarmless is the oracle of the whole package: nothing in shown can move a cursor, reorder text, be invisible
// or pile up. It is written against the Unicode categories, not against the code under test.
func mustBeHarmless(t *testing.T, shown string) {
	t.Helper()
	if !utf8.ValidString(shown) {
		t.Fatalf("%q is not valid UTF-8", shown)
	}
	marks := 0
	for i, r := range shown {
		switch {
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co, unicode.Zl, unicode.Zp):
			t.Fatalf("%q shows U+%04X", shown, r)
		case unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
			t.Fatalf("%q shows the invisible U+%04X", shown, r)
		case unicode.In(r, unicode.Mn, unicode.Me):
			marks++
			if i == 0 || marks > 2 {
				t.Fatalf("%q piles U+%04X up as mark %d", shown, r, marks)
			}
		case unicode.Is(unicode.Mc, r):
		default:
			marks = 0
		}
	}
}

func TestRawIsTheExactValue(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", "jane", "a\x1b[31m\xff\u202e", strings.Repeat("x", 10_000)} {
		if got := untrusted.New(value).Raw(); got != value {
			t.Errorf("Raw() = %.40q, want %.40q", got, value)
		}
	}
}

func TestTextsAreComparedByTheirExactBytes(t *testing.T) {
	t.Parallel()
	if untrusted.New("jane") != untrusted.New("ja"+"ne") {
		t.Error("equal values differ")
	}
	if untrusted.New("a\u200b") == untrusted.New(`a\u200b`) {
		t.Error("a value equals its own visible form")
	}
	seen := map[untrusted.Text]int{untrusted.New("k"): 7}
	if seen[untrusted.New("k")] != 7 {
		t.Error("a text does not serve as a map key")
	}
}

func TestOnlyTheEmptyTextIsZero(t *testing.T) {
	t.Parallel()
	var zero untrusted.Text
	if !zero.IsZero() || !untrusted.New("").IsZero() {
		t.Error("an empty text is not zero")
	}
	if untrusted.New(" ").IsZero() || untrusted.New("\x00").IsZero() {
		t.Error("a text with content is zero")
	}
}

func TestEqualFoldIgnoresCaseButNotScript(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		want bool
	}{
		{"Jane", "jANE", true},
		{"ÉCOLE", "école", true},
		{"Straße", "STRASSE", false},
		{"admin", "\u0430dmin", false},
		{"", "", true},
		{"a", "a ", false},
	}
	for _, tt := range tests {
		if got := untrusted.New(tt.a).EqualFold(untrusted.New(tt.b)); got != tt.want {
			t.Errorf("%q.EqualFold(%q) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestALogLineCannotBeForged(t *testing.T) {
	t.Parallel()
	hostile := untrusted.New("jane\nlevel=ERROR msg=\"all good\"\x1b[2J\u009b\u202e")
	handlers := map[string]func(*bytes.Buffer) slog.Handler{
		"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	}
	for name, handler := range handlers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			slog.New(handler(&out)).Info("seen", "client", hostile, slog.Group("g", slog.Any("any", hostile)))
			if n := strings.Count(out.String(), "\n"); n != 1 {
				t.Errorf("%d lines were written, want 1", n)
			}
			mustBeHarmless(t, strings.TrimSuffix(out.String(), "\n"))
		})
	}
}

func TestSanitizeShowsAPlainStringHarmlessly(t *testing.T) {
	t.Parallel()
	if got, want := untrusted.Sanitize("LDAP Result Code 49 \"\x1b]0;x\a\""), `LDAP Result Code 49 "\x1b]0;x\x07"`; got != want {
		t.Errorf("Sanitize = %q, want %q", got, want)
	}
	if got := len(untrusted.Sanitize(strings.Repeat("x", 1<<20))); got > untrusted.MaxDisplay {
		t.Errorf("Sanitize returned %d bytes", got)
	}
}
