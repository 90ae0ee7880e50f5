package reference

import (
	"fmt"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/ui"
)

// Keys is docs/keys.md.
func Keys() string {
	var b strings.Builder
	b.WriteString(`# Keys

Made from the program; do not edit. Letters are keys only where nothing is being typed. What is not allowed is dim and says who can.
The footer of every screen shows the keys that make sense now; F1 lists all.

`)
	for _, s := range ui.KeyReference() {
		fmt.Fprintf(&b, "## %s\n\n| key | what it does |\n|---|---|\n", s.Screen)
		for _, k := range s.Keys {
			fmt.Fprintf(&b, "| `%s` | %s |\n", strings.Join(k.Keys, "` `"), k.Label)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
