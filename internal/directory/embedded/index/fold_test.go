package index

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestNamesAreFoldedAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Jane Doe":               "jane doe",
		"  Jane \t Doe\n":        "jane doe",
		"MÜLLER":                 "muller",
		"Mu\u0308ller":           "muller",
		"Straße":                 "strasse",
		"Ångström":               "angstrom",
		"Øystein Æ":              "oystein ae",
		"Łukasz Đặng":            "lukasz dang",
		"İIı":                    "iii",
		"Ｊａｎｅ　Ｄｏｅ":               "jane doe",
		"ﬁnch":                   "finch",
		"ΟΔΥΣΣΕΎΣ":               "οδυσσευσ",
		"Ёлкин":                  "елкин",
		"王小明":                    "王小明",
		"김민준":                    "김민준",
		"ガ":                      "ガ",
		"מֹשֶׁה":                 "משה",
		"مُحَمَّد":               "محمد",
		"नमिता":                  "नमिता",
		"Ja\u200bne\u202e":       "jane",
		"\xffraw":                "\xffraw",
		"":                       "",
		"\u202e\u200b":           "",
		"O'Neil-Smith":           "o'neil-smith",
		"\x1b]0;t\x07":           "\x1b]0;t\x07",
		"Zo\u0301\u0301\u0301e":  "zoe",
		"\u00a8":                 "",
		"Jean\u00a0Luc\u2003Doe": "jean luc doe",
	} {
		if got := Fold(name); got != want {
			t.Errorf("%q is folded to %q, want %q", name, got, want)
		}
	}
}

func TestFoldingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "name")
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Errorf("%q is folded to %q, and that to %q", s, once, twice)
		}
		if strings.ContainsAny(once, "\n\t") || strings.TrimSpace(once) != once || strings.Contains(once, "  ") {
			t.Errorf("%q is folded to %q, with more than single spaces", s, once)
		}
		if utf8.ValidString(s) && !utf8.ValidString(once) {
			t.Errorf("%q is folded to %q, which is not UTF-8", s, once)
		}
	})
}

func TestATextLeavesOutNamesThatStandInItAlready(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"Jane Doe", "jane.doe", "Jane", "Doe", "jane.doe", "1001"}, "jane doe\njane.doe\n1001"},
		{[]string{"Doe", "jdoe", "Jane", "Doe"}, "doe\njdoe\njane"},
		{[]string{"Jürgen Groß", "jgross"}, "jurgen gross\njgross\njuergen gross"},
		{[]string{"王小明", "xm.wang"}, "王小明\nxm.wang"},
		{[]string{"", "only"}, "\nonly"},
		{[]string{"Anna", "nna"}, "anna\nnna"}, // inside is not at the beginning of a word
	} {
		if got := Text(c.names[0], c.names[1:]...); got != c.want {
			t.Errorf("%q make %q, want %q", c.names, got, c.want)
		}
	}
}
