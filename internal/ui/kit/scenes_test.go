package kit_test

import (
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// scene is a typical view, drawn at one size.
type scene struct {
	name string
	w, h int
	view func(th *theme.Theme) kit.Block
}

// rows is the simplest source of rows.
type rows [][]kit.Cell

func (r rows) Len() int             { return len(r) }
func (r rows) Row(i int) []kit.Cell { return r[i] }

func cells(texts ...string) []kit.Cell {
	out := make([]kit.Cell, len(texts))
	for i, s := range texts {
		out[i] = kit.Cell{Text: s}
	}
	return out
}

func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func binding(key, label string) kit.Binding {
	return kit.Binding{ID: label, Keys: []string{key}, Label: label}
}

func header(th *theme.Theme, crumbs ...string) *kit.Header {
	return &kit.Header{Theme: th, Crumbs: crumbs, Operator: []string{"Ann Lee", "Level 1", "Oslo"}}
}

func cardKeys() kit.KeyMap {
	return kit.KeyMap{
		binding("v", "verify"), binding("r", "reset"),
		{ID: "unlock", Keys: []string{"u"}, Label: "unlock", Disabled: "Level 2"},
		binding("h", "hand off"), binding("m", "methods"),
		{ID: "palette", Keys: []string{"ctrl+k"}, Label: "all commands", Hidden: true},
		{ID: "help", Keys: []string{"?"}, Label: "help", Pinned: true},
	}
}

func headline(th *theme.Theme) *kit.Statement {
	return &kit.Statement{
		Theme: th, State: theme.StateBad,
		Text:    "Locked since 09:12 after 5 wrong passwords. Unlocks itself at 09:42.",
		Details: []string{"She can help herself: 2 methods are usable."},
	}
}

func nextAction(th *theme.Theme) *kit.Actions {
	return &kit.Actions{
		Theme: th, Next: binding("enter", "hand the unlock to Level 2"),
		Others: []kit.Binding{binding("r", "reset instead"), binding("p", "guide")},
	}
}

func who(th *theme.Theme) *kit.Table {
	return &kit.Table{
		Theme: th, Static: true,
		Columns: []kit.Column{{Min: 20, Flex: 1, Max: 30}, {Min: 14, Flex: 1, Max: 26}, {Min: 13, Flex: 1}},
		Rows: rows{
			{{Text: "Jane Doe", Token: theme.Strong}, {Text: "jane.doe"}, {Text: "plain account"}},
			cells("Controller, Finance", "reports to Per Holm", "embedded"),
		},
	}
}

func state(th *theme.Theme) *kit.Columns {
	return &kit.Columns{Theme: th, Pairs: []kit.Pair{
		{Label: "account", Value: kit.Cell{Text: "enabled"}},
		{Label: "sign-in", Value: kit.Cell{Text: "locked, 30 min", State: theme.StateBad}},
		{Label: "password", Value: kit.Cell{Text: "set 14 Sep, expires 13 Dec"}},
		{Label: "must change", Value: kit.Cell{Text: "no"}},
		{Label: "last seen", Pending: true},
	}}
}

func methods(th *theme.Theme) *kit.Table {
	return &kit.Table{
		Theme: th, Static: true,
		Columns: []kit.Column{{Min: 10, Flex: 1}, {Min: 9, Align: kit.AlignRight}},
		Rows: rows{
			{{Text: "authenticator app", State: theme.StateGood}, {Text: "12 Mar", Token: theme.Dim}},
			{{Text: "j•••@h•••.example", State: theme.StateGood}, {Text: "12 Mar", Token: theme.Dim}},
			{{Text: "+47 ••• •• •12", State: theme.StateOff}, {Text: "too short", Token: theme.Dim}},
		},
	}
}

func recent(th *theme.Theme) *kit.Table {
	return &kit.Table{
		Theme: th, Static: true,
		Columns: []kit.Column{{Min: 6}, {Min: 20, Flex: 1}, {Min: 12, Align: kit.AlignRight}, {Min: 10, Align: kit.AlignRight, Priority: 1}},
		Rows: rows{
			cells("09:12", "5 wrong passwords", "directory", ""),
			cells("14 Sep", "password reset, told by mail", "Bo Berg, L1", "INC-2210"),
		},
	}
}

func card(th *theme.Theme) *kit.Stack {
	return &kit.Stack{Theme: th, Blocks: []kit.Block{
		headline(th), nextAction(th), kit.Blank(1), who(th), kit.Blank(1),
		&kit.Sections{Theme: th, Items: []kit.Section{
			{Title: "STATE", Body: state(th)},
			{Title: "METHODS", Body: methods(th), Place: kit.PlaceRight},
			{Title: "SIGNALS", Body: &kit.Lines{Theme: th, Lines: []kit.Line{kit.Styled(theme.Dim, "none")}}, Place: kit.PlaceRight},
			{Title: "RECENT", Body: recent(th), Place: kit.PlaceWide},
		}},
	}}
}

func people(th *theme.Theme) *kit.Table {
	person := func(name, login, department string, s theme.State, word string) []kit.Cell {
		return []kit.Cell{{Text: name}, {Text: login}, {Text: department, Token: theme.Dim}, {Text: word, State: s}}
	}
	t := &kit.Table{
		Theme: th, Note: "4 of 200",
		Columns: []kit.Column{{Min: 14, Flex: 2, Max: 24}, {Min: 10, Flex: 1, Max: 20}, {Min: 10, Flex: 1, Max: 18, Priority: 2}, {Min: 10, Priority: 1}},
		Rows: rows{
			person("Jane Doe", "jane.doe", "Finance", theme.StateBad, "locked"),
			person("Jane Dorsey", "jdorsey", "Sales", theme.StateGood, "usable"),
			person("简・多伊", "jane.dahl", "物流部", theme.StateWarn, "expires"),
			person("Janet Duvall", "jduvall", "Finance", theme.StateOff, "disabled"),
		},
	}
	return t
}

func searchBox(th *theme.Theme, s string) *kit.Input {
	in := &kit.Input{Theme: th, Placeholder: "find a person"}
	in.Set(s)
	return in
}

func search(th *theme.Theme) kit.Block {
	return &kit.Page{
		Theme: th,
		Header: &kit.Header{
			Theme: th, Crumbs: []string{"Search"}, Operator: []string{"Ann Lee", "Level 1", "Oslo"},
			Status: []kit.Cell{{Text: "2 directories", State: theme.StateGood}},
		},
		Body: &kit.Split{
			Theme: th, LeftWidth: 56, Right: card(th),
			Left: &kit.Stack{Theme: th, Gap: 1, Blocks: []kit.Block{searchBox(th, "jane d"), people(th)}},
		},
		Footer: &kit.Footer{Theme: th, Keys: cardKeys()},
	}
}

func proof(th *theme.Theme) kit.Block {
	code := &kit.Form{Theme: th, Fields: []kit.Field{{
		ID: "code", Label: "Code", Input: kit.Input{Mode: kit.InputCode, Max: 6}, Hint: "3 tries left",
	}}}
	code.Paste("481")
	ways := &kit.Table{
		Theme: th, Columns: []kit.Column{{Min: 18}, {Min: 6}, {Min: 20, Flex: 1}},
		Rows: rows{
			cells("Authenticator app", "strong", "“Please read me the 6 digits in your app.”"),
			cells("Code by mail", "weak", "j•••@h•••.example"),
			cells("Call back", "weak", "number on record ends in 12"),
		},
	}
	return &kit.Page{
		Theme: th, Header: header(th, "Search", "Jane Doe", "Reset password"),
		Body: &kit.Stack{Theme: th, Gap: 1, Blocks: []kit.Block{
			&kit.Statement{Theme: th, State: theme.StateUnknown, Text: "Before the reset: is this Jane Doe? 1 proof of 1 needed."},
			ways, code,
			&kit.Statement{Theme: th, Details: []string{"Not verified says nothing about why: tell the caller only that it did not work."}},
		}},
		Footer: &kit.Footer{Theme: th, Keys: kit.KeyMap{binding("enter", "check"), binding("down", "other method"), binding("esc", "back"), binding("?", "help")}},
	}
}

func confirm(th *theme.Theme) *kit.Dialog {
	return kit.NewDialog(kit.DialogOptions{
		Theme:   th,
		Title:   "Reset the password of Jane Doe (jane.doe), Controller, Finance?",
		Body:    []string{"A new password goes to j•••@h•••.example and must be changed at sign-in."},
		Buttons: []kit.Button{{ID: "reset", Label: "Reset", Key: "r"}, {ID: "cancel", Label: "Cancel", Key: "c"}},
		Now:     noon(),
	})
}

func unasked(th *theme.Theme) *kit.Dialog {
	return kit.NewDialog(kit.DialogOptions{
		Theme: th, Title: "Another operator has just changed this account.", Opening: kit.OpenedByItself, Now: noon(),
		Body:    []string{"Bo Berg set a new password at 12:00.", "Your reset would replace it."},
		Buttons: []kit.Button{{ID: "go", Label: "Reset all the same", Danger: true}, {ID: "back", Label: "Look again"}, {ID: "take", Label: "Take over", Disabled: "Level 2"}},
	})
}

func result(th *theme.Theme) kit.Block {
	return &kit.Stack{Theme: th, Gap: 1, Blocks: []kit.Block{
		&kit.Statement{
			Theme: th, State: theme.StateGood, Text: "Done. The new password was sent to j•••@h•••.example at 09:41.",
			Details: []string{"The account is unlocked. Jane was told at 2 addresses.", "Trail 1 204 · case 318 · INC-2231"},
		},
		&kit.Statement{
			Theme: th, State: theme.StateUnknown, Text: "Not known. The directory did not answer after the change was sent (10 s).",
			Details: []string{"The password may or may not have been changed. Further changes to this account wait until it has been checked; that happens by itself."},
			Code:    "0000052D",
		},
		&kit.Actions{Theme: th, Next: binding("enter", "check again now"), Others: []kit.Binding{binding("n", "next caller")}},
	}}
}

func form(th *theme.Theme) *kit.Form {
	f := &kit.Form{Theme: th, Fields: []kit.Field{
		{ID: "ticket", Label: "Ticket", Hint: "for example INC-2231", Input: kit.Input{Placeholder: "none"}},
		{ID: "mail", Label: "Alternate mail", Check: func(s string) string {
			if strings.Contains(s, "@") {
				return ""
			}
			return "A mail address has an @ in it."
		}},
		{ID: "password", Label: "Your password", Input: kit.Input{Mode: kit.InputPassword}},
	}}
	f.Focus("password")
	f.Paste("secret")
	f.Focus("mail")
	f.Paste("jane.example")
	f.Validate()
	return f
}

func steps(th *theme.Theme) kit.Block {
	return &kit.Stepper{Theme: th, Steps: []kit.Step{
		{Label: "Find the caller", State: kit.StepDone, Word: "done"},
		{Label: "Prove who is calling", State: kit.StepFailed, Word: "failed", Detail: "The code was not accepted, 3 tries left."},
		{Label: "Choose another way", State: kit.StepCurrent, Word: "now"},
		{Label: "Reset", Word: "waiting"},
	}}
}

func reveal(th *theme.Theme, shown bool) *kit.Reveal {
	r := &kit.Reveal{
		Theme: th, Label: "New password", Hint: "space shows it for 30 s",
		Secret: func() string { return "Tango-7" },
		Spell: func(r rune) string {
			words := map[rune]string{'T': "capital Tango", 'a': "alfa", 'n': "november", 'g': "golf", 'o': "oscar", '-': "hyphen", '7': "digit seven"}
			return words[r]
		},
	}
	if shown {
		r.Show(noon().Add(30 * time.Second))
		r.Spelling(true)
	}
	return r
}

func toast(th *theme.Theme) kit.Block {
	q := &kit.Toasts{Theme: th}
	q.Push(kit.Toast{Text: "The case is closed as “assisted reset”.", State: theme.StateGood, For: 4 * time.Second}, noon())
	return q
}

func long(th *theme.Theme) *kit.Table {
	r := make(rows, 50)
	for i := range r {
		r[i] = []kit.Cell{
			{Text: strings.Repeat("Jane ", 2) + string(rune('A'+i%26))},
			{Text: "jane.doe"},
			{Text: "Finance"},
			{State: theme.StateGood, Text: "usable"},
		}
	}
	r[12] = nil // has not arrived
	t := &kit.Table{
		Theme: th, Rows: r, Note: "50 of 200",
		Columns: []kit.Column{{Title: "NAME", Min: 12, Flex: 1}, {Title: "LOGIN", Min: 10}, {Title: "DEPARTMENT", Min: 10, Priority: 1}, {Title: "STATE", Min: 10, Align: kit.AlignRight}},
	}
	t.Select(10)
	return t
}

func scenes() []scene {
	block := func(b kit.Block) func(*theme.Theme) kit.Block { return func(*theme.Theme) kit.Block { return b } }
	return []scene{
		{"card", 80, 24, func(th *theme.Theme) kit.Block {
			return &kit.Page{Theme: th, Header: header(th, "Search", "Jane Doe"), Body: card(th), Footer: &kit.Footer{Theme: th, Keys: cardKeys()}}
		}},
		{"card-narrow", 60, 16, func(th *theme.Theme) kit.Block {
			return &kit.Page{Theme: th, Header: header(th, "Search", "Jane Doe", "Reset password"), Body: card(th), Footer: &kit.Footer{Theme: th, Keys: cardKeys()}}
		}},
		{"search-wide", 140, 24, search},
		{"proof", 80, 18, proof},
		{"dialog", 80, 9, func(th *theme.Theme) kit.Block { return confirm(th) }},
		{"dialog-unasked", 80, 9, func(th *theme.Theme) kit.Block { return unasked(th) }},
		{"result", 76, 11, result},
		{"form", 64, 6, func(th *theme.Theme) kit.Block { return form(th) }},
		{"stepper", 64, 5, steps},
		{"reveal-hidden", 64, 1, func(th *theme.Theme) kit.Block { return reveal(th, false) }},
		{"reveal-spelled", 72, 6, func(th *theme.Theme) kit.Block { return reveal(th, true) }},
		{"toast", 64, 1, toast},
		{"table-scrolled", 64, 12, func(th *theme.Theme) kit.Block { return long(th) }},
		{"table-narrow", 40, 8, func(th *theme.Theme) kit.Block { return long(th) }},
		{"table-empty", 64, 3, func(th *theme.Theme) kit.Block {
			return &kit.Table{Theme: th, Empty: "Nobody has a name like this."}
		}},
		{"table-loading", 64, 3, func(th *theme.Theme) kit.Block {
			return &kit.Table{Theme: th, Empty: "Nobody has a name like this.", Loading: "asking dc2.corp.example"}
		}},
		{"help", 64, 9, func(th *theme.Theme) kit.Block {
			return kit.Help(th, []kit.KeyGroup{{Title: "CARD", Keys: cardKeys()}, {Title: "EVERYWHERE", Keys: kit.KeyMap{{Keys: []string{"f10", "ctrl+l"}, Label: "lock"}}}})
		}},
		{"blank", 10, 2, block(kit.Blank(3))},
	}
}
