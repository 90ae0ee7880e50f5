package lineterm

import (
	"slices"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// health is a message of which only the newest counts.
type health struct{ system, state string }

func (h health) CoalesceKey() string { return h.system }

func TestAMailboxKeepsTheOrderAndTheNewest(t *testing.T) {
	t.Parallel()
	m := NewMailbox(0)
	for _, msg := range []tea.Msg{"a", health{"ldap", "slow"}, "b", health{"mail", "up"}, health{"ldap", "down"}, nil} {
		if m.Post(msg) != (msg != nil) {
			t.Errorf("Post(%v)", msg)
		}
	}
	<-m.ready()
	want := []tea.Msg{"a", health{"ldap", "down"}, "b", health{"mail", "up"}}
	if got := m.take(); !slices.Equal(got, want) {
		t.Errorf("it holds %v, want %v", got, want)
	}
	if got := m.take(); len(got) != 0 {
		t.Errorf("then it holds %v", got)
	}
}

func TestAFullMailboxDropsAndCounts(t *testing.T) {
	t.Parallel()
	m := NewMailbox(2)
	for i, want := range []bool{true, true, false, false} {
		if m.Post(i) != want {
			t.Errorf("Post(%d) is not %v", i, want)
		}
	}
	if m.Dropped() != 2 {
		t.Errorf("it counts %d dropped", m.Dropped())
	}
	if got := m.take(); !slices.Equal(got, []tea.Msg{0, 1}) {
		t.Errorf("it holds %v", got)
	}
	if !m.Post(4) {
		t.Error("it takes nothing after it was emptied")
	}
}

func TestAFullMailboxStillTakesNews(t *testing.T) {
	t.Parallel()
	m := NewMailbox(1)
	if !m.Post(health{"ldap", "down"}) || !m.Post(health{"ldap", "up"}) {
		t.Error("news were dropped")
	}
	if got := m.take(); !slices.Equal(got, []tea.Msg{health{"ldap", "up"}}) {
		t.Errorf("it holds %v", got)
	}
}

func TestPostersDoNotWaitForAnybody(t *testing.T) {
	t.Parallel()
	m := NewMailbox(0)
	var posters sync.WaitGroup
	for range 8 {
		posters.Go(func() {
			for i := range 100 {
				m.Post(i)
			}
		})
	}
	posters.Wait()
	if kept := uint64(len(m.take())); kept != DefaultMailboxSize || kept+m.Dropped() != 800 {
		t.Errorf("%d kept, %d dropped", kept, m.Dropped())
	}
}

func TestNoMailboxIsNeverReady(t *testing.T) {
	t.Parallel()
	var m *Mailbox
	select {
	case <-m.ready():
		t.Error("it is ready")
	default:
	}
	m.shut()
}
