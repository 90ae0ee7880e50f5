package password

import (
	_ "embed" // for the list of words
	"strings"
)

// wordList is one word a line: common English words of three to seven letters, without such as sound alike, are
// spelled differently on both sides of the Atlantic, offend, or could be taken for a digit or a spelling word.
//
//go:embed words.txt
var wordList string

// longestWord is the greatest length of a word in the list.
const longestWord = 7

// wordsWithout returns the words that hold no part of the person's names.
func wordsWithout(person Person) []string {
	avoided := newParts(append(person.tokens(), person.plainNames()...))
	all := strings.Fields(wordList)
	kept := make([]string, 0, len(all))
	for _, word := range all {
		if !avoided.within(word) {
			kept = append(kept, word)
		}
	}
	return kept
}

// parts are what a word must not hold, those a word has room for, by length. The pieces of a word are looked up, 15 at
// most, instead of each part in the word: a hostile display name may be made of many.
type parts [longestWord + 1]map[string]bool

func newParts(all []string) *parts {
	var p parts
	for _, part := range all {
		length := len(part)
		if length > longestWord {
			continue
		}
		if p[length] == nil {
			p[length] = make(map[string]bool)
		}
		p[length][part] = true
	}
	return &p
}

// within reports whether the word holds one of the parts.
func (p *parts) within(word string) bool {
	for length, pieces := range p {
		for start := 0; pieces != nil && start+length <= len(word); start++ {
			if pieces[word[start:start+length]] {
				return true
			}
		}
	}
	return false
}
