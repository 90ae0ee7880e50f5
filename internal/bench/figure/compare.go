package figure

import "fmt"

// Tolerated is how many times worse than before a figure may be before it is a regression.
const Tolerated = 1.25

// Change is how one figure stands to that of an older program.
type Change struct {
	Figure     Figure
	Was, Is    float64
	Regression bool
}

// String says it in one line.
func (c Change) String() string {
	word := "as before"
	if c.Regression {
		word = "REGRESSION"
	}
	return fmt.Sprintf("%s: was %s, is %s (%s)", c.Figure.Title, Short(c.Was), Short(c.Is), word)
}

// Compare compares the figures that both reports have, by the number each is judged by. A figure that was zero and is not any more is a
// regression.
func Compare(old, now Report) []Change {
	var out []Change
	for _, f := range now.Figures {
		before, ok := old.Find(f.ID)
		if !ok || len(before.Rounds) == 0 || len(f.Rounds) == 0 {
			continue
		}
		c := Change{Figure: f, Was: before.Judged(), Is: f.Judged()}
		c.Regression = c.Is > c.Was*Tolerated
		out = append(out, c)
	}
	return out
}

// Regressions are the changes for the worse.
func Regressions(all []Change) []Change {
	var out []Change
	for _, c := range all {
		if c.Regression {
			out = append(out, c)
		}
	}
	return out
}
