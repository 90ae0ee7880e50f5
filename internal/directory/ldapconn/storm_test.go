package ldapconn_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// settled waits until no connection is in use: abandoned searches end beside their callers.
func settled(t *testing.T, p *ldapconn.Pool) ldapconn.Health {
	t.Helper()
	for ctx := guarded(t); ; {
		h := p.Health()
		if h.InUse == 0 {
			return h
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%d connections are still in use", h.InUse)
		case <-time.After(time.Millisecond):
		}
	}
}

// Operators type and each key ends the search of the key before: nobody gets the result of another, and nothing is
// left behind.
func TestAStormOfCancelledSearchesLeavesAWorkingPool(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{People: 100})
	f := front(t, s)
	c := config(s, f.URL())
	c.MaxConns = 4
	p := open(t, c)
	ctx := guarded(t)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			for n := range 15 {
				typeOneKey(ctx, t, p, s, (i*15+n)%100)
			}
		})
	}
	all.Wait()
	h := settled(t, p)
	if h.Open > 4 || h.Open == 0 {
		t.Errorf("%d connections open", h.Open)
	}
	if got := mustSearch(t, p, byUID(s, testlab.SyntheticPerson(7).UID)); len(got) != 1 {
		t.Errorf("%d entries after the storm", len(got))
	}
}

func typeOneKey(ctx context.Context, t *testing.T, p *ldapconn.Pool, s *testlab.SlapdServer, person int) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(rand.IntN(4000))*time.Microsecond)
	defer cancel()
	want := testlab.SyntheticPerson(person)
	r := byUID(s, want.UID)
	r.Attributes = []string{"uid"}
	entries, more, err := p.Search(ctx, r)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
	case err != nil:
		t.Errorf("person %d: %v", person, err)
	case len(entries) != 1 || more || entries[0].First("uid") != want.UID:
		t.Errorf("person %d: the result of somebody else: %+v", person, entries)
	}
}

// Connections are cut at random while everybody works: a write is done, or it says that it was not sent, or that
// nobody knows; and what was said holds.
func TestWhatIsSaidOfAWriteHoldsWhenConnectionsAreCutAtRandom(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	c := rootConfig(s, f.URL())
	c.RetryMin, c.RetryMax = time.Millisecond, 2*time.Millisecond
	p := open(t, c)
	ctx, stop := context.WithCancel(guarded(t))
	var cutter sync.WaitGroup
	cutter.Go(func() { // ends with the test's own writes
		for ctx.Err() == nil {
			f.CutAll()
			time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond) // chance is the point
		}
	})
	var writers sync.WaitGroup
	for i := range 4 {
		dn := s.AddPerson(t, testlab.Person{UID: "person" + strconv.Itoa(i), More: testlab.Attributes{"title": {"0"}}})
		writers.Go(func() { writeInOrder(ctx, t, p, s, dn) })
	}
	writers.Wait()
	stop()
	cutter.Wait()
}

// writeInOrder writes rising numbers and holds what was said against what is there.
func writeInOrder(ctx context.Context, t *testing.T, p *ldapconn.Pool, s *testlab.SlapdServer, dn string) {
	last, unknown := "0", "" // a write that nobody knows of may still be on its way
	for n := 1; n <= 25; n++ {
		value := strconv.Itoa(n)
		_, err := p.Modify(ctx, title(dn, value))
		failed, _ := errors.AsType[*ldapconn.WriteError](err)
		_, entries := s.Search(t, dn, "base", "(objectClass=*)")
		now := ""
		for _, e := range entries {
			now = e.First("title")
		}
		switch {
		case err == nil && now != value:
			t.Errorf("%s: said to be %s, is %s", dn, value, now)
		case err != nil && failed == nil:
			t.Errorf("%s: %v", dn, err)
		case failed != nil && failed.Sent:
			unknown = value
		case failed != nil && now != last && now != unknown:
			t.Errorf("%s: said to be unchanged at %s, is %s", dn, last, now)
		}
		last = now
	}
}

func TestTheServerThatCanBeTriedFirstIsNamedWhenAllAreDown(t *testing.T) {
	t.Parallel()
	ca := testlab.NewCA(t)
	c := ldapconn.Config{
		URLs: []string{"ldaps://" + deadAddress(t), "ldaps://" + deadAddress(t)}, CA: ca.PEM(), BindDN: "cn=x", Password: secret.FromString("x"),
		RetryMin: time.Hour, RetryMax: time.Hour,
	}
	p := open(t, c)
	for range 2 {
		_, _, err := p.Search(guarded(t), anybody(1))
		unavailable, ok := errors.AsType[*ldapconn.UnavailableError](err)
		if !ok {
			t.Fatalf("got %v", err)
		}
		for _, server := range p.Health().Servers {
			if server.RetryAt.Before(unavailable.RetryAt) || server.Failures != 1 {
				t.Errorf("named %v, but %+v", unavailable.RetryAt, server)
			}
		}
	}
}
