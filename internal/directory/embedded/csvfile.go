package embedded

import (
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// listSeparator parts several values in one cell.
const listSeparator = ";"

// csvFile is a file of comma-separated values (RFC 4180) with a line of column names.
type csvFile struct {
	from   *bounded
	csv    *csv.Reader
	cols   []column
	header []int // for each cell the place of its column
	given  columnSet
	line   int // of the row before
}

func newCSVFile(from *bounded) *csvFile {
	f := &csvFile{from: from, csv: csv.NewReader(from), cols: columns()}
	f.csv.ReuseRecord = true
	f.csv.FieldsPerRecord = -1
	return f
}

func (f *csvFile) groups() []Group { return nil }

func (f *csvFile) rows() iter.Seq[*row] {
	return func(yield func(*row) bool) {
		if wrong := f.readHeader(); !wrong.IsZero() {
			yield(&row{line: 1, wrong: wrong})
			return
		}
		for {
			f.from.left = longestRow
			cells, err := f.csv.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(f.broken(err))
				return
			}
			f.line, _ = f.csv.FieldPos(0)
			if !yield(f.row(cells)) {
				return
			}
		}
	}
}

// broken is the last row of a file of which the rest cannot be understood.
func (f *csvFile) broken(err error) *row {
	line, said := f.line+1, "directory.import_unreadable"
	if syntax, ok := errors.AsType[*csv.ParseError](err); ok {
		line, said = syntax.StartLine, "directory.import_quotes"
	}
	if errors.Is(err, errLongRow) {
		return &row{line: line, wrong: sentence.Of("directory.import_long_row", sentence.Count("mebibytes", longestRow>>20))}
	}
	return &row{line: line, wrong: sentence.Of(said)}
}

func (f *csvFile) readHeader() sentence.Sentence {
	names, err := f.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		return sentence.Of("directory.import_empty")
	case err != nil:
		return f.broken(err).wrong
	case !utf8.ValidString(strings.Join(names, "")):
		return sentence.Of("directory.import_encoding")
	}
	for _, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		i := slices.IndexFunc(f.cols, func(c column) bool { return c.name == name })
		if i < 0 {
			return sentence.Of("directory.import_column_unknown", sentence.Text("column", untrusted.New(name)), sentence.Word("known", known(f.cols)))
		}
		if f.given.has(i) {
			return sentence.Of("directory.import_column_twice", sentence.Word("column", name))
		}
		f.header, f.given = append(f.header, i), f.given.with(i)
	}
	if !f.given.has(0) {
		return sentence.Of("directory.import_no_login_column")
	}
	return sentence.Sentence{}
}

func known(cols []column) string {
	names := make([]string, 0, len(cols))
	for _, c := range cols {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

func (f *csvFile) row(cells []string) *row {
	r := &row{line: f.line, given: f.given}
	if len(cells) != len(f.header) {
		r.wrong = sentence.Of("directory.import_cells", sentence.Count("cells", len(cells)), sentence.Count("columns", len(f.header)))
		return r
	}
	for i, cell := range cells {
		c := f.cols[f.header[i]]
		if said := readCell(c.in(&r.person), cell); said != "" && r.wrong.IsZero() {
			r.wrong = sentence.Of(said, sentence.Word("column", c.name), sentence.Text("value", untrusted.New(cell)))
		}
	}
	return r
}

// readCell reads one value; it returns the id of what is wrong with it, "" when nothing is.
func readCell(into any, cell string) (wrong string) {
	switch into := into.(type) {
	case *untrusted.Text:
		*into = fromCell(cell)
	case *[]untrusted.Text:
		for one := range strings.SplitSeq(cell, listSeparator) {
			*into = append(*into, fromCell(strings.TrimSpace(one)))
		}
	case *bool:
		yes, ok := yesNo(cell)
		if *into = yes; !ok {
			return "directory.import_yes_no"
		}
	case *time.Time:
		at, ok := timeOf(cell)
		if *into = at; !ok {
			return "directory.import_time"
		}
	}
	return ""
}

// fromCell takes away the apostrophe that keeps spreadsheets from computing a value: Export puts it there, for example before "+47". A
// value that has such an apostrophe of its own loses it; JSON keeps it.
func fromCell(cell string) untrusted.Text {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && rest != "" && untrusted.New(rest).CSVCell() == cell {
		return untrusted.New(rest)
	}
	return untrusted.New(cell)
}

func yesNo(cell string) (yes, ok bool) {
	switch strings.ToLower(strings.TrimSpace(cell)) {
	case "yes", "true", "1":
		return true, true
	case "no", "false", "0", "":
		return false, true
	default:
		return false, false
	}
}

func timeOf(cell string) (at time.Time, ok bool) {
	if cell == "" {
		return time.Time{}, true
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, cell); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}
