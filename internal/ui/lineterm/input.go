package lineterm

import (
	"context"
	"errors"
	"io"
)

// chunkSize is how much is read at once, in bytes.
const chunkSize = 512

// input reads a terminal in a goroutine of its own.
type input struct {
	chunks chan []byte // closed after the last one; err says why
	err    error
}

// startInput starts reading. The goroutine ends when a read fails, or when ctx
// has ended and the read under way returns.
func startInput(ctx context.Context, r io.Reader) *input {
	in := &input{chunks: make(chan []byte)}
	go in.read(ctx, r)
	return in
}

// read uses two buffers in turn: when a chunk is taken, the one before it has
// been dealt with.
func (in *input) read(ctx context.Context, r io.Reader) {
	defer close(in.chunks)
	var buffers [2][chunkSize]byte
	for i := 0; ; i = 1 - i {
		n, err := r.Read(buffers[i][:])
		if n > 0 {
			select {
			case in.chunks <- buffers[i][:n]:
			case <-ctx.Done():
				return
			}
		}
		if err != nil {
			in.err = inputError(err)
			return
		}
	}
}

func inputError(err error) error {
	if errors.Is(err, io.EOF) {
		return ErrInputClosed
	}
	return errors.Join(ErrInputClosed, err)
}
