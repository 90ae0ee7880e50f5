package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/bench/figure"
	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
)

// Options are what Run needs.
type Options struct {
	Sizes
	Quick    bool
	Only     string // the sections to run, separated by commas; "" for all
	Dir      string // a folder on a real disk for state; "" for the system's
	Profiles string // a folder for profiles of the servers; "" for none
	Self     string // this program, which is started again as a server
	Progress io.Writer
}

// suite is one run under way.
type suite struct {
	Options
	dir    string
	report figure.Report
}

// section is one part of a run.
type section struct {
	name string
	run  func(ctx context.Context) error
}

func (s *suite) sections() []section {
	return []section{
		{"ssh", s.ssh}, {"drawing", s.drawing}, {"endings", s.endings}, {"search", s.search}, {"ldap", s.ldap}, {"start", s.coldStarts},
	}
}

// Run measures everything and returns the report. A section that cannot be measured says so in its figures; an error is a fault of the
// benchmarks.
func Run(ctx context.Context, o Options) (report figure.Report, err error) {
	o.Progress = &serial{to: o.Progress}
	s := &suite{Options: o}
	if s.dir, err = os.MkdirTemp(o.Dir, "bench-"); err != nil {
		return report, fmt.Errorf("bench: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(s.dir)) }()
	s.report = figure.Report{
		Commit: commit(ctx), Begun: time.Now(), Quick: o.Quick, Machine: describe(s.dir), Sizes: o.words(),
	}
	s.report.Load[0] = loadAverage()
	for _, part := range s.sections() {
		if o.Only != "" && !slices.Contains(strings.Split(o.Only, ","), part.name) {
			continue
		}
		begun := time.Now()
		if err := part.run(ctx); err != nil {
			return s.report, fmt.Errorf("bench %s: %w", part.name, err)
		}
		s.say("%s took %v", part.name, time.Since(begun).Round(time.Millisecond))
	}
	s.report.Tables = append(s.report.Tables, mixTable())
	s.report.Load[1] = loadAverage()
	s.report.Took = time.Since(s.report.Begun)
	return s.report, nil
}

// say tells whoever waits.
func (s *suite) say(format string, args ...any) {
	_, _ = fmt.Fprintf(s.Progress, format+"\n", args...)
}

// add puts a figure into the report and says it.
func (s *suite) add(f figure.Figure) {
	s.report.Figures = append(s.report.Figures, f)
	if f.Verdict() == figure.NotMeasured {
		s.say("  %s: not measured: %s", f.Title, f.Why)
		return
	}
	ratio := ""
	if f.Floor != "" {
		ratio = fmt.Sprintf(", floor %s, ratio %s", figure.Short(f.Floors().Median), figure.Short(f.Ratios().Median))
	}
	s.say("  %s: %s %s%s (%s)", f.Title, figure.Short(f.Ours().Median), f.Unit, ratio, f.Verdict())
}

// scratch makes a folder of this run.
func (s *suite) scratch(name string) string { return filepath.Join(s.dir, name) }

// folder makes a state folder with people.
func (s *suite) folder(ctx context.Context, name string, people int) (stage.Folder, error) {
	return stage.NewFolder(ctx, s.scratch(name), people)
}

func mixTable() figure.Table {
	t := figure.Table{Title: "The mix of queries", Head: []string{"query", "words"}}
	for _, q := range stage.Mix() {
		t.Rows = append(t.Rows, []string{"`" + q + "`", fmt.Sprint(len(strings.Fields(q)))})
	}
	return t
}
