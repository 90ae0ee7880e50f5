package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
	"github.com/sspr-tui/sspr-tui/internal/ui/kit"
)

// storySit opens a terminal: sit NAME OPERATOR [COLSxROWS] [KEY=VALUE ...]
func storySit(ts *testscript.TestScript, neg bool, args []string) {
	s := stageOf(ts)
	w := termtest.Window{Cols: 80, Rows: 24, Env: map[string]string{"LANG": "en_US.UTF-8"}, Timeout: patience}
	for _, a := range args[2:] {
		if k, v, ok := strings.Cut(a, "="); ok && k == "TERM" {
			term, err := strconv.Unquote(`"` + v + `"`) // an escape sequence is written as in Go
			ts.Check(err)
			w.Term = term
		} else if ok {
			w.Env[k] = v
		} else if _, err := fmt.Sscanf(a, "%dx%d", &w.Cols, &w.Rows); err != nil {
			ts.Fatalf("what is %q?", a)
		}
	}
	client, err := s.dial(args[1])
	if refused := err != nil; refused && neg {
		return
	}
	ts.Check(err)
	if neg {
		ts.Fatalf("%s got in", args[1])
	}
	terminal, err := client.Open(w)
	ts.Check(err)
	s.terminals[args[0]] = &seat{client: client, terminal: terminal}
}

func seatOf(ts *testscript.TestScript, name string) *seat {
	seat, ok := stageOf(ts).terminals[name]
	if !ok {
		ts.Fatalf("nobody sits at %s", name)
	}
	return seat
}

// storyType types text: type NAME TEXT
func storyType(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(seatOf(ts, args[0]).terminal.Type(strings.Join(args[1:], " ")))
}

// storyPaste pastes text: paste NAME TEXT
func storyPaste(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(seatOf(ts, args[0]).terminal.Paste(strings.Join(args[1:], " ")))
}

// storyPress presses keys by name, each counted: press NAME KEY...
func storyPress(ts *testscript.TestScript, _ bool, args []string) {
	s := seatOf(ts, args[0])
	s.pressed += len(args) - 1
	ts.Check(s.terminal.Press(args[1:]...))
}

// storyInsist presses a key until the screen shows a text: what came by itself takes no key at first, and does not say from when on it does.
// insist NAME KEY TEXT
func storyInsist(ts *testscript.TestScript, _ bool, args []string) {
	terminal, text := seatOf(ts, args[0]).terminal, strings.Join(args[2:], " ")
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		ts.Check(terminal.Press(args[1]))
		ctx, cancel := context.WithTimeout(stageOf(ts).ctx, 2*kit.DefaultGrace)
		_, err := terminal.WaitFor(ctx, text, func(f termtest.Frame) bool { return shows(f, text) })
		cancel()
		if err == nil {
			return
		}
	}
	ts.Fatalf("%s does not lead to %q:\n%s", args[1], text, terminal.Text())
}

// storyKeys asserts how many keys were pressed at most since the terminal opened or since it was asked last: keys NAME MOST
func storyKeys(ts *testscript.TestScript, _ bool, args []string) {
	s := seatOf(ts, args[0])
	most, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Logf("%d keys", s.pressed)
	if s.pressed > most {
		ts.Fatalf("%d keys were needed, %d are allowed", s.pressed, most)
	}
	s.pressed = 0
}

// storySee waits until the screen shows a text; with ! it asserts that the screen does not show it now: see NAME TEXT
func storySee(ts *testscript.TestScript, neg bool, args []string) {
	terminal, text := seatOf(ts, args[0]).terminal, strings.Join(args[1:], " ")
	if neg {
		if f := terminal.Frame(); shows(f, text) {
			ts.Fatalf("the screen shows %q:\n%s", text, f.Text())
		}
		return
	}
	if _, err := terminal.Wait(strconv.Quote(text), func(f termtest.Frame) bool { return shows(f, text) }); err != nil {
		ts.Fatalf("%v", err)
	}
}

// shows reports whether a row of a screen holds a text, as somebody reads it: a blank that must not be broken is a blank.
func shows(f termtest.Frame, text string) bool {
	return strings.Contains(strings.ReplaceAll(f.Text(), "\u00a0", " "), text)
}

// storyReady waits until a grace is over: the pointer stands before the next key. Only then a key counts: ready NAME [TEXT]
func storyReady(ts *testscript.TestScript, _ bool, args []string) {
	storySee(ts, false, []string{args[0], "▸ Enter  " + strings.Join(args[1:], " ")})
}

// storyUnseen waits until the screen does not show a text: unseen NAME TEXT
func storyUnseen(ts *testscript.TestScript, _ bool, args []string) {
	text := strings.Join(args[1:], " ")
	gone := func(f termtest.Frame) bool { return !shows(f, text) }
	if _, err := seatOf(ts, args[0]).terminal.Wait(strconv.Quote(text)+" to go", gone); err != nil {
		ts.Fatalf("%v", err)
	}
}

// storyLook puts what the screen shows into the log, for who writes a story: look NAME
func storyLook(ts *testscript.TestScript, _ bool, args []string) {
	f := seatOf(ts, args[0]).terminal.Frame()
	ts.Logf("%s\n%s\n%s", strings.Repeat("=", f.Cols), f.Text(), strings.Repeat("=", f.Cols))
}

