package untrusted

import (
	"strings"
	"testing"
)

func TestAMebibyteIsNotReadToShowALine(t *testing.T) {
	t.Parallel()
	values := map[string]string{
		"ASCII":    strings.Repeat("x", 1<<20),
		"controls": strings.Repeat("\x1b", 1<<20),
		"marks":    "e" + strings.Repeat("\u0301", 1<<19),
		"runs":     strings.Repeat("e\u0301\u0301\u0301\u0301", 1<<17),
		"spacing":  "\u0915" + strings.Repeat("\u0940", 1<<18),
		"wide":     strings.Repeat("李", 1<<18),
		"invalid":  strings.Repeat("\xff", 1<<20),
	}
	for name, value := range values {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWalker(value)
			shown := w.visible(MaxDisplay)
			if len(shown) > MaxDisplay || !strings.HasSuffix(shown, ellipsis) {
				t.Errorf("%d bytes are shown, ending in %q", len(shown), shown[len(shown)-8:])
			}
			if w.at > 4*MaxDisplay {
				t.Errorf("%d bytes were read", w.at)
			}
		})
	}
}
