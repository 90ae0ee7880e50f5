package theme_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

var update = flag.Bool("update", false, "write the golden files anew")

// tokenNames are the tokens in their order, for people.
func tokenNames() []string {
	return []string{
		"text", "strong", "dim", "accent", "good", "warn", "bad", "rule", "heading", "label",
		"input", "placeholder", "disabled", "key", "danger", "selection",
	}
}

// swatch shows every token of a theme on both grounds, with visible escapes.
func swatch(th *theme.Theme) string {
	names := tokenNames()
	p := theme.NewPen(th, 34, len(names))
	for i, name := range names {
		p.Fit(theme.Token(i), name, 14)
		p.On(theme.GroundSelected)
		p.Put(theme.Token(i), "on a selected row")
		p.Newline()
	}
	return strings.ReplaceAll(strings.Join(p.Lines(), "\n")+"\n", "\x1b", "\\e")
}

func TestEveryThemeLooksAsReviewed(t *testing.T) {
	t.Parallel()
	for _, name := range theme.Names() {
		for _, depth := range []theme.Depth{theme.Depth256, theme.Depth16} {
			got := swatch(mustNew(t, theme.Options{Name: name, Depth: depth}))
			file := filepath.Join("testdata", string(name)+"-"+string(depth)+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs (run with -update and look at it):\n%s", file, got)
			}
		}
	}
}
