// Command shots draws the pictures of the documents from real frames: it types what an operator types and writes what the terminal shows.
//
// It opens no connection and reads no configuration: the desk behind the frames is made of the fakes of the tests, and everybody on it is
// fictional.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

func main() {
	out := flag.String("out", "docs/screenshots", "folder for the pictures")
	flag.Parse()
	if err := write(*out); err != nil {
		fmt.Fprintln(os.Stderr, "shots:", err)
		os.Exit(1)
	}
}

// shot is one picture: how a terminal is opened and what is typed on it.
type shot struct {
	name string
	size uitest.Size
	open func(testing.TB) uitest.Options
	act  func(*uitest.Driver)
}

func l1(tb testing.TB) uitest.Options {
	return uitest.Options{Stage: uitest.NewStage(tb, uitest.StageOptions{})}
}

func l2(tb testing.TB) uitest.Options {
	return uitest.Options{Stage: uitest.Queue(tb), Actor: coretest.L2()}
}

func portal(tb testing.TB) uitest.Options {
	return uitest.Options{Stage: uitest.NewStage(tb, uitest.StageOptions{Portal: uitest.Portal})}
}

func chinese(tb testing.TB) uitest.Options {
	o := l1(tb)
	o.Language = text.Chinese
	return o
}

func press(keys ...string) func(*uitest.Driver) {
	return func(d *uitest.Driver) { d.Press(keys...) }
}

func find(login string, keys ...string) func(*uitest.Driver) {
	return func(d *uitest.Driver) { d.Type(login).Press("enter").Press(keys...) }
}

func shots() []shot {
	small, wide := uitest.Size{W: 80, H: 24}, uitest.Size{W: 140, H: 36}
	return []shot{
		{"home", small, l2, press("down")},
		{"search", small, l1, func(d *uitest.Driver) { d.Type("jane") }},
		{"card", small, l1, find("jane.doe")},
		{"card-wide", wide, l1, func(d *uitest.Driver) { d.Type("jane").Press("down", "down", "enter") }},
		{"card-chinese", small, chinese, find("jane.doe")},
		{"guide", small, portal, find("jane.doe", "enter")},
		{"verify", small, l1, find("jane.doe", "r")},
		{"reset", small, l1, func(d *uitest.Driver) { find("jane.doe", "r")(d); d.Type(coretest.RightCode).Press("enter") }},
		{"case", small, l2, press("f2", "right", "enter")},
		{"lists", small, func(tb testing.TB) uitest.Options {
			o := l1(tb)
			o.Stage.Crowd(120, uitest.Locked)
			return o
		}, press("f3", "down")},
		{"trail", wide, worked, press("f4", "down")},
		{"health", small, l1, press("f5")},
		{"keys", small, l1, find("jane.doe", "?")},
	}
}

// worked is a desk at which something was done.
func worked(tb testing.TB) uitest.Options {
	s := uitest.NewStage(tb, uitest.StageOptions{})
	k := s.OpenCase(tb, coretest.L2(), s.Jane.ID)
	s.Prove(tb, coretest.L2(), k.Number)
	if _, err := s.Desk.Perform(tb.Context(), coretest.L2(), s.ResetJane(k)); err != nil {
		tb.Fatalf("reset: %v", err)
	}
	if _, err := s.Desk.Perform(tb.Context(), coretest.L2(), core.CloseCase{ID: s.Op(), Case: k.Number, Code: core.AssistedReset}); err != nil {
		tb.Fatalf("close: %v", err)
	}
	return uitest.Options{Stage: s, Actor: coretest.L2()}
}

func write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, s := range shots() {
		picture, err := draw(s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, s.name+".svg"), []byte(picture), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// draw types a shot and draws what the terminal shows.
func draw(s shot) (picture string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	tb := newBench()
	defer tb.end()
	o := s.open(tb)
	o.W, o.H, o.Theme, o.Demo = s.size.W, s.size.H, theme.Dark, true
	d := uitest.NewDriver(tb, o)
	s.act(d)
	return svg(d.Frame(), s.name)
}

// svg shows a frame on a terminal emulator and draws that.
func svg(f uitest.Frame, name string) (string, error) {
	screen := termtest.NewScreen(f.W, f.H)
	defer screen.Close()
	bytes := strings.Join(f.Lines, "\r\n")
	if f.Cursor != nil {
		bytes += fmt.Sprintf("\x1b[%d;%dH", f.Cursor.Y+1, f.Cursor.X+1)
	} else {
		bytes += "\x1b[?25l"
	}
	if _, err := screen.Write([]byte(bytes)); err != nil {
		return "", err
	}
	frame := screen.Frame()
	frame.Title = "sspr-tui: " + name
	return termtest.Picture{}.SVG(frame), nil
}
