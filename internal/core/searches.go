package core

import (
	"strconv"
	"sync"
	"time"
)

// VerbSearch names the sum of an operator's searches in the trail. One record for each key typed would bury everything else.
const VerbSearch Verb = "account.search"

// searches counts what operators looked for until it is written down in sum.
type searches struct {
	mu   sync.Mutex
	sums map[Actor]*searchSum
}

type searchSum struct {
	record Record // begun with the first of them
	count  int
}

// count adds one search of an actor.
func (s *searches) count(actor Actor, begin func() Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sums == nil {
		s.sums = map[Actor]*searchSum{}
	}
	if s.sums[actor] == nil {
		s.sums[actor] = &searchSum{record: begin()}
	}
	s.sums[actor].count++
}

// take removes the sums that are due and returns their records.
func (s *searches) take(due func(Record) bool) []Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Record
	for actor, sum := range s.sums {
		if due(sum.record) {
			sum.record.Detail = map[string]string{"searches": strconv.Itoa(sum.count)}
			out = append(out, sum.record)
			delete(s.sums, actor)
		}
	}
	return out
}

// SumUp notes the searches of everybody whose first one is at least this old. It never waits. The program calls it now and then; a card that
// is opened sums up what its operator searched before.
func (d *Desk) SumUp(age time.Duration) {
	now := d.Clock.Now()
	d.sumUp(func(r Record) bool { return now.Sub(r.At).Abs() >= age })
}

func (d *Desk) sumUp(due func(Record) bool) {
	for _, r := range d.searches.take(due) {
		d.Trail.Note(r)
	}
}
