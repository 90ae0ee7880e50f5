package untrusted_test

import (
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// T89, for names within one text; the search marks people of the same name.
func TestMixedScriptFindsLookAlikes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, value string
		want        bool
	}{
		{"Latin", "admin", false},
		{"accents", "Zoë Łukasik", false},
		{"Cyrillic a in a Latin word", "\u0430dmin", true},
		{"Greek omicron in a Latin word", "r\u03bfot", true},
		{"Greek in a Cyrillic word", "\u0438\u03bf\u0438", true},
		{"one whole word of look-alikes", "Jane \u0410\u0421\u0415", true},
		{"an initial that only looks Latin", "John \u0405. Doe", true},
		{"look-alikes with a mark", "Jane \u0430\u0301\u0441", true},
		{"a name in two scripts", "Ivan Иванов", false},
		{"Greek name in two scripts", "Nikos Νίκος", false},
		{"Cyrillic alone", "Сара Рома", false},
		{"Greek alone", "Νίκος", false},
		{"split by an invisible character", "\u0430\u200bdmin", true},
		{"Japanese with Latin", "山田Taro", false},
		{"Arabic and Latin", "Omar عمر", false},
		{"digits and signs", "12-34 €", false},
		{"invalid UTF-8", "ad\xffmin", false},
		{"empty", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := untrusted.New(tt.value).MixedScript(); got != tt.want {
				t.Errorf("MixedScript(%+q) = %v, want %v", tt.value, got, tt.want)
			}
		})
	}
}
