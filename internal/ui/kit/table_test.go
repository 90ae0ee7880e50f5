package kit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// numbered is n rows that count how often they are asked.
type numbered struct {
	n     int
	asked []int
}

func (r *numbered) Len() int { return r.n }

func (r *numbered) Row(i int) []kit.Cell {
	r.asked = append(r.asked, i)
	return cells(fmt.Sprint("row ", i))
}

// keyed is rows with their text as identity.
type keyed []string

func (r keyed) Len() int             { return len(r) }
func (r keyed) Row(i int) []kit.Cell { return cells(r[i]) }
func (r keyed) Key(i int) string     { return r[i] }

func (r keyed) Find(key string) (int, bool) {
	i := slices.Index(r, key)
	return i, i >= 0
}

func oneColumn() []kit.Column { return []kit.Column{{Min: 10, Flex: 1}} }

// drawn returns the lines of a block without colour, trailing blanks cut.
func drawn(b kit.Block, w, h int) []string {
	lines := b.View(w, h)
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}

func wantLines(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestATableAsksOnlyForVisibleRows(t *testing.T) {
	t.Parallel()
	r := &numbered{n: 1_000_000}
	table := &kit.Table{Columns: oneColumn(), Rows: r}
	table.Select(500_000)
	table.View(40, 5)
	if len(r.asked) != 5 || !slices.Contains(r.asked, 500_000) {
		t.Errorf("asked for %v", r.asked)
	}
}

func TestTheSelectionMovesAndStaysInSight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		keys string
		want int
		line int // where the pointer stands in 4 lines
	}{
		{"", 0, 0},
		{"up", 0, 0},
		{"down down", 2, 2},
		{"down down down down down", 5, 3},
		{"down down down down down up", 4, 2},
		{"pgdown", 4, 3},
		{"pgdown pgdown pgup", 4, 0},
		{"end", 19, 3},
		{"end home", 0, 0},
		{"end pgup pgup", 11, 0},
	} {
		t.Run(c.keys, func(t *testing.T) {
			t.Parallel()
			table := &kit.Table{Columns: oneColumn(), Rows: &numbered{n: 20}}
			table.View(30, 4)
			for _, k := range keystrokes(c.keys) {
				if !table.Update(k) {
					t.Errorf("%s was not used", k)
				}
				table.View(30, 4)
			}
			if got, ok := table.Selected(); got != c.want || !ok {
				t.Errorf("row %d is selected, want %d", got, c.want)
			}
			line := table.View(30, 4)[c.line]
			if want := fmt.Sprint(" ▸ row ", c.want); !strings.HasPrefix(line, want) {
				t.Errorf("line %d is %q, want %q", c.line, line, want)
			}
		})
	}
}

func TestATableLeavesOtherKeysToTheScreen(t *testing.T) {
	t.Parallel()
	table := &kit.Table{Columns: oneColumn(), Rows: &numbered{n: 3}}
	for _, k := range keystrokes("enter r esc tab left") {
		if table.Update(k) {
			t.Errorf("the table took %s", k)
		}
	}
	static := &kit.Table{Static: true, Columns: oneColumn(), Rows: &numbered{n: 3}}
	if _, ok := static.Selected(); ok || static.Update(press("down")) {
		t.Error("a static table has a selection")
	}
}

func TestRowsArrivingAboveDoNotMoveTheSelection(t *testing.T) {
	t.Parallel()
	table := &kit.Table{Columns: oneColumn(), Rows: keyed{"b", "d", "f"}}
	table.View(20, 4)
	table.Update(press("down"))
	table.Rows = keyed{"a", "b", "c", "d", "e", "f", "g"}
	if !table.Refresh() {
		t.Error("the selected row was lost")
	}
	wantLines(t, drawn(table, 20, 4), "   c               ⋮", " ▸ d", "   e", "   f               ⋮")
}

func TestARowThatIsGoneIsReported(t *testing.T) {
	t.Parallel()
	table := &kit.Table{Columns: oneColumn(), Rows: keyed{"a", "b", "c"}}
	table.Select(2)
	table.Rows = keyed{"a", "b"}
	if table.Refresh() {
		t.Error("nobody noticed that the row is gone")
	}
	if i, ok := table.Selected(); i != 1 || !ok {
		t.Errorf("row %d is selected", i)
	}
	table.Rows = keyed{}
	table.Refresh()
	if _, ok := table.Selected(); ok {
		t.Error("an empty table has a selection")
	}
	plain := &kit.Table{Columns: oneColumn(), Rows: &numbered{n: 3}}
	if plain.Refresh() {
		t.Error("rows without identity cannot be followed")
	}
}

