package lineterm

import "time"

// Defaults of Options.
const (
	DefaultWriteTimeout = 15 * time.Second
	DefaultCloseTimeout = 2 * time.Second
)

// Options are the choices of one Run.
type Options struct {
	// Mailbox brings events from outside the session; nil for none.
	Mailbox *Mailbox
	// WriteTimeout is the longest that the client may take to accept one frame
	// before it is cut off; zero is DefaultWriteTimeout.
	WriteTimeout time.Duration
	// CloseTimeout is the longest that the client may take to accept the last
	// frame and the restored terminal at the end; zero is DefaultCloseTimeout.
	CloseTimeout time.Duration
	// OnPanic gets what a panic of the model, its commands or the output was
	// about, once for each; nil ignores it. It may be called from any goroutine.
	OnPanic func(value any, stack []byte)
}

func (o Options) withDefaults() Options {
	if o.WriteTimeout <= 0 {
		o.WriteTimeout = DefaultWriteTimeout
	}
	if o.CloseTimeout <= 0 {
		o.CloseTimeout = DefaultCloseTimeout
	}
	if o.OnPanic == nil {
		o.OnPanic = func(any, []byte) {}
	}
	return o
}
