package ui_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// probe is a screen that writes down what reaches it.
type probe struct {
	env    *screen.Env
	life   *screen.Life
	name   string
	typing bool
	seen   *[]string
}

func (p *probe) note(format string, args ...any) {
	*p.seen = append(*p.seen, p.name+": "+fmt.Sprintf(format, args...))
}

func (p *probe) Title() string { return p.name }

func (p *probe) Init() tea.Cmd { return nil }

func (p *probe) Key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	p.note("key %s", k)
	if k.String() == "p" {
		return true, screen.Do(screen.Push{To: "child"})
	}
	return k.String() == "x", nil
}

func (p *probe) Update(msg tea.Msg) tea.Cmd {
	p.note("%T", msg)
	return nil
}

func (p *probe) View(w, h int) screen.Frame {
	return screen.Frame{Lines: kit.Clamp([]string{" this is " + p.name}, w, h), Cursor: &screen.Cursor{X: 2, Y: 0}}
}

func (p *probe) Keys() kit.KeyMap {
	return kit.KeyMap{{ID: "p", Keys: []string{"p"}, Label: "open a child"}, {ID: "u", Keys: []string{"u"}, Label: "unlock", Disabled: "Level 2"}}
}

func (p *probe) Typing() bool { return p.typing }

// gate unlocks with "open sesame".
type gate struct{ possible bool }

func (g gate) CanUnlock(context.Context, core.Actor) bool { return g.possible }

func (g gate) Unlock(_ context.Context, _ core.Actor, typed *secret.Text) error {
	if typed.Reveal() == "open sesame" {
		return nil
	}
	return core.Fail(core.CodeDenied, sentence.Of("lock.refused"))
}

// desk is a root on probes.
type desk struct {
	*ui.Root
	b    *coretest.Bench
	seen []string
	quit bool
	life map[string]*screen.Life
}

func newDesk(t *testing.T, possible bool) *desk {
	t.Helper()
	d := &desk{b: coretest.NewBench(t), life: map[string]*screen.Life{}}
	th, err := theme.New(theme.Options{Name: theme.None, Depth: theme.DepthNone})
	if err != nil {
		t.Fatal(err)
	}
	op, may, err := d.b.Desk.WhoAmI(t.Context(), coretest.L1())
	if err != nil {
		t.Fatal(err)
	}
	env := &screen.Env{
		Desk: d.b.Desk, Actor: coretest.L1(), Operator: op, May: may, Theme: th, Lang: text.English, Zone: time.UTC,
		Log: slog.New(slog.DiscardHandler), NewID: d.b.Op,
	}
	entry := func(r screen.Route, key string) ui.Entry {
		return ui.Entry{Route: r, Key: key, Label: map[bool]string{true: "go.trail"}[key != ""], New: func(env *screen.Env, life *screen.Life, _ any) screen.Screen {
			d.life[string(r)] = life
			return &probe{env: env, life: life, name: string(r), seen: &d.seen, typing: r == screen.Home}
		}}
	}
	d.Root = ui.NewRoot(t.Context(), ui.Options{
		Env: env, Clock: d.b.Clock, Unlocker: gate{possible},
		Registry: []ui.Entry{entry(screen.Home, ""), entry("child", ""), entry("place", "f4"), entry("other", "f5")},
	})
	d.Init()
	d.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	return d
}

// send delivers a message and runs the commands that answer at once.
func (d *desk) send(msg tea.Msg) {
	_, cmd := d.Update(msg)
	d.run(cmd)
}

func (d *desk) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			d.run(c)
		}
	case tea.QuitMsg:
		d.quit = true
	case screen.Push, screen.Pop, screen.Replace, screen.GoHome, screen.Toast, screen.Ask:
		d.send(msg)
	}
}

func (d *desk) press(keys ...string) {
	for _, k := range keys {
		d.send(key(k))
	}
}

