package password_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func readWords(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("words.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

func TestTheListHasEnoughDistinctPlainWords(t *testing.T) {
	t.Parallel()
	words := readWords(t)
	if len(words) < 2048 {
		t.Errorf("there are %d words, want at least 2048", len(words))
	}
	plain := regexp.MustCompile(`^[a-z]{3,7}$`)
	for i, word := range words {
		if !plain.MatchString(word) {
			t.Errorf("%q is not a word of 3 to 7 small letters", word)
		}
		if i > 0 && words[i-1] >= word {
			t.Errorf("%q after %q: not sorted, or twice", word, words[i-1])
		}
	}
}

func TestTheListHasNoWordsThatSoundAlike(t *testing.T) {
	t.Parallel()
	words := readWords(t)
	alike := []string{
		"accept except", "affect effect", "air heir", "bare bear", "beach beech", "bean been", "blew blue", "board bored",
		"brake break", "cell sell", "cent scent", "cereal serial", "coarse course", "council counsel", "dairy diary",
		"dear deer", "desert dessert", "die dye", "fair fare", "flea flee", "flour flower", "gate gait", "grate great",
		"hair hare", "hall haul", "heal heel", "hole whole", "hour our", "knight night", "knot not", "leak leek",
		"lesson lessen", "loan lone", "made maid", "mail male", "maize maze", "meat meet", "medal meddle", "morning mourning",
		"muscle mussel", "naval navel", "pail pale", "pain pane", "pair pear", "peace piece", "peak peek", "plain plane",
		"principal principle", "rain reign", "right write", "road rode", "role roll", "root route", "sail sale",
		"scene seen", "sea see", "soar sore", "sole soul", "stair stare", "stake steak", "stationary stationery", "steal steel",
		"sundae sunday", "tail tale", "their there", "threw through", "throne thrown", "tide tied", "toe tow", "vain vein",
		"waist waste", "wait weight", "weak week", "weather whether", "which witch", "quiet quite", "loose lose", "angel angle",
		"advice advise", "breath breathe", "color colour", "gray grey", "metre meter",
	}
	for _, pair := range alike {
		a, b, _ := strings.Cut(pair, " ")
		if has(words, a) && has(words, b) {
			t.Errorf("both %q and %q are in the list", a, b)
		}
	}
}

func TestTheListHasNoWordsForDigitsOrForSpelling(t *testing.T) {
	t.Parallel()
	words := readWords(t)
	taken := "zero one two three four five six seven eight nine ten alfa alpha bravo charlie delta echo foxtrot golf hotel " +
		"india juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey yankee zulu " +
		"capital small letter digit dash hyphen space"
	for word := range strings.FieldsSeq(taken) {
		if has(words, word) {
			t.Errorf("%q would be confused when spelling", word)
		}
	}
}

func has(words []string, word string) bool {
	_, found := slices.BinarySearch(words, word)
	return found
}
