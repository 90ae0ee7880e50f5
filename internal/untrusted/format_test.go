package untrusted_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func TestNoVerbPrintsTheRawValue(t *testing.T) {
	t.Parallel()
	hostile := untrusted.New("\x1b[31m\u202ejane\n\x9b")
	type row struct {
		Name  untrusted.Text
		Other *untrusted.Text
		Names map[untrusted.Text]untrusted.Text
	}
	values := map[string]any{
		"text":    hostile,
		"pointer": &hostile,
		"slice":   []untrusted.Text{hostile},
		"struct":  row{Name: hostile, Other: &hostile, Names: map[untrusted.Text]untrusted.Text{hostile: hostile}},
		"any":     []any{hostile, &hostile},
	}
	for name, value := range values {
		for _, verb := range "vsqxXdcboOUteEfFgGT" {
			for _, flags := range []string{"", "+", "#", "-20", "020", " ", "3", ".2", "8.4"} {
				format := "%" + flags + string(verb)
				got := fmt.Sprintf(format, value)
				mustBeHarmless(t, got)
				if verb == 'v' && flags == "" && !strings.Contains(got, `\x1b`) && !strings.Contains(got, "0x") {
					t.Errorf("%s of %s is %s, want the visible form", format, name, got)
				}
			}
		}
	}
}

func TestVerbsShowTheVisibleForm(t *testing.T) {
	t.Parallel()
	tests := []struct{ format, value, want string }{
		{"%s", "a\x1bb", `a\x1bb`},
		{"%v", "a\x1bb", `a\x1bb`},
		{"%+v", "a\x1bb", `a\x1bb`},
		{"%#v", "a\x1b\u202eé", `untrusted.New("a\x1b\u202e\u00e9")`},
		{"%q", "Zoë \"Z\"", `"Zoë \"Z\""`},
		{"%q", "Zoë\x1b", `"Zo\u00eb\x1b"`},
		{"%8s|", "jane", `    jane|`},
		{"%-8v|", "jane", `jane    |`},
		{"%.2s", "jane", `ja`},
		{"%x", "\x1bA", `1b41`},
		{"% X", "\x1bA", `1B 41`},
		{"%d", "a\x1b", `%!d(untrusted.Text=a\x1b)`},
	}
	for _, tt := range tests {
		if got := fmt.Sprintf(tt.format, untrusted.New(tt.value)); got != tt.want {
			t.Errorf("Sprintf(%q, %q) = %q, want %q", tt.format, tt.value, got, tt.want)
		}
	}
}

func TestStringPrintAndErrorsShowTheVisibleForm(t *testing.T) {
	t.Parallel()
	hostile := untrusted.New("\x1b]0;x\a")
	const want = `\x1b]0;x\x07`
	if got := hostile.String(); got != want {
		t.Errorf("String() = %q", got)
	}
	if got := fmt.Sprint(hostile); got != want {
		t.Errorf("Sprint = %q", got)
	}
	err := fmt.Errorf("reading %v: %w", hostile, errors.New("broken"))
	if got := err.Error(); got != "reading "+want+": broken" {
		t.Errorf("Error() = %q", got)
	}
}

func TestGoStringIsAnExpressionOfTheExactValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		value := hostileString().Draw(rt, "value")
		got := untrusted.New(value).GoString()
		literal := strings.TrimSuffix(strings.TrimPrefix(got, "untrusted.New("), ")")
		back, err := strconv.Unquote(literal)
		if err != nil || back != value {
			rt.Fatalf("%s reads back as %q, %v", got, back, err)
		}
	})
}