func key(name string) tea.KeyPressMsg {
	special := map[string]tea.KeyPressMsg{
		"esc": {Code: tea.KeyEscape}, "enter": {Code: tea.KeyEnter}, "f1": {Code: tea.KeyF1}, "f4": {Code: tea.KeyF4}, "f5": {Code: tea.KeyF5},
		"f10": {Code: tea.KeyF10}, "ctrl+k": {Code: 'k', Mod: tea.ModCtrl}, "ctrl+c": {Code: 'c', Mod: tea.ModCtrl}, "ctrl+g": {Code: 'g', Mod: tea.ModCtrl},
	}
	if k, ok := special[name]; ok {
		return k
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

func (d *desk) text() string { return d.View().Content }

func (d *desk) shows(t *testing.T, want string) {
	t.Helper()
	if !strings.Contains(d.text(), want) {
		t.Fatalf("the screen does not show %q:\n%s", want, d.text())
	}
}

func TestScreensArePushedAndPoppedAndTheOneBelowIsResumed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	d.send(screen.Push{To: "child"})
	d.shows(t, "home › child")
	d.press("esc")
	d.shows(t, "this is home")
	if last := d.seen[len(d.seen)-1]; last != "home: screen.Resumed" {
		t.Fatalf("the last thing seen: %s", last)
	}
	d.press("esc")
	d.shows(t, "this is home") // the first screen stays
}

func TestAPlaceTakesTheTurnOfAnotherPlace(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	d.send(screen.Push{To: "child"})
	d.press("f4", "f5")
	d.shows(t, "home › child › other")
	d.press("esc")
	d.shows(t, "this is child")
}

func TestLettersAreTextWhileSomebodyTypes(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	d.press("?")
	if strings.Contains(d.text(), "Keys on") {
		t.Fatal("? opened the help although the search field has the focus")
	}
	d.send(screen.Push{To: "child"})
	d.press("?")
	d.shows(t, "Keys on child")
	d.shows(t, "unlock (Level 2)")
	d.press("esc")
	d.shows(t, "this is child")
}

func TestALateResultIsDropped(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	d.send(screen.Push{To: "child"})
	gone := d.life["child"].ID
	d.press("esc")
	before := len(d.seen)
	d.send(screen.Landed{For: gone, Msg: "late"})
	if len(d.seen) != before {
		t.Fatalf("a late result reached %v", d.seen[before:])
	}
	d.send(screen.Landed{For: d.life["home"].ID, Msg: "in time"})
	if d.seen[len(d.seen)-1] != "home: string" {
		t.Fatalf("the result did not arrive: %v", d.seen)
	}
}

func TestADialogBelongsToTheScreenThatAsked(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	d.send(screen.Push{To: "child"})
	d.send(screen.Ask{
		Dialog: kit.DialogOptions{Title: "Really?", Buttons: []kit.Button{{ID: "yes", Label: "Yes"}, {ID: "no", Label: "No"}}},
		Answer: func(chosen string) tea.Msg { return answered(chosen) },
	})
	d.shows(t, "Really?")
	d.press("enter")
	if d.seen[len(d.seen)-1] != "child: ui_test.answered" {
		t.Fatalf("%v", d.seen)
	}
}

type answered string

func TestAnOperatorWhoIsRefusedIsOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	d.send(screen.Landed{For: d.life["home"].ID, Msg: screen.Failed{Err: core.Fail(core.CodeDenied, sentence.Of("denied.operator"))}})
	if !d.quit {
		t.Fatal("the terminal goes on")
	}
	d = newDesk(t, true)
	o, _ := d.b.Operators.Operator(t.Context(), "l1")
	o.Disabled = true
	d.b.Operators.Put(o)
	d.send(screen.Event{Event: core.Event{Kind: core.EventOperator, Operator: "l1"}})
	if !d.quit {
		t.Fatal("a disabled operator's terminal goes on")
	}
}

// idleMsg lets the root look at the clock, as its timer does.
func (d *desk) wait(after time.Duration) {
	d.b.Clock.Add(after)
	d.send(ui.IdleTick())
}

// T42, T43: lock after 5 minutes without a key, end after 15; wrong unlocks end the terminal.
func TestTheIdleLock(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	d.wait(4 * time.Minute)
	d.shows(t, "this is home")
	d.press("x")
	d.wait(4 * time.Minute)
	d.shows(t, "this is home")
	d.wait(time.Minute)
	d.shows(t, "Locked.")
	if strings.Contains(d.text(), "home") {
		t.Fatal("the lock shows what is behind it")
	}
	for _, r := range "open sesame" {
		d.press(string(r))
	}
	_, cmd := d.Update(key("enter"))
	d.land(cmd)
	d.shows(t, "this is home")
	d.press("f10")
	for range 5 {
		d.press("w")
		_, cmd := d.Update(key("enter"))
		d.land(cmd)
	}
	if !d.quit || d.Ending() != ui.EndedTries {
		t.Fatalf("five wrong unlocks end the terminal: %v, %q", d.quit, d.Ending())
	}
}

// land runs a command and delivers what it answers.
func (d *desk) land(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	msg := cmd()
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, c := range batch {
			d.land(c)
		}
		return
	}
	if msg != nil {
		d.send(msg)
	}
}

