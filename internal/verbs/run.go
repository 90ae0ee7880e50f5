package verbs

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/text"
)

// Env is what a verb works with.
type Env struct {
	Desk  *core.Desk
	Actor core.Actor
	Text  text.Printer
	Clock core.Clock
	NewID func() string
	In    io.Reader
	Out   io.Writer
	Err   io.Writer
}

// call is one verb under way.
type call struct {
	Env
	verb    verb
	args    arguments
	matches []string // the accounts a name means, when it means several
}

// output is what a verb has to say: fields for --json, lines for people.
type output struct {
	fields any
	lines  []string
}

// Run runs one command line and returns its exit code. It returns soon after ctx ends.
func Run(ctx context.Context, env Env, argv []string) int {
	v, rest, ok := lookUp(argv)
	if !ok {
		_, _ = fmt.Fprintln(env.Err, env.Text.Say(unknownVerb(argv)))
		return exitUsage
	}
	args, problem := parse(v, rest)
	c := &call{Env: env, verb: v, args: args}
	if !problem.IsZero() {
		return c.fail(core.Fail(core.CodeInvalid, problem))
	}
	out, err := v.run(ctx, c)
	if out.fields != nil || out.lines != nil {
		c.print(out)
	}
	if err != nil {
		return c.fail(core.AsError(err))
	}
	return exitDone
}

func (c *call) print(out output) {
	if c.args.on("json") {
		enc := json.NewEncoder(c.Out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		_ = enc.Encode(out.fields) // a client that went away is noticed by the server
		return
	}
	for _, line := range out.lines {
		_, _ = fmt.Fprintln(c.Out, line)
	}
}

// failure is an error as JSON.
type failure struct {
	Error   core.Code    `json:"error"`
	Reason  string       `json:"reason"` // id of the sentence: stable
	Message string       `json:"message"`
	Changed core.Changed `json:"changed"`
	Ref     string       `json:"ref,omitempty"`
	Matches []string     `json:"matches,omitempty"`
}

// fail prints an error: what happened, whether anything was changed, what to do.
func (c *call) fail(e *core.Error) int {
	msg := c.Text.Say(e.Said)
	if c.args.on("json") {
		enc := json.NewEncoder(c.Err)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(failure{e.Code, e.Said.ID, msg, e.Changed, e.Ref, c.matches}) // as in print
		return exitOf(e.Code)
	}
	if e.Ref != "" {
		msg += " (" + e.Ref + ")"
	}
	_, _ = fmt.Fprintln(c.Err, msg)
	return exitOf(e.Code)
}

// moment is a time as JSON: RFC 3339 in UTC, "" for none.
func moment(t timeValue) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

func (c *call) say(id string, fields ...sentence.Field) string {
	return c.Text.Say(sentence.Of(id, fields...))
}
