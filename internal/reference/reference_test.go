package reference_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/reference"
)

var update = flag.Bool("update", false, "write the documents anew")

func TestTheGeneratedDocumentsAreUpToDate(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"verbs.md": reference.Verbs(), "config.md": reference.Config(), "keys.md": reference.Keys(),
	} {
		file := "../../docs/" + name
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(file)
		if err != nil || string(got) != want {
			t.Errorf("%s is out of date (%v): run go test ./internal/reference -update", file, err)
		}
	}
}

func TestNothingInTheDocumentsIsMissingFromTheCatalogue(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{reference.Verbs(), reference.Keys()} {
		for line := range strings.Lines(doc) {
			if strings.Contains(line, "| [") || strings.HasPrefix(line, "[") {
				t.Errorf("not in the catalogue: %s", line)
			}
		}
	}
}
