package app

import (
	"slices"
	"sync"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// hub tells open terminals that something changed, and knows who is signed in. Telling never blocks: every terminal has a bounded mailbox.
type hub struct {
	mu   sync.Mutex
	open map[string]terminal // by session
	lost uint64              // messages for which terminals that have left had no room
}

type terminal struct {
	operator string
	box      *lineterm.Mailbox
}

func newHub() *hub { return &hub{open: map[string]terminal{}} }

func (h *hub) join(session, operator string, box *lineterm.Mailbox) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open[session] = terminal{operator, box}
}

func (h *hub) leave(session string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if t, ok := h.open[session]; ok {
		h.lost += t.box.Dropped()
	}
	delete(h.open, session)
}

// dropped is how many messages terminals had no room for.
func (h *hub) dropped() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.lost
	for _, t := range h.open {
		n += t.box.Dropped()
	}
	return n
}

// Changed implements core.Events.
func (h *hub) Changed(e core.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, t := range h.open {
		t.box.Post(screen.Event{Event: e})
	}
}

// has reports whether a terminal is open.
func (h *hub) has(session string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, ok := h.open[session]
	return ok
}

// elsewhere reports whether an operator has another terminal than this one.
func (h *hub) elsewhere(operator, session string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, t := range h.open {
		if t.operator == operator && id != session {
			return true
		}
	}
	return false
}

// SignedIn implements core.Presence.
func (h *hub) SignedIn() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make([]string, 0, len(h.open))
	for _, t := range h.open {
		out = append(out, t.operator)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
