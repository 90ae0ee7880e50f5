package lineterm

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// Run runs the model on the terminal until it quits (nil), it asks to be
// interrupted (tea.ErrInterrupted), ctx ends (its cause), the input ends
// (ErrInputClosed), the output fails (ErrOutput, with ErrSlowClient if the
// client does not read) or the model panics (*PanicError). The terminal is
// restored in every case in which it can still be reached.
//
// The model gets tea.EnvMsg, tea.ColorProfileMsg and tea.WindowSizeMsg, in this
// order, after its Init and before its first View. All its methods are called
// from this goroutine.
func Run(ctx context.Context, model tea.Model, t Terminal, opts Options) error {
	opts = opts.withDefaults()
	defer opts.Mailbox.shut()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	out := startOutput(t, newScreen(newPalette(t.profile())), opts, cancel)
	p := newProgram(ctx, model, out, opts)
	err := p.run(t)
	cancel(nil)
	if late := out.finish(opts.CloseTimeout); err == nil {
		err = late
	}
	return err
}
