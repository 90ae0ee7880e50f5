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
	shape any      // a value of the type --json prints; nil for none
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
		{"whoami", "", nil, "command.whoami", whoamiFields{}, whoami},
		{"user search", "TEXT", nil, "command.user_search", searchFields{}, userSearch},
		{"user show", "ID", nil, "command.user_show", userFields{}, userShow},
		{"user list", "", []option{
			{"state", "locked|disabled|expired|expiring|must-change|idle", true}, {"days", "N", false}, {"directory", "NAME", false}, {"csv", "", false},
		}, "command.user_list", listFields{}, userList},
		{"case open", "ID", []option{{"ticket", "T", false}}, "command.case_open", caseFields{}, caseOpen},
		{"case show", "CASE", nil, "command.case_show", caseFields{}, caseShow},
		{"case list", "", []option{{"view", "mine|waiting|closed", false}}, "command.case_list", casesFields{}, caseList},
		{"case close", "CASE", []option{{"code", "CODE", true}}, "command.case_close", caseFields{}, caseClose},
		{"verify methods", "CASE", nil, "command.verify_methods", verifyMethodsFields{}, verifyMethods},
		{"verify start", "CASE", []option{{"method", "totp|email", true}}, "command.verify_start", startFields{}, verifyStart},
		{"verify confirm", "CHALLENGE", []option{{"code", "C", true}}, "command.verify_confirm", confirmFields{}, verifyConfirm},
		{"password reset", "CASE", []option{{"deliver", "CHANNEL|screen", false}, {"operation", "OPERATION", false}}, "command.password_reset", operationFields{}, passwordReset},
		{"account unlock", "CASE", []option{{"operation", "OPERATION", false}}, "command.account_unlock", operationFields{}, accountUnlock},
		{"handoff create", "CASE", []option{{"to", "ROLE", true}, {"reason", "T", true}, {"wanted", "reset|unlock", false}}, "command.handoff_create", caseFields{}, handoffCreate},
		{"handoff list", "", nil, "command.handoff_list", casesFields{}, handoffList},
		{"handoff take", "[CASE]", nil, "command.handoff_take", caseFields{}, handoffTake},
		{"audit list", "", []option{{"case", "CASE", false}, {"user", "ID", false}, {"limit", "N", false}, {"before", "SEQ", false}}, "command.audit_list", auditFields{}, auditList},
		{"health", "", nil, "command.health", healthReport{}, health},
		{"help", "[VERB]", nil, "command.help", helpFields{}, help},
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
