package notify

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

const (
	lineWidth   = 72      // characters, after which a line is broken at a blank
	maxQuoted   = 64      // bytes of a name, login or ticket in a message
	contentSize = 8 << 10 // bytes; a message that fits leaves no copies of itself behind while it grows
	indent      = "    "  // before the secret, which stands alone on its line
)

// errNoSecret is a letter whose secret was taken or destroyed before it was written.
var errNoSecret = errors.New("the secret is gone")

// stationery is what all messages of a desk have in common.
type stationery struct {
	from     Address
	helpLine string // "" when none is configured
	language text.Language
	zone     *time.Location
}

// line is a line of a message: words, or the secret of a letter, or neither for an empty one.
type line struct {
	words  string
	secret *secret.Text
}

// sheet is one message before it is written.
type sheet struct {
	to      Address
	id      string // Message-ID
	at      time.Time
	subject string // id of a catalogue entry without fields, so that nobody's text can be in it
	lines   []line
}

// printer has no today: a message may be read on another day, so its times always carry the date.
func (s *stationery) printer() text.Printer { return text.Printer{Lang: s.language, Zone: s.zone} }

func (s *stationery) say(id string, fields ...sentence.Field) line {
	return line{words: s.printer().Say(sentence.Of(id, fields...))}
}

// write makes the message. The caller clears Content when it has been sent.
func (s *stationery) write(sh sheet) (Message, error) {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(m.From(s.from.spec), m.To(sh.to.spec)); err != nil {
		return Message{}, newFailure(StepAddress, "", err)
	}
	m.Subject(s.printer().Label(sh.subject))
	m.SetDateWithValue(s.local(sh.at))
	m.SetMessageIDWithValue(sh.id)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers
	m.SetGenHeader("Content-Language", string(s.language))
	m.SetBodyWriter(mail.TypeTextPlain, sh.writeBody)
	out := bytes.NewBuffer(make([]byte, 0, contentSize))
	if _, err := m.WriteTo(out); err != nil {
		clear(out.Bytes())
		return Message{}, newFailure(StepMessage, "", err)
	}
	return Message{ID: sh.id, At: sh.at, Content: out.Bytes()}, nil
}

func (s *stationery) local(t time.Time) time.Time {
	if s.zone == nil {
		return t.UTC()
	}
	return t.In(s.zone)
}

// writeBody is called by go-mail with the encoder of the body: the secret goes from its Text straight into it.
func (sh sheet) writeBody(w io.Writer) (n int64, err error) {
	for _, l := range sh.lines {
		written, err := l.writeTo(w)
		n += written
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func (l line) writeTo(w io.Writer) (int64, error) {
	if l.secret == nil {
		n, err := io.WriteString(w, wrap(l.words)+"\n")
		return int64(n), err
	}
	var written int
	err := l.secret.Use(func(value []byte) error {
		if len(value) == 0 {
			return errNoSecret
		}
		for _, piece := range [][]byte{[]byte(indent), value, []byte("\n")} {
			n, err := w.Write(piece)
			written += n
			if err != nil {
				return err
			}
		}
		return nil
	})
	return int64(written), err
}

// wrap breaks words into lines. Scripts that write no blanks stay on one line, which every mail program breaks itself.
func wrap(words string) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Fields(words) {
		size := len([]rune(word))
		switch {
		case i == 0:
		case width+1+size > lineWidth:
			b.WriteByte('\n')
			width = 0
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += size
	}
	return b.String()
}

// help is what a surprised reader calls.
func (s *stationery) help() sentence.Field {
	if s.helpLine == "" {
		return sentence.Term("help", "letter.help_unknown")
	}
	return sentence.Word("help", s.helpLine)
}

// What mail programs make a link of. A message of the desk is trusted, so nobody's name may put a link into it.
var (
	linkLike = regexp.MustCompile(`(?i)[:/]|www\.`)
	hostLike = regexp.MustCompile(`[\pL\pN]{2}\.\pL{2}`)
)

// quoted is a name or a reference from outside as a message may carry it: short, visible, no link; "" when it cannot be.
func quoted(t untrusted.Text) string {
	s := quotedLogin(t)
	if hostLike.MatchString(s) {
		return ""
	}
	return s
}

// quotedLogin is quoted for a login, which may look like a host: "jane.doe", "jane@corp.example".
func quotedLogin(t untrusted.Text) string {
	s := strings.TrimSpace(t.DisplayMax(maxQuoted))
	if linkLike.MatchString(s) {
		return ""
	}
	return s
}
