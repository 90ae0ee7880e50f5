package embedded

import (
	"log/slog"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Options say which directory to open and how it treats passwords.
type Options struct {
	Name     string // as the configuration calls it; the Directory of its accounts
	Path     string // of the SQLite file, which is made when there is none
	Policy   Policy // the zero Policy stands for the one that was set in the directory, or else DefaultPolicy
	Clock    core.Clock
	Entropy  core.Entropy
	Log      *slog.Logger // nil: no log
	HashCost HashCost     // the zero cost stands for DefaultHashCost
}

// complete fills in defaults. CodeInvalid.
func (o Options) complete() (Options, error) {
	if o.Name == "" || strings.ContainsRune(o.Name, ':') || o.Path == "" || o.Clock == nil || o.Entropy == nil {
		return o, core.Fail(core.CodeInvalid, sentence.Of("directory.bad_options", sentence.Word("directory", o.Name)))
	}
	if o.HashCost == (HashCost{}) {
		o.HashCost = DefaultHashCost()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := o.Policy.check(); err != nil {
		return o, err
	}
	return o, o.HashCost.check()
}
