package figure

import (
	"math"
	"slices"
)

// Round is one measurement of ours and, right before or after it, of the floor.
type Round struct {
	Ours  float64 `json:"ours"`
	Floor float64 `json:"floor,omitempty"` // 0 where the figure has none
}

// On says what an Aim bounds.
type On string

// What an Aim can bound.
const (
	OnRatio On = "ratio" // the median of ours / floor
	OnValue On = "value" // the median of ours
)

// Aim is the most a figure may be. The zero Aim is none: the figure is reported only.
type Aim struct {
	On   On      `json:"on,omitempty"`
	Most float64 `json:"most"`
}

// Figure is one thing that was measured, in rounds.
type Figure struct {
	ID     string  `json:"id"` // stable: figures of two reports are compared by it
	Group  string  `json:"group"`
	Title  string  `json:"title"`
	Unit   string  `json:"unit"`            // of ours and of the floor
	Floor  string  `json:"floor,omitempty"` // what the floor is; "" when there is none
	Aim    Aim     `json:"aim"`
	Rounds []Round `json:"rounds,omitempty"`
	Note   string  `json:"note,omitempty"`
	Why    string  `json:"why,omitempty"` // it was not measured; "" when it was
}

// Verdict is how a figure stands to its aim.
type Verdict string

// The verdicts.
const (
	Met         Verdict = "met"
	Missed      Verdict = "MISSED"
	Reported    Verdict = "reported"
	NotMeasured Verdict = "not measured"
)

// Verdict compares the figure with its aim.
func (f Figure) Verdict() Verdict {
	switch {
	case len(f.Rounds) == 0:
		return NotMeasured
	case f.Aim.On == "":
		return Reported
	case f.Judged() <= f.Aim.Most:
		return Met
	default:
		return Missed
	}
}

// Judged is the one number by which the figure is judged and compared: the median of the ratios where the aim is on them or where there is
// no aim and a floor, else the median of ours.
func (f Figure) Judged() float64 {
	if f.Aim.On == OnRatio || f.Aim.On == "" && f.Floor != "" {
		return f.Ratios().Median
	}
	return f.Ours().Median
}

// Spread is the least, the median and the most of some numbers.
type Spread struct{ Least, Median, Most float64 }

// Ours is the spread of what was measured of ours.
func (f Figure) Ours() Spread { return f.spread(func(r Round) float64 { return r.Ours }) }

// Floors is the spread of the floor.
func (f Figure) Floors() Spread { return f.spread(func(r Round) float64 { return r.Floor }) }

// Ratios is the spread of ours / floor, round by round.
func (f Figure) Ratios() Spread {
	return f.spread(func(r Round) float64 {
		if r.Floor == 0 {
			return math.Inf(1)
		}
		return r.Ours / r.Floor
	})
}

func (f Figure) spread(of func(Round) float64) Spread {
	all := make([]float64, 0, len(f.Rounds))
	for _, r := range f.Rounds {
		all = append(all, of(r))
	}
	return SpreadOf(all)
}

// SpreadOf is the spread of numbers, zero of none.
func SpreadOf(all []float64) Spread {
	if len(all) == 0 {
		return Spread{}
	}
	sorted := slices.Sorted(slices.Values(all))
	return Spread{Least: sorted[0], Median: middle(sorted), Most: sorted[len(sorted)-1]}
}

func middle(sorted []float64) float64 {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// Percentile is the smallest of the numbers that p percent of them do not exceed (nearest rank); 0 of none.
func Percentile(all []float64, p float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[max(0, min(rank, len(sorted))-1)]
}
