package verify

import (
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// way is one way to prove the caller, and what has come of it here.
type way struct {
	core.Offer
	challenge core.Challenge // the zero Challenge: not begun
	usedUp    bool           // by wrong entries
	proved    bool
}

// open reports whether the way can be chosen.
func (w *way) open() bool { return w.Usable && !w.proved }

// live reports whether an entry can be checked.
func (w *way) live(now time.Time) bool {
	return w.challenge.ID != "" && now.Before(w.challenge.ExpiresAt)
}

// sends reports whether beginning this way sends something to the caller.
func sends(o core.Offer) bool { return !o.Method.Destination.IsZero() }

// ways are all of them, the best first, with the chosen one; -1 when none can be chosen.
type ways struct {
	env   *screen.Env
	known bool
	list  []way
	at    int
}

// take replaces the ways and keeps what has come of them.
func (ws *ways) take(st core.ProofState) {
	before := ws.list
	ws.list, ws.known = nil, true
	for _, o := range st.Offers {
		w := way{Offer: o}
		for _, b := range before {
			if b.Kind == o.Kind && b.Method.ID == o.Method.ID {
				w.challenge, w.usedUp = b.challenge, b.usedUp
			}
		}
		for _, e := range st.Counted {
			w.proved = w.proved || e.Kind == o.Kind && e.Method == o.Method.ID
		}
		ws.list = append(ws.list, w)
	}
	ws.at = ws.best()
}

// best is the first way that can be chosen and has not been used up, or else one that has been: it can be begun again.
func (ws *ways) best() int {
	found := -1
	for i := range ws.list {
		w := &ws.list[i]
		if w.open() && !w.usedUp {
			return i
		}
		if w.open() && found < 0 {
			found = i
		}
	}
	return found
}

// chosen is the way that was chosen, nil for none.
func (ws *ways) chosen() *way {
	if ws.at < 0 || ws.at >= len(ws.list) {
		return nil
	}
	return &ws.list[ws.at]
}

// live reports whether the chosen way waits for a code.
func (ws *ways) live(now time.Time) bool {
	w := ws.chosen()
	return w != nil && w.live(now)
}

// next is the next way in that direction that can be chosen, or the chosen one.
func (ws *ways) next(by int) int {
	for i := ws.at + by; i >= 0 && i < len(ws.list); i += by {
		if ws.list[i].open() {
			return i
		}
	}
	return ws.at
}

// find is the position of a way.
func (ws *ways) find(o core.Offer) int {
	for i := range ws.list {
		if ws.list[i].Kind == o.Kind && ws.list[i].Method.ID == o.Method.ID {
			return i
		}
	}
	return -1
}

// why says in a few words why a way cannot be used, so that a row has room for it.
func (ws *ways) why(s sentence.Sentence) string {
	switch s.ID {
	case "method.mailbox_shut":
		return ws.env.Label("prove.why.mailbox_shut")
	case "method.malformed_mail":
		return ws.env.Label("prove.why.malformed_mail")
	default:
		return ws.env.Say(s)
	}
}

// Len implements kit.Rows.
func (ws *ways) Len() int { return len(ws.list) }

// Row implements kit.Rows.
func (ws *ways) Row(i int) []kit.Cell {
	w := &ws.list[i]
	name, strength := act.Way(ws.env, w.Kind), ws.env.Label("proof."+string(w.Strength))
	if !w.Usable {
		return []kit.Cell{{Text: name, Token: theme.Disabled}, {Text: strength, Token: theme.Disabled}, {Text: ws.what(w), State: theme.StateOff}}
	}
	mark := theme.StateNone
	if w.proved {
		mark = theme.StateGood
	}
	return []kit.Cell{{Text: name}, {Text: strength, Token: theme.Dim}, {Text: ws.what(w), State: mark, Token: theme.Dim}}
}

// what is to be known about a way: where it leads, or why it cannot be used.
func (ws *ways) what(w *way) string {
	switch {
	case !w.Usable:
		return strings.TrimSpace(ws.why(w.Why) + "  " + w.Method.Masked())
	case w.proved:
		return ws.env.Label("prove.proved")
	case w.usedUp:
		return ws.env.Label("prove.used_up")
	case sends(w.Offer):
		return w.Method.Masked()
	case !w.Method.RegisteredAt.IsZero():
		return ws.env.Say(sentence.Of("prove.registered", sentence.Word("date", ws.env.Text().Date(w.Method.RegisteredAt))))
	default:
		return ""
	}
}
