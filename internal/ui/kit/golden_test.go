package kit_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

var update = flag.Bool("update", false, "write the golden files anew")

func mustTheme(t testing.TB, o theme.Options) *theme.Theme {
	t.Helper()
	th, err := theme.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return th
}

// looks are the ways in which every scene is kept.
func looks() map[string]theme.Options {
	return map[string]theme.Options{
		"none":  {Name: theme.None},
		"ascii": {Name: theme.None, Glyphs: theme.GlyphsASCII},
		"dark":  {Name: theme.Dark},
	}
}

func TestTypicalViewsLookAsReviewed(t *testing.T) {
	t.Parallel()
	for look, o := range looks() {
		for _, s := range scenes() {
			t.Run(s.name+"/"+look, func(t *testing.T) {
				t.Parallel()
				lines := s.view(mustTheme(t, o)).View(s.w, s.h)
				got := strings.ReplaceAll(strings.Join(lines, "\n")+"\n", "\x1b", "\\e")
				golden(t, filepath.Join("testdata", s.name+"."+look+".txt"), got)
			})
		}
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
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
