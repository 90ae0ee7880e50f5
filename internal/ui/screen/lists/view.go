package lists

import (
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/phrase"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// View implements screen.Screen: which list, how many there are, and the people.
func (l *Lists) View(w, h int) screen.Frame {
	lines := l.states.View(w, 1)
	if len(l.places.Items) > 1 {
		lines = append(lines, l.places.View(w, 1)...)
	}
	lines = append(lines, "")
	for _, b := range l.above() {
		lines = append(lines, b.View(w, b.Height(w))...)
		lines = append(lines, "")
	}
	if l.read && l.possible() {
		l.table.Note, l.table.Loading, l.table.Empty = l.note(), "", ""
		lines = append(lines, l.table.View(w, max(0, h-len(lines)))...)
	}
	return screen.Frame{Lines: kit.Clamp(lines, w, h)}
}

// above is what is said before the rows: how many, what failed, and how to export.
func (l *Lists) above() []kit.Block {
	var out []kit.Block
	if l.failed != nil {
		out = append(out, phrase.Failure(l.env, l.failed))
	}
	if l.failed == nil || l.read {
		out = append(out, &kit.Statement{Theme: l.env.Theme, State: l.glyph(), Text: l.env.Say(l.said())})
	}
	if l.export {
		command := sentence.Of("lists.command", sentence.Word("state", string(l.state())))
		out = append(out, &kit.Statement{Theme: l.env.Theme, Details: []string{l.env.Label("lists.export_how"), l.env.Say(command)}})
	}
	return out
}

// glyph is the glyph of the sentence above the rows.
func (l *Lists) glyph() theme.State {
	switch {
	case !l.read:
		return theme.StateBusy
	case !l.possible():
		return theme.StateOff
	case len(l.rows) == 0:
		return theme.StateGood
	default:
		return theme.StateNone
	}
}

// said is how many people are in the list, as far as the directory can count.
func (l *Lists) said() sentence.Sentence {
	directory := sentence.Word("directory", l.directory())
	what := sentence.Term("list", "lists.said."+string(l.state()))
	switch {
	case len(l.places.Items) == 0:
		return sentence.Of("lists.no_directory")
	case !l.read:
		return sentence.Of("card.asking", directory)
	case !l.possible():
		return sentence.Of("lists.cannot", directory)
	case len(l.places.Items) == 1:
		return l.saidOfOne(what)
	case len(l.rows) == 0:
		return sentence.Of("lists.nobody", what, directory)
	case l.total < 0:
		return sentence.Of("lists.some", what, directory)
	default:
		return sentence.Of("lists.count", sentence.Count("count", l.total), what, directory)
	}
}

// saidOfOne is said where there is only one directory, which need not be named.
func (l *Lists) saidOfOne(what sentence.Field) sentence.Sentence {
	switch {
	case len(l.rows) == 0:
		return sentence.Of("lists.nobody_at_all", what)
	case l.total < 0:
		return sentence.Of("lists.some_at_all", what)
	default:
		return sentence.Of("lists.count_at_all", sentence.Count("count", l.total), what)
	}
}

// note says how much of the list is shown.
func (l *Lists) note() string {
	n := sentence.Count("count", len(l.rows))
	switch {
	case l.stale:
		return l.env.Label("lists.stale_note")
	case len(l.rows) >= maxRows && l.next != "":
		return l.env.Say(sentence.Of("lists.too_long", n))
	case l.next == "" && l.total < 0:
		return l.env.Say(sentence.Of("lists.all_read", n))
	case l.next == "":
		return ""
	case l.total < 0:
		return l.env.Say(sentence.Of("lists.read_so_far", n))
	default:
		return l.env.Say(sentence.Of("lists.of", n, sentence.Count("total", l.total)))
	}
}
