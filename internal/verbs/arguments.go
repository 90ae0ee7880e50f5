package verbs

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// arguments are the parsed words of a command line.
type arguments struct {
	plain []string
	flags map[string]string
}

// parse takes --name value, --name=value and switches; everything after -- is plain. It returns what is wrong.
func parse(v verb, argv []string) (arguments, sentence.Sentence) {
	a := arguments{flags: map[string]string{}}
	wrong := sentence.Of("verb.usage", sentence.Word("usage", v.usage()))
	for len(argv) > 0 {
		word := argv[0]
		argv = argv[1:]
		name, isFlag := strings.CutPrefix(word, "--")
		switch {
		case !isFlag:
			a.plain = append(a.plain, word)
		case name == "":
			a.plain, argv = append(a.plain, argv...), nil
		default:
			var ok bool
			if argv, ok = a.flag(v, name, argv); !ok {
				return a, wrong
			}
		}
	}
	for _, o := range v.flags {
		if o.need && !a.has(o.name) {
			return a, wrong
		}
	}
	return a, a.counted(v, wrong)
}

// flag takes one flag, whose value may be the next word, and returns the words that are left.
func (a *arguments) flag(v verb, name string, rest []string) ([]string, bool) {
	name, val, inline := strings.Cut(name, "=")
	known := append(slices.Clone(v.flags), option{name: "json"})
	at := slices.IndexFunc(known, func(o option) bool { return o.name == name })
	if at < 0 || a.has(name) || (inline && known[at].value == "") {
		return rest, false
	}
	if known[at].value != "" && !inline {
		if len(rest) == 0 {
			return rest, false
		}
		val, rest = rest[0], rest[1:]
	}
	a.flags[name] = val
	return rest, true
}

// counted checks how many plain words there are. Several words of a TEXT are one text.
func (a *arguments) counted(v verb, wrong sentence.Sentence) sentence.Sentence {
	switch {
	case v.takes == "TEXT" && len(a.plain) > 1:
		a.plain = []string{strings.Join(a.plain, " ")}
	case v.takes == "[VERB]":
		return sentence.Sentence{}
	case v.takes == "" && len(a.plain) > 0, len(a.plain) > 1, v.takes != "" && v.takes[0] != '[' && len(a.plain) == 0:
		return wrong
	}
	return sentence.Sentence{}
}

func (a arguments) has(name string) bool {
	_, ok := a.flags[name]
	return ok
}

// on reports whether a switch is set.
func (a arguments) on(name string) bool { return a.has(name) }

// word is the plain word, "" without one.
func (a arguments) word() string {
	if len(a.plain) == 0 {
		return ""
	}
	return a.plain[0]
}

// text is the plain word as text from outside.
func (a arguments) text() untrusted.Text { return untrusted.New(a.word()) }

// number reads a positive whole number; 0 for "".
func number(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, core.Fail(core.CodeInvalid, sentence.Of("verb.not_a_number", sentence.Text("word", untrusted.New(s))))
	}
	return n, nil
}

// caseNumber is the plain word as the number of a case.
func (c *call) caseNumber() (int64, error) {
	n, err := number(c.args.word())
	if err == nil && n == 0 {
		err = core.Fail(core.CodeInvalid, sentence.Of("verb.usage", sentence.Word("usage", c.verb.usage())))
	}
	return n, err
}
