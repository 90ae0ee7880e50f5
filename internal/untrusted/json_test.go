package untrusted_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func TestJSONIsSafeToLookAtAndKeepsTheValue(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, value, want string }{
		{"plain", "Jane Doe", `"Jane Doe"`},
		{"quote and backslash", `a"b\c`, `"a\"b\\c"`},
		{"ESC", "\x1b[31m", `"\u001b[31m"`},
		{"line ends and tab", "a\r\n\tb", `"a\u000d\u000a\u0009b"`},
		{"C1 and DEL", "\u009b\x7f", `"\u009b\u007f"`},
		{"bidi", "\u202eexe", `"\u202eexe"`},
		{"tag beyond the basic plane", "\U000e0041", `"\udb40\udc41"`},
		{"HTML", "<b>&", `"\u003cb\u003e\u0026"`},
		{"mark without a base", "\u0301", `"\u0301"`},
		{"invalid byte", "a\xff", `"a\ufffd"`},
		{"letters", "李 محمد é", `"李 محمد é"`},
		{"empty", "", `""`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(untrusted.New(tt.value))
			if err != nil || string(got) != tt.want {
				t.Errorf("Marshal(%q) = %s, %v, want %s", tt.value, got, err, tt.want)
			}
		})
	}
}

func TestJSONRoundTripsEveryValidString(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		value := hostileString().Draw(rt, "value")
		data, err := json.Marshal(map[string]any{"name": untrusted.New(value)})
		if err != nil || !json.Valid(data) {
			rt.Fatalf("Marshal(%q) = %s, %v", value, data, err)
		}
		mustBeHarmless(t, string(data))
		var back struct{ Name untrusted.Text }
		if err := json.Unmarshal(data, &back); err != nil {
			rt.Fatal(err)
		}
		want := value
		if !utf8.ValidString(value) {
			want = string([]rune(value)) // each invalid byte is one U+FFFD
		}
		if back.Name.Raw() != want {
			rt.Fatalf("%s reads back as %q, want %q", data, back.Name.Raw(), want)
		}
	})
}

func TestUnmarshalTakesStringsOnly(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{`1`, `true`, `{}`, `["a"]`} {
		var text untrusted.Text
		err := json.Unmarshal([]byte(bad), &text)
		if err == nil || !strings.Contains(err.Error(), "JSON string is expected") {
			t.Errorf("Unmarshal(%s) gives %v", bad, err)
		}
	}
	text := untrusted.New("kept")
	if err := json.Unmarshal([]byte(`null`), &text); err != nil || text.Raw() != "kept" {
		t.Errorf("null gives %q, %v", text.Raw(), err)
	}
}