func TestTheTerminalEndsAfterFifteenMinutesAndAfterEightHours(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	d.wait(15 * time.Minute)
	if !d.quit || d.Ending() != ui.EndedIdle {
		t.Fatalf("an idle terminal ends: %v, %q", d.quit, d.Ending())
	}
	d = newDesk(t, true)
	for range 8*12 + 1 {
		d.press("x")
		d.wait(5*time.Minute - time.Second)
	}
	d.wait(time.Minute)
	d.wait(5 * time.Minute)
	if !d.quit || d.Ending() != ui.EndedLifetime {
		t.Fatalf("a terminal ends after eight hours: %v, %q", d.quit, d.Ending())
	}
}

func TestTheLockIsHeldOffWhileACodeIsOutstandingWithinItsBound(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	d.send(screen.Hold{Until: d.b.Clock.Now().Add(time.Hour)})
	d.wait(9 * time.Minute)
	d.shows(t, "this is home")
	d.wait(2 * time.Minute)
	d.shows(t, "Locked.")
}

func TestWhoSignedInWithAKeyOnlyReconnects(t *testing.T) {
	t.Parallel()
	d := newDesk(t, false)
	d.press("f10")
	d.shows(t, "Press q")
	d.press("a")
	if d.quit {
		t.Fatal("any key ends the terminal")
	}
	d.press("q")
	if !d.quit {
		t.Fatal("q does not end the terminal")
	}
}

func TestThePaletteFindsCommandsAndSaysWhoCan(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	d.send(screen.Push{To: "child"})
	d.press("ctrl+k", "u", "n", "l")
	d.shows(t, "unlock")
	d.shows(t, "Level 2")
	d.press("enter") // not allowed: stays
	d.shows(t, "unlock")
	d.press("esc")
	d.shows(t, "this is child")
}

func TestThePaletteChangesTheTheme(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	d.send(screen.Push{To: "child"})
	plain := d.text()
	d.press("ctrl+k", "l", "i", "g", "h", "t", "enter")
	d.shows(t, "this is home")
	if strings.Contains(plain, "\x1b[") || !strings.Contains(d.text(), "\x1b[") {
		t.Fatal("the theme did not change")
	}
}

func TestAWaitBecomesVisibleAndCanBeCancelled(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	d.send(screen.Push{To: "child"})
	started := make(chan struct{})
	ended := make(chan error, 1)
	cmd := d.life["child"].Run("search", sentence.Of("health.trail_ok"), func(ctx context.Context) (tea.Msg, error) {
		close(started)
		<-ctx.Done()
		ended <- ctx.Err()
		return nil, ctx.Err()
	})
	done := make(chan tea.Msg, 1)
	go func() { done <- cmd() }() // ends when it is cancelled
	<-started
	d.b.Clock.Add(200 * time.Millisecond)
	d.send(nil)
	d.shows(t, "esc cancels")
	d.press("esc")
	if err := <-ended; err == nil {
		t.Fatal("the work was not cancelled")
	}
	d.shows(t, "this is child")
	d.send(<-done)
	if strings.Contains(d.text(), "esc cancels") {
		t.Fatal("it still waits")
	}
}

func TestAPanicOfWorkIsAFailureOfThatScreenOnly(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	cmd := d.life["home"].Run("boom", sentence.Sentence{}, func(context.Context) (tea.Msg, error) { panic("boom") })
	landed, ok := cmd().(screen.Landed)
	if f, isFailed := landed.Msg.(screen.Failed); !ok || !isFailed || f.Err.Code != core.CodeInternal {
		t.Fatalf("%+v", landed)
	}
}

// Every frame is exactly as high as the window and nowhere wider, whatever lies over the screens.
func TestEveryFrameFitsItsWindow(t *testing.T) {
	t.Parallel()
	d := newDesk(t, true)
	random := rand.New(rand.NewSource(1))
	states := []func(){
		func() {}, func() { d.press("f1") }, func() { d.press("esc", "ctrl+k") }, func() { d.press("esc", "ctrl+c") },
		func() { d.press("esc"); d.send(screen.Push{To: "child"}) }, func() { d.press("f10") },
	}
	for _, prepare := range states {
		prepare()
		for range 200 {
			w, h := random.Intn(401), random.Intn(201)
			d.send(tea.WindowSizeMsg{Width: w, Height: h})
			lines := strings.Split(d.text(), "\n")
			if w == 0 || h == 0 {
				continue
			}
			if len(lines) != h {
				t.Fatalf("%d lines at %dx%d", len(lines), w, h)
			}
			for _, l := range lines {
				if theme.Width(l) > w {
					t.Fatalf("a line of %d cells at %dx%d: %q", theme.Width(l), w, h, l)
				}
			}
		}
	}
}
