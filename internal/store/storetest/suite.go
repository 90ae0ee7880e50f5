// Package storetest is the contract of the desk's state: what every store promises through the ports of internal/core, whatever database
// is behind it. It never looks at a database; a new store passes it with one call of [Run] in its tests.
package storetest

import (
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// Store is everything a store implements.
type Store interface {
	core.Cases
	core.Proofs
	core.Attempts
	core.Registrations
	core.OperatorStore
	core.Trail
	core.Outbox
}

// Run runs the contract. It calls open for a new, empty store for every test, and may run tests side by side.
func Run(t *testing.T, open func(t *testing.T) Store) {
	t.Helper()
	for _, part := range [][]func(*desk){
		caseTests(), handoffTests(), proofTests(), evidenceTests(), attemptTests(), registrationTests(), operatorTests(),
		intentTests(), concludeTests(), trailTests(), outboxTests(),
	} {
		for _, test := range part {
			t.Run(nameOf(test), func(t *testing.T) {
				t.Parallel()
				test(newDesk(t, open(t)))
			})
		}
	}
}

// nameOf is the name of the function: the tests are named as sentences.
func nameOf(test func(*desk)) string {
	name := runtime.FuncForPC(reflect.ValueOf(test).Pointer()).Name()
	name = name[strings.LastIndexByte(name, '.')+1:]
	return strings.ToUpper(name[:1]) + name[1:]
}
