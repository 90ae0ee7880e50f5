package embedded

import "github.com/sspr-tui/sspr-tui/internal/sentence"

// mostBad is how many bad rows a Report lists.
const mostBad = 100

// Report says what an import did, or, when there are bad rows, what would have to be mended: then nothing was changed.
type Report struct {
	Added     int
	Changed   int
	Unchanged int
	Groups    int // made
	Bad       []BadRow
	BadRows   int // all of them, also those that are not listed
}

// BadRow is a row that cannot be imported.
type BadRow struct {
	Line int // of the file; the number of the person where there is no file
	Said sentence.Sentence
}

func (r *Report) bad(line int, said sentence.Sentence) {
	if r.BadRows++; len(r.Bad) < mostBad {
		r.Bad = append(r.Bad, BadRow{line, said})
	}
}
