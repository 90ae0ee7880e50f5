package untrusted

import (
	"strings"
	"unicode"
)

// lookAlikes are the Cyrillic and Greek letters that common fonts draw like a Latin letter (Unicode TR 39,
// confusables.txt), without those that only resemble a small capital.
const lookAlikes = "асеорхуіѕјһԁԛԝӏүАВЕЅІЈКМНОРСТХУҮӀԌԚԜ" + "αικνορυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"

// MixedScript reports whether the text mixes Latin, Cyrillic and Greek letters so that one can be taken for the
// other: two of these scripts within one word, or beside a Latin word one that consists of Cyrillic or Greek
// look-alikes only. A name given in two scripts, such as "Ivan Иванов", is not reported. It is a hint for a flag
// beside the name, not a proof: "Sara Сара" is reported although it may be honest.
func (t Text) MixedScript() bool {
	var latin, disguised bool
	for word := range strings.FieldsFuncSeq(t.raw, notInWord) {
		scripts := scriptsOf(word)
		if scripts.count() > 1 {
			return true
		}
		latin = latin || scripts.latin
		disguised = disguised || (scripts.count() == 1 && !scripts.latin && isDisguise(word))
	}
	return latin && disguised
}

func notInWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }

// scriptSet records which of the confusable scripts a word uses.
type scriptSet struct{ latin, cyrillic, greek bool }

func scriptsOf(word string) scriptSet {
	var s scriptSet
	for _, r := range word {
		s.latin = s.latin || unicode.Is(unicode.Latin, r)
		s.cyrillic = s.cyrillic || unicode.Is(unicode.Cyrillic, r)
		s.greek = s.greek || unicode.Is(unicode.Greek, r)
	}
	return s
}

func (s scriptSet) count() int {
	n := 0
	for _, used := range []bool{s.latin, s.cyrillic, s.greek} {
		if used {
			n++
		}
	}
	return n
}

func isDisguise(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool {
		return !unicode.IsMark(r) && !strings.ContainsRune(lookAlikes, r)
	})
}
