package password_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sspr-tui/sspr-tui/internal/core/password"
)

func TestSpellSaysAWordForEachCharacter(t *testing.T) {
	t.Parallel()
	got := password.Spell("Qu7-é\x00 ~")
	want := []password.Spoken{
		{Char: 'Q', Word: "Quebec", Kind: password.KindCapital},
		{Char: 'u', Word: "uniform", Kind: password.KindSmall},
		{Char: '7', Word: "seven", Kind: password.KindDigit},
		{Char: '-', Word: "hyphen", Kind: password.KindSymbol},
		{Char: 'é', Word: "U+00E9", Kind: password.KindOther},
		{Char: 0, Word: "U+0000", Kind: password.KindOther},
		{Char: ' ', Word: "space", Kind: password.KindSymbol},
		{Char: '~', Word: "tilde", Kind: password.KindSymbol},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryPrintableASCIICharacterHasAWordOfItsOwn(t *testing.T) {
	t.Parallel()
	owner := map[string]rune{}
	for r := ' '; r <= '~'; r++ {
		spoken := password.Spell(string(r))
		if len(spoken) != 1 || spoken[0].Char != r {
			t.Fatalf("Spell(%q) = %v", r, spoken)
		}
		word, kind := spoken[0].Word, spoken[0].Kind
		if word == "" || kind == password.KindOther {
			t.Errorf("%q is spelled %q, %s", r, word, kind)
		}
		if other, taken := owner[word]; taken {
			t.Errorf("%q and %q are both %q", r, other, word)
		}
		owner[word] = r
		if letter := strings.ToLower(string(r)); kind == password.KindCapital || kind == password.KindSmall {
			if !strings.HasPrefix(strings.ToLower(word), letter) {
				t.Errorf("%q is spelled %q", r, word)
			}
		}
	}
}

func TestSymbolsHaveTheirOwnNames(t *testing.T) {
	t.Parallel()
	for char, word := range map[string]string{
		"!": "exclamation mark", "#": "number sign", "$": "dollar", "&": "ampersand", "*": "asterisk", "-": "hyphen",
		".": "full stop", "/": "slash", "\\": "backslash", "<": "less than", ">": "greater than", "@": "at sign",
		"[": "left bracket", "]": "right bracket", "^": "caret", "_": "underscore", "`": "backtick", "|": "vertical bar",
	} {
		if got := password.Spell(char)[0].Word; got != word {
			t.Errorf("%s is spelled %q, want %q", char, got, word)
		}
	}
}

func TestSpellOfNothingIsNothing(t *testing.T) {
	t.Parallel()
	if got := password.Spell(""); len(got) != 0 {
		t.Errorf("Spell(\"\") = %v", got)
	}
	if got := password.Spell("\xff"); len(got) != 1 || got[0].Kind != password.KindOther {
		t.Errorf("an invalid byte is spelled %v", got)
	}
}
