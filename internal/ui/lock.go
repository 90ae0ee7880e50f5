package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// maxUnlockTries ends the terminal.
const maxUnlockTries = 5

// lock hides everything until the operator proves to be still the operator. One who signed in with a key only has nothing to unlock with
// and reconnects.
type lock struct {
	closed   bool
	possible bool // there is something to unlock with
	typed    kit.Input
	tries    int
	problem  sentence.Sentence
	asking   bool
}

type lockResult struct{ err error }

func newLock(r *Root) lock {
	l := lock{typed: kit.Input{Theme: r.env.Theme, Mode: kit.InputPassword, Max: 128}}
	l.possible = r.unlocker != nil && r.unlocker.CanUnlock(r.ctx, r.env.Actor)
	return l
}

func (l *lock) close(r *Root) tea.Cmd {
	l.closed, l.problem = true, sentence.Sentence{}
	l.typed.Clear()
	r.overlay = overlay{}
	return nil
}

func (l *lock) key(r *Root, k tea.KeyPressMsg) tea.Cmd {
	switch {
	case k.String() == "ctrl+c" || (!l.possible && k.String() == "q"):
		return tea.Quit
	case !l.possible || l.asking:
		return nil
	case k.String() == "enter":
		return l.try(r)
	default:
		l.typed.Update(k)
		return nil
	}
}

func (l *lock) paste(msg tea.PasteMsg) {
	if l.possible && !l.asking {
		l.typed.Insert(msg.Content)
	}
}

func (l *lock) try(r *Root) tea.Cmd {
	typed := secret.FromString(l.typed.Value())
	l.typed.Clear()
	l.asking = true
	unlocker, actor, ctx := r.unlocker, r.env.Actor, r.ctx
	return func() tea.Msg {
		defer typed.Destroy()
		return lockResult{unlock(ctx, unlocker, actor, typed)}
	}
}

func unlock(ctx context.Context, u Unlocker, actor core.Actor, typed *secret.Text) (err error) {
	defer func() {
		if recover() != nil {
			err = core.Fail(core.CodeInternal, sentence.Of("error.internal"))
		}
	}()
	return u.Unlock(ctx, actor, typed)
}

func (l *lock) landed(r *Root, msg lockResult) tea.Cmd {
	l.asking = false
	if msg.err == nil {
		l.closed, l.tries, l.problem = false, 0, sentence.Sentence{}
		return nil
	}
	if core.CodeOf(msg.err) == core.CodeDenied {
		l.tries++
	}
	if l.tries >= maxUnlockTries {
		return r.end(EndedTries)
	}
	l.problem = core.AsError(msg.err).Said
	return nil
}

// lockWidth is the width of the card that a locked terminal shows, in cells.
const lockWidth = 56

// view shows nothing of what was on the screen.
func (l *lock) view(r *Root, w, h int) ([]string, *tea.Cursor) {
	env, width := r.env, min(w, lockWidth)
	paint := func(t theme.Token, s string) []string {
		var out []string
		for _, line := range theme.Wrap(s, width) {
			out = append(out, theme.PadRight(env.Theme.Paint(t, line), width))
		}
		return out
	}
	card := append(paint(theme.Strong, env.Say(sentence.Of("lock.title", sentence.Text("name", env.Operator.Name)))), "")
	if !l.possible {
		return kit.Centre(append(card, paint(theme.Text, env.Label("lock.reconnect"))...), w, h), nil
	}
	card = append(append(card, paint(theme.Text, env.Label("lock.type"))...), "")
	prompt := env.Theme.Glyphs().Prompt + " "
	row := len(card)
	card = append(card, theme.PadRight(env.Theme.Paint(theme.Accent, prompt)+l.typed.View(width-theme.Width(prompt), 1)[0], width), "")
	card = append(card, paint(theme.Bad, env.Say(l.problem))...)
	return kit.Centre(card, w, h), l.cursor(card, row, theme.Width(prompt), w, h)
}

// cursor is where the field stands on the screen: the card is centred as kit.Centre does it.
func (l *lock) cursor(card []string, row, prompt, w, h int) *tea.Cursor {
	x, _, ok := l.typed.Cursor(min(w, lockWidth)-prompt, 1)
	if !ok || l.asking {
		return nil
	}
	for y, line := range kit.Centre(card, w, h) {
		if at := strings.Index(line, card[row]); at >= 0 && card[row] != "" {
			return tea.NewCursor(theme.Width(line[:at])+prompt+x, y)
		}
	}
	return nil
}
