package uitest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// Size is the size of a terminal in cells.
type Size struct{ W, H int }

// String is "80x24".
func (s Size) String() string { return fmt.Sprintf("%dx%d", s.W, s.H) }

// Sizes are the sizes in which every screen is kept.
func Sizes() []Size { return []Size{{60, 16}, {80, 24}, {140, 45}} }

// Looks are the themes in which every screen is kept.
func Looks() []theme.Name { return []theme.Name{theme.Dark, theme.None} }

// Gallery draws a scene in every size and look and compares each with its golden file in testdata; update writes the files anew. open makes
// the stage and the driver's options; act leads to what is to be seen.
func Gallery(t *testing.T, update bool, name string, open func(testing.TB) Options, act func(*Driver)) {
	t.Helper()
	for _, size := range Sizes() {
		for _, look := range Looks() {
			t.Run(fmt.Sprintf("%s/%s/%s", name, size, look), func(t *testing.T) {
				t.Parallel()
				o := open(t)
				o.W, o.H, o.Theme = size.W, size.H, look
				d := NewDriver(t, o)
				act(d)
				f := d.Frame()
				got := f.Raw()
				if look == theme.None {
					got = f.Text()
				}
				Golden(t, update, fmt.Sprintf("%s.%s.%s.txt", name, size, look), got)
			})
		}
	}
}

// Golden compares a text with a file in testdata, or writes it.
func Golden(t testing.TB, update bool, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update and look at it):\n%s", path, got)
	}
}
