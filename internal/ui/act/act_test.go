package act_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/core/policy"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/act"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// bench is a desk with a screen on it.
type bench struct {
	*coretest.Bench
	env  *screen.Env
	life *screen.Life
}

func newBench(t testing.TB) *bench {
	t.Helper()
	b := &bench{Bench: coretest.NewBench(t)}
	look, err := theme.New(theme.Options{Name: theme.None})
	if err != nil {
		t.Fatal(err)
	}
	b.env = &screen.Env{
		Desk: b.Desk, Actor: coretest.L1(), Theme: look, Lang: text.English, Zone: time.UTC, Now: b.Clock.Now(),
		Log: slog.New(slog.DiscardHandler), NewID: b.Op,
	}
	b.life = screen.NewLife(context.Background(), 1, b.env)
	return b
}

// land runs a command of the screen and returns its result.
func (b *bench) land(t *testing.T, cmd tea.Cmd) tea.Msg {
	t.Helper()
	if cmd == nil {
		t.Fatal("nothing was started")
	}
	msg, ok := cmd().(screen.Landed)
	if !ok {
		t.Fatalf("%#v", msg)
	}
	b.life.Down()
	return msg.Msg
}

func key(name string) tea.KeyPressMsg {
	switch name {
	case "enter":
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case "esc":
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	default:
		return tea.KeyPressMsg{Code: rune(name[0]), Text: name}
	}
}

func TestAKeyThatComesTooEarlyBeginsTheGraceAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var g act.Grace
	if !g.Over(b.env.Now) {
		t.Error("a grace that never began lasts")
	}
	if g.Begin(b.env, b.life) == nil {
		t.Error("nothing draws the pointer when the grace is over")
	}
	for range 3 {
		b.env.Now = b.env.Now.Add(kit.DefaultGrace - time.Millisecond)
		if early, again := g.Swallows(b.env, b.life, key("enter")); !early || again == nil {
			t.Fatal("a key that is held down got through")
		}
	}
	if early, _ := g.Swallows(b.env, b.life, key("esc")); early {
		t.Error("esc was swallowed: one must always be able to leave")
	}
	b.env.Now = b.env.Now.Add(kit.DefaultGrace)
	if early, _ := g.Swallows(b.env, b.life, key("enter")); early || !g.Over(b.env.Now) {
		t.Error("a key that came in time was swallowed")
	}
}

// full is a page with one of everything.
func full(env *screen.Env, form *kit.Form) *act.Page {
	p := act.NewPage(env)
	p.Call(core.ProofState{Case: core.Case{Number: 318, Ticket: untrusted.New("INC-2231")}}, "reset", act.StageAsk)
	p.Block(&act.Ends{Theme: env.Theme, Left: "Before the reset: is this Jane Doe?", Right: "1 proof needed"}, "Before the reset")
	p.State(&kit.Statement{Theme: env.Theme, State: theme.StateWarn, Text: "Something is the matter.", Details: []string{"And this too."}})
	p.Say(theme.Dim, strings.Repeat("A long paragraph that has to be wrapped. ", 6))
	p.Pairs(6, kit.Pair{Label: "Say", Value: kit.Cell{Text: "“Please read me the code.”"}})
	p.Form(form)
	p.Next(true, kit.Binding{Keys: []string{"enter"}, Label: "go on"}, kit.Binding{Keys: []string{"h"}, Label: "hand off"})
	p.Close()
	p.Choices(true, kit.KeyMap{{Keys: []string{"enter", "h"}, Label: "first"}, {Keys: []string{"x"}, Label: "second"}})
	p.Inset(&kit.Lines{Theme: env.Theme, Lines: []kit.Line{kit.Plain("inset")}})
	return p
}

