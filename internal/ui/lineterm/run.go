package lineterm

import (
	"context"
	"errors"
	"io"
	"reflect"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"runtime/debug"
)

// Run runs the model on the terminal until it quits (nil), ctx ends (its
// cause), the input ends (ErrInputClosed), the output fails (ErrOutput, with
// ErrSlowClient if the client does not read) or the model panics (*PanicError).
// The terminal is restored in every case in which it can still be reached.
func Run(ctx context.Context, model tea.Model, t Terminal, opts Options) error {
	opts = opts.withDefaults()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer opts.Mailbox.shut()

	size := t.Size.clamp(defaultSize())
	out := startOutput(t, newScreen(newPalette(t.profile())), opts.WriteTimeout, func(err error) { cancel(err) })
	w := &wrapper{inner: model, out: out, size: size, opts: opts, cancel: cancel}
	p := tea.NewProgram(w,
		tea.WithoutRenderer(), tea.WithoutSignalHandler(), tea.WithFPS(1),
		tea.WithInput(&eofReader{t.In, cancel}), tea.WithOutput(io.Discard), tea.WithContext(ctx),
		tea.WithEnvironment(t.environ()), tea.WithColorProfile(t.profile()),
		tea.WithWindowSize(size.Cols, size.Rows))
	go feed(ctx, p, t.Resizes, opts.Mailbox, size) // ends with ctx
	_, err := p.Run()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	out.finish(opts.CloseTimeout)
	return err
}

func feed(ctx context.Context, p *tea.Program, resizes <-chan Size, mail *Mailbox, size Size) {
	for {
		select {
		case <-ctx.Done():
			return
		case s, ok := <-resizes:
			if !ok {
				resizes = nil
				continue
			}
			size = s.clamp(size)
			p.Send(tea.WindowSizeMsg{Width: size.Cols, Height: size.Rows})
		case <-mail.ready():
			for _, msg := range mail.take() {
				p.Send(msg)
			}
		}
	}
}

type eofReader struct {
	in     io.Reader
	cancel context.CancelCauseFunc
}

func (r *eofReader) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = ErrInputClosed
		}
		r.cancel(err)
	}
	return n, err
}

type wrapper struct {
	inner  tea.Model
	out    *output
	size   Size
	opts   Options
	cancel context.CancelCauseFunc
}

func (w *wrapper) recovered() {
	if v := recover(); v != nil {
		w.failed(&PanicError{Value: v, Stack: debug.Stack()})
	}
}

func (w *wrapper) failed(err *PanicError) {
	w.opts.OnPanic(err.Value, err.Stack)
	w.cancel(err)
}

// Init implements tea.Model.
func (w *wrapper) Init() (cmd tea.Cmd) {
	defer w.recovered()
	return Guard(w.inner.Init())
}

// Update implements tea.Model.
func (w *wrapper) Update(msg tea.Msg) (m tea.Model, cmd tea.Cmd) {
	m = w
	defer w.recovered()
	switch msg := msg.(type) {
	case panicked:
		w.failed(msg.err)
		return w, nil
	case tea.WindowSizeMsg:
		w.size = Size{Cols: msg.Width, Rows: msg.Height}
	}
	if reflect.TypeOf(msg) == reflect.TypeOf(tea.SetClipboard("")()) {
		w.out.send(ansi.SetSystemClipboard(reflect.ValueOf(msg).String()))
	}
	w.inner, cmd = w.inner.Update(msg)
	return w, Guard(cmd)
}

// View implements tea.Model.
func (w *wrapper) View() tea.View {
	defer w.recovered()
	w.out.show(w.inner.View(), w.size)
	return tea.View{}
}
