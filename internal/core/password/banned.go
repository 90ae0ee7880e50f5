package password

import (
	"slices"
	"strings"
)

// pointsToPass is the score from which a password passes: every banned term it contains and every other character
// is one point.
const pointsToPass = 5

// findBanned applies the published part of Microsoft Entra Password Protection ("Eliminate bad passwords", how are
// passwords evaluated): a password within one edit of a banned term is refused outright, any other by its score. How
// near misses inside longer passwords count is not published; they do not here. The term is one that was found.
func findBanned(password string, banned []string) (term string, refused bool) {
	normal := []rune(normalise(password))
	terms := normalTerms(banned)
	for _, t := range terms {
		if withinOneEdit(normal, t) {
			return string(t), true
		}
	}
	if len(terms) == 0 || score(normal, terms) >= pointsToPass {
		return "", false
	}
	i := slices.IndexFunc(terms, func(t []rune) bool { return strings.Contains(string(normal), string(t)) })
	if i < 0 {
		return "", false // too short to score, which is the business of another rule
	}
	return string(terms[i]), true
}

// normalise undoes the usual disguises. The documentation calls these four examples; the whole table is not
// published.
func normalise(s string) string {
	return strings.NewReplacer("0", "o", "1", "l", "$", "s", "@", "a").Replace(strings.ToLower(s))
}

func normalTerms(banned []string) [][]rune {
	terms := make([][]rune, 0, len(banned))
	for _, term := range banned {
		if term = normalise(strings.TrimSpace(term)); term != "" {
			terms = append(terms, []rune(term))
		}
	}
	return terms
}

// score cuts the password into banned terms and single characters, as few as possible, and returns their number.
func score(password []rune, terms [][]rune) int {
	points := make([]int, len(password)+1)
	for end := 1; end <= len(password); end++ {
		points[end] = points[end-1] + 1
		for _, term := range terms {
			start := end - len(term)
			if start >= 0 && points[start]+1 < points[end] && slices.Equal(password[start:end], term) {
				points[end] = points[start] + 1
			}
		}
	}
	return points[len(password)]
}

// withinOneEdit reports whether replacing, inserting or deleting at most one character makes a and b equal.
func withinOneEdit(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || slices.Equal(a[i+1:], b[i+1:])
	}
	return slices.Equal(a[i:], b[i+1:])
}
