package ldapconn

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var errDown = errors.New("down")

func mustAdmit(t *testing.T, g *gate) attempt {
	t.Helper()
	a, ok := g.admit(time.Now())
	if !ok {
		t.Fatal("not admitted")
	}
	return a
}

func TestAnOpenGateAdmitsEverybody(t *testing.T) {
	t.Parallel()
	g := &gate{}
	for range 5 {
		mustAdmit(t, g)
	}
}

func TestAClosedGateAdmitsOneProberAfterThePause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		p := pauses{min: time.Second, max: time.Minute}
		mustAdmit(t, g).failed(time.Now(), errDown, p)
		if _, ok := g.admit(time.Now()); ok {
			t.Error("admitted during the pause")
		}
		time.Sleep(2 * time.Second)
		var admitted atomic.Int64
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if _, ok := g.admit(time.Now()); ok {
					admitted.Add(1)
				}
			})
		}
		all.Wait()
		if admitted.Load() != 1 {
			t.Errorf("%d probers", admitted.Load())
		}
	})
}

func TestASuccessfulProbeOpensTheGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		mustAdmit(t, g).failed(time.Now(), errDown, pauses{min: time.Second, max: time.Minute})
		time.Sleep(2 * time.Second)
		mustAdmit(t, g).succeeded()
		mustAdmit(t, g)
		mustAdmit(t, g)
		if s := g.state(); s.failures != 0 || !errors.Is(s.last, errDown) || s.lastAt.IsZero() {
			t.Errorf("state %+v", s)
		}
	})
}

func TestAnUndecidedProbeLetsTheNextOneTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		mustAdmit(t, g).failed(time.Now(), errDown, pauses{min: time.Second, max: time.Minute})
		time.Sleep(2 * time.Second)
		mustAdmit(t, g).undecided()
		mustAdmit(t, g)
	})
}

func TestThePausesGrowAndStayWithinTheirBounds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		p := pauses{min: time.Second, max: 10 * time.Second}
		for n, want := range []time.Duration{1, 2, 4, 8, 10, 10} {
			mustAdmit(t, g).failed(time.Now(), errDown, p)
			pause := time.Until(g.state().until)
			if pause < want*time.Second*3/4 || pause > want*time.Second*5/4 {
				t.Errorf("pause %d: %v", n, pause)
			}
			time.Sleep(pause)
		}
	})
}

func TestAttemptsThatFailTogetherCountOnce(t *testing.T) {
	t.Parallel()
	g := &gate{}
	first, second := mustAdmit(t, g), mustAdmit(t, g)
	first.failed(time.Now(), errDown, pauses{min: time.Second, max: time.Minute})
	second.failed(time.Now(), errDown, pauses{min: time.Second, max: time.Minute})
	second.undecided()
	if s := g.state(); s.failures != 1 {
		t.Errorf("%d failures", s.failures)
	}
}

func TestJitterSpreads(t *testing.T) {
	t.Parallel()
	seen := map[time.Duration]bool{}
	for range 50 {
		d := jitter(time.Second)
		if d < 750*time.Millisecond || d > 1250*time.Millisecond {
			t.Errorf("got %v", d)
		}
		seen[d] = true
	}
	if len(seen) < 10 {
		t.Errorf("%d different pauses of 50", len(seen))
	}
}
