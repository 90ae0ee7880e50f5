package sshd

import (
	"slices"
	"strings"
)

// maxEnvValue is the longest value of a variable in bytes.
const maxEnvValue = 256

// environment is what a client may set, as far as it is on the list and within the bounds.
type environment struct {
	maxVars, maxBytes int
	values            map[string]string
	bytes             int
}

// set keeps a variable and reports whether it did. Setting it again replaces it.
func (e *environment) set(name, value string) bool {
	if !allowedVariable(name) || !plainValue(value) {
		return false
	}
	old, replaces := e.values[name]
	total := e.bytes + len(name) + len(value)
	if replaces {
		total -= len(name) + len(old)
	} else if len(e.values) >= e.maxVars {
		return false
	}
	if total > e.maxBytes {
		return false
	}
	if e.values == nil {
		e.values = map[string]string{}
	}
	e.values[name], e.bytes = value, total
	return true
}

func (e *environment) list() []string {
	list := make([]string, 0, len(e.values))
	for name, value := range e.values {
		list = append(list, name+"="+value)
	}
	slices.Sort(list)
	return list
}

// allowedVariable is the list: what a terminal program needs to know of its terminal and language, and nothing that
// could change how a program runs.
func allowedVariable(name string) bool {
	switch name {
	case "TERM", "LANG", "COLORTERM", "NO_COLOR", "CLICOLOR":
		return true
	}
	category, isLocale := strings.CutPrefix(name, "LC_")
	return isLocale && category != "" && len(category) <= 32 &&
		!strings.ContainsFunc(category, func(r rune) bool { return (r < 'A' || r > 'Z') && r != '_' })
}

// plainValue reports whether a value is printable ASCII of bearable length.
func plainValue(value string) bool {
	return len(value) <= maxEnvValue && !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' })
}
