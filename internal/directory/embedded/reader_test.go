package embedded

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func TestLinesAreCountedHoweverTheFileIsRead(t *testing.T) {
	t.Parallel()
	const content = "one\ntwo\n\nfour"
	for name, from := range map[string]io.Reader{
		"at once": strings.NewReader(content), "byte by byte": iotest.OneByteReader(strings.NewReader(content)), "in halves": iotest.HalfReader(strings.NewReader(content)),
	} {
		c := &lineCounter{from: from, line: 1}
		if read, err := io.ReadAll(c); err != nil || string(read) != content {
			t.Fatalf("%s: %q, %v", name, read, err)
		}
		var got []int
		for _, offset := range []int64{0, 3, 4, 7, 8, 9, 13} {
			got = append(got, c.at(offset))
		}
		if want := []int{1, 1, 2, 2, 3, 4, 4}; !slices.Equal(got, want) {
			t.Errorf("%s: lines %v, want %v", name, got, want)
		}
	}
}

func TestNoMoreIsReadThanOneRowMayHave(t *testing.T) {
	t.Parallel()
	b := &bounded{from: strings.NewReader(strings.Repeat("x", 100)), left: 30}
	read, err := io.ReadAll(b)
	if len(read) != 30 || !errors.Is(err, errLongRow) {
		t.Errorf("%d bytes, %v", len(read), err)
	}
	b.left = 100
	if read, err := io.ReadAll(b); len(read) != 70 || err != nil {
		t.Errorf("then %d bytes, %v", len(read), err)
	}
}

func TestAMarkIsLeftOutAndNothingElse(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"\ufefflogin": "login", "login": "login", "": "", "\xef\xbb": "\xef\xbb", "\ufeff": "", "\ufeff\ufeffx": "\ufeffx",
	} {
		if got, err := io.ReadAll(withoutMark(strings.NewReader(content))); err != nil || string(got) != want {
			t.Errorf("%q is read as %q, %v", content, got, err)
		}
	}
}

func TestCellsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", "plain", "+47 1", "=1+1", "-", "@x", "'quoted", "'", "''", "a;b", "\u00a0=1"} {
		cell := text(value).CSVCell()
		if got := fromCell(cell).Raw(); got != value {
			t.Errorf("%q is written as %q and read as %q", value, cell, got)
		}
	}
	for cell, want := range map[string]bool{"yes": true, "TRUE": true, "1": true, " no ": false, "": false, "0": false, "False": false} {
		if yes, ok := yesNo(cell); !ok || yes != want {
			t.Errorf("%q is %v, %v", cell, yes, ok)
		}
	}
	for cell, want := range map[string]time.Time{
		"": {}, "2026-03-01": time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), "2026-03-01T10:00:00+02:00": time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
	} {
		if at, ok := timeOf(cell); !ok || !at.Equal(want) || cell != "" && at.Location() != time.UTC {
			t.Errorf("%q is %v, %v", cell, at, ok)
		}
	}
}

func TestEveryColumnIsComparedAndCopied(t *testing.T) {
	t.Parallel()
	cols := columns()
	if cols[0].name != "login" || cols[displayNameColumn].name != "display_name" || len(cols) >= 64 {
		t.Fatalf("columns %v", known(cols))
	}
	for i, c := range cols {
		var from, onto Person
		switch v := c.in(&from).(type) {
		case *untrusted.Text:
			*v = text("x")
		case *[]untrusted.Text:
			*v = texts("x", "y")
		case *bool:
			*v = true
		case *time.Time:
			*v = time.Unix(1, 0)
		default:
			t.Errorf("%s has the unknown type %T", c.name, v)
		}
		if overlay(&onto, &from, cols, allColumns&^columnSet(0).with(i)) {
			t.Errorf("%s was copied although it was not given", c.name)
		}
		if !overlay(&onto, &from, cols, columnSet(0).with(i)) || overlay(&onto, &from, cols, allColumns) {
			t.Errorf("%s was not copied, or is not compared", c.name)
		}
	}
}
