package core_test

import (
	"context"
	"slices"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
)

// answering is a directory with one answer.
type answering struct {
	*coretest.Directory
	rows []core.Row
}

// Search implements core.Directory.
func (a answering) Search(context.Context, core.Query) (core.Found, error) {
	return core.Found{Rows: slices.Clone(a.rows)}, nil
}

func TestRowsStandByRankThenNameThenLoginThenID(t *testing.T) {
	t.Parallel()
	row := func(key string, rank core.Rank, name, login string) core.Row {
		return core.Row{Rank: rank, Person: core.Person{
			ID: core.AccountID{Directory: "corp", Key: key}, DisplayName: text(name), Login: text(login),
		}}
	}
	right := []core.Row{
		row("9", core.RankExact, "Zoe Zed", "zoe"),
		row("8", core.RankPrefix, "anna berg", "a1"),
		row("7", core.RankPrefix, "Anna Berg", "a2"),
		row("1", core.RankPrefix, "ANNA BERG", "a3"),
		row("2", core.RankPrefix, "Anna Berg", "a3"),
		row("3", core.RankPrefix, "Åsa Berg", "b"),
		row("4", core.RankSubstring, "Aaron Adams", "c"),
		row("5", core.RankSubstring, "aaron adams", "d"),
	}
	want := []bool{false, true, true, true, true, false, true, true} // the same name, whatever its case
	b := coretest.NewBench(t)
	for shift := range right {
		turned := slices.Concat(right[shift:], right[:shift])
		b.Parts.Directories = []core.Directory{answering{coretest.NewDirectory("corp", b.Clock), turned}}
		var got core.SearchResult
		if err := core.NewDesk(b.Parts).Search(t.Context(), coretest.L1(), text("berg"), func(r core.SearchResult) { got = r }); err != nil {
			t.Fatal(err)
		}
		for i, r := range got.Rows {
			if r.ID != right[i].ID || r.SameName != want[i] {
				t.Errorf("turned by %d: row %d is %s (%s), same name: %t", shift, i, r.ID, r.DisplayName, r.SameName)
			}
		}
		if len(got.Rows) != len(right) || got.More || !got.Done {
			t.Errorf("turned by %d: %d rows, more: %t, done: %t", shift, len(got.Rows), got.More, got.Done)
		}
	}
}

func TestWhatWasYieldedStaysAsItWas(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	names := []string{"one", "two", "three"}
	b.Parts.Directories = nil
	for i, name := range names {
		d := answering{coretest.NewDirectory(name, b.Clock), nil}
		for j := range 4 {
			d.rows = append(d.rows, core.Row{Rank: core.RankPrefix, Person: core.Person{
				ID: core.AccountID{Directory: name, Key: string(rune('a' + j))}, DisplayName: text(string(rune('z'-i)) + string(rune('a'+j))),
			}})
		}
		b.Parts.Directories = append(b.Parts.Directories, d)
	}
	var yielded []core.SearchResult
	var then [][]core.SearchRow
	err := core.NewDesk(b.Parts).Search(t.Context(), coretest.L1(), text("berg"), func(r core.SearchResult) {
		yielded, then = append(yielded, r), append(then, slices.Clone(r.Rows))
	})
	if err != nil || len(yielded) != len(names) {
		t.Fatalf("%d results, %v", len(yielded), err)
	}
	for i, r := range yielded {
		if !slices.Equal(r.Rows, then[i]) || len(r.Rows) != 4*(i+1) {
			t.Errorf("result %d has %d rows and was changed later: %t", i, len(r.Rows), !slices.Equal(r.Rows, then[i]))
		}
		if asked := slices.IndexFunc(r.Sources, func(s core.Source) bool { return s.Status == core.SourceAsked }); asked < 0 != (i == len(names)-1) {
			t.Errorf("result %d says that source %d has not answered", i, asked)
		}
	}
}