func TestAPageFitsEverySize(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	form := &kit.Form{Theme: b.env.Theme, Fields: []kit.Field{{ID: "code", Label: "Code", Input: kit.Input{Mode: kit.InputCode, Max: 6}}}}
	rapid.Check(t, func(r *rapid.T) {
		w, h := rapid.IntRange(0, 400).Draw(r, "w"), rapid.IntRange(0, 200).Draw(r, "h")
		f := full(b.env, form).Frame(w, h)
		if len(f.Lines) != h {
			r.Fatalf("%d lines at %dx%d", len(f.Lines), w, h)
		}
		for _, l := range f.Lines {
			if theme.Width(l) > w {
				r.Fatalf("a line of %d cells at %dx%d: %q", theme.Width(l), w, h, l)
			}
		}
		if c := f.Cursor; c != nil && (c.X >= w || c.Y >= h || c.X < 0 || c.Y < 0) {
			r.Fatalf("cursor at %d,%d of %dx%d", c.X, c.Y, w, h)
		}
	})
}

func TestWhereThereIsLittleRoomTheNextKeyStays(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	form := &kit.Form{Theme: b.env.Theme, Fields: []kit.Field{{ID: "code", Label: "Code", Input: kit.Input{Mode: kit.InputCode, Max: 6}}}}
	for _, h := range []int{6, 8, 12} {
		f := full(b.env, form).Frame(60, h)
		seen := strings.Join(f.Lines, "\n")
		for _, want := range []string{"Code", "Enter  go on", "second"} {
			if !strings.Contains(seen, want) {
				t.Errorf("with %d lines %q is lost:\n%s", h, want, seen)
			}
		}
		if f.Cursor == nil || !strings.Contains(f.Lines[f.Cursor.Y], "Code") {
			t.Errorf("with %d lines the cursor is at %v", h, f.Cursor)
		}
	}
}

func TestAPageIsReadInOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	f := full(b.env, &kit.Form{Theme: b.env.Theme}).Frame(80, 40)
	if got := strings.Join(f.Plain[:3], "|"); got != "Before the reset|Something is the matter.|And this too." {
		t.Errorf("%q", got)
	}
	if got := f.Plain[len(f.Plain)-1]; got != "second" {
		t.Errorf("%q", got)
	}
}

func TestTheStepsStandBesideInAWideTerminalOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for w, want := range map[int]bool{80: false, 140: true} {
		seen := strings.Join(full(b.env, &kit.Form{Theme: b.env.Theme}).Frame(w, 40).Lines, "\n")
		if strings.Contains(seen, "THIS CALL") != want || strings.Contains(seen, "318 · INC-2231") != want {
			t.Errorf("at %d columns:\n%s", w, seen)
		}
	}
}

func TestBeforeTheGraceIsOverNothingPoints(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	p := act.NewPage(b.env)
	p.Next(false, kit.Binding{Keys: []string{"enter"}, Label: "go on"})
	p.Choices(false, kit.KeyMap{{Keys: []string{"enter"}, Label: "first"}})
	seen := strings.Join(p.Frame(60, 8).Lines, "\n")
	if strings.Contains(seen, "▸") || !strings.Contains(seen, "go on") || !strings.Contains(seen, "first") {
		t.Errorf("%s", seen)
	}
}

func TestAPersonIsNamedInFull(t *testing.T) {
	t.Parallel()
	a := core.Account{Person: core.Person{Login: untrusted.New("jane.doe"), DisplayName: untrusted.New("Jane Doe"), Department: untrusted.New("Finance")}}
	if got := act.Person(a); got != "Jane Doe (jane.doe), Finance" {
		t.Errorf("%q", got)
	}
	a.Title, a.Login = untrusted.New("Controller"), untrusted.Text{}
	if got := act.Person(a); got != "Jane Doe, Controller, Finance" {
		t.Errorf("%q", got)
	}
}

