package child

import "time"

// Verb is what a parent asks for.
type Verb string

// The questions.
const (
	Usage   Verb = "usage"   // time used, goroutines; cheap
	Memory  Verb = "memory"  // the same after two collections of garbage, with the memory that is live
	Profile Verb = "profile" // begin a profile of the processor in the file that follows
	Stop    Verb = "stop"    // end the profile
	Heap    Verb = "heap"    // write a profile of the live memory to the file that follows
)

// Hello is the first line of a child.
type Hello struct {
	Addr    string `json:"addr"`
	HostKey string `json:"host_key"` // in authorized_keys form
}

// State is what a child answers.
type State struct {
	CPU        time.Duration `json:"cpu_ns"`     // user and system
	Heap       int64         `json:"heap"`       // bytes in use; after a collection: live
	Stack      int64         `json:"stack"`      // bytes
	Goroutines int           `json:"goroutines"` //
	Error      string        `json:"error,omitempty"`
}
