package kit

import (
	"testing"

	"pgregory.net/rapid"
)

func someColumns(t *rapid.T) []Column {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Column {
		c := Column{
			Min:      rapid.IntRange(1, 20).Draw(t, "min"),
			Flex:     rapid.IntRange(0, 3).Draw(t, "flex"),
			Priority: rapid.IntRange(0, 3).Draw(t, "priority"),
		}
		if rapid.Bool().Draw(t, "bounded") {
			c.Max = c.Min + rapid.IntRange(0, 20).Draw(t, "more")
		}
		return c
	}), 1, maxColumns).Draw(t, "columns")
}

// checkWidths checks every column against its bounds, and reports whether one
// may still grow and whether one could be left out.
func checkWidths(t *rapid.T, columns []Column, l columnWidths) (mayGrow, optional bool) {
	for i, c := range columns {
		if l[i] < 0 {
			continue
		}
		if l[i] < c.Min || c.Max > 0 && l[i] > c.Max || c.Flex == 0 && l[i] != c.Min {
			t.Fatalf("column %d is %d wide: %+v", i, l[i], c)
		}
		mayGrow = mayGrow || c.Flex > 0 && (c.Max == 0 || l[i] < c.Max)
		optional = optional || c.Priority > 0
	}
	return mayGrow, optional
}

func TestColumnsUseTheRoomAndNoMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		columns := someColumns(rt)
		w := rapid.IntRange(0, 300).Draw(rt, "w")
		l := layoutColumns(columns, w)
		total := l.total(len(columns))
		mayGrow, optional := checkWidths(rt, columns, l)
		if total > w && optional {
			rt.Fatalf("%d of %d cells are used, and there are columns that could go: %v", total, w, l[:len(columns)])
		}
		if total < w && mayGrow {
			rt.Fatalf("%d of %d cells are used, and there are columns that could grow: %v", total, w, l[:len(columns)])
		}
	})
}

func TestTheHighestPriorityGoesFirst(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		columns := someColumns(rt)
		l := layoutColumns(columns, rapid.IntRange(0, 200).Draw(rt, "w"))
		for i, gone := range columns {
			for j, kept := range columns {
				if l[i] < 0 && l[j] >= 0 && kept.Priority > gone.Priority {
					rt.Fatalf("column %d (priority %d) went before column %d (priority %d)", i, gone.Priority, j, kept.Priority)
				}
			}
			if l[i] < 0 && gone.Priority == 0 {
				rt.Fatalf("column %d must stay", i)
			}
		}
	})
}
