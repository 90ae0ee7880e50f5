package sshd

import (
	"errors"
	"strings"
)

// ErrUnterminated means that a quotation in a command line does not end.
var ErrUnterminated = errors.New("unterminated quotation in the command line")

// splitCommandLine splits at blanks and takes quotation marks and backslashes away as a POSIX shell does (Shell Command
// Language, section 2.2). Nothing else means anything: no variables, no patterns, no commands in commands.
func splitCommandLine(line string) ([]string, error) {
	var w words
	for rest := line; rest != ""; {
		c := rest[0]
		rest = rest[1:]
		var ok bool
		switch c {
		case ' ', '\t', '\n', '\r':
			w.end()
			continue
		case '\'':
			rest, ok = w.single(rest)
		case '"':
			rest, ok = w.double(rest)
		case '\\':
			rest, ok = w.escaped(rest)
		default:
			w.add(c)
			ok = true
		}
		if !ok {
			return nil, ErrUnterminated
		}
	}
	w.end()
	return w.list, nil
}

// words collects the words of a command line.
type words struct {
	list []string
	word strings.Builder
	open bool // there is a word, be it an empty one
}

func (w *words) add(c byte) {
	w.word.WriteByte(c)
	w.open = true
}

func (w *words) end() {
	if w.open {
		w.list = append(w.list, w.word.String())
	}
	w.word.Reset()
	w.open = false
}

func (w *words) escaped(rest string) (string, bool) {
	if rest == "" {
		return "", false
	}
	w.add(rest[0])
	return rest[1:], true
}

func (w *words) single(rest string) (string, bool) {
	text, rest, ok := strings.Cut(rest, "'")
	w.word.WriteString(text)
	w.open = true
	return rest, ok
}

// double keeps a backslash unless it stands before a character that means something within double quotation marks.
func (w *words) double(rest string) (string, bool) {
	w.open = true
	for rest != "" {
		c := rest[0]
		rest = rest[1:]
		switch {
		case c == '"':
			return rest, true
		case c == '\\' && rest != "" && strings.IndexByte("\\\"$`", rest[0]) >= 0:
			w.add(rest[0])
			rest = rest[1:]
		default:
			w.add(c)
		}
	}
	return "", false
}
