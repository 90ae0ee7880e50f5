package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// Unseen is a change that this operator began at another terminal and did not see the end of.
type Unseen struct {
	Case    int64
	Said    sentence.Sentence
	Running bool // it has not ended yet
}

type unseenMsg struct {
	list []Unseen
	more bool
}

// lookBack asks what the operator did not see, once at the beginning and again while something goes on.
func (r *Root) lookBack() tea.Cmd {
	if r.unseen == nil {
		return nil
	}
	ctx, ask := r.ctx, r.unseen
	return func() tea.Msg {
		list, more := ask(ctx)
		return unseenMsg{list, more}
	}
}

// lookedBack tells it over whatever is on the screen, and offers the case.
func (r *Root) lookedBack(msg unseenMsg) tea.Cmd {
	r.waiting = msg.more
	for _, u := range msg.list {
		r.waiting = r.waiting || u.Running
	}
	if len(msg.list) == 0 || r.lock.closed {
		return nil
	}
	body := make([]string, 0, len(msg.list))
	for _, u := range msg.list {
		body = append(body, r.env.Say(u.Said))
	}
	open := r.env.Say(sentence.Of("unseen.open", sentence.Count("case", int(msg.list[0].Case))))
	r.overlay.ask(r, screen.Ask{
		Dialog: kit.DialogOptions{
			Title: r.env.Label("unseen.title"), Body: body, Opening: kit.OpenedByItself,
			Buttons: []kit.Button{{ID: "open", Label: open}, {ID: "", Label: r.env.Label("unseen.later")}},
		},
		Answer: func(chosen string) tea.Msg {
			if chosen == "open" {
				return screen.Push{To: screen.Case, With: screen.CaseParams{Number: msg.list[0].Case}}
			}
			return nil
		},
	})
	r.overlay.owner = 0
	return nil
}

// unseenEvent looks again when an account changed while a change of this operator goes on elsewhere.
func (r *Root) unseenEvent(kind core.EventKind) tea.Cmd {
	if !r.waiting || kind != core.EventAccount {
		return nil
	}
	return r.lookBack()
}