// storyDrop cuts the TCP connection under a terminal: drop NAME
func storyDrop(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(seatOf(ts, args[0]).client.Drop())
	delete(stageOf(ts).terminals, args[0])
}

// storyHang closes the channel of a terminal while its connection lives on, as OpenSSH's ControlMaster does: hang NAME
func storyHang(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(seatOf(ts, args[0]).terminal.Close())
}

// storyAgain opens another terminal on the connection of one that was hung up: again NAME
func storyAgain(ts *testscript.TestScript, _ bool, args []string) {
	s := seatOf(ts, args[0])
	terminal, err := s.client.Open(termtest.Window{Env: map[string]string{"LANG": "en_US.UTF-8"}, Timeout: patience})
	ts.Check(err)
	s.terminal = terminal
}

// storyGone waits until the server has ended a terminal: gone NAME [CODE]
func storyGone(ts *testscript.TestScript, _ bool, args []string) {
	code, err := seatOf(ts, args[0]).terminal.Ended()
	if err != nil {
		ts.Logf("ended: %v", err)
	}
	if len(args) > 1 && strconv.Itoa(code) != args[1] {
		ts.Fatalf("exit code %d, want %s", code, args[1])
	}
}

// storyRestored asserts that a terminal was left as it was found: no alternate screen, a cursor, no mode of ours; and, after that, this text
// stands on it: restored NAME [TEXT]
func storyRestored(ts *testscript.TestScript, _ bool, args []string) {
	terminal := seatOf(ts, args[0]).terminal
	f := terminal.Frame()
	if f.AltScreen || !f.Cursor.Visible {
		ts.Fatalf("alternate screen %v, cursor %v", f.AltScreen, f.Cursor.Visible)
	}
	for mode, on := range leftOn(string(terminal.Raw())) {
		if on {
			ts.Fatalf("mode %s is still on", mode)
		}
	}
	if text := strings.Join(args[1:], " "); !shows(f, text) {
		ts.Fatalf("%q does not stand on the terminal:\n%s", text, f.Text())
	}
}

// leftOn are the private modes that were switched and whether they are on; the cursor (25) and wrapping (7) are on in a terminal that was
// left alone.
func leftOn(raw string) map[string]bool {
	modes := map[string]bool{}
	for raw != "" {
		_, after, ok := strings.Cut(raw, "\x1b[?")
		if !ok {
			break
		}
		end := strings.IndexAny(after, "hl")
		if end < 0 {
			break
		}
		modes[after[:end]] = after[end] == 'h'
		raw = after[end:]
	}
	delete(modes, "25")
	delete(modes, "7")
	return modes
}

// storyResize changes the size of a window: resize NAME COLS ROWS
func storyResize(ts *testscript.TestScript, _ bool, args []string) {
	cols, err := strconv.Atoi(args[1])
	ts.Check(err)
	rows, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Check(seatOf(ts, args[0]).terminal.Resize(cols, rows))
}

// storyClean asserts that a terminal got only sequences of our own allow-list; lines as well after it has ended: clean NAME [lines]
func storyClean(ts *testscript.TestScript, _ bool, args []string) {
	var allowed []termtest.Allowance
	for _, a := range args[1:] {
		allowed = append(allowed, termtest.Allowance(a))
	}
	ts.Check(seatOf(ts, args[0]).terminal.Oracle(allowed...))
}

// storyColourless asserts that a terminal got no colour: colourless NAME
func storyColourless(ts *testscript.TestScript, _ bool, args []string) {
	for y, row := range seatOf(ts, args[0]).terminal.Frame().Cells {
		for x, cell := range row {
			if cell.Style.Foreground != "" || cell.Style.Background != "" {
				ts.Fatalf("the cell %d,%d has a colour: %+v", x, y, cell.Style)
			}
		}
	}
}

// storyFits asserts that a terminal shows as many rows as it has, none wider than it is, and nothing cut off in the last one: fits NAME
func storyFits(ts *testscript.TestScript, _ bool, args []string) {
	f := seatOf(ts, args[0]).terminal.Frame()
	if f.Row(f.Rows-1) == "" {
		ts.Fatalf("there is no footer in row %d:\n%s", f.Rows, f.Text())
	}
}

// silence is how long a terminal that sends nothing is listened to. A renderer with a ticker sends within one of its frames.
const silence = 2 * time.Second

// storyQuiet asserts that nothing is sent to a terminal at which nobody does anything: quiet NAME
func storyQuiet(ts *testscript.TestScript, _ bool, args []string) {
	terminal := seatOf(ts, args[0]).terminal
	before := len(terminal.Raw())
	ctx, cancel := context.WithTimeout(stageOf(ts).ctx, silence)
	defer cancel()
	_, err := terminal.WaitFor(ctx, "any byte", func(termtest.Frame) bool { return len(terminal.Raw()) > before })
	if err == nil {
		ts.Fatalf("%d bytes were sent: %q", len(terminal.Raw())-before, terminal.Raw()[before:])
	}
}
