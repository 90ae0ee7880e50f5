package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
)

// storyDesk starts the demo; a second time on the same state, on another port: desk [ARGS]
func storyDesk(ts *testscript.TestScript, _ bool, args []string) { ts.Check(stageOf(ts).start(args)) }

// storyKill ends the desk as kill -9 does: kill
func storyKill(ts *testscript.TestScript, _ bool, _ []string) { _ = stageOf(ts).end(os.Kill) }

// storyStop ends the desk in order: stop
func storyStop(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(stageOf(ts).end(syscall.SIGTERM))
}

// storyAs runs a command over SSH and expects an exit code, 0 by default: as OPERATOR [-exit N] [-in TEXT] VERB...
func storyAs(ts *testscript.TestScript, _ bool, args []string) {
	operator, want, in := args[0], 0, ""
	args = args[1:]
	for len(args) > 1 && (args[0] == "-exit" || args[0] == "-in") {
		if args[0] == "-in" {
			in = args[1]
		} else {
			n, err := strconv.Atoi(args[1])
			ts.Check(err)
			want = n
		}
		args = args[2:]
	}
	s := stageOf(ts)
	client, err := s.dial(operator)
	ts.Check(err)
	defer func() { _ = client.Close() }()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	res, err := client.Exec(ctx, quoted(args), in)
	ts.Check(err)
	_, _ = fmt.Fprint(ts.Stdout(), res.Stdout)
	_, _ = fmt.Fprint(ts.Stderr(), res.Stderr)
	if res.Code != want {
		ts.Fatalf("exit code %d, want %d", res.Code, want)
	}
}

// quoted is a command line with every word in quotation marks.
func quoted(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
	}
	return strings.Join(out, " ")
}

// storyField puts a field of the last JSON output into a variable: field VAR NAME
func storyField(ts *testscript.TestScript, _ bool, args []string) {
	var f map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &f))
	v, ok := f[args[1]]
	if !ok {
		ts.Fatalf("there is no field %s", args[1])
	}
	ts.Setenv(args[0], fmt.Sprint(v))
}

// storyTOTP puts the code that a person's authenticator app shows now into a variable: totp VAR LOGIN
func storyTOTP(ts *testscript.TestScript, _ bool, args []string) {
	shared, err := stageOf(ts).secretOf(args[1])
	ts.Check(err)
	code, err := totp.GenerateCode(shared, time.Now())
	ts.Check(err)
	ts.Setenv(args[0], code)
}

// storyMail waits for a mail with this text and puts what a pattern's group finds in it into a variable: mail VAR TEXT PATTERN
func storyMail(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile(args[2])
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		letters, err := stageOf(ts).letters()
		ts.Check(err)
		for i := len(letters) - 1; i >= 0; i-- {
			if m := pattern.FindStringSubmatch(letters[i]); m != nil && strings.Contains(letters[i], args[1]) {
				ts.Setenv(args[0], m[len(m)-1])
				return
			}
		}
		time.Sleep(20 * time.Millisecond) // a folder cannot be waited for
	}
	ts.Fatalf("no mail with %q came", args[1])
}

// storySit opens a terminal: sit NAME OPERATOR [COLSxROWS] [KEY=VALUE ...]
func storySit(ts *testscript.TestScript, _ bool, args []string) {
	s := stageOf(ts)
	w := termtest.Window{Cols: 80, Rows: 24, Env: map[string]string{"LANG": "en_US.UTF-8"}, Timeout: patience}
	for _, a := range args[2:] {
		if k, v, ok := strings.Cut(a, "="); ok && k == "TERM" {
			w.Term = v
		} else if ok {
			w.Env[k] = v
		} else if _, err := fmt.Sscanf(a, "%dx%d", &w.Cols, &w.Rows); err != nil {
			ts.Fatalf("what is %q?", a)
		}
	}
	client, err := s.dial(args[1])
	ts.Check(err)
	terminal, err := client.Open(w)
	ts.Check(err)
	s.terminals[args[0]] = &seat{client, terminal}
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

// storyPress presses keys by name: press NAME KEY...
func storyPress(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(seatOf(ts, args[0]).terminal.Press(args[1:]...))
}

// storySee waits until the screen shows a text: see NAME TEXT
func storySee(ts *testscript.TestScript, _ bool, args []string) {
	if _, err := seatOf(ts, args[0]).terminal.WaitText(strings.Join(args[1:], " ")); err != nil {
		ts.Fatalf("%v", err)
	}
}

// storyUnseen waits until the screen does not show a text: unseen NAME TEXT
func storyUnseen(ts *testscript.TestScript, _ bool, args []string) {
	if _, err := seatOf(ts, args[0]).terminal.WaitGone(strings.Join(args[1:], " ")); err != nil {
		ts.Fatalf("%v", err)
	}
}

// storyDrop cuts the TCP connection under a terminal: drop NAME
func storyDrop(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(seatOf(ts, args[0]).client.Drop())
	delete(stageOf(ts).terminals, args[0])
}

// storyGone waits until the server has ended a terminal: gone NAME
func storyGone(ts *testscript.TestScript, _ bool, args []string) {
	if _, err := seatOf(ts, args[0]).terminal.Ended(); err != nil {
		ts.Logf("ended: %v", err)
	}
}

// storyResize changes the size of a window: resize NAME COLS ROWS
func storyResize(ts *testscript.TestScript, _ bool, args []string) {
	cols, err := strconv.Atoi(args[1])
	ts.Check(err)
	rows, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Check(seatOf(ts, args[0]).terminal.Resize(cols, rows))
}

// storyClean asserts that a terminal got only sequences of our own allow-list: clean NAME
func storyClean(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(seatOf(ts, args[0]).terminal.Oracle())
}

// storyNoSecret asserts that a text stands nowhere in the desk's state but in the mails and people.json: no-secret TEXT
func storyNoSecret(ts *testscript.TestScript, _ bool, args []string) {
	s := stageOf(ts)
	err := filepath.WalkDir(s.state(), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !d.Type().IsRegular() || strings.HasSuffix(path, ".eml") || filepath.Base(path) == "people.json" {
			return err
		}
		raw, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(raw), args[0]) {
			return fmt.Errorf("a secret stands in %s", filepath.Base(path))
		}
		return err
	})
	ts.Check(err)
	if strings.Contains(s.log.String(), args[0]) {
		ts.Fatalf("a secret stands in the log")
	}
}