func TestMarksSayWhereSomethingStands(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := core.Case{Number: 318, Ticket: untrusted.New("INC-2231")}
	for want, got := range map[string]string{
		"Trail\u00a01204 · case\u00a0318 · INC-2231": act.Marks(b.env, 1204, c),
		"Case\u00a0318": act.Marks(b.env, 0, core.Case{Number: 318}),
		"Trail\u00a07":  act.Marks(b.env, 7, core.Case{}),
		"":              act.Marks(b.env, 0, core.Case{}),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTheCaseOpensByItselfAndOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	e := act.NewEntry(b.env, b.life, b.Jane.ID, 0, core.VerbReset)
	first := b.land(t, e.Start()).(act.Looked)
	e.Opened(first)
	second := b.land(t, e.Again()).(act.Looked)
	if first.Case.Number != 1 || second.Case.Number != 1 || e.Number() != 1 || b.Store.Calls("CreateCase") != 1 {
		t.Errorf("%d and %d, %d cases", first.Case.Number, second.Case.Number, b.Store.Calls("CreateCase"))
	}
}

func TestATicketReferenceIsAskedForWhereTheDeskNeedsOne(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Parts.Rules.Settings.Case = policy.Case{RequireTicket: true, TicketPattern: "INC-[0-9]+"}
	b.Desk.Rule(b.Parts.Rules)
	e := act.NewEntry(b.env, b.life, b.Jane.ID, 0, core.VerbReset)
	if e.Start() != nil || e.Asks() == nil {
		t.Fatal("the case was opened without a ticket reference")
	}
	for _, r := range "nope" {
		if used, _ := e.Key(key(string(r))); !used {
			t.Fatalf("%c was not typed", r)
		}
	}
	_, cmd := e.Key(key("enter"))
	f, ok := b.land(t, cmd).(screen.Failed)
	if !ok || !e.Refused(f.Err) || e.Asks().Value("ticket") != "nope" || e.Asks().Fields[0].Problem == "" {
		t.Fatalf("%+v", f)
	}
	if e.Refused(core.Fail(core.CodeUnavailable, sentence.Of("error.timeout"))) {
		t.Error("an error that is not about the ticket reference was taken for one")
	}
	e.Asks().Fields[0].Input.Set("INC-7")
	_, cmd = e.Key(key("enter"))
	l := b.land(t, cmd).(act.Looked)
	if e.Opened(l); l.Case.Ticket != untrusted.New("INC-7") || e.Asks() != nil {
		t.Errorf("%+v", l.Case)
	}
	if other := act.NewEntry(b.env, b.life, b.Jane.ID, 1, core.VerbReset); other.Asks() != nil {
		t.Error("a case that is open was asked for its ticket reference again")
	}
}

func TestOnlyWhatStillCountsGoesWithACaseForHelp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	b.Prove(t, coretest.L1(), c.Number)
	e := act.NewEntry(b.env, b.life, b.Jane.ID, c.Number, "")
	if got := b.land(t, e.Start()).(act.Looked); len(got.Counted) != 1 {
		t.Errorf("%+v", got.Counted)
	}
	b.Clock.Add(11 * time.Minute)
	if got := b.land(t, e.Again()).(act.Looked); len(got.Counted) != 0 {
		t.Errorf("%+v", got.Counted)
	}
}

func TestEveryOutcomeCodeCanBeChosen(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	table := act.NewCodes(b.env, core.Unlocked)
	i, ok := table.Selected()
	if !ok || core.OutcomeCodes()[i] != core.Unlocked || table.Len() != len(core.OutcomeCodes()) {
		t.Errorf("%d of %d", i, table.Len())
	}
	for i := range table.Len() {
		if cell := table.Rows.Row(i)[0]; cell.Text == "" || strings.HasPrefix(cell.Text, "[") {
			t.Errorf("code %d is called %q", i, cell.Text)
		}
	}
}

func TestClosingACaseClosesIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
	closed := b.land(t, act.Close(b.env, b.life, c.Number, core.Unlocked)).(act.Closed)
	if closed.Case.Status != core.CaseClosed || closed.Case.Code != core.Unlocked || closed.Home(b.env) == nil {
		t.Errorf("%+v", closed.Case)
	}
	if f, ok := b.land(t, act.Close(b.env, b.life, c.Number, core.Unlocked)).(screen.Failed); !ok || f.Of != act.WorkClose || f.Err.Code != core.CodeConflict {
		t.Errorf("%+v", f)
	}
}

