package app

import (
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/sshd"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/ui"
)

func TestEveryEndOfATerminalHasItsSentence(t *testing.T) {
	t.Parallel()
	for _, why := range []string{
		string(sshd.LeaveDrain), string(sshd.LeaveDismissed), string(sshd.LeaveLifetime),
		string(ui.EndedIdle), string(ui.EndedLifetime), string(ui.EndedDenied), string(ui.EndedTries),
	} {
		for _, l := range []text.Language{text.English, text.Chinese} {
			if said := (text.Printer{Lang: l}).Label("front.leave_" + why); strings.Contains(said, "front.leave_") {
				t.Errorf("%s: %s", l, said)
			}
		}
	}
}

func TestTheLookFollowsTheClient(t *testing.T) {
	t.Parallel()
	f := &front{look: look{language: text.English}}
	for _, c := range []struct {
		environ []string
		term    string
		ascii   bool
		lang    text.Language
	}{
		{[]string{"LANG=en_US.UTF-8"}, "xterm-256color", false, text.English},
		{[]string{"LANG=zh_CN.UTF-8"}, "xterm-256color", false, text.Chinese},
		{[]string{"LC_ALL=zh_CN.UTF-8", "LANG=en_US.UTF-8"}, "xterm", false, text.Chinese},
		{[]string{"LANG=C"}, "xterm", true, text.English},
		{[]string{"LANG=en_US.UTF-8", "LC_ALL=POSIX"}, "xterm", true, text.English},
		{nil, "linux", true, text.English},
		{nil, "vt220", true, text.English},
		{nil, "xterm", false, text.English},
	} {
		if got := ascii(c.environ, c.term); got != c.ascii {
			t.Errorf("%v on %s in ASCII: %v", c.environ, c.term, got)
		}
		if got := f.language(c.environ); got != c.lang {
			t.Errorf("%v: %s", c.environ, got)
		}
	}
}
