package verbs_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
	"github.com/sspr-tui/sspr-tui/internal/verbs"
)

// line runs one command line and returns what it printed and its exit code.
func line(t *testing.T, b *coretest.Bench, a core.Actor, in string, argv ...string) (out, errOut string, exit int) {
	t.Helper()
	var o, e bytes.Buffer
	exit = verbs.Run(t.Context(), verbs.Env{
		Desk: b.Desk, Actor: a, Text: text.Printer{Lang: text.English, Zone: time.UTC, Now: b.Clock.Now()}, Clock: b.Clock, NewID: b.Op,
		In: strings.NewReader(in), Out: &o, Err: &e,
	}, argv)
	return o.String(), e.String(), exit
}

// fields runs a command line with --json that must succeed.
func fields(t *testing.T, b *coretest.Bench, a core.Actor, argv ...string) map[string]any {
	t.Helper()
	out, errOut, exit := line(t, b, a, "", append(argv, "--json")...)
	if exit != 0 {
		t.Fatalf("%v: exit %d: %s", argv, exit, errOut)
	}
	var f map[string]any
	if err := json.Unmarshal([]byte(out), &f); err != nil {
		t.Fatalf("%v: %v in %s", argv, err, out)
	}
	return f
}

func TestAnAssistedResetFromTheCommandLine(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	number := fmt.Sprint(fields(t, b, coretest.L1(), "case", "open", "jane.doe", "--ticket", "INC-1")["case"])
	started := fields(t, b, coretest.L1(), "verify", "start", number, "--method", "totp")
	challenge, _ := started["challenge"].(string)
	out, errOut, exit := line(t, b, coretest.L1(), coretest.RightCode+"\n", "verify", "confirm", challenge, "--code", "-", "--json")
	if exit != 0 || !strings.Contains(out, `"assurance": "strong"`) {
		t.Fatalf("exit %d: %s%s", exit, out, errOut)
	}
	done := fields(t, b, coretest.L1(), "password", "reset", number)
	if done["outcome"] != "done" || done["delivered_to"] != "j•••@h•••.example" || done["password"] != nil {
		t.Fatalf("%v", done)
	}
	closed := fields(t, b, coretest.L1(), "case", "close", number, "--code", "assisted_reset")
	if closed["status"] != "closed" || closed["ticket"] != "INC-1" {
		t.Fatalf("%v", closed)
	}
}

func TestTheFieldsOfAUser(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	f := fields(t, b, coretest.L1(), "user", "show", "JANE.DOE")
	for _, name := range []string{
		"id", "directory", "login", "display_name", "department", "mail", "origin", "state", "roles", "groups", "class", "class_reason",
		"methods", "headline", "next_action",
	} {
		if _, ok := f[name]; !ok {
			t.Errorf("there is no %s", name)
		}
	}
	state, _ := f["state"].(map[string]any)
	if state["locked"] != true || state["locked_since"] != "2026-03-02T08:50:00Z" || state["unlocks_at"] == "" {
		t.Errorf("%v", state)
	}
	methods, _ := f["methods"].([]any)
	mail, _ := methods[1].(map[string]any)
	if mail["masked"] != "j•••@h•••.example" || mail["usable"] != true {
		t.Errorf("%v", mail)
	}
	all, _, _ := line(t, b, coretest.L2(), "", "user", "show", "jane.doe")
	if strings.Contains(fmt.Sprint(f)+all, "jane@home.example") {
		t.Error("an address is shown in full")
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	guarded := coretest.Jane(b.Clock.Now())
	guarded.Login, guarded.Roles = untrusted.New("ada"), []rbac.Role{rbac.GlobalAdministrator}
	b.Dir.Put(guarded)
	open := fmt.Sprint(b.OpenCase(t, coretest.L1(), b.Jane.ID).Number)
	for _, tc := range []struct {
		name string
		exit int
		argv string
	}{
		{"done", 0, "whoami"},
		{"help", 0, ""},
		{"help of a verb", 0, "help user show"},
		{"unknown verb", 2, "user destroy jane"},
		{"unknown flag", 2, "user show jane.doe --force"},
		{"missing argument", 2, "user show"},
		{"too many", 2, "user show jane doe"},
		{"missing flag", 2, "case close 1"},
		{"flag without value", 2, "case open jane.doe --ticket"},
		{"not a number", 2, "case show one"},
		{"negative", 2, "case show -1"},
		{"unknown state", 2, "user list --state asleep"},
		{"denied", 3, "account unlock " + open},
		{"not verified", 4, "password reset " + open},
		{"not found", 5, "user show nobody"},
		{"no such case", 5, "case show 99"},
		{"nothing waits", 5, "handoff take"},
		{"unknown challenge", 5, "verify confirm ch_x --code 1"},
		{"role that does not exist", 2, "handoff create " + open + " --to Chief --reason x"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			out, errOut, exit := line(t, b, coretest.L1(), "", strings.Fields(tc.argv)...)
			if exit != tc.exit {
				t.Fatalf("exit %d, want %d: %s%s", exit, tc.exit, out, errOut)
			}
			if exit != 0 && (errOut == "" || strings.Contains(errOut, "[")) && !strings.Contains(errOut, "Usage") {
				t.Fatalf("said %q", errOut)
			}
		})
	}
}

