package embedded

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Format is a format of files with people.
type Format string

// The formats.
const (
	CSV  Format = "csv"  // one person a line under a line of column names; several values in one cell are parted by semicolons
	JSON Format = "json" // a list of people, or an object with the lists "groups" and "people"
)

// longestRow is the longest row of a file, in bytes.
const longestRow = 1 << 20

// errLongRow means that a row is longer than longestRow.
var errLongRow = errors.New("a row is longer than 1 MiB")

// file is a file being imported.
type file interface {
	// rows reads people until the end, or until what follows cannot be understood: then the last row says why.
	rows() iter.Seq[*row]
	// groups are the groups of the file. They are known when all rows were read.
	groups() []Group
}

// Import adds the people of a file and brings those up to date whose login is there already: all of them in one transaction, or, when a row
// is bad, none. Columns that the file has not are left as they are. The Report lists bad rows by line and the error is then CodeInvalid;
// otherwise CodeUnavailable. While it runs other writes are refused as busy.
func (d *Directory) Import(ctx context.Context, r io.Reader, f Format) (Report, error) {
	var report Report
	bounded := &bounded{from: withoutMark(r), left: longestRow}
	var in file
	switch f {
	case CSV:
		in = newCSVFile(bounded)
	case JSON:
		in = newJSONFile(bounded)
	default:
		return report, core.Fail(core.CodeInvalid, sentence.Of("directory.import_format", sentence.Word("format", string(f))))
	}
	err := d.load(ctx, in.groups, in.rows(), 0, &report)
	return report, d.fault(ctx, err)
}

// withoutMark leaves out the byte order mark that some programs put before UTF-8.
func withoutMark(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = b.Discard(len(mark)) // they are in the buffer
	}
	return b
}

// bounded reads no more than one row may have. Whoever reads rows sets left anew after each.
type bounded struct {
	from io.Reader
	left int
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLongRow
	}
	n, err := b.from.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
