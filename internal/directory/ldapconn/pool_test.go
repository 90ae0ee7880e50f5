package ldapconn_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	p := open(t, config(s, f.URL()))
	for range 20 {
		mustSearch(t, p, byUID(s, "x"))
	}
	if f.Connections() != 1 || len(f.Requests(testlab.OpBind)) != 1 {
		t.Errorf("%d connections, %d binds", f.Connections(), len(f.Requests(testlab.OpBind)))
	}
	h := p.Health()
	if h.Samples != 20 || h.P50 <= 0 || h.P99 < h.P50 || h.Open != 1 || h.InUse != 0 || !h.Policy.Given {
		t.Errorf("health: %+v", h)
	}
}

func TestNoMoreConnectionsThanPermitted(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	f.Arm(testlab.Fault{Op: testlab.OpSearch, Times: -1, Act: testlab.ActDelay, Delay: 5 * time.Millisecond})
	c := config(s, f.URL())
	c.MaxConns = 3
	p := open(t, c)
	searchTogether(t, p, s, 30, func(err error) {
		if err != nil {
			t.Error(err)
		}
	})
	if n := f.Connections(); n > 3 {
		t.Errorf("%d connections", n)
	}
}

// searchTogether starts n searches at once and waits for all.
func searchTogether(t *testing.T, p *ldapconn.Pool, s *testlab.SlapdServer, n int, check func(error)) {
	t.Helper()
	ctx := guarded(t)
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			_, _, err := p.Search(ctx, byUID(s, "x"))
			check(err)
		})
	}
	all.Wait()
}

