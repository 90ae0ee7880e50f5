package password

import "math"

const (
	separator = '-'
	// phraseDigits leave out 0 and 1, which are taken for letters.
	phraseDigits = "23456789"
	digitCount   = 2
	mostWords    = 64
	// leastShare is how many of all phrases must have a permitted length; with fewer it is not worth rolling.
	leastShare = 0.05
)

// phrase is a recipe: words joined by hyphens, one of them with a capital, and two digits at the end. It holds
// capital, small, digit and symbol.
type phrase struct {
	words    []string
	count    int
	shortest int
	longest  int
	strength float64 // bits
}

// newPhrase returns the recipe with the fewest words that is strong enough; ok is false when there is none.
func newPhrase(words []string, shortest, longest int) (p phrase, ok bool) {
	if len(words) == 0 {
		return phrase{}, false
	}
	lengths := lengthsOf(words)
	ways := []float64{1} // ways[n]: how many sequences of words have n letters
	for count := 1; count <= mostWords; count++ {
		ways = oneMore(ways, lengths, longest)
		fixed := count + digitCount // the hyphens and the digits
		fitting := sum(ways, shortest-fixed, longest-fixed)
		share := fitting / math.Pow(float64(len(words)), float64(count))
		strength := math.Log2(fitting) + math.Log2(float64(count)) + digitCount*math.Log2(float64(len(phraseDigits)))
		if share >= leastShare && strength >= LeastEntropy {
			return phrase{words, count, shortest, longest, strength}, true
		}
	}
	return phrase{}, false
}

// lengthsOf counts the words of each length.
func lengthsOf(words []string) (count [longestWord + 1]float64) {
	for _, word := range words {
		count[len(word)]++
	}
	return count
}

// oneMore adds one word to every sequence of at most longest letters.
func oneMore(ways []float64, words [longestWord + 1]float64, longest int) []float64 {
	next := make([]float64, longest+1)
	for before, number := range ways {
		for length, choices := range words {
			if after := before + length; after < len(next) {
				next[after] += number * choices
			}
		}
	}
	return next
}

func sum(ways []float64, from, to int) float64 {
	total := 0.0
	for n := max(from, 0); n <= to && n < len(ways); n++ {
		total += ways[n]
	}
	return total
}

func (p phrase) bits() float64 { return p.strength }

// draw rolls one phrase, of any length: those that do not fit are rolled again as a whole, which keeps all that fit
// equally likely.
func (p phrase) draw(d *dice) ([]byte, error) {
	out := make([]byte, 0, p.longest)
	capital, err := d.roll(p.count)
	if err != nil {
		return nil, err
	}
	for i := range p.count {
		chosen, err := d.roll(len(p.words))
		if err != nil {
			clear(out)
			return nil, err
		}
		start := len(out)
		out = append(append(out, p.words[chosen]...), separator)
		if i == capital {
			out[start] -= 'a' - 'A'
		}
	}
	return appendRandom(out, d, phraseDigits, digitCount)
}

// fits reports whether the length is permitted.
func (p phrase) fits(candidate []byte) bool {
	return len(candidate) >= p.shortest && len(candidate) <= p.longest
}
