package openldap

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
)

// Bounds of measuring.
const (
	measureEvery = 30 * time.Minute
	measureAgain = 2 * time.Second // first pause after a server that did not answer; it doubles
	measureLimit = 250 * time.Millisecond
	measureTries = 3               // the best counts: the machine has other things to do as well
	measureSoon  = 5 * time.Minute // while something is slow
	measureRest  = time.Second     // before what was slow is measured again: a server may stand still for a moment
	// slowFrom and slowTimes say what is slow: a search that finds nobody takes slapd a fraction of a millisecond with an
	// index; without one it takes 1 ms for every few hundred entries.
	slowFrom  = 25 * time.Millisecond
	slowTimes = 8
)

// measureIndexes measures until ctx ends, seldom when all is well.
func (d *Directory) measureIndexes(ctx context.Context) {
	pause := measureAgain
	for {
		wait := measureEvery
		switch err := d.learn(ctx); {
		case err != nil:
			wait, pause = pause, min(2*pause, measureEvery)
		case len(d.indexes.get().slow) > 0:
			wait, pause = measureSoon, measureAgain
		default:
			pause = measureAgain
		}
		if rest(ctx, wait) != nil {
			return
		}
	}
}

// rest waits; the error is that of a context that ended.
func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// learn measures once and remembers the result.
func (d *Directory) learn(ctx context.Context) error {
	srv, err := d.server(ctx)
	if err != nil {
		return err
	}
	x := &indexes{took: map[index]time.Duration{}, at: d.clock.Now()}
	if err := d.measureTwice(ctx, x, d.plan.needed(srv)); err != nil {
		return err
	}
	if x.sees, err = d.seesState(ctx, srv); err != nil {
		return err
	}
	if x.signIns, err = d.keepsSignIns(ctx, srv, x); err != nil {
		return err
	}
	d.indexes.keep(x)
	return nil
}

// measureTwice measures, and what is slow once more.
func (d *Directory) measureTwice(ctx context.Context, x *indexes, needed []index) error {
	if err := d.measureAll(ctx, x, needed); err != nil || len(x.slow) == 0 {
		return err
	}
	if err := rest(ctx, measureRest); err != nil {
		return err
	}
	return d.measureAll(ctx, x, slices.Collect(maps.Keys(x.slow)))
}

func (d *Directory) measureAll(ctx context.Context, x *indexes, needed []index) error {
	for _, i := range needed {
		took, err := d.measure(ctx, i)
		if err != nil {
			return err
		}
		x.took[i] = took
	}
	x.judge(slowFrom)
	return nil
}

// judge compares with the quickest, which is the way to the server and back. Nothing quicker than from is slow.
func (x *indexes) judge(from time.Duration) {
	x.slow = map[index]bool{}
	quickest := measureLimit
	for _, took := range x.took {
		quickest = min(quickest, took)
	}
	for i, took := range x.took {
		if took > max(from, slowTimes*quickest) {
			x.slow[i] = true
		}
	}
}

// measure is how long a search takes that finds nobody; measureLimit when it takes longer or is refused as too much work.
// That an attribute is there at all cannot be asked without slapd looking at everybody who has it: the time for them is
// taken off.
func (d *Directory) measure(ctx context.Context, i index) (time.Duration, error) {
	took, err := d.measureBest(ctx, i)
	if err != nil || i.kind != indexPresent {
		return took, err
	}
	limited, cancel := context.WithTimeout(ctx, measureLimit)
	defer cancel()
	found, more, err := d.pool.Search(limited, ldapconn.Request{Base: d.plan.baseDN, Filter: ldapconn.Present(i.attribute), Limit: manyMatches})
	switch {
	case tooLong(ctx, err):
		return took, nil
	case err != nil:
		return 0, err
	case more:
		return perMatch, nil // so many that an index hardly helps to find them
	}
	return max(took-time.Duration(len(found))*perMatch, perMatch), nil
}

// What slapd needs to look at one entry, and at how many it may for an index to count.
const (
	perMatch    = 60 * time.Microsecond
	manyMatches = 1000
)

func (d *Directory) measureBest(ctx context.Context, i index) (time.Duration, error) {
	best := measureLimit
	for range measureTries {
		took, err := d.measureOnce(ctx, i)
		if err != nil {
			return 0, err
		}
		if best = min(best, took); best <= slowFrom {
			break
		}
	}
	return best, nil
}

