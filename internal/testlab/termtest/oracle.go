package termtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Allowance lets a program send more than every program of ours may.
type Allowance string

// What some programs may send.
const (
	// Clipboard allows setting the clipboard (OSC 52); reading it is never allowed.
	Clipboard Allowance = "clipboard"
	// ColorQuestions allows asking for the terminal's default colours.
	ColorQuestions Allowance = "color questions"
	// Lines allows CR and LF: what is not a full-screen program ends its lines.
	Lines Allowance = "lines"
)

// maxForeign is how many foreign sequences an error names.
const maxForeign = 10

// Oracle returns an error that names everything the program sent that is not
// on the list of what programs of ours send: placed text, styles, erasing, a few
// modes, the cursor's shape, the window's title. Text from outside that reaches
// a terminal unescaped shows up here.
func (s *Screen) Oracle(allowed ...Allowance) error { return Oracle(s.Raw(), allowed...) }

// Oracle judges a stream; see Screen.Oracle.
func Oracle(raw []byte, allowed ...Allowance) error {
	var foreign []error
	parser := ansi.NewParser()
	state := byte(ansi.NormalState)
	for offset := 0; offset < len(raw) && len(foreign) < maxForeign; {
		token, width, n, next := ansi.DecodeSequence(raw[offset:], state, parser)
		if !ours(string(token), width, parser, allowed) {
			foreign = append(foreign, fmt.Errorf("at byte %d: %q", offset, token))
		}
		offset, state = offset+n, next
	}
	if len(foreign) == 0 {
		return nil
	}
	return fmt.Errorf("the terminal was sent what no program of ours sends: %w", errors.Join(foreign...))
}

func ours(token string, width int, parser *ansi.Parser, allowed []Allowance) bool {
	switch {
	case width > 0:
		return !strings.ContainsFunc(token, isControl)
	case strings.HasPrefix(token, "\x1b["):
		return oursCSI(token[2:], ansi.Cmd(parser.Command()))
	case strings.HasPrefix(token, "\x1b]"):
		return oursOSC(strings.TrimRight(token[2:], "\a\x1b\\"), allowed)
	case token == "\r" || token == "\n":
		return slices.Contains(allowed, Lines)
	}
	// The mark of a grapheme that was cut by an escape sequence is harmless.
	return len(token) > 1 && token[0] >= 0xc0 && !strings.ContainsFunc(token, isControl) && !isDirection(token)
}

func isControl(r rune) bool { return r < ' ' || (r >= 0x7f && r < 0xa0) }

// isDirection reports a mark that reorders text, or hides.
func isDirection(token string) bool {
	return strings.ContainsAny(token, "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
}

// oursCSI judges the control sequences; body is what follows "ESC [".
func oursCSI(body string, command ansi.Cmd) bool {
	switch {
	case command.Prefix() == 0 && command.Intermediate() == 0 && (command.Final() == 'H' || command.Final() == 'm'):
		return true
	case command.Prefix() == '?' && (command.Final() == 'h' || command.Final() == 'l'):
		return slices.Contains(modes(), body[1:len(body)-1])
	case command.Intermediate() == ' ' && command.Final() == 'q':
		return command.Prefix() == 0
	}
	return slices.Contains([]string{"2J", "K", "22;2t", "23;2t"}, body)
}

// modes are the private modes: wrapping, cursor, focus, alternate screen, mouse,
// bracketed paste, synchronised update.
func modes() []string {
	return []string{"7", "25", "1002", "1003", "1004", "1006", "1049", "2004", "2026"}
}

func oursOSC(body string, allowed []Allowance) bool {
	number, text, _ := strings.Cut(body, ";")
	switch number {
	case "2":
		return !strings.ContainsFunc(text, isControl)
	case "52":
		return slices.Contains(allowed, Clipboard) && !strings.HasSuffix(text, "?")
	case "10", "11":
		return slices.Contains(allowed, ColorQuestions) && text == "?"
	}
	return false
}
