package uitest

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui"
	"github.com/sspr-tui/sspr-tui/internal/ui/lineterm"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Options are what a Driver is made of.
type Options struct {
	Stage    *Stage     // nil: a Stage of its own, with everything
	Actor    core.Actor // zero: the Level 1 operator
	W, H     int        // 0: 80x24
	Theme    theme.Name // "": None
	Glyphs   theme.GlyphSet
	Language text.Language // "": English
	Demo     bool
	Registry []ui.Entry // nil: the registry of package ui
	// Stubs are routes whose screens are replaced by an empty one, so that a test sees only that they were opened and with what.
	Stubs []screen.Route
	// Unseen is that of ui.Options.
	Unseen func(context.Context) ([]ui.Unseen, bool)
}

func (o Options) withDefaults(tb testing.TB) Options {
	if o.Stage == nil {
		o.Stage = NewStage(tb, StageOptions{Portal: Portal})
	}
	if o.Actor.OperatorID == "" {
		o.Actor = coretest.L1()
	}
	if o.W == 0 {
		o.W, o.H = 80, 24
	}
	if o.Theme == "" {
		o.Theme = theme.None
	}
	if o.Language == "" {
		o.Language = text.English
	}
	if o.Registry == nil {
		o.Registry = ui.Registry()
	}
	return o
}

// Driver is one operator's terminal. It belongs to one goroutine.
type Driver struct {
	Stage *Stage
	Root  *ui.Root
	Env   *screen.Env

	tb      testing.TB
	w, h    int
	waiting []tea.Cmd
	held    bool
	quit    bool
	told    int // events passed on so far
	screens []screen.Screen
	opened  []screen.Push
	ops     int
}

// NewDriver opens a terminal and settles it.
func NewDriver(tb testing.TB, o Options) *Driver {
	tb.Helper()
	o = o.withDefaults(tb)
	look, err := theme.New(theme.Options{Name: o.Theme, Glyphs: o.Glyphs})
	if err != nil {
		tb.Fatalf("theme: %v", err)
	}
	d := &Driver{Stage: o.Stage, tb: tb, w: o.W, h: o.H, told: len(o.Stage.Events.Seen())}
	operator, may, err := o.Stage.Desk.WhoAmI(context.Background(), o.Actor)
	if err != nil {
		tb.Fatalf("who am I: %v", err)
	}
	d.Env = &screen.Env{
		Desk: o.Stage.Desk, Actor: o.Actor, Operator: operator, May: may, Theme: look, Lang: o.Language, Zone: Zone(),
		Log: slog.New(slog.DiscardHandler), NewID: d.newID, Demo: o.Demo,
	}
	ctx, cancel := context.WithCancel(context.Background())
	tb.Cleanup(cancel)
	d.Root = ui.NewRoot(ctx, ui.Options{Env: d.Env, Clock: o.Stage.Clock, Registry: d.watch(o.Registry, o.Stubs), Since: o.Stage.Clock.Now(), Unseen: o.Unseen})
	d.later(d.Root.Init())
	d.Send(tea.WindowSizeMsg{Width: o.W, Height: o.H})
	return d
}

func (d *Driver) newID() string {
	d.ops++
	return fmt.Sprintf("%s-%d", d.Env.Actor.OperatorID, d.ops)
}

// watch remembers every screen that is made, and puts stubs in the place of some.
func (d *Driver) watch(list []ui.Entry, stubs []screen.Route) []ui.Entry {
	out := make([]ui.Entry, 0, len(list)+len(stubs))
	for _, e := range list {
		if !slices.Contains(stubs, e.Route) {
			out = append(out, e)
		}
	}
	for _, r := range stubs {
		out = append(out, ui.Entry{Route: r, New: newStub})
	}
	for i, e := range out {
		out[i].New = func(env *screen.Env, life *screen.Life, with any) screen.Screen {
			s := e.New(env, life, with)
			d.screens, d.opened = append(d.screens, s), append(d.opened, screen.Push{To: e.Route, With: with})
			return s
		}
	}
	return out
}

// Opened is the route that was opened last, and with what.
func (d *Driver) Opened() screen.Push { return d.opened[len(d.opened)-1] }

