package screen

import "errors"

// errPanic stands for a panic of a screen's work; the panic itself went to the log.
var errPanic = errors.New("work of a screen panicked")
