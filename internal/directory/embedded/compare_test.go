package embedded

import (
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

func TestLoginsAreComparedWithoutCaseButWithAccents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"jane", "JANE", true},
		{" jane\t", "jane", true},
		{"ｊａｎｅ", "jane", true},
		{"jos\u00e9", "jose\u0301", true},
		{"josé", "jose", false},
		{"müller", "mueller", false},
		{"аdmin", "admin", false}, // the first begins with a Cyrillic letter
		{"straße", "strasse", false},
		{"王小明", "王小明", true},
		{"", " ", true},
	} {
		if same := exactKey(c.a) == exactKey(c.b); same != c.same {
			t.Errorf("%q and %q: same %v, want %v", c.a, c.b, same, c.same)
		}
	}
}

func TestTelephoneNumbersAreComparedByTheirDigits(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"+47 912 34 567":    "4791234567",
		"004791234567":      "4791234567",
		"(47) 912.34-567":   "4791234567",
		"91 23 45 67":       "91234567",
		"1234567":           "1234567",
		"123456":            "",
		"00 12 34 56":       "",
		"+47 912 34 567x12": "",
		"extension 1234567": "",
		"٠١٢٣٤٥٦٧":          "", // Arabic digits are not how numbers are stored
		"+47\u00a091234567": "4791234567",
		"":                  "",
		"+++":               "",
	} {
		if got := phoneKey(number); got != want {
			t.Errorf("%q is compared as %q, want %q", number, got, want)
		}
	}
}

func TestAddressesAreComparedByTheirKind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind        core.MethodKind
		destination string
		want        string
	}{
		{core.MethodMail, "Jane@Demo.example", "jane@demo.example"},
		{core.MethodAlternate, " J@home.example ", "j@home.example"},
		{core.MethodMobile, "+47 91234567", "4791234567"},
		{core.MethodOfficePhone, "call reception", ""},
		{core.MethodTOTP, "12345678", ""},
		{core.MethodSecurityKeys, "a@b.example", ""},
		{"telepathy", "a@b.example", ""},
	} {
		if got := lookupKey(c.kind, c.destination); got != c.want {
			t.Errorf("%s %q is compared as %q, want %q", c.kind, c.destination, got, c.want)
		}
	}
	for typed, want := range map[string]string{"a@B.example": "a@b.example", "+47 91234567": "4791234567", "jane": "", "@": "@"} {
		if got := addressKey(typed); got != want {
			t.Errorf("%q is looked for as %q, want %q", typed, got, want)
		}
	}
}
