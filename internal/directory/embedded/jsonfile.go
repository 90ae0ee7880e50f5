package embedded

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// jsonFile is a file with a list of people, or with an object of the lists "groups" and "people".
type jsonFile struct {
	from  *bounded
	lines *lineCounter
	json  *json.Decoder
	cols  []column
	found []Group
}

func newJSONFile(from *bounded) *jsonFile {
	lines := &lineCounter{from: from, line: 1}
	return &jsonFile{from: from, lines: lines, json: json.NewDecoder(lines), cols: columns()}
}

func (f *jsonFile) groups() []Group { return f.found }

func (f *jsonFile) rows() iter.Seq[*row] {
	return func(yield func(*row) bool) {
		if err := f.document(yield); err != nil && !errors.Is(err, errEnough) {
			yield(f.broken(err))
		}
	}
}

// errShape means that the file is JSON but not the one that is expected.
var errShape = errors.New("the file is not a list of people")

func (f *jsonFile) document(yield func(*row) bool) error {
	t, err := f.json.Token()
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('['):
		err = f.list(yield, f.person)
	case json.Delim('{'):
		err = f.object(yield)
	default:
		err = errShape
	}
	if err != nil {
		return err
	}
	if _, err := f.json.Token(); !errors.Is(err, io.EOF) {
		return errShape
	}
	return nil
}

func (f *jsonFile) object(yield func(*row) bool) error {
	for f.json.More() {
		name, err := f.json.Token()
		if err != nil {
			return err
		}
		read := map[any]func([]byte) *row{"people": f.person, "groups": f.group}[name]
		if start, err := f.json.Token(); err != nil || read == nil || start != json.Delim('[') {
			return errors.Join(err, errShape)
		}
		if err := f.list(yield, read); err != nil {
			return err
		}
	}
	_, err := f.json.Token()
	return err
}

// list reads the elements of a list and its end.
func (f *jsonFile) list(yield func(*row) bool, read func([]byte) *row) error {
	for f.json.More() {
		f.from.left = longestRow
		var raw json.RawMessage
		if err := f.json.Decode(&raw); err != nil {
			return err
		}
		line := f.lines.at(f.json.InputOffset() - int64(len(raw)))
		if r := read(raw); r != nil {
			r.line = line
			if !yield(r) {
				return errEnough
			}
		}
	}
	_, err := f.json.Token()
	return err
}

// broken is the last row of a file of which the rest cannot be understood.
func (f *jsonFile) broken(err error) *row {
	end := f.json.InputOffset()
	if errors.Is(err, io.ErrUnexpectedEOF) {
		end = f.lines.read
	}
	line := f.lines.at(end)
	switch {
	case errors.Is(err, errLongRow):
		return &row{line: line, wrong: sentence.Of("directory.import_long_row", sentence.Count("mebibytes", longestRow>>20))}
	case errors.Is(err, errShape):
		return &row{line: line, wrong: sentence.Of("directory.import_shape")}
	case errors.Is(err, io.EOF):
		return &row{line: line, wrong: sentence.Of("directory.import_empty")}
	default:
		return &row{line: line, wrong: sentence.Of("directory.import_json")}
	}
}

// person reads one person; what is wrong stands in the row.
func (f *jsonFile) person(raw []byte) *row {
	r := &row{}
	values, wrong := members(raw)
	if r.wrong = wrong; !wrong.IsZero() {
		return r
	}
	for name, value := range values {
		i := slices.IndexFunc(f.cols, func(c column) bool { return c.name == name })
		if i < 0 {
			r.wrong = sentence.Of("directory.import_column_unknown", sentence.Text("column", untrusted.New(name)), sentence.Word("known", known(f.cols)))
			return r
		}
		if said := readValue(f.cols[i].in(&r.person), value); said != "" {
			r.wrong = sentence.Of(said, sentence.Word("column", name), sentence.Text("value", untrusted.New(string(value))))
			return r
		}
		r.given = r.given.with(i)
	}
	return r
}

// members are the values of an object by name.
func members(raw []byte) (map[string]json.RawMessage, sentence.Sentence) {
	if !utf8.Valid(raw) {
		return nil, sentence.Of("directory.import_encoding")
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(raw, &values); err != nil || values == nil {
		return nil, sentence.Of("directory.import_shape")
	}
	return values, sentence.Sentence{}
}

// readValue reads one value; it returns the id of what is wrong with it, "" when nothing is. A date alone is a time as well.
func readValue(into any, value json.RawMessage) (wrong string) {
	if at, ok := into.(*time.Time); ok {
		var text string
		if err := json.Unmarshal(value, &text); err != nil {
			return "directory.import_time"
		}
		if *at, ok = timeOf(text); !ok {
			return "directory.import_time"
		}
		return ""
	}
	if err := json.Unmarshal(value, into); err != nil {
		if _, ok := into.(*bool); ok {
			return "directory.import_yes_no"
		}
		return "directory.import_value"
	}
	return ""
}

// group reads one group; a row only says what is wrong with it.
func (f *jsonFile) group(raw []byte) *row {
	if !utf8.Valid(raw) {
		return &row{wrong: sentence.Of("directory.import_encoding")}
	}
	var g groupRecord
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&g); err != nil {
		return &row{wrong: sentence.Of("directory.import_group")}
	}
	if wrong := checkGroup(Group(g)); !wrong.IsZero() {
		return &row{wrong: wrong}
	}
	f.found = append(f.found, Group(g))
	return nil
}

// groupRecord is a group in a file.
type groupRecord struct {
	Name     untrusted.Text   `json:"name"`
	MemberOf []untrusted.Text `json:"member_of"`
	Roles    []untrusted.Text `json:"roles"`
}

// lineCounter knows which line a byte of what it read is in.
type lineCounter struct {
	from io.Reader
	read int64
	ends []int64 // offsets of line ends that at has not passed
	line int
}

// Read implements io.Reader.
func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			c.ends = append(c.ends, c.read+int64(i))
		}
	}
	c.read += int64(n)
	return n, err
}

// at is the line of the byte at an offset. Offsets are asked for in ascending order.
func (c *lineCounter) at(offset int64) int {
	passed := 0
	for passed < len(c.ends) && c.ends[passed] < offset {
		passed++
	}
	c.ends, c.line = c.ends[passed:], c.line+passed
	return c.line
}
