package password

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestEveryWordIsEquallyLikely(t *testing.T) {
	t.Parallel()
	words := strings.Fields(wordList)
	recipe, ok := newPhrase(words, 0, MaxGenerated)
	if !ok {
		t.Fatal("there is no recipe without rules")
	}
	d := &dice{source: rand.NewChaCha8([32]byte{42})} // repeatable, so the test cannot fail by chance
	const phrases = 5000
	seen, capitals := map[string]int{}, make([]int, recipe.count)
	for range phrases {
		candidate, err := recipe.draw(d)
		if err != nil {
			t.Fatal(err)
		}
		for i, word := range strings.Split(string(candidate), "-")[:recipe.count] {
			if word != strings.ToLower(word) {
				capitals[i]++
			}
			seen[strings.ToLower(word)]++
		}
	}
	expected, chi := float64(phrases*recipe.count)/float64(len(words)), 0.0
	for _, word := range words {
		chi += math.Pow(float64(seen[word])-expected, 2) / expected
	}
	// For many degrees of freedom chi square is nearly normal, with the variance 2n.
	if n := float64(len(words) - 1); math.Abs(chi-n) > 5*math.Sqrt(2*n) {
		t.Errorf("chi square is %.0f for %.0f words", chi, n)
	}
	for i, n := range capitals {
		if n < 850 || n > 1150 {
			t.Errorf("word %d has the capital %d times of %d", i, n, phrases)
		}
	}
}

// TestTheStrengthIsTheNumberOfPhrasesThatFit counts all phrases of a small list one by one.
func TestTheStrengthIsTheNumberOfPhrasesThatFit(t *testing.T) {
	t.Parallel()
	words := []string{"elm", "oak", "beech", "juniper"}
	const count, shortest, longest = 3, 14, 17
	fitting := 0
	for _, a := range words {
		for _, b := range words {
			for _, c := range words {
				if n := len(a + "-" + b + "-" + c + "-22"); n >= shortest && n <= longest {
					fitting++
				}
			}
		}
	}
	ways := []float64{1}
	for range count {
		ways = oneMore(ways, lengthsOf(words), longest)
	}
	if got := sum(ways, shortest-count-digitCount, longest-count-digitCount); got != float64(fitting) {
		t.Errorf("%.0f phrases are counted, there are %d", got, fitting)
	}
}
