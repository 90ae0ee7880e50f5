package password_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/core/password"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// rulesOf lists the rules that were violated.
func rulesOf(violations []password.Violation) []password.Rule {
	var rules []password.Rule
	for _, v := range violations {
		rules = append(rules, v.Rule)
	}
	return rules
}

func TestTheZeroRulesAcceptEverythingPrintable(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", "a", "pass word", "żółw", strings.Repeat("x", password.MaxChecked)} {
		if got := password.Check(value, password.Rules{}, password.Person{Login: "jane"}); got != nil {
			t.Errorf("Check(%.20q) = %v, want nothing", value, got)
		}
	}
}

func TestLengthIsCountedInCodePoints(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, value string
		rules       password.Rules
		want        []password.Violation
	}{
		{"long enough", "żółwik", password.Rules{MinLength: 6}, nil},
		{"one too short", "żółwi", password.Rules{MinLength: 6}, []password.Violation{{Rule: password.RuleTooShort, Limit: 6}}},
		{"just not too long", "żółwik", password.Rules{MaxLength: 6}, nil},
		{"one too long", "żółwiki", password.Rules{MaxLength: 6}, []password.Violation{{Rule: password.RuleTooLong, Limit: 6}}},
		{"empty", "", password.Rules{MinLength: 1}, []password.Violation{{Rule: password.RuleTooShort, Limit: 1}}},
		{
			"longer than anybody looks into", strings.Repeat("x", password.MaxChecked+1),
			password.Rules{MinClasses: 4},
			[]password.Violation{{Rule: password.RuleTooLong, Limit: password.MaxChecked}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := password.Check(tt.value, tt.rules, password.Person{})
			if diff := cmp.Diff(tt.want, got, cmp.Comparer(sameText)); diff != "" {
				t.Errorf("Check(%.20q): %s", tt.value, diff)
			}
		})
	}
}

func sameText(a, b untrusted.Text) bool { return a == b }

func TestClassesAreCountedAsActiveDirectoryDoes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, value string
		classes     int
	}{
		{"none", "", 0},
		{"small", "abc", 1},
		{"capital", "ABC", 1},
		{"digits", "123", 1},
		{"symbols", "-_!", 1},
		{"small and capital", "aB", 2},
		{"accents have case", "żÓ", 2},
		{"three", "aB1", 3},
		{"four", "aB1-", 4},
		{"letters without case", "李", 1},
		{"five", "aB1-李", 5},
		{"space counts for nothing", "a b", 1},
		{"euro counts for nothing", "a€", 1},
		{"dollar counts", "a$", 2},
		{"digits of other scripts count for nothing", "a٣", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for demanded := range 6 {
				got := password.Check(tt.value, password.Rules{MinClasses: demanded}, password.Person{})
				var want []password.Violation
				if tt.classes < demanded {
					want = []password.Violation{{Rule: password.RuleClasses, Limit: demanded}}
				}
				if diff := cmp.Diff(want, got, cmp.Comparer(sameText)); diff != "" {
					t.Errorf("Check(%q) with %d classes: %s", tt.value, demanded, diff)
				}
			}
		})
	}
}

func TestEveryASCIISymbolIsAClass(t *testing.T) {
	t.Parallel()
	for r := '!'; r <= '~'; r++ {
		isAlphanumeric := r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
		classes := len(password.Check("aA1"+string(r), password.Rules{MinClasses: 4}, password.Person{}))
		if (classes == 0) == isAlphanumeric {
			t.Errorf("%q counts as a symbol: %v", r, classes == 0)
		}
	}
}

