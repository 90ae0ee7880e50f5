package bench

import (
	"fmt"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
)

// Sizes say how much is measured.
type Sizes struct {
	Rounds int // of every figure, at least 5

	Every      time.Duration // between two keys of one session
	Sessions   []int         // typing at once, the last one also idle
	Window     time.Duration // of one round of typing
	Drawing    int           // sessions of the comparison with the stock screen
	IdleWindow time.Duration // of one round of idling
	Connects   int           // one after the other, in one round
	Endings    int           // connections that end, of each kind but the last
	Staring    int           // clients that never read

	People  int // of the embedded directory
	Entries int // of slapd
	Locked  int // of them
	Repeats int // of the mix of queries, or of resets, in one round
	Starts  []int
}

// usualPace is the time between two keys of one session: 5 keys a second.
const usualPace = 200 * time.Millisecond

// quiet is for how long nothing must come until a screen counts as settled.
func (s Sizes) quiet() time.Duration { return 3 * s.Every }

// warmUp is enough for every session to type the stem.
func (s Sizes) warmUp() time.Duration { return time.Duration(len(stage.Stem)+1) * s.Every }

// Default takes some minutes on two cores.
func Default() Sizes {
	return Sizes{
		Rounds: 5, Every: usualPace, Sessions: []int{50, 200, 1000}, Window: 4 * time.Second, Drawing: 20, IdleWindow: 3 * time.Second, Connects: 10,
		Endings: 1000, Staring: 10, People: 100_000, Entries: 100_000, Locked: 1000, Repeats: 10, Starts: []int{200, 100_000},
	}
}

// Quick is for trying the benchmarks out.
func Quick() Sizes {
	return Sizes{
		Rounds: 5, Every: usualPace, Sessions: []int{10, 100}, Window: 600 * time.Millisecond, Drawing: 5, IdleWindow: 300 * time.Millisecond, Connects: 3,
		Endings: 50, Staring: 3, People: 20_000, Entries: 20_000, Locked: 200, Repeats: 2, Starts: []int{200, 20_000},
	}
}

// words are the sizes for the report.
func (s Sizes) words() []string {
	return []string{
		fmt.Sprintf("%d rounds of every figure", s.Rounds),
		fmt.Sprintf("SSH: %v sessions on a terminal of 130 x 60, a key every %v each, rounds of %v", s.Sessions, s.Every, s.Window),
		fmt.Sprintf("%d people in the embedded directory; %d in slapd, %d of them locked", s.People, s.Entries, s.Locked),
	}
}
