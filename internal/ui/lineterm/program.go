package lineterm

import (
	"context"
	"runtime/debug"
	"time"

	tea "charm.land/bubbletea/v2"
)

// escapeTimeout is how long an escape sequence may take to arrive. What came
// until then is taken as it is: a lone ESC is the key.
const escapeTimeout = 50 * time.Millisecond

// program is the event loop of one model.
type program struct {
	ctx   context.Context // of this loop and its commands
	model tea.Model
	opts  Options
	out   *output
	words vocabulary

	size    Size
	view    tea.View
	stale   bool // the model was told something since it was drawn
	decoder decoder
	partial *time.Timer // fires when an escape sequence is not going to be completed

	messages chan tea.Msg // from commands
	timers   map[*time.Timer]struct{}

	over bool
	err  error
}

func newProgram(ctx context.Context, model tea.Model, out *output, opts Options) *program {
	return &program{
		ctx: ctx, model: model, out: out, opts: opts, words: newVocabulary(),
		messages: make(chan tea.Msg), timers: make(map[*time.Timer]struct{}),
	}
}

// run starts the model and serves it until it is over.
func (p *program) run(t Terminal) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
			p.opts.OnPanic(v, debug.Stack())
		}
		p.stopTimers()
	}()
	in := startInput(p.ctx, t.In)
	p.start(t)
	p.serve(in, t.Resizes)
	return p.err
}

func (p *program) start(t Terminal) {
	p.size = t.Size.clamp(defaultSize())
	p.perform(p.model.Init())
	p.handle(tea.EnvMsg(t.environ()))
	p.handle(tea.ColorProfileMsg{Profile: t.profile()})
	p.handle(p.windowSize())
	p.draw()
}

func (p *program) serve(in *input, resizes <-chan Size) {
	p.partial = time.NewTimer(escapeTimeout)
	p.partial.Stop()
	defer p.partial.Stop()
	for !p.over {
		select {
		case <-p.ctx.Done():
			p.end(context.Cause(p.ctx))
		case chunk, ok := <-in.chunks:
			p.typed(in, chunk, ok)
		case <-p.partial.C:
			p.handleAll(p.decoder.expire())
		case size, ok := <-resizes:
			resizes = p.resized(resizes, size, ok)
		case <-p.opts.Mailbox.ready():
			p.handleAll(p.opts.Mailbox.take())
		case msg := <-p.messages:
			p.handle(msg)
		}
		p.draw()
	}
}

// end makes the loop stop with err.
func (p *program) end(err error) {
	if !p.over {
		p.over, p.err = true, err
	}
}

// draw shows the model, if it was told something; the output finds out what has changed.
func (p *program) draw() {
	if p.over || !p.stale {
		return
	}
	p.stale = false
	p.view = p.model.View()
	p.out.show(p.view, p.size)
}

// typed handles a piece of input.
func (p *program) typed(in *input, chunk []byte, ok bool) {
	if !ok {
		p.handleAll(p.decoder.expire())
		p.end(in.err)
		return
	}
	p.handleAll(p.decoder.feed(chunk))
	p.partial.Stop()
	if p.decoder.waiting() {
		p.partial.Reset(escapeTimeout)
	}
}

// resized handles a change of the window's size, and forgets a channel that was closed.
func (p *program) resized(resizes <-chan Size, size Size, ok bool) <-chan Size {
	if !ok {
		return nil
	}
	p.size = size.clamp(p.size)
	p.handle(p.windowSize())
	return resizes
}

func (p *program) windowSize() tea.WindowSizeMsg {
	return tea.WindowSizeMsg{Width: p.size.Cols, Height: p.size.Rows}
}

func (p *program) handleAll(messages []tea.Msg) {
	for _, msg := range messages {
		p.handle(msg)
	}
}

// handle gives a message to the model, unless it is for the program itself.
func (p *program) handle(msg tea.Msg) {
	if p.over || msg == nil || p.own(msg) {
		return
	}
	if mouse, ok := msg.(tea.MouseMsg); ok && p.view.OnMouse != nil {
		p.perform(p.view.OnMouse(mouse))
	}
	p.stale = true
	var cmd tea.Cmd
	p.model, cmd = p.model.Update(msg)
	p.perform(cmd)
}

// own handles what is meant for the program.
func (p *program) own(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case tea.QuitMsg:
		p.end(nil)
	case tea.InterruptMsg:
		p.end(tea.ErrInterrupted)
	case tea.SuspendMsg, tea.RawMsg:
		// They act on the server's process, or write past the renderer.
	case panicked:
		p.end(msg.err)
	case timer:
		p.arm(msg)
	case fired:
		delete(p.timers, msg.timer)
		p.handle(msg.msg)
	default:
		return p.words.obey(msg, p)
	}
	return true
}
