package kit_test

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// finder is a screen in miniature: a search field, a list that follows it, and
// keys that are letters only while the field does not have the focus.
type finder struct {
	theme *theme.Theme
	box   kit.Input
	list  kit.Table
	keys  kit.KeyMap
	said  string
}

func newFinder(th *theme.Theme) *finder {
	f := &finder{theme: th}
	f.box = kit.Input{Theme: th, Placeholder: "find a person"}
	f.list = kit.Table{
		Theme: th, Empty: "Nobody has a name like this.",
		Columns: []kit.Column{{Min: 12, Flex: 1}, {Min: 10, Priority: 1}, {Min: 10}},
	}
	f.keys = kit.KeyMap{
		{ID: "open", Keys: []string{"enter"}, Label: "open"},
		{ID: "unlock", Keys: []string{"u"}, Label: "unlock", Disabled: "Level 2"},
		{ID: "help", Keys: []string{"?"}, Label: "help", Pinned: true},
	}
	f.find()
	return f
}

// find asks the directory; here it is three people.
func (f *finder) find() {
	var found rows
	for _, p := range []struct {
		name, login string
		state       theme.State
		word        string
	}{
		{"Jane Doe", "jane.doe", theme.StateBad, "locked"},
		{"Jane Dorsey", "jdorsey", theme.StateGood, "usable"},
		{"Omar Haddad", "omar", theme.StateWarn, "expires"},
	} {
		if strings.Contains(strings.ToLower(p.name), f.box.Value()) {
			found = append(found, []kit.Cell{{Text: p.name}, {Text: p.login, Token: theme.Dim}, {State: p.state, Text: p.word}})
		}
	}
	f.list.Rows = found
	f.list.Note = fmt.Sprintf("%d of 3", len(found))
	f.list.Refresh()
}

// update asks the part with the focus first, then the others, then the keys.
func (f *finder) update(msg tea.KeyPressMsg) {
	if f.list.Update(msg) {
		return
	}
	if f.box.Update(msg) {
		f.find()
		return
	}
	if b, ok := f.keys.Match(msg, !f.box.Blurred); ok {
		row, _ := f.list.Selected()
		f.said = b.ID + " " + f.list.Rows.Row(row)[0].Text
	}
}

func (f *finder) view(w, h int) []string {
	page := kit.Page{
		Theme:  f.theme,
		Header: &kit.Header{Theme: f.theme, Crumbs: []string{"Search"}, Operator: []string{"Ann Lee", "Level 1"}},
		Body:   &kit.Stack{Theme: f.theme, Gap: 1, Blocks: []kit.Block{&f.box, &f.list}},
		Footer: &kit.Footer{Theme: f.theme, Keys: f.keys},
	}
	return page.View(w, h)
}

// A screen keeps its parts as values, hands them keys, and arranges them when
// it is drawn.
func Example() {
	th, err := theme.New(theme.Options{Name: theme.None, Glyphs: theme.GlyphsASCII})
	if err != nil {
		fmt.Println(err)
		return
	}
	f := newFinder(th)
	for _, k := range keystrokes("j a n e down enter") {
		f.update(k)
	}
	fmt.Println(strings.Join(f.view(60, 10), "\n"))
	fmt.Println("=>", f.said)
	// Output:
	//  Search                                   Ann Lee - Level 1
	// ------------------------------------------------------------
	//  > jane
	//
	//    Jane Doe                         jane.doe    # locked
	//  > Jane Dorsey                      jdorsey     * usable
	//
	//    2 of 3
	//
	//  enter open   u unlock (Level 2)   ? help
	// => open Jane Dorsey
}