func TestTheStepsSayHowFarACallIs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	proved := core.ProofState{Case: core.Case{Number: 3}, Counted: []core.Evidence{{ID: "ev", Kind: core.ProofTOTP, ObtainedAt: b.env.Now}}}
	for _, tc := range []struct {
		st    core.ProofState
		stage act.Stage
		want  []string
	}{
		{core.ProofState{}, act.StageProof, []string{"▸ case", "▸ caller proved", "○ reset", "○ case closed"}},
		{proved, act.StageAsk, []string{"● case", "● caller proved  09:00, authenticator app", "▸ reset", "○ case closed"}},
		{proved, act.StageDone, []string{"● reset", "▸ case closed"}},
		{proved, act.StageStuck, []string{"● caller proved", "■ reset", "○ case closed"}},
		{core.ProofState{Case: core.Case{Number: 3}}, act.StageStuck, []string{"○ caller proved", "■ reset"}},
	} {
		p := act.NewPage(b.env)
		p.Call(tc.st, "reset", tc.stage)
		seen := strings.Join(p.Frame(140, 40).Lines, "\n")
		for _, want := range tc.want {
			if !strings.Contains(seen, want) {
				t.Errorf("%s: %q is not among the steps:\n%s", tc.stage, want, strings.TrimSpace(seen))
			}
		}
	}
}

func TestAGoalSelectsItsSentenceAndItsPermission(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		verb       core.Verb
		id         string
		permission rbac.Permission
	}{
		{core.VerbReset, "x_reset", rbac.ResetPassword}, {core.VerbUnlock, "x_unlock", rbac.Unlock}, {"", "x", rbac.CaseWork},
	} {
		if got := act.Goal("x", tc.verb); got != tc.id {
			t.Errorf("%q: %q", tc.verb, got)
		}
		if got := act.Permission(tc.verb); got != tc.permission {
			t.Errorf("%q: %q", tc.verb, got)
		}
	}
}

func TestWordsForTheCallerStandInQuotationMarks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if got := act.Quoted(b.env, sentence.Of("prove.words.again")); got != "“That did not work. Please read it to me once more.”" {
		t.Errorf("%q", got)
	}
	if got := act.Way(b.env, core.ProofMail); got != "code by mail" {
		t.Errorf("%q", got)
	}
}

func TestLeavingSaysThatTheCaseStaysOpen(t *testing.T) {
	t.Parallel()
	if got := act.Leave(0)(); got != (screen.Pop{}) {
		t.Errorf("%#v", got)
	}
	batch, ok := act.Leave(7)().(tea.BatchMsg)
	if !ok || len(batch) != 2 {
		t.Fatalf("%#v", batch)
	}
	if toast, ok := batch[1]().(screen.Toast); !ok || toast.Said.ID != "act.stays_open" {
		t.Errorf("%#v", toast)
	}
}

// The words for the caller must be as safe read out as they stand: they never say what failed, and name no method's value.
func TestTheWordsForTheCallerNeverSayWhy(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	n := 0
	for _, id := range text.IDs(text.English) {
		if !strings.Contains(id, ".words.") {
			continue
		}
		n++
		said := b.env.Label(id)
		for _, never := range []string{"wrong", "expired", "locked", "disabled", "not accepted", "method", "{to}", "{name}", "case"} {
			if strings.Contains(strings.ToLower(said), never) {
				t.Errorf("%s tells the caller %q: %s", id, never, said)
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d sentences for the caller were found", n)
	}
}

func TestAScreenIsLeftOnce(t *testing.T) {
	t.Parallel()
	var e act.Exit
	if e.Taken() {
		t.Error("left before anybody left")
	}
	if e.Take(screen.Do(screen.Pop{})) == nil || !e.Taken() {
		t.Error("the way out was not taken")
	}
	if e.Take(screen.Do(screen.Pop{})) != nil {
		t.Error("a second esc closes the screen below")
	}
}
