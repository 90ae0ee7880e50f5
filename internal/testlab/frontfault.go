package testlab

import "time"

// Point is the moment at which a fault strikes one request.
type Point string

// The moments, in their order.
const (
	BeforeForward Point = "before-forward" // the server never sees the request
	DuringForward Point = "during-forward" // the server sees the first half of it
	BeforeAnswer  Point = "before-answer"  // the server has done it and answered; the client has seen nothing
	DuringAnswer  Point = "during-answer"  // the client has seen the first half of the answer
)

// Act is what a fault does.
type Act string

// The acts.
const (
	ActReset  Act = "reset"  // TCP reset of the client's connection
	ActClose  Act = "close"  // orderly end of the client's connection
	ActHang   Act = "hang"   // nothing more comes on this connection
	ActDelay  Act = "delay"  // wait, then go on
	ActAnswer Act = "answer" // give Answer to the client instead of going on; the connection lives
)

// Fault says what goes wrong, once.
type Fault struct {
	Op     Op            // which requests count
	N      int           // the N-th of them from now on is struck; 0 and 1: the next one
	Times  int           // how many in a row are struck; 0: one, -1: all from there on
	Point  Point         // empty: BeforeForward
	Act    Act           // empty: ActReset
	Delay  time.Duration // of ActDelay
	Answer func(messageID int64) []byte
}

// armedFault is a fault that still waits for its request.
type armedFault struct {
	Fault
	seen   int
	struck chan struct{} // closed when the first request was struck
}

// Arm makes a fault wait for its request. The returned channel is closed when it strikes for the first time.
func (f *Front) Arm(fault Fault) (struck <-chan struct{}) {
	fault.N = max(fault.N, 1)
	if fault.Times == 0 {
		fault.Times = 1
	}
	if fault.Point == "" {
		fault.Point = BeforeForward
	}
	if fault.Act == "" {
		fault.Act = ActReset
	}
	armed := &armedFault{Fault: fault, struck: make(chan struct{})}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, armed)
	return armed.struck
}

// Disarm forgets every fault.
func (f *Front) Disarm() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = nil
}

// strikes returns the fault that hits this request, nil when it goes through.
func (f *Front) strikes(op Op) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, armed := range f.faults {
		if armed.Op != OpAny && armed.Op != op {
			continue
		}
		armed.seen++
		if armed.hits() {
			return &armed.Fault
		}
	}
	return nil
}

func (a *armedFault) hits() bool {
	past := a.seen - a.N
	if past < 0 || a.Times > 0 && past >= a.Times {
		return false
	}
	if past == 0 {
		close(a.struck)
	}
	return true
}
