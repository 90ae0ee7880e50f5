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

// wordsWithout returns the words that hold no part of the person's names.
func wordsWithout(person Person) []string {
	avoided := make(map[string]bool)
	for _, part := range append(person.tokens(), person.plainNames()...) {
		avoided[part] = true
	}
	all := strings.Fields(wordList)
	kept := make([]string, 0, len(all))
	for _, word := range all {
		if !holdsAny(word, avoided) {
			kept = append(kept, word)
		}
	}
	return kept
}

// holdsAny looks the parts of the word up instead of each name in the word: there are 15 at most, however many names
// a hostile display name is made of.
func holdsAny(word string, parts map[string]bool) bool {
	for start := range word {
		for end := start + leastToken; end <= len(word); end++ {
			if parts[word[start:end]] {
				return true
			}
		}
	}
	return false
}
