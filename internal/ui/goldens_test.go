package ui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/testlab/termtest"
)

// T90: every reviewed frame of every screen holds only sequences of our own allow-list.
func TestEveryReviewedFrameHoldsOnlyOurOwnSequences(t *testing.T) {
	t.Parallel()
	frames, err := filepath.Glob("screen/*/testdata/*.txt")
	if err != nil || len(frames) < 50 {
		t.Fatalf("only %d frames were found: %v", len(frames), err)
	}
	for _, f := range frames {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		sent := strings.NewReplacer(`\e`, "\x1b", "\n", "\x1b[K").Replace(string(raw)) // the file parts the rows by line feeds
		if err := termtest.Oracle([]byte(sent)); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}
