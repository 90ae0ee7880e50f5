package bench

import (
	"io"
	"sync"
)

// serial lets the processes of a run and the run itself write to one place.
type serial struct {
	mu sync.Mutex
	to io.Writer
}

// Write implements io.Writer.
func (s *serial) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.to.Write(p)
}
