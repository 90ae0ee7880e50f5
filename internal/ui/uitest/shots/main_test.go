package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/ui/uitest"
)

func TestEveryShotIsAPictureOfATerminalWithSomebodyOnIt(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "new")
	if err := write(folder); err != nil {
		t.Fatal(err)
	}
	for _, s := range shots() {
		raw, err := os.ReadFile(filepath.Join(folder, s.name+".svg"))
		if err != nil {
			t.Fatal(err)
		}
		if text := wellFormed(t, string(raw)); !strings.Contains(text, "Oslo") {
			t.Errorf("%s shows nothing: %s", s.name, text)
		}
	}
}

// wellFormed reads a picture to its end and returns its text.
func wellFormed(t *testing.T, picture string) string {
	t.Helper()
	var text strings.Builder
	for d := xml.NewDecoder(strings.NewReader(picture)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if chars, ok := token.(xml.CharData); ok {
			text.Write(chars)
		}
	}
}

func TestAShotThatFailsIsNamed(t *testing.T) {
	t.Parallel()
	broken := shot{name: "broken", size: uitest.Size{W: 80, H: 24}, open: func(tb testing.TB) uitest.Options {
		tb.Fatalf("no stage")
		return uitest.Options{}
	}}
	if _, err := draw(broken); err == nil || !strings.Contains(err.Error(), "no stage") {
		t.Errorf("the error is %v", err)
	}
}
