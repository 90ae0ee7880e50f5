package untrusted

import (
	"strings"
	"testing"
	"unicode"
)

// Nobody can tell by looking whether a letter crept into the table that is Latin in truth.
func TestTheTableOfLookAlikesHoldsNoLatinLetterAndNoneTwice(t *testing.T) {
	t.Parallel()
	for i, r := range lookAlikes {
		if !unicode.In(r, unicode.Cyrillic, unicode.Greek) {
			t.Errorf("U+%04X is neither Cyrillic nor Greek", r)
		}
		if strings.IndexRune(lookAlikes, r) != i {
			t.Errorf("U+%04X occurs twice", r)
		}
	}
}