func TestNarrowTablesDropTheirLeastColumns(t *testing.T) {
	t.Parallel()
	columns := []kit.Column{{Min: 8, Flex: 1}, {Min: 8, Priority: 1}, {Min: 8, Priority: 3}, {Min: 8, Priority: 3}}
	r := rows{cells("name", "login", "office", "site")}
	for _, c := range []struct {
		w    int
		want string
	}{
		{60, "name login office site"},
		{40, "name login office site"},
		{39, "name login office"},
		{30, "name login office"},
		{29, "name login"},
		{20, "name login"},
		{19, "name"},
		{8, "name"},
		{4, "na…"},
		{0, ""},
	} {
		table := &kit.Table{Columns: columns, Rows: r, Static: true}
		if got := strings.Join(strings.Fields(table.View(c.w, 1)[0]), " "); got != c.want {
			t.Errorf("at %d columns: %q, want %q", c.w, got, c.want)
		}
	}
}

func TestFlexibleColumnsShareTheRoomUpToTheirLimit(t *testing.T) {
	t.Parallel()
	table := &kit.Table{
		Static:  true,
		Columns: []kit.Column{{Title: "A", Min: 4, Flex: 3, Max: 8}, {Title: "B", Min: 4, Flex: 1}, {Title: "C", Min: 3, Align: kit.AlignRight}},
		Rows:    rows{cells("a", "b", "c")},
	}
	wantLines(t, drawn(table, 30, 3),
		" A         B                C",
		" a         b                c",
		"")
	if got := theme.Width(table.View(30, 3)[0]); got != 29 {
		t.Errorf("the last column ends in cell %d", got)
	}
}

func TestATableKeepsThePlaceOfRowsThatHaveNotArrived(t *testing.T) {
	t.Parallel()
	table := &kit.Table{Columns: oneColumn(), Rows: rows{cells("jane"), nil, cells("kim")}}
	wantLines(t, drawn(table, 20, 3), " ▸ jane", "   …", "   kim")
}

func TestWaitingIsNamedInTheTable(t *testing.T) {
	t.Parallel()
	table := &kit.Table{Columns: oneColumn(), Loading: "asking dc2", Empty: "Nobody.", Note: "0"}
	wantLines(t, drawn(table, 20, 2), "   … asking dc2", "")
	table.Rows = rows{cells("jane")}
	wantLines(t, drawn(table, 20, 5), " ▸ jane", "", "   … asking dc2", "", "")
	table.Loading = ""
	wantLines(t, drawn(table, 20, 5), " ▸ jane", "", "   0", "", "")
	table.Rows = rows{}
	wantLines(t, drawn(table, 20, 2), "   Nobody.", "")
}

func TestTheNoteGivesWayToTheRows(t *testing.T) {
	t.Parallel()
	table := &kit.Table{Columns: []kit.Column{{Title: "NAME", Min: 4}}, Rows: &numbered{n: 3}, Note: "3 of 3"}
	wantLines(t, drawn(table, 20, 6), "   NAME", " ▸ row…", "   row…", "   row…", "", "   3 of 3")
	wantLines(t, drawn(table, 20, 4), "   NAME", " ▸ row…", "   row…            ⋮", "   3 of 3")
	wantLines(t, drawn(table, 20, 2), " ▸ row…", "   row…            ⋮")
	if got := table.Height(20); got != 6 {
		t.Errorf("height %d", got)
	}
}

func TestStatesHaveAGlyphAndAWordWhereThereIsRoom(t *testing.T) {
	t.Parallel()
	cell := kit.Cell{State: theme.StateBad, Text: "locked"}
	for w, want := range map[int]string{8: " ■ locked", 6: " ■ loc…", 4: " ■ l…", 3: " ■", 1: " ■"} {
		table := &kit.Table{Static: true, Columns: []kit.Column{{Min: w}}, Rows: rows{{cell}}}
		if got := drawn(table, 20, 1)[0]; got != want {
			t.Errorf("in %d cells: %q, want %q", w, got, want)
		}
	}
	right := &kit.Table{Static: true, Columns: []kit.Column{{Min: 10, Align: kit.AlignRight}}, Rows: rows{{cell}, {{State: theme.StateGood}}}}
	wantLines(t, drawn(right, 20, 2), "   ■ locked", "          ●")
}

func TestABlurredTableShowsItsSelectionQuietly(t *testing.T) {
	t.Parallel()
	th := mustTheme(t, theme.Options{})
	table := &kit.Table{Theme: th, Columns: oneColumn(), Rows: rows{cells("jane")}}
	focused := table.View(20, 1)[0]
	table.Blurred = true
	blurred := table.View(20, 1)[0]
	if !strings.Contains(focused, "48;5;") || strings.Contains(blurred, "48;5;") || !strings.Contains(blurred, "▸") {
		t.Errorf("focused %q, blurred %q", focused, blurred)
	}
}
