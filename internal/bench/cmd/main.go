// Command cmd runs the benchmarks and writes docs/benchmarks.md; see package bench. It starts itself again as the servers that it measures.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/sspr-tui/sspr-tui/internal/bench"
	"github.com/sspr-tui/sspr-tui/internal/bench/figure"
	"github.com/sspr-tui/sspr-tui/internal/bench/serve"
	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
)

// flags are the command line.
type flags struct {
	out, json, against, compare, only, dir, profiles string
	quick, fail                                      bool
	people, entries                                  int
	serve, state                                     string
}

func parse() flags {
	var f flags
	flag.StringVar(&f.out, "out", "", "write the page to this `file`")
	flag.StringVar(&f.json, "json", "", "write the figures to this `file`")
	flag.StringVar(&f.against, "against", "", "compare with the figures in this `file`, taken a moment ago on this machine")
	flag.StringVar(&f.compare, "compare", "", "measure this `revision` first, in the same run, and compare with it")
	flag.StringVar(&f.only, "only", "", "run only these `sections`: ssh, drawing, endings, search, ldap, start")
	flag.StringVar(&f.dir, "dir", "", "keep state in this `folder`, on a real disk")
	flag.StringVar(&f.profiles, "profiles", "", "write profiles of the servers into this `folder`; the figures are then of profiled servers")
	flag.BoolVar(&f.quick, "quick", false, "small sizes: to try the benchmarks out")
	flag.BoolVar(&f.fail, "fail", false, "exit with 1 when a figure misses its aim or is a regression")
	flag.IntVar(&f.people, "people", 0, "how many `people` the embedded directory has; 0: 100,000")
	flag.IntVar(&f.entries, "entries", 0, "how many `people` slapd has; 0: 100,000")
	flag.StringVar(&f.serve, "serve", "", "internal: be one of the servers")
	flag.StringVar(&f.state, "state", "", "internal: the server's state")
	flag.Parse()
	return f
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, parse())
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, f flags) error {
	switch f.serve {
	case "":
		return measure(ctx, f)
	case "greeting":
		return serve.Greet(f.state, os.Stdin)
	default:
		return serve.Run(ctx, serve.Kind(f.serve), stage.Folder{Dir: f.state}, os.Stdin, os.Stdout)
	}
}

func (f flags) sizes() bench.Sizes {
	s := bench.Default()
	if f.quick {
		s = bench.Quick()
	}
	if f.people > 0 {
		s.People = f.people
	}
	if f.entries > 0 {
		s.Entries = f.entries
	}
	return s
}

// arguments are the ones that decide what is measured, for the benchmarks of an older revision.
func (f flags) arguments() []string {
	out := []string{"-only", f.only, "-dir", f.dir, "-people", fmt.Sprint(f.people), "-entries", fmt.Sprint(f.entries)}
	if f.quick {
		out = append(out, "-quick")
	}
	return out
}

func measure(ctx context.Context, f flags) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	old, against, err := older(ctx, f)
	if err != nil {
		return err
	}
	report, err := bench.Run(ctx, bench.Options{
		Sizes: f.sizes(), Quick: f.quick, Only: f.only, Dir: f.dir, Profiles: f.profiles, Self: self, Progress: os.Stderr,
	})
	if err != nil {
		return err
	}
	changes := figure.Compare(old, report)
	if err := write(f, report, against, changes); err != nil {
		return err
	}
	return summary(os.Stdout, f, report, changes)
}

// older are the figures to compare with, and what they are called.
func older(ctx context.Context, f flags) (report figure.Report, name string, err error) {
	switch {
	case f.against != "":
		report, err = figure.Load(f.against)
	case f.compare != "":
		report, err = bench.Older(ctx, f.compare, f.dir, os.Stderr, f.arguments()...)
	}
	return report, report.Commit, err
}

func write(f flags, report figure.Report, against string, changes []figure.Change) error {
	if f.json != "" {
		if err := report.Save(f.json); err != nil {
			return err
		}
	}
	if f.out == "" {
		return report.Markdown(os.Stdout, against, changes)
	}
	var page strings.Builder
	if err := report.Markdown(&page, against, changes); err != nil {
		return err
	}
	return os.WriteFile(f.out, []byte(page.String()), 0o644)
}

// summary says what deserves attention.
func summary(w io.Writer, f flags, report figure.Report, changes []figure.Change) error {
	for _, m := range report.Missed() {
		if _, err := fmt.Fprintf(w, "missed its aim: %s\n", m.Title); err != nil {
			return err
		}
	}
	worse := figure.Regressions(changes)
	for _, c := range worse {
		if _, err := fmt.Fprintln(w, c); err != nil {
			return err
		}
	}
	if n := len(report.Missed()) + len(worse); f.fail && n > 0 {
		return fmt.Errorf("%d figures missed their aim or got worse", n)
	}
	return nil
}
