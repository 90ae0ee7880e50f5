package operate

import (
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/ui/screen"
)

// SecretOf is the password that a screen holds, nil when it holds none.
func SecretOf(s screen.Screen) *secret.Text { return s.(*Operate).shown.secret }
