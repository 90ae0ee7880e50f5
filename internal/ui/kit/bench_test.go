package kit_test

import (
	"fmt"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// fresh makes its cells anew for every row, as a screen does.
type fresh struct{ names, logins []string }

func (r fresh) Len() int { return len(r.names) }

func (r fresh) Row(i int) []kit.Cell {
	s, word := theme.StateGood, "usable"
	if i%3 == 0 {
		s, word = theme.StateBad, "locked"
	}
	return []kit.Cell{
		{Text: r.names[i], Token: theme.Strong},
		{Text: r.logins[i]},
		{Text: "Finance", Token: theme.Dim},
		{State: s, Text: word},
		{Text: "09:12", Token: theme.Dim},
	}
}

func fiftyRows() fresh {
	var r fresh
	for i := range 50 {
		name := fmt.Sprintf("Jane Doe %d", i)
		if i%5 == 0 {
			name = fmt.Sprintf("Käthe Müller %d", i)
		}
		r.names = append(r.names, name)
		r.logins = append(r.logins, fmt.Sprintf("jane.doe%d", i))
	}
	return r
}

func fiftyTable(th *theme.Theme) *kit.Table {
	return &kit.Table{
		Theme: th, Rows: fiftyRows(), Note: "50 of 200",
		Columns: []kit.Column{
			{Title: "NAME", Min: 20, Flex: 2},
			{Title: "LOGIN", Min: 16, Flex: 1},
			{Title: "DEPARTMENT", Min: 14, Flex: 1, Priority: 2},
			{Title: "STATE", Min: 12},
			{Title: "SINCE", Min: 6, Align: kit.AlignRight, Priority: 1},
		},
	}
}

func BenchmarkTable(b *testing.B) {
	for _, name := range []theme.Name{theme.Dark, theme.None} {
		b.Run(string(name), func(b *testing.B) {
			table := fiftyTable(mustTheme(b, theme.Options{Name: name}))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				table.Select(i % 50)
				if len(table.View(130, 60)) != 60 {
					b.Fatal("wrong height")
				}
			}
		})
	}
}

func BenchmarkCard(b *testing.B) {
	th := mustTheme(b, theme.Options{})
	page := &kit.Page{Theme: th, Header: header(th, "Search", "Jane Doe"), Body: card(th), Footer: &kit.Footer{Theme: th, Keys: cardKeys()}}
	b.ReportAllocs()
	for b.Loop() {
		if len(page.View(80, 24)) != 24 {
			b.Fatal("wrong height")
		}
	}
}

func BenchmarkSearchBesideTheCard(b *testing.B) {
	page := search(mustTheme(b, theme.Options{}))
	b.ReportAllocs()
	for b.Loop() {
		if len(page.View(140, 45)) != 45 {
			b.Fatal("wrong height")
		}
	}
}

// TestATableOfFiftyRowsTakesFewAllocations holds the part of the target that
// does not depend on the machine.
func TestATableOfFiftyRowsTakesFewAllocations(t *testing.T) {
	table := fiftyTable(mustTheme(t, theme.Options{}))
	if n := testing.AllocsPerRun(20, func() { table.View(130, 60) }); n >= 130 {
		t.Errorf("%.0f allocations for each View, want less than 130", n)
	}
}
