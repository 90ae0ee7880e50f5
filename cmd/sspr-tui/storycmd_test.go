package main

import (
	"context"
	"encoding/json"
	"errors"
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
	gossh "golang.org/x/crypto/ssh"
)

// storyDesk starts the demo; a second time on the same state, on another port: desk [ARGS]. Where it listens is in $ADDR.
func storyDesk(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(stageOf(ts).start(args))
	ts.Setenv("ADDR", stageOf(ts).addr)
}

// storyPrivate asserts that nobody else may read what is in a folder: private FOLDER
func storyPrivate(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			return fmt.Errorf("%s has mode %s", path, info.Mode())
		}
		return err
	}))
}

// storyCrash ends the desk as kill -9 does: crash
func storyCrash(ts *testscript.TestScript, _ bool, _ []string) { _ = stageOf(ts).end(os.Kill) }

// storyShutdown ends the desk in order, as a service manager does: shutdown
func storyShutdown(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(stageOf(ts).end(syscall.SIGTERM))
}

// storyServe serves a configuration, as the service does: serve FILE
func storyServe(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(stageOf(ts).serve(ts.MkAbs(args[0])))
}

// storySignal sends a signal to the desk and goes on: signal HUP|TERM
func storySignal(ts *testscript.TestScript, _ bool, args []string) {
	signals := map[string]os.Signal{"HUP": syscall.SIGHUP, "TERM": syscall.SIGTERM}
	ts.Check(stageOf(ts).server.Process.Signal(signals[args[0]]))
}

// storyOver waits until the desk has ended by itself, in order: over
func storyOver(ts *testscript.TestScript, _ bool, _ []string) { ts.Check(stageOf(ts).over()) }

// storyListens asserts on how many TCP sockets the desk listens: listens N
func storyListens(ts *testscript.TestScript, _ bool, args []string) {
	n, err := stageOf(ts).listening()
	ts.Check(err)
	if strconv.Itoa(n) != args[0] {
		ts.Fatalf("it listens on %d sockets", n)
	}
}

// storyEdit replaces a text in a file, which must be there; \n is a line feed: edit FILE OLD NEW
func storyEdit(ts *testscript.TestScript, _ bool, args []string) {
	file := ts.MkAbs(args[0])
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], `\n`, "\n")
	}
	raw, err := os.ReadFile(file)
	ts.Check(err)
	if !strings.Contains(string(raw), args[1]) {
		ts.Fatalf("%s has no %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(file, []byte(strings.Replace(string(raw), args[1], args[2], 1)), 0o600))
}

// storyLogged waits until the log holds a text it did not hold when this was asked last: logged TEXT
func storyLogged(ts *testscript.TestScript, _ bool, args []string) {
	s := stageOf(ts)
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	_, err := s.log.wait(ctx, regexp.QuoteMeta(strings.Join(args, " ")), s.logged)
	ts.Check(err)
	s.logged = len(s.log.String())
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

// storyAwait runs a command over SSH until its output holds a text: await TEXT OPERATOR VERB...
func storyAwait(ts *testscript.TestScript, _ bool, args []string) {
	s := stageOf(ts)
	client, err := s.dial(args[1])
	ts.Check(err)
	defer func() { _ = client.Close() }()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	for ctx.Err() == nil { // nothing tells from outside that it has come so far
		res, err := client.Exec(ctx, quoted(args[2:]), "")
		ts.Check(err)
		if strings.Contains(res.Stdout, args[0]) {
			return
		}
	}
	ts.Fatalf("%q does not come", args[0])
}

// storyShell asks for a shell without a terminal, as ssh -T does, and expects an exit code: shell OPERATOR CODE
func storyShell(ts *testscript.TestScript, _ bool, args []string) {
	client, err := stageOf(ts).dial(args[0])
	ts.Check(err)
	defer func() { _ = client.Close() }()
	session, err := client.SSH.NewSession()
	ts.Check(err)
	session.Stdout, session.Stderr = ts.Stdout(), ts.Stderr()
	ts.Check(session.Shell())
	var exit *gossh.ExitError
	if err := session.Wait(); !errors.As(err, &exit) || strconv.Itoa(exit.ExitStatus()) != args[1] {
		ts.Fatalf("the shell ended with %v, want %s", err, args[1])
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
	if s.server == nil {
		return
	}
	for _, part := range []string{"environ", "cmdline"} {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", s.server.Process.Pid, part))
		if err == nil && strings.Contains(string(raw), args[0]) {
			ts.Fatalf("a secret stands in %s of the process", part)
		}
	}
}

// storyHold keeps the people's directory from being written; a change that is under way waits: hold
func storyHold(ts *testscript.TestScript, _ bool, _ []string) { ts.Check(stageOf(ts).hold()) }

// storyRelease lets it go on: release
func storyRelease(ts *testscript.TestScript, _ bool, _ []string) { ts.Check(stageOf(ts).release()) }

// storyMetric waits until a metric of the desk has a value: metric NAME VALUE
func storyMetric(ts *testscript.TestScript, _ bool, args []string) {
	value, err := "", error(nil)
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) { // nothing tells of a change
		if value, err = stageOf(ts).metric(args[0]); err == nil && value == args[1] {
			return
		}
	}
	ts.Fatalf("%s is %q (%v), want %s", args[0], value, err, args[1])
}

// storyLog asserts that the log holds a text, or with ! that it does not: log TEXT
func storyLog(ts *testscript.TestScript, neg bool, args []string) {
	log := stageOf(ts).log.String()
	if strings.Contains(log, strings.Join(args, " ")) == neg {
		ts.Fatalf("the log: %s", log)
	}
}
