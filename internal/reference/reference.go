// Package reference writes the parts of the documentation that are made from the program itself: keys, verbs, configuration. A test
// compares them with docs/, so that they are never out of date; `go test ./internal/reference -update` writes them anew.
package reference

import (
	"fmt"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/verbs"
)

// Verbs is docs/verbs.md.
func Verbs() string {
	var b strings.Builder
	b.WriteString(`# Commands over SSH

Made from the program; do not edit. The same desk and the same pipeline as the screens, for scripts and for terminals that cannot draw:

    ssh l1@desk user show jane.doe --json

Output is text for people; ` + "`--json`" + ` prints the stable form below, errors as JSON on standard error:
` + "`{\"error\": code, \"reason\": sentence id, \"message\": words, \"changed\": nothing|changed|unknown, \"ref\": code to search for}`" + `.
An ID is a login, a mail address, a user principal name, an id or ` + "`directory:login`" + `; two matches are an error that lists them.
Times are RFC 3339 in UTC, "" for none.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | error inside the program |
| 2 | usage, or an invalid value |
| 3 | denied, or refused by policy |
| 4 | the caller is not verified |
| 5 | not found |
| 6 | conflict: somebody or something else changed it |
| 7 | throttled |
| 8 | waits for approval |
| 9 | a directory, a channel or the trail is unavailable |
| 10 | the outcome is not known |

`)
	for _, r := range verbs.References() {
		fmt.Fprintf(&b, "## `%s`\n\n%s\n", r.Usage, sentenceCase(r.About))
		if len(r.Fields) > 0 {
			fmt.Fprintf(&b, "\nFields: `%s`\n", strings.Join(r.Fields, "`, `"))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// sentenceCase makes a sentence of a phrase.
func sentenceCase(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// Config is docs/config.md: the settings and grants. The tables of the file itself are described in operating.md.
func Config() string {
	var b strings.Builder
	b.WriteString(`# Settings and grants

Made from the program; do not edit. Everything below stands under ` + "`[settings]`" + ` in the configuration file, for example

    [settings]
    proof.code_life = "5m"

A value outside its bounds is refused with file and line. Lengths of time are written as "90s", "10m", "24h".

| key | default | bounds | what it is |
|---|---|---|---|
`)
	defaults := policy.Defaults()
	for _, set := range policy.All() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", set.Key, value(set.Get(&defaults)), bounds(set), set.Doc)
	}
	b.WriteString("\n## Grants\n\nUnder `[grants]` a role gets exactly the permissions listed for it; roles that are not named keep their defaults:\n\n| permission |")
	for _, r := range rbac.OperatorRoles() {
		fmt.Fprintf(&b, " %s |", r)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(rbac.OperatorRoles())) + "\n")
	for _, p := range rbac.Permissions() {
		fmt.Fprintf(&b, "| `%s` |", p)
		for _, r := range rbac.OperatorRoles() {
			b.WriteString(map[bool]string{true: " yes |", false: " |"}[rbac.DefaultGrants().Has(r, p)])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func value(field any) string {
	switch v := field.(type) {
	case *int:
		return fmt.Sprint(*v)
	case *time.Duration:
		return span(*v)
	case *bool:
		return fmt.Sprint(*v)
	case *string:
		return fmt.Sprintf("%q", *v)
	default:
		return "[]"
	}
}

func bounds(set policy.Setting) string {
	switch lo := set.Min.(type) {
	case int:
		return fmt.Sprintf("%d to %d %s", lo, set.Max, set.Unit)
	case time.Duration:
		hi, _ := set.Max.(time.Duration)
		return span(lo) + " to " + span(hi)
	default:
		return set.Unit
	}
}

// span writes a length of time as it is written in the file: "90s", "10m", "24h".
func span(d time.Duration) string {
	switch {
	case d == 0:
		return "0"
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	default:
		return d.String()
	}
}
