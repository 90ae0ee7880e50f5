package figure

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// Markdown writes the report as a page, with the comparison where there is one. The page says who writes it.
func (r Report) Markdown(w io.Writer, against string, changes []Change) error {
	p := &page{}
	p.line("# Benchmarks")
	p.line("")
	p.line("Written by `make bench`; do not edit. Every figure is the median of at least 5 rounds. Where there is a floor, ours and the")
	p.line("floor were measured in turn, and the ratio is the median of the ratios of the rounds, with the least and the most.")
	p.line("Smaller is better everywhere. The client of the SSH figures runs on the same cores as the server.")
	p.head(r)
	group := ""
	for _, f := range r.Figures {
		if f.Group != group {
			group = f.Group
			p.group(group)
		}
		p.figure(f)
	}
	p.notes(r.Figures)
	for _, t := range r.Tables {
		p.table(t)
	}
	p.comparison(against, changes)
	_, err := io.WriteString(w, p.b.String())
	return err
}

// page collects the text.
type page struct{ b strings.Builder }

func (p *page) line(format string, args ...any) {
	if len(args) == 0 {
		p.b.WriteString(format)
	} else {
		fmt.Fprintf(&p.b, format, args...)
	}
	p.b.WriteByte('\n')
}

func (p *page) head(r Report) {
	m := r.Machine
	p.line("\n## The run\n")
	p.line("| | |")
	p.line("|---|---|")
	size := "default"
	if r.Quick {
		size = "**quick: a trial of the benchmarks themselves, not to be quoted**"
	}
	for _, kv := range [][2]string{
		{"machine", fmt.Sprintf("%s, %d cores, %s", m.CPU, m.Cores, m.Memory)},
		{"kernel, Go", m.Kernel + ", " + m.Go},
		{"state folders, directory server on", m.State + ", " + m.Scratch},
		{"commit", r.Commit},
		{"begun, took", r.Begun.UTC().Format("2006-01-02 15:04 MST") + ", " + r.Took.Round(time.Second).String()},
		{"load of the machine before and after", r.Load[0] + "; " + r.Load[1]},
		{"sizes", size},
	} {
		p.line("| %s | %s |", kv[0], kv[1])
	}
	for _, s := range r.Sizes {
		p.line("| | %s |", s)
	}
}

func (p *page) group(title string) {
	p.line("\n## %s\n", title)
	p.line("| figure | ours (least – most) | floor | ratio (least – most) | aim | |")
	p.line("|---|---|---|---|---|---|")
}

func (p *page) figure(f Figure) {
	if f.Verdict() == NotMeasured {
		p.line("| %s | – | – | – | %s | not measured: %s |", f.Title, f.aim(), f.Why)
		return
	}
	floor, ratio := "–", "–"
	if f.Floor != "" {
		floor = Short(f.Floors().Median) + " " + f.Unit
		ratio = spread(f.Ratios())
	}
	p.line("| %s | %s %s | %s | %s | %s | %s |", f.Title, spread(f.Ours()), f.Unit, floor, ratio, f.aim(), f.Verdict())
}

func (f Figure) aim() string {
	switch f.Aim.On {
	case OnRatio:
		return "ratio ≤ " + Short(f.Aim.Most)
	case OnValue:
		return "≤ " + Short(f.Aim.Most) + " " + f.Unit
	default:
		return "–"
	}
}

func spread(s Spread) string {
	return fmt.Sprintf("**%s** (%s – %s)", Short(s.Median), Short(s.Least), Short(s.Most))
}

// notes say what the floors are and what else there is to know, figure by figure.
func (p *page) notes(all []Figure) {
	p.line("\n## What was measured\n")
	for _, f := range all {
		if f.Floor == "" && f.Note == "" {
			continue
		}
		text := f.Note
		if f.Floor != "" {
			text = strings.TrimSpace("Floor: " + f.Floor + ". " + text)
		}
		p.line("- **%s** (%d rounds). %s", f.Title, len(f.Rounds), text)
	}
}

func (p *page) table(t Table) {
	p.line("\n## %s\n", t.Title)
	p.line("| %s |", strings.Join(t.Head, " | "))
	p.line("|%s", strings.Repeat("---|", len(t.Head)))
	for _, row := range t.Rows {
		p.line("| %s |", strings.Join(row, " | "))
	}
}

func (p *page) comparison(against string, changes []Change) {
	p.line("\n## Against the previous commit\n")
	if against == "" {
		p.line("Not compared in this run.")
		return
	}
	p.line("Compared with %s, measured in the same run. More than %.0f %% worse is a regression.\n", against, (Tolerated-1)*100)
	if len(Regressions(changes)) == 0 {
		p.line("%d figures compared, no regression.", len(changes))
		return
	}
	for _, c := range Regressions(changes) {
		p.line("- %s", c)
	}
}

// Short writes a number with three significant digits, and large ones with their thousands apart.
func Short(v float64) string {
	switch a := math.Abs(v); {
	case math.IsInf(v, 0):
		return "∞"
	case a >= 1000:
		return thousands(int64(math.Round(v)))
	case a >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a >= 10:
		return trimmed(v, 1)
	case a >= 1:
		return trimmed(v, 2)
	default:
		return trimmed(v, 4)
	}
}

func trimmed(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'f', digits, 64)
	s = strings.TrimRight(s, "0")
	return strings.TrimSuffix(s, ".")
}

func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
