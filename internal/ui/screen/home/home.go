package home

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// focus says where keys go.
type focus string

// The places of the focus.
const (
	onSearch  focus = "search"
	onWaiting focus = "waiting"
	onMine    focus = "mine"
)

// Home is the screen.
type Home struct {
	env    *screen.Env
	life   *screen.Life
	focus  focus
	input  kit.Input
	find   search
	queue  queue
	health []core.Health
	taking bool            // a handoff is being taken: another key must not take a second one
	wrong  *kit.Statement  // what failed, until the next key
	failed map[string]bool // what could not be read, by name of the work
}

// New makes the screen. It has no params.
func New(env *screen.Env, life *screen.Life, _ any) screen.Screen {
	h := &Home{env: env, life: life, focus: onSearch, failed: map[string]bool{}}
	h.input = kit.Input{Theme: env.Theme, Placeholder: env.Label("home.find"), Max: maxTyped}
	h.find = newSearch(env)
	h.queue = newQueue(env)
	return h
}

// maxTyped is the longest text that can be typed, in characters.
const maxTyped = 100

// Title implements screen.Screen.
func (h *Home) Title() string {
	if h.searching() {
		return h.env.Label("screen.search")
	}
	return h.env.Label("screen.home")
}

// Init implements screen.Screen.
func (h *Home) Init() tea.Cmd { return tea.Batch(h.readQueue(), h.readHealth()) }

// Typing implements screen.Screen.
func (h *Home) Typing() bool { return h.focus == onSearch && h.mayFind() }

// Ages implements screen.Fast: what waits grows older, and proofs expire.
func (h *Home) Ages() bool { return len(h.queue.waiting) > 0 }

func (h *Home) searching() bool { return h.input.Len() > 0 }

func (h *Home) mayFind() bool {
	ok, _ := h.env.Allowed(rbac.Find)
	return ok
}

func (h *Home) mayWork() bool {
	ok, _ := h.env.Allowed(rbac.CaseWork)
	return ok
}

// Update implements screen.Screen.
func (h *Home) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		return h.paste(msg)
	case found:
		return h.landed(msg)
	case queueRead:
		h.queue.take(msg)
		h.settleFocus()
		delete(h.failed, workQueue)
	case healthRead:
		h.health = msg.list
	case taken:
		h.taking = false
		return msg.next
	case screen.Failed:
		return h.fail(msg)
	case screen.Resumed:
		return h.resumed(msg)
	case screen.Event:
		return h.event(msg)
	}
	return nil
}

// fail shows what could not be done. A search that was overtaken by another text is no failure any more.
func (h *Home) fail(msg screen.Failed) tea.Cmd {
	switch msg.Of {
	case workTake:
		h.taking = false
		h.wrong = phrase.Failure(h.env, msg.Err)
		return h.readQueue()
	case workQueue, workHealth:
		h.failed[msg.Of] = true
	default:
		h.find.fail(msg)
	}
	return nil
}

// resumed reads again what may have changed meanwhile. Coming home after the work is done, the next caller gets an empty box.
func (h *Home) resumed(msg screen.Resumed) tea.Cmd {
	if _, done := msg.Result.(screen.GoHome); done {
		h.clear()
	}
	return h.readQueue()
}

func (h *Home) event(msg screen.Event) tea.Cmd {
	switch msg.Kind {
	case core.EventCase, core.EventHandoff:
		return h.readQueue()
	case core.EventHealth:
		return h.readHealth()
	case core.EventAccount, core.EventOperator:
		return nil
	default:
		return nil
	}
}

// clear empties the search box and puts the focus there.
func (h *Home) clear() {
	h.input.Clear()
	h.find.begin("")
	h.life.Cancel()
	h.focus, h.wrong = onSearch, nil
}