func TestPartsOfTheNameAreForbiddenAsInActiveDirectory(t *testing.T) {
	t.Parallel()
	erin := password.Person{Login: "ehagens", DisplayName: "Erin M. Hagens", GivenName: "Erin", Surname: "Hagens"}
	tests := []struct {
		name, value string
		person      password.Person
		part        string // empty: accepted
	}{
		{"given name", "xxErin99", erin, "erin"},
		{"surname in other case", "1HAGENS1", erin, "hagens"},
		{"an initial is too short", "mmmmmmm", erin, ""},
		{"login before its parts", "my-EHagens-1", erin, "ehagens"},
		{"part of the login only", "my-ehagen-1", erin, ""},
		{"login of two letters", "jdjdjd", password.Person{Login: "jd"}, ""},
		{"login of three letters", "xJDOx", password.Person{Login: "jdo"}, "jdo"},
		{"login is not cut at its dots", "jane-pass", password.Person{Login: "jane.doe"}, ""},
		{"login with its dot", "x-Jane.Doe-x", password.Person{Login: "jane.doe"}, "jane.doe"},
		{"cut at a comma", "xdoex", password.Person{DisplayName: "Doe,Jane"}, "doe"},
		{"cut at a hyphen", "xsmithx", password.Person{DisplayName: "Jane Doe-Smith"}, "smith"},
		{"cut at an underscore", "xsmithx", password.Person{DisplayName: "Doe_Smith"}, "smith"},
		{"cut at a number sign", "xsmithx", password.Person{DisplayName: "Doe#Smith"}, "smith"},
		{"cut at a tab", "xsmithx", password.Person{DisplayName: "Doe\tSmith"}, "smith"},
		{"not cut at an apostrophe", "xbrienx", password.Person{DisplayName: "O'Brien"}, ""},
		{"letters beyond ASCII", "xŻÓŁĆx", password.Person{DisplayName: "Żółć"}, "żółć"},
		{"disguised is not looked for", "xp0ll1x", password.Person{DisplayName: "Polly Poll"}, ""},
		{"nobody", "erin", password.Person{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := password.Check(tt.value, password.Rules{ForbidNames: true}, tt.person)
			var want []password.Violation
			if tt.part != "" {
				want = []password.Violation{{Rule: password.RuleName, Detail: untrusted.New(tt.part)}}
			}
			if diff := cmp.Diff(want, got, cmp.Comparer(sameText)); diff != "" {
				t.Errorf("Check(%q): %s", tt.value, diff)
			}
			if got := password.Check(tt.value, password.Rules{}, tt.person); got != nil {
				t.Errorf("without the rule Check(%q) = %v", tt.value, got)
			}
		})
	}
}

func TestDisguisedNamesAreForbiddenAsInEntra(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, value string
		person      password.Person
		want        bool
	}{
		{"the documented example", "p0LL23fb", password.Person{GivenName: "Poll"}, true},
		{"surname", "xxp@lmerxx", password.Person{Surname: "Palmer"}, true},
		{"a name of three letters", "xp0lx", password.Person{GivenName: "Pol"}, false},
		{"the display name is not looked at", "p0ll23fb", password.Person{DisplayName: "Poll"}, false},
		{"other name", "p0LL23fb", password.Person{GivenName: "Jane"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := password.Check(tt.value, password.Rules{ForbidDisguisedNames: true}, tt.person)
			if refused := len(got) == 1 && got[0].Rule == password.RuleName; refused != tt.want {
				t.Errorf("Check(%q) = %v, want refused %v", tt.value, got, tt.want)
			}
		})
	}
}

func TestBannedTermsAreScoredAsInEntra(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, value string
		banned      []string
		term        string // empty: accepted
	}{
		// The documented examples.
		{"the term itself, disguised", "Bl@nK", []string{"blank"}, "blank"},
		{"last letter replaced", "abcdeg", []string{"abcdef"}, "abcdef"},
		{"one letter added", "abcdefg", []string{"abcdef"}, "abcdef"},
		{"one letter left out", "abcde", []string{"abcdef"}, "abcdef"},
		{"two terms and two characters: 4 points", "C0ntos0Blank12", []string{"contoso", "blank"}, "contoso"},
		// Around them.
		{"two terms and three characters: 5 points", "ContoS0Bl@nkf9!", []string{"contoso", "blank"}, ""},
		{"two edits", "abcdxy1", []string{"abcdef"}, ""},
		{"two letters swapped are two edits", "abcdfe", []string{"abcdef"}, ""},
		{"letter added in front", "xblank", []string{"blank"}, "blank"},
		{"first letter left out", "lank", []string{"blank"}, "blank"},
		{"the term four times: 4 points", "blankblankblankblank", []string{"blank"}, "blank"},
		{"the term five times: 5 points", "blankblankblankblankblank", []string{"blank"}, ""},
		{"the longer of two terms counts", "contosoblank1", []string{"contoso", "contosoblank"}, "contosoblank"},
		{"overlapping terms", "abcdefghi12", []string{"abcdef", "defghi"}, ""},
		{"a disguised term in the list", "welcome", []string{"We1c0me"}, "we1c0me"},
		{"spaces around a term", "blank", []string{" blank "}, "blank"},
		{"empty terms count for nothing", "abcdefgh", []string{"", " "}, ""},
		{"no list", "blank", nil, ""},
		{"no term inside", "xyz", []string{"blank"}, ""},
		{"letters beyond ASCII", "ŻÓŁWIK", []string{"żółwik"}, "żółwik"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := password.Check(tt.value, password.Rules{Banned: tt.banned}, password.Person{})
			if (len(got) > 0) != (tt.term != "") {
				t.Fatalf("Check(%q) = %v, want refused %v", tt.value, got, tt.term != "")
			}
			if tt.term == "" {
				return
			}
			if got[0].Rule != password.RuleBanned || got[0].Limit != 5 {
				t.Errorf("Check(%q) = %v", tt.value, got)
			}
		})
	}
}

