package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/bench/figure"
	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

const (
	groupSearch = "Search"
	rows        = 50
)

// search measures the embedded directory against a walk over all names in memory.
func (s *suite) search(ctx context.Context) (err error) {
	folder, err := s.folder(ctx, "search", s.People)
	if err != nil {
		return err
	}
	d, err := folder.Directory(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := stage.Indexed(ctx, d); err != nil {
		return err
	}
	names := allNames(s.People)
	ask := func(q string) error {
		_, err := d.Search(ctx, core.Query{Text: untrusted.New(q), Limit: rows})
		return err
	}
	walk := func(q string) error { return walkNames(names, q) }
	took, err := s.inBlocks(ask, walk)
	if err != nil {
		return err
	}
	note := fmt.Sprintf("%d people; every query of the mix below %d times in a round, 50 rows each.", s.People, s.Repeats)
	aim := figure.Aim{On: figure.OnValue, Most: 10}
	s.add(mixFigure("search.embedded.p50", "embedded directory: one search, p50", 50, figure.Aim{}, walkFloor, "", took))
	s.add(mixFigure("search.embedded.p99", "embedded directory: one search, p99", 99, aim, walkFloor, note, took))
	return nil
}

const walkFloor = "strings.Contains over all names and logins in memory, up to the 50th that matches"

// times are what each round took, search by search, in ms.
type times struct{ ours, floor [][]float64 }

// inBlocks runs the mix in turn against two things: all of the floor's, then all of ours.
func (s *suite) inBlocks(ours, floor func(q string) error) (t times, err error) {
	for round := range s.Rounds + 1 {
		y, err := s.mix(floor)
		if err != nil {
			return t, err
		}
		x, err := s.mix(ours)
		if err != nil {
			return t, err
		}
		if round > 0 { // the first one warms up
			t.ours, t.floor = append(t.ours, x), append(t.floor, y)
		}
	}
	return t, nil
}

// mix asks every query some times and returns the times in ms.
func (s *suite) mix(ask func(q string) error) ([]float64, error) {
	var all []float64
	for range s.Repeats {
		for _, q := range stage.Mix() {
			took, err := clocked(func() error { return ask(q) })
			if err != nil {
				return nil, fmt.Errorf("search for %q: %w", q, err)
			}
			all = append(all, took)
		}
	}
	return all, nil
}

// oneByOne runs the mix in turn against two things, query by query, so that both see the same disk and the same server.
func (s *suite) oneByOne(ours, floor func(q string) error) (t times, err error) {
	for round := range s.Rounds + 1 {
		var a, b []float64
		for range s.Repeats {
			for _, q := range stage.Mix() {
				x, y, err := inTurn(func() error { return ours(q) }, func() error { return floor(q) })
				if err != nil {
					return t, fmt.Errorf("search for %q: %w", q, err)
				}
				a, b = append(a, x), append(b, y)
			}
		}
		if round > 0 { // the first one warms up
			t.ours, t.floor = append(t.ours, a), append(t.floor, b)
		}
	}
	return t, nil
}

// inTurn runs the floor and then ours, and says how long each took, in ms.
func inTurn(ours, floor func() error) (a, b float64, err error) {
	if b, err = clocked(floor); err != nil {
		return 0, 0, err
	}
	a, err = clocked(ours)
	return a, b, err
}

// clocked says how long something took, in ms.
func clocked(do func() error) (float64, error) {
	begun := time.Now()
	err := do()
	return inMS(time.Since(begun)), err
}

func mixFigure(id, title string, percentile float64, aim figure.Aim, floor, note string, t times) figure.Figure {
	f := figure.Figure{ID: id, Group: groupSearch, Title: title, Unit: "ms", Aim: aim, Floor: floor, Note: note}
	for i := range t.ours {
		f.Rounds = append(f.Rounds, figure.Round{Ours: figure.Percentile(t.ours[i], percentile), Floor: figure.Percentile(t.floor[i], percentile)})
	}
	return f
}

// allNames is what is walked over: one line for each person.
func allNames(n int) []string {
	out := make([]string, 0, n)
	for i := range n {
		p := testlab.SyntheticPerson(i)
		out = append(out, strings.ToLower(p.GivenName+" "+p.Surname+" "+p.UID+" "+p.EmployeeNumber))
	}
	return out
}

func walkNames(names []string, q string) error {
	words := strings.Fields(strings.ToLower(q))
	found := 0
	for _, name := range names {
		if found >= rows {
			break
		}
		if hasAll(name, words) {
			found++
		}
	}
	return nil
}

func hasAll(name string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(name, w) {
			return false
		}
	}
	return true
}