func (d *Directory) measureOnce(ctx context.Context, i index) (time.Duration, error) {
	limited, cancel := context.WithTimeout(ctx, measureLimit)
	defer cancel()
	start := time.Now()
	_, _, err := d.pool.Search(limited, ldapconn.Request{Base: d.plan.baseDN, Filter: i.nobody(), Limit: 1})
	took := time.Since(start)
	switch {
	case err == nil:
		return min(took, measureLimit), nil
	case tooLong(ctx, err):
		return measureLimit, nil
	}
	return 0, err
}

// tooLong reports whether an error means that the server had too much work, and not that ctx ended or that it is gone.
func tooLong(ctx context.Context, err error) bool {
	_, refused := ldapconn.CodeOf(err)
	return refused || ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded)
}

// nobody is a filter that matches nobody and that the index answers at once.
func (i index) nobody() ldapconn.Filter {
	switch {
	case i.attribute == attrUUID:
		return ldapconn.Equal(i.attribute, randomUUID())
	case i.kind == indexPart:
		return ldapconn.Prefix(i.attribute, randomDigits())
	case i.kind == indexPresent:
		return ldapconn.And(ldapconn.Present(i.attribute), ldapconn.Not(ldapconn.Present("objectClass")))
	case i.kind == indexOrder:
		return ldapconn.LessOrEqual(i.attribute, "00010101000000Z")
	default:
		return ldapconn.Equal(i.attribute, randomDigits())
	}
}

// randomDigits is a value that nobody has and every syntax allows.
func randomDigits() string {
	var random [8]byte
	_, _ = rand.Read(random[:]) // it never fails (crypto/rand)
	return fmt.Sprintf("9%019d", binary.BigEndian.Uint64(random[:])>>1)
}

func randomUUID() string {
	var r [16]byte
	_, _ = rand.Read(r[:])
	return fmt.Sprintf("%x-%x-%x-%x-%x", r[:4], r[4:6], r[6:8], r[8:10], r[10:])
}

// seesState reports whether the state of a person, any person, may be read.
func (d *Directory) seesState(ctx context.Context, s *server) (bool, error) {
	sample, err := d.sample(ctx)
	if err != nil || sample == "" {
		return err == nil, err
	}
	seen, err := d.visible(ctx, sample, s.known(attrLocked, attrReset, attrChanged, attrPolicy)...)
	return len(seen) == len(s.known(attrLocked, attrReset, attrChanged, attrPolicy)), err
}

// sample is the name of some person, "" when there is none.
func (d *Directory) sample(ctx context.Context) (string, error) {
	found, _, err := d.pool.Search(ctx, ldapconn.Request{
		Base: d.plan.baseDN, Filter: ldapconn.Equal("objectClass", d.plan.peopleClass), Limit: 1,
	})
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0].DN, nil
}

// visible are those of the attributes of an entry that may be looked at, whether it has them or not.
func (d *Directory) visible(ctx context.Context, name string, attributes ...string) ([]string, error) {
	var out []string
	for _, a := range attributes {
		found, _, err := d.pool.Search(ctx, ldapconn.Request{
			Base: name, Scope: ldapconn.ScopeBase, Filter: ldapconn.Or(ldapconn.Present(a), ldapconn.Not(ldapconn.Present(a))), Limit: 1,
		})
		if _, refused := ldapconn.CodeOf(err); err != nil && !refused {
			return nil, err
		}
		if len(found) == 1 {
			out = append(out, a)
		}
	}
	return out, nil
}

// keepsSignIns is the attribute of the last sign-in that somebody has and that has an index.
func (d *Directory) keepsSignIns(ctx context.Context, s *server, x *indexes) (string, error) {
	for _, a := range s.known(attrLastSuccess, attrAuthTime) {
		if !x.quick(indexOrder, a) {
			continue
		}
		found, _, err := d.pool.Search(ctx, ldapconn.Request{
			Base: d.plan.baseDN, Filter: d.person(ldapconn.GreaterOrEqual(a, "00010101000000Z")), Limit: 1,
		})
		if _, refused := ldapconn.CodeOf(err); err != nil && !refused {
			return "", err
		}
		if len(found) > 0 {
			return a, nil
		}
	}
	return "", nil
}
