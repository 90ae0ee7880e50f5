package lineterm

import "errors"

// Why a program ended before its model quit.
var (
	// ErrInputClosed says that the client closed its input.
	ErrInputClosed = errors.New("the terminal's input was closed")
	// ErrOutput says that a frame could not be written; the cause is wrapped.
	ErrOutput = errors.New("the terminal's output failed")
	// ErrSlowClient says that one frame took longer than the write timeout.
	ErrSlowClient = errors.New("the client does not read")
)

// PanicError says that the model, or a command of it, panicked. Its text does
// not hold the value, which may quote a person's data.
type PanicError struct {
	Value any
	Stack []byte
}

// Error implements error.
func (e *PanicError) Error() string { return "the screen program panicked" }
