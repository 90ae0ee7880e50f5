package lineterm

import (
	"reflect"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// grouping says how the commands in one message are to be run.
type grouping int

const (
	single   grouping = iota // the message is not a group
	together                 // tea.Batch
	inOrder                  // tea.Sequence
)

// vocabulary are the messages that Bubble Tea keeps to itself. It has no other
// name for them than the commands that make them, so they are told apart by
// type. Messages that would act on the server (tea.Exec, tea.Suspend) or ask
// for more of the operator's desktop (reading the clipboard) are not in it:
// they do nothing.
type vocabulary struct {
	commands reflect.Type // []tea.Cmd

	sequence   reflect.Type
	clipboard  reflect.Type
	background reflect.Type
	clear      reflect.Type
	size       reflect.Type
}

func newVocabulary() vocabulary {
	nothing := func() tea.Msg { return nil }
	return vocabulary{
		commands:   reflect.TypeFor[[]tea.Cmd](),
		sequence:   reflect.TypeOf(tea.Sequence(nothing, nothing)()),
		clipboard:  reflect.TypeOf(tea.SetClipboard("")()),
		background: reflect.TypeOf(tea.RequestBackgroundColor()),
		clear:      reflect.TypeOf(tea.ClearScreen()),
		size:       reflect.TypeOf(tea.RequestWindowSize()),
	}
}

// group takes a message of several commands apart.
func (v vocabulary) group(msg tea.Msg) ([]tea.Cmd, grouping) {
	if batch, ok := msg.(tea.BatchMsg); ok {
		return batch, together
	}
	if msg == nil || reflect.TypeOf(msg) != v.sequence {
		return nil, single
	}
	cmds, _ := reflect.ValueOf(msg).Convert(v.commands).Interface().([]tea.Cmd)
	return cmds, inOrder
}

// obey does what a message asks of the program, and returns false for one that
// is the model's.
func (v vocabulary) obey(msg tea.Msg, p *program) bool {
	switch reflect.TypeOf(msg) {
	case v.clipboard:
		p.out.setClipboard(reflect.ValueOf(msg).String())
	case v.background:
		p.out.ask(ansi.RequestBackgroundColor)
	case v.clear:
		p.out.repaint()
	case v.size:
		p.handle(p.windowSize())
	case v.sequence, reflect.TypeFor[tea.BatchMsg]():
		p.perform(func() tea.Msg { return msg })
	default:
		return false
	}
	return true
}

// maxClipboard is the longest text that is put on the operator's clipboard, in
// bytes; terminals refuse or cut longer ones.
const maxClipboard = 64 << 10

// clipboard is the sequence that sets the operator's clipboard (OSC 52), or
// nothing if the text is too long.
func clipboard(text string) string {
	if len(text) > maxClipboard {
		return ""
	}
	return ansi.SetSystemClipboard(text)
}