func TestOutcomesHaveTheirExitCodes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fail    error
		exit    int
		outcome string
	}{
		"refused":     {core.Fail(core.CodePolicy, sentence.Of("password.cannot_generate")), 3, "refused"},
		"unavailable": {core.Fail(core.CodeUnavailable, sentence.Of("error.timeout")), 9, "failed"},
		"unknown":     {&core.Error{Code: core.CodeUnavailable, Said: sentence.Of("error.timeout"), Changed: core.ChangeUnknown}, 10, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := coretest.NewBench(t)
			c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
			b.Prove(t, coretest.L1(), c.Number)
			b.Dir.Fail("SetPassword", 1, tc.fail)
			out, errOut, exit := line(t, b, coretest.L1(), "", "password", "reset", fmt.Sprint(c.Number), "--json")
			if exit != tc.exit || !strings.Contains(out, `"outcome": "`+tc.outcome+`"`) || !strings.Contains(errOut, `"changed"`) {
				t.Fatalf("exit %d: %s%s", exit, out, errOut)
			}
		})
	}
}

func TestARepeatedOperationIsNotDoneAgain(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	b.Prove(t, coretest.L1(), c.Number)
	argv := []string{"password", "reset", fmt.Sprint(c.Number), "--operation", "mine-1"}
	fields(t, b, coretest.L1(), argv...)
	if again := fields(t, b, coretest.L1(), argv...); again["repeated"] != true || b.Dir.Writes() != 1 {
		t.Fatalf("%v, %d writes", again, b.Dir.Writes())
	}
}

func TestAHandoffFromTheCommandLine(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	b.Prove(t, coretest.L1(), c.Number)
	n := fmt.Sprint(c.Number)
	f := fields(t, b, coretest.L1(), "handoff", "create", n, "--to", "User Administrator", "--reason", "unlock wanted", "--wanted", "unlock")
	if f["status"] != "waiting" || f["waits_for"] != "User Administrator" {
		t.Fatalf("%v", f)
	}
	if list := fields(t, b, coretest.L2(), "handoff", "list")["cases"].([]any); len(list) != 1 {
		t.Fatalf("%v", list)
	}
	fields(t, b, coretest.L2(), "handoff", "take")
	if done := fields(t, b, coretest.L2(), "account", "unlock", n); done["outcome"] != "done" {
		t.Fatalf("%v", done)
	}
	records := fields(t, b, coretest.L2(), "audit", "list", "--case", n)["records"].([]any)
	if len(records) < 5 {
		t.Fatalf("%d records of the case", len(records))
	}
}

// T97, T98: what people are called cannot leave its cell, its line or the terminal.
func TestHostileNamesStayText(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	evil := coretest.Jane(b.Clock.Now())
	evil.Login, evil.DisplayName = untrusted.New("evil"), untrusted.New("=1+1\x1b]52;c;eA==\x07\n\u202eJane")
	b.Dir.Put(evil)
	for _, argv := range [][]string{
		{"user", "show", "evil"},
		{"user", "show", "evil", "--json"},
		{"user", "search", "evil"},
		{"user", "search", "evil", "--json"},
		{"user", "list", "--state", "locked", "--csv"},
		{"case", "open", "evil"},
		{"case", "list"},
		{"audit", "list", "--json"},
	} {
		out, errOut, exit := line(t, b, coretest.L1(), "", argv...)
		if exit != 0 || strings.ContainsAny(out+errOut, "\x1b\x07\u202e") {
			t.Errorf("%v: exit %d: %q", argv, exit, out+errOut)
		}
	}
	out, _, _ := line(t, b, coretest.L1(), "", "user", "list", "--state", "locked", "--csv")
	if strings.Contains(out, ",=1+1") || !strings.Contains(out, "'=1+1") {
		t.Errorf("a formula: %q", out)
	}
}

func TestEverySentenceOfTheHelpExists(t *testing.T) {
	t.Parallel()
	b := coretest.NewBench(t)
	for _, lang := range []text.Language{text.English} {
		var o, e bytes.Buffer
		verbs.Run(t.Context(), verbs.Env{Desk: b.Desk, Actor: coretest.L1(), Text: text.Printer{Lang: lang}, Out: &o, Err: &e}, []string{"help"})
		if strings.Contains(o.String(), "[command.") || strings.Count(o.String(), "\n") < 30 {
			t.Fatal(o.String())
		}
	}
}