func TestAFullPoolSaysSoInTime(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	c := config(s, f.URL())
	c.MaxConns, c.OpTimeout = 1, time.Second
	p := open(t, c)
	entered, leave := make(chan struct{}), make(chan struct{})
	done := make(chan error)
	go func() { // ends with the walk
		done <- p.Pages(t.Context(), ldapconn.Request{Base: s.Suffix, Scope: ldapconn.ScopeBase, Filter: ldapconn.Present("objectClass")}, 10, func(ldapconn.Entry) error {
			close(entered)
			<-leave
			return nil
		})
	}()
	<-entered
	if _, _, err := p.Search(guarded(t), byUID(s, "x")); !errors.Is(err, ldapconn.ErrBusy) || !isUnavailable(err) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := p.Search(ctx, byUID(s, "x")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestACancelledSearchReturnsAtOnceAndKeepsItsConnection(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	c := config(s, f.URL())
	c.MaxConns = 1
	p := open(t, c)
	struck := f.Arm(testlab.Fault{Op: testlab.OpSearch, Act: testlab.ActDelay, Delay: 400 * time.Millisecond})
	ctx, cancel := context.WithCancel(guarded(t))
	go func() { // ends when the search has arrived
		<-struck
		cancel()
	}()
	if _, _, err := p.Search(ctx, byUID(s, "x")); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	mustSearch(t, p, byUID(s, "x")) // waits for the one connection
	if f.Connections() != 1 {
		t.Errorf("%d connections", f.Connections())
	}
}

func TestACancelledSearchThatNeverEndsLosesItsConnection(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	c := config(s, f.URL())
	c.MaxConns = 1
	p := open(t, c)
	struck := f.Arm(testlab.Fault{Op: testlab.OpSearch, Act: testlab.ActHang})
	ctx, cancel := context.WithCancel(guarded(t))
	go func() { // ends when the search has arrived
		<-struck
		cancel()
	}()
	if _, _, err := p.Search(ctx, byUID(s, "x")); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	mustSearch(t, p, byUID(s, "x"))
	if f.Connections() != 2 {
		t.Errorf("%d connections", f.Connections())
	}
}

func TestASearchWithoutAnAnswerEndsInTime(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	c := config(s, f.URL())
	c.OpTimeout = time.Second
	p := open(t, c)
	f.Arm(testlab.Fault{Op: testlab.OpSearch, Act: testlab.ActHang})
	if _, _, err := p.Search(guarded(t), byUID(s, "x")); !errors.Is(err, ldapconn.ErrTimeout) || !isUnavailable(err) {
		t.Errorf("got %v", err)
	}
	mustSearch(t, p, byUID(s, "x"))
}

func TestAReadOnADeadConnectionGoesToALiveOne(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	p := open(t, config(s, f.URL()))
	for _, act := range []testlab.Act{testlab.ActReset, testlab.ActClose} {
		mustSearch(t, p, byUID(s, "x"))
		f.Arm(testlab.Fault{Op: testlab.OpSearch, Act: act})
		mustSearch(t, p, byUID(s, "x"))
	}
	mustSearch(t, p, byUID(s, "x"))
	f.CutAll()
	mustSearch(t, p, byUID(s, "x"))
}

func TestThePoolRecoversWhenTheServerComesBack(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	c := config(s, s.LDAPSURL)
	c.RetryMin, c.RetryMax = time.Millisecond, 5*time.Millisecond
	p := open(t, c)
	mustSearch(t, p, byUID(s, "x"))
	for _, end := range []func(){s.Stop, s.Kill} {
		end()
		_, _, err := p.Search(guarded(t), byUID(s, "x"))
		if !isUnavailable(err) {
			t.Fatalf("got %v", err)
		}
		if h := p.Health(); h.Servers[0].Failures == 0 || h.Servers[0].LastError == nil || h.Servers[0].RetryAt.IsZero() || h.Open != 0 {
			t.Errorf("health: %+v", h)
		}
		s.Start(t)
		searchUntil(t, p, byUID(s, "x"))
		if h := p.Health(); h.Servers[0].Failures != 0 || !h.Servers[0].RetryAt.IsZero() {
			t.Errorf("health after recovery: %+v", h)
		}
	}
}

func TestADeadServerIsAskedByOneAtATime(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	f.RefuseAll()
	c := config(s, f.URL())
	c.RetryMin, c.RetryMax = time.Hour, time.Hour
	p := open(t, c)
	refused := func(err error) {
		if !isUnavailable(err) {
			t.Errorf("got %v", err)
		}
	}
	searchTogether(t, p, s, 50, refused)
	first := f.Connections()
	if first > 8 {
		t.Errorf("%d connections at once", first)
	}
	searchTogether(t, p, s, 50, refused)
	if f.Connections() != first {
		t.Errorf("%d connections during the pause", f.Connections()-first)
	}
	_, _, err := p.Search(guarded(t), byUID(s, "x"))
	unavailable, _ := errors.AsType[*ldapconn.UnavailableError](err)
	if unavailable == nil || time.Until(unavailable.RetryAt) < 40*time.Minute || unavailable.URL != f.URL() {
		t.Errorf("got %+v", unavailable)
	}
}

func TestAServerThatSwallowsEverythingIsFoundOutAlthoughEveryCallerLeaves(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	f.Silence()
	c := config(s, f.URL())
	c.DialTimeout, c.RetryMin = 200*time.Millisecond, time.Hour
	p := open(t, c)
	guard := guarded(t)
	for p.Health().Servers[0].Failures == 0 && guard.Err() == nil { // as somebody who types a key every 20 ms
		ctx, cancel := context.WithTimeout(guard, 20*time.Millisecond)
		_, _, err := p.Search(ctx, byUID(s, "x"))
		cancel()
		if err == nil {
			t.Fatal("a silent server answered")
		}
	}
	before := f.Connections()
	if _, _, err := p.Search(guard, byUID(s, "x")); !isUnavailable(err) || f.Connections() != before {
		t.Errorf("got %v, %d more connections", err, f.Connections()-before)
	}
}

func TestAConnectionWhoseCallerLeftServesTheNext(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	struck := f.Arm(testlab.Fault{Op: testlab.OpBind, Act: testlab.ActDelay, Delay: 50 * time.Millisecond})
	c := config(s, f.URL())
	c.MaxConns = 1
	p := open(t, c)
	ctx, cancel := context.WithCancel(guarded(t))
	go func() { // ends when the bind has arrived
		<-struck
		cancel()
	}()
	if _, _, err := p.Search(ctx, byUID(s, "x")); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	mustSearch(t, p, byUID(s, "x"))
	if f.Connections() != 1 {
		t.Errorf("%d connections", f.Connections())
	}
}

func TestTheNextServerIsTriedWhenOneIsDown(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	down := deadAddress(t)
	f := front(t, s)
	c := config(s, "ldaps://"+down, f.URL())
	c.RetryMin, c.RetryMax = time.Hour, time.Hour
	p := open(t, c)
	mustSearch(t, p, byUID(s, "x"))
	f.CutAll()
	mustSearch(t, p, byUID(s, "x"))
	h := p.Health()
	if len(h.Servers) != 2 || h.Servers[0].Failures != 1 || h.Servers[1].Failures != 0 {
		t.Errorf("health: %+v", h.Servers)
	}
}

// deadAddress is a port on which nobody listens.
func deadAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestAConnectionIsRenewedWhenItIsOldOrLongUnused(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	for name, change := range map[string]func(*ldapconn.Config){
		"old":    func(c *ldapconn.Config) { c.MaxAge = time.Nanosecond },
		"unused": func(c *ldapconn.Config) { c.MaxIdle = time.Nanosecond },
	} {
		f := front(t, s)
		c := config(s, f.URL())
		change(&c)
		p := open(t, c)
		mustSearch(t, p, byUID(s, "x"))
		mustSearch(t, p, byUID(s, "x"))
		if f.Connections() != 2 {
			t.Errorf("%s: %d connections", name, f.Connections())
		}
	}
}

func TestAClosedPoolRefusesEverything(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	p := open(t, config(s, s.LDAPSURL))
	mustSearch(t, p, byUID(s, "x"))
	_ = p.Close()
	_ = p.Close()
	_, _, err := p.Search(guarded(t), byUID(s, "x"))
	if !errors.Is(err, ldapconn.ErrClosed) {
		t.Errorf("search: %v", err)
	}
	if _, err := p.Modify(guarded(t), title("cn=x", "y")); sent(t, err) || !errors.Is(err, ldapconn.ErrClosed) {
		t.Errorf("modify: %v", err)
	}
	if _, err := p.CheckPassword(guarded(t), "cn=x", secret.FromString("y")); !errors.Is(err, ldapconn.ErrClosed) {
		t.Errorf("check: %v", err)
	}
}

func TestCloseCutsWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	f := front(t, s)
	p := open(t, config(s, f.URL()))
	struck := f.Arm(testlab.Fault{Op: testlab.OpSearch, Act: testlab.ActHang})
	done := make(chan error)
	go func() { // ends when the pool is closed
		_, _, err := p.Search(t.Context(), byUID(s, "x"))
		done <- err
	}()
	<-struck
	_ = p.Close()
	if err := <-done; err == nil {
		t.Error("an answer came from nowhere")
	}
}

func TestALargePasswordIsTakenWhole(t *testing.T) {
	t.Parallel()
	s := testlab.Slapd(t, testlab.SlapdOptions{})
	dn := s.AddPerson(t, testlab.Person{UID: "jane", Password: goodPassword})
	p := open(t, config(s, s.LDAPSURL))
	long := "Ünï-日本語-\"quoted\"-" + "0123456789012345678901234567890123456789012345678901234567890123456789"
	if _, err := p.Modify(guarded(t), password(dn, long)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.CheckPassword(guarded(t), dn, secret.FromString(long)); err != nil {
		t.Error(err)
	}
}
