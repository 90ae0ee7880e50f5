package verbs

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

type timeValue = time.Time

// verb is one command: its words, what it takes and what it does.
type verb struct {
	words string   // "user show"
	takes string   // "ID", "" for nothing, "[ID]" for optional
	flags []option // beside --json, which every verb has
	about string   // catalogue id
	run   func(ctx context.Context, c *call) (output, error)
}

// option is one --name of a verb.
type option struct {
	name  string
	value string // what it takes, "" for a switch
	need  bool
}

// table lists every verb, in the order of the help. Adding one is its function and a line here.
func table() []verb {
	return []verb{
		{"whoami", "", nil, "verb.whoami", whoami},
		{"user search", "TEXT", nil, "verb.user_search", userSearch},
		{"user show", "ID", nil, "verb.user_show", userShow},
		{"user list", "", []option{
			{"state", "locked|disabled|expired|expiring|must-change|idle", true}, {"days", "N", false}, {"directory", "NAME", false}, {"csv", "", false},
		}, "verb.user_list", userList},
		{"case open", "ID", []option{{"ticket", "T", false}}, "verb.case_open", caseOpen},
		{"case show", "CASE", nil, "verb.case_show", caseShow},
		{"case list", "", []option{{"view", "mine|waiting|closed", false}}, "verb.case_list", caseList},
		{"case close", "CASE", []option{{"code", "CODE", true}}, "verb.case_close", caseClose},
		{"verify methods", "CASE", nil, "verb.verify_methods", verifyMethods},
		{"verify start", "CASE", []option{{"method", "totp|email", true}}, "verb.verify_start", verifyStart},
		{"verify confirm", "CHALLENGE", []option{{"code", "C", true}}, "verb.verify_confirm", verifyConfirm},
		{"password reset", "CASE", []option{{"deliver", "CHANNEL|screen", false}, {"operation", "OPERATION", false}}, "verb.password_reset", passwordReset},
		{"account unlock", "CASE", []option{{"operation", "OPERATION", false}}, "verb.account_unlock", accountUnlock},
		{"handoff create", "CASE", []option{{"to", "ROLE", true}, {"reason", "T", true}, {"wanted", "reset|unlock", false}}, "verb.handoff_create", handoffCreate},
		{"handoff list", "", nil, "verb.handoff_list", handoffList},
		{"handoff take", "[CASE]", nil, "verb.handoff_take", handoffTake},
		{"audit list", "", []option{{"case", "CASE", false}, {"user", "ID", false}, {"limit", "N", false}, {"before", "SEQ", false}}, "verb.audit_list", auditList},
		{"health", "", nil, "verb.health", health},
		{"help", "[VERB]", nil, "verb.help", help},
	}
}

// lookUp finds the verb a command line begins with and what follows it.
func lookUp(argv []string) (verb, []string, bool) {
	if len(argv) == 0 {
		argv = []string{"help"}
	}
	for _, v := range table() {
		words := strings.Fields(v.words)
		if len(argv) >= len(words) && slices.Equal(argv[:len(words)], words) {
			return v, argv[len(words):], true
		}
	}
	return verb{}, nil, false
}

func unknownVerb(argv []string) sentence.Sentence {
	return sentence.Of("verb.unknown", sentence.Text("verb", untrusted.New(strings.Join(argv[:min(2, len(argv))], " "))))
}

// usage is how a verb is written.
func (v verb) usage() string {
	var b strings.Builder
	b.WriteString(v.words)
	if v.takes != "" {
		b.WriteString(" " + v.takes)
	}
	for _, f := range append(slices.Clone(v.flags), option{name: "json"}) {
		part := "--" + f.name
		if f.value != "" {
			part += " " + f.value
		}
		if !f.need {
			part = "[" + part + "]"
		}
		b.WriteString(" " + part)
	}
	return b.String()
}