func TestUnprintableAndForeignCharactersAreReported(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, value string
		want        []password.Rule
	}{
		{"plain", "pass word~", nil},
		{"accent", "pässword", []password.Rule{password.RuleASCII}},
		{"tab", "pass\tword", []password.Rule{password.RuleUnprintable}},
		{"NUL", "pass\x00", []password.Rule{password.RuleUnprintable}},
		{"zero width", "pass\u200b", []password.Rule{password.RuleUnprintable, password.RuleASCII}},
		{"invalid UTF-8", "pass\xff", []password.Rule{password.RuleUnprintable, password.RuleASCII}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := rulesOf(password.Check(tt.value, password.Rules{ASCIIOnly: true}, password.Person{}))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Check(%q): %s", tt.value, diff)
			}
		})
	}
}

func TestAllObjectionsAreReportedInOrder(t *testing.T) {
	t.Parallel()
	rules := password.Rules{MinLength: 8, MinClasses: 3, ASCIIOnly: true, ForbidNames: true, Banned: []string{"zoë1"}}
	got := password.Check("zoë\n", rules, password.Person{Login: "zoë"})
	want := []password.Rule{
		password.RuleTooShort, password.RuleUnprintable, password.RuleASCII, password.RuleClasses, password.RuleName,
		password.RuleBanned,
	}
	if diff := cmp.Diff(want, rulesOf(got)); diff != "" {
		t.Error(diff)
	}
}

func TestAHostileNameDoesNotStopTheCheck(t *testing.T) {
	t.Parallel()
	hostile := password.Person{
		Login: strings.Repeat("a", 1<<20), DisplayName: strings.Repeat("\x1b[31 \xff\xfe\u202e,abc ", 50_000), Surname: "\xff\xff\xff\xff",
	}
	rules := password.Rules{ForbidNames: true, ForbidDisguisedNames: true, Banned: []string{"\xff", strings.Repeat("b", 1<<16)}}
	if got := rulesOf(password.Check("marble-Kite-47", rules, hostile)); got != nil {
		t.Errorf("Check objects to %v", got)
	}
	if got := rulesOf(password.Check("xxABCxx-47", rules, hostile)); len(got) != 1 || got[0] != password.RuleName {
		t.Errorf("Check objects to %v, want the name", got)
	}
}

// TestWordsOfThePasswordAddUp compares the score with a plain search for the least number of pieces.
func TestTheScoreIsTheLeastNumberOfPieces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		letters := rapid.StringOfN(rapid.SampledFrom([]rune("abc")), 0, 9, -1)
		value := letters.Draw(rt, "value")
		banned := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("abc")), 1, 4, -1), 1, 3).Draw(rt, "banned")
		got := password.Check(value, password.Rules{Banned: banned}, password.Person{})
		want := false
		for _, term := range banned {
			want = want || isNear(value, term) || (pieces(value, banned) < 5 && strings.Contains(value, term))
		}
		if (len(got) > 0) != want {
			rt.Fatalf("Check(%q) with %q refuses: %v, want %v", value, banned, len(got) > 0, want)
		}
	})
}

func pieces(s string, terms []string) int {
	if s == "" {
		return 0
	}
	best := 1 + pieces(s[1:], terms)
	for _, term := range terms {
		if rest, ok := strings.CutPrefix(s, term); ok {
			best = min(best, 1+pieces(rest, terms))
		}
	}
	return best
}

// isNear tries every single edit.
func isNear(s, term string) bool {
	if s == term {
		return true
	}
	for i := range len(term) + 1 {
		for _, c := range []string{"a", "b", "c"} {
			if s == term[:i]+c+term[i:] || i < len(term) && s == term[:i]+c+term[i+1:] {
				return true
			}
		}
		if i < len(term) && s == term[:i]+term[i+1:] {
			return true
		}
	}
	return false
}
