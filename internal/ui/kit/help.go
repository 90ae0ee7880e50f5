package kit

import (
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// KeyGroup is the keys of one place, for the help.
type KeyGroup struct {
	Title string
	Keys  KeyMap
}

// HelpRow is one line of a table of keys.
type HelpRow struct {
	// Keys are all keystrokes of the binding, joined with the given separator.
	Keys  string
	Label string
	// Disabled is why it cannot be used now; empty when it can.
	Disabled string
}

// Rows returns the bindings as a table, for the help and for documents. Hidden
// bindings are in it: they work.
func (m KeyMap) Rows(g theme.Glyphs, separator string) []HelpRow {
	rows := make([]HelpRow, 0, len(m))
	for _, b := range m {
		names := make([]string, len(b.Keys))
		for i, k := range b.Keys {
			names[i] = keyName(k, g)
		}
		rows = append(rows, HelpRow{Keys: strings.Join(names, separator), Label: b.Label, Disabled: b.Disabled})
	}
	return rows
}

// Help returns a block with every key, group by group.
func Help(t *theme.Theme, groups []KeyGroup) Block {
	s := &Sections{Theme: t}
	width := 0
	for _, g := range groups {
		for _, r := range g.Keys.Rows(t.Glyphs(), ", ") {
			width = max(width, theme.Width(r.Keys))
		}
	}
	for _, g := range groups {
		s.Items = append(s.Items, Section{Title: g.Title, Body: helpGroup(t, g.Keys, width), Place: PlaceWide})
	}
	return s
}

func helpGroup(t *theme.Theme, keys KeyMap, width int) *Lines {
	l := &Lines{Theme: t}
	for _, r := range keys.Rows(t.Glyphs(), ", ") {
		token, text := theme.Text, r.Label
		if r.Disabled != "" {
			token, text = theme.Disabled, r.Label+" ("+r.Disabled+")"
		}
		name := theme.Key
		if r.Disabled != "" {
			name = theme.Disabled
		}
		l.Lines = append(l.Lines, Line{{name, theme.PadRight(r.Keys, width)}, {theme.Text, "  "}, {token, text}})
	}
	return l
}
