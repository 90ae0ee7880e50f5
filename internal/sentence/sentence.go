// Package sentence carries what is said to a person as data: an id and typed fields.
//
// The catalogue (internal/text) turns a Sentence into words in the reader's language, time zone and clock. Code that decides what
// to say therefore never contains the words themselves, and a field that came from outside keeps its type (untrusted.Text) until
// it is shown. The package never formats anything and imports nothing but untrusted.
package sentence

import (
	"time"

	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Kind says how the catalogue shows a Field.
type Kind string

// The kinds of fields.
const (
	KindText   Kind = "text"   // text from outside, shown with visible escapes
	KindWord   Kind = "word"   // our own word, shown as it is: a login of ours, a code, a number with its unit
	KindTerm   Kind = "term"   // the id of another sentence without fields, translated
	KindCount  Kind = "count"  // a whole number; chooses singular or plural
	KindTime   Kind = "time"   // an instant, shown in the reader's zone, with the date when it is not today
	KindSpan   Kind = "span"   // a length of time, rounded to what a person says
	KindNested Kind = "nested" // a whole sentence inside this one
)

// Sentence is something to be said: the id of a catalogue entry and its fields. The zero Sentence says nothing.
type Sentence struct {
	ID     string
	Fields []Field
}

// Field is one typed value of a Sentence. Only the value that belongs to Kind is set.
type Field struct {
	Name  string
	Kind  Kind
	Text  untrusted.Text
	Word  string
	Count int
	At    time.Time
	Span  time.Duration
	Inner *Sentence
}

// Of builds the Sentence with this id and these fields.
func Of(id string, fields ...Field) Sentence { return Sentence{ID: id, Fields: fields} }

// IsZero reports whether s says nothing.
func (s Sentence) IsZero() bool { return s.ID == "" }

// Field returns the field of that name.
func (s Sentence) Field(name string) (Field, bool) {
	for _, f := range s.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Text is a field that came from outside.
func Text(name string, v untrusted.Text) Field { return Field{Name: name, Kind: KindText, Text: v} }

// Word is a field of our own making that is shown as it is.
func Word(name, v string) Field { return Field{Name: name, Kind: KindWord, Word: v} }

// Term is a field whose value is the id of another catalogue entry.
func Term(name, id string) Field { return Field{Name: name, Kind: KindTerm, Word: id} }

// Count is a whole number.
func Count(name string, n int) Field { return Field{Name: name, Kind: KindCount, Count: n} }

// Time is an instant.
func Time(name string, at time.Time) Field { return Field{Name: name, Kind: KindTime, At: at} }

// Span is a length of time.
func Span(name string, d time.Duration) Field { return Field{Name: name, Kind: KindSpan, Span: d} }

// Nested is a whole sentence inside another.
func Nested(name string, s Sentence) Field { return Field{Name: name, Kind: KindNested, Inner: &s} }
