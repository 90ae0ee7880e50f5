package lineterm

import (
	"runtime/debug"

	tea "charm.land/bubbletea/v2"
)

// panicked reports a panic of a guarded command to the program.
type panicked struct{ err *PanicError }

// Guard returns a command that turns its panic into the end of this one
// program. Run guards every command by itself; Guard is for commands that other
// code calls.
func Guard(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if v := recover(); v != nil {
				msg = panicked{&PanicError{Value: v, Stack: debug.Stack()}}
			}
		}()
		return cmd()
	}
}
