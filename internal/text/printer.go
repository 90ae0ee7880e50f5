package text

import (
	"strconv"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Printer turns sentences into words for one reader. It is a value: a screen makes one for each frame with the time it shows.
type Printer struct {
	Lang Language
	Zone *time.Location // nil: UTC
	Now  time.Time      // decides what is today
}

// Say is the sentence in words. An id the catalogue does not have is shown as itself in brackets, which tests look for.
func (p Printer) Say(s sentence.Sentence) string {
	if s.IsZero() {
		return ""
	}
	e, ok := p.entry(s.ID)
	if !ok {
		return "[" + s.ID + "]"
	}
	if len(e) == 1 && e[0].field == "" {
		return e[0].words
	}
	var b strings.Builder
	for _, piece := range e {
		p.write(&b, piece, s)
	}
	return b.String()
}

// Label is an entry without fields.
func (p Printer) Label(id string) string { return p.Say(sentence.Of(id)) }

// entry finds an entry in the reader's language, in English where that language lacks it.
func (p Printer) entry(id string) (entry, bool) {
	if e, ok := loaded()[p.Lang][id]; ok {
		return e, true
	}
	e, ok := loaded()[English][id]
	return e, ok
}

func (p Printer) write(b *strings.Builder, piece piece, s sentence.Sentence) {
	if piece.field == "" {
		b.WriteString(piece.words)
		return
	}
	f, ok := s.Field(piece.field)
	switch {
	case !ok:
		b.WriteString("{" + piece.field + "}")
	case piece.forms != nil && f.Count == 1:
		b.WriteString(piece.forms[0])
	case piece.forms != nil:
		b.WriteString(piece.forms[1])
	default:
		b.WriteString(p.Field(f))
	}
}

// Field is one field in words.
func (p Printer) Field(f sentence.Field) string {
	switch f.Kind {
	case sentence.KindText:
		return f.Text.String()
	case sentence.KindWord:
		return f.Word
	case sentence.KindTerm:
		return p.Label(f.Word)
	case sentence.KindCount:
		return p.Number(f.Count)
	case sentence.KindTime:
		return p.Time(f.At)
	case sentence.KindSpan:
		return p.Span(f.Span)
	case sentence.KindNested:
		return p.Say(*f.Inner)
	default:
		return ""
	}
}

// Number groups digits in threes with a narrow space from 10 000 on.
func (p Printer) Number(n int) string {
	s := strconv.Itoa(n)
	if n < 10_000 {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