// Screen is the screen that was opened last.
func (d *Driver) Screen() screen.Screen { return d.screens[len(d.screens)-1] }

// Quit reports that the terminal has ended.
func (d *Driver) Quit() bool { return d.quit }

// Press presses keys by name, one after the other, settling after each.
func (d *Driver) Press(names ...string) *Driver {
	for _, n := range names {
		d.Send(Key(n))
	}
	return d
}

// Type types a text, key by key.
func (d *Driver) Type(s string) *Driver {
	for _, r := range s {
		d.Send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return d
}

// Send gives the terminal a message and settles it.
func (d *Driver) Send(msg tea.Msg) *Driver {
	d.update(msg)
	d.settle()
	return d
}

// Open opens a screen on top.
func (d *Driver) Open(to screen.Route, with any) *Driver {
	return d.Send(screen.Push{To: to, With: with})
}

// Hold lets nothing that is started run: the terminal shows what it waits for.
func (d *Driver) Hold() *Driver {
	d.held = true
	return d
}

// Release runs what was held.
func (d *Driver) Release() *Driver {
	d.held = false
	d.settle()
	return d
}

// After moves the clock and draws again.
func (d *Driver) After(t time.Duration) *Driver {
	d.Stage.Clock.Add(t)
	return d.Send(nil)
}

// Resize changes the size of the terminal.
func (d *Driver) Resize(w, h int) *Driver {
	d.w, d.h = w, h
	return d.Send(tea.WindowSizeMsg{Width: w, Height: h})
}

// Frame is what the terminal shows.
func (d *Driver) Frame() Frame {
	d.tb.Helper()
	v := d.Root.View()
	f := frameOf(v, d.w, d.h)
	if why := f.wrong(); why != "" {
		d.tb.Errorf("a frame of %dx%d %s:\n%s", d.w, d.h, why, f.Text())
	}
	return f
}

func (d *Driver) later(cmd tea.Cmd) {
	if cmd != nil {
		d.waiting = append(d.waiting, cmd)
	}
}

func (d *Driver) update(msg tea.Msg) {
	_, cmd := d.Root.Update(msg)
	d.later(cmd)
}

// maxSteps guards against screens that keep each other busy.
const maxSteps = 20_000

// settle runs commands in order, and passes events on, until nothing is left to do.
func (d *Driver) settle() {
	for range maxSteps {
		if d.quit || d.held {
			return
		}
		if len(d.waiting) > 0 {
			cmd := d.waiting[0]
			d.waiting = d.waiting[1:]
			d.take(cmd())
			continue
		}
		if !d.tell() {
			return
		}
	}
	d.tb.Fatalf("the screens do not come to rest")
}

// tell passes one event on.
func (d *Driver) tell() bool {
	seen := d.Stage.Events.Seen()
	if d.told >= len(seen) {
		return false
	}
	e := seen[d.told]
	d.told++
	d.update(screen.Event{Event: e})
	return true
}

// take handles what a command returned, as the program would. Timers never fire: time stands still unless it is moved.
func (d *Driver) take(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case tea.BatchMsg:
		d.first(msg)
	case tea.QuitMsg:
		d.quit = true
	default:
		if cmds, ok := sequence(msg); ok {
			d.first(cmds)
			return
		}
		if isTimer(msg) {
			return
		}
		d.update(msg)
	}
}

// first puts commands in front of the others.
func (d *Driver) first(cmds []tea.Cmd) {
	var out []tea.Cmd
	for _, c := range cmds {
		if c != nil {
			out = append(out, c)
		}
	}
	d.waiting = append(out, d.waiting...)
}

// sequence takes a tea.Sequence apart, whose type has no name.
func sequence(msg tea.Msg) ([]tea.Cmd, bool) {
	nothing := func() tea.Msg { return nil }
	if reflect.TypeOf(msg) != reflect.TypeOf(tea.Sequence(nothing, nothing)()) {
		return nil, false
	}
	cmds, ok := reflect.ValueOf(msg).Convert(reflect.TypeFor[[]tea.Cmd]()).Interface().([]tea.Cmd)
	return cmds, ok
}

func isTimer(msg tea.Msg) bool {
	return reflect.TypeOf(msg) == reflect.TypeOf(lineterm.Tick(0, nil)())
}
