package notify

import (
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/text"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

// Options is what a Mailroom needs. All but HelpLine and Zone are required.
type Options struct {
	Transport Transport
	From      string // a plain address; its domain is also that of the Message-IDs
	HelpLine  string // how a surprised reader reaches the desk; "" says "the number you already know"
	Language  text.Language
	Zone      *time.Location // in which times are written; nil for UTC
	Clock     core.Clock
	Log       *slog.Logger
}

// Mailroom is where letters and notices are written and leave.
type Mailroom struct {
	stationery *stationery
	line       *watched
	clock      core.Clock
	log        *slog.Logger
}

// errNoTemplate is a kind of message this package has no words for.
var errNoTemplate = errors.New("there is no template for this kind of message")

// NewMailroom checks the options. It does not connect.
func NewMailroom(o Options) (*Mailroom, error) {
	from, ok := ParseAddress(untrusted.New(o.From))
	if !ok {
		return nil, errors.New("mail: the sender is not a plain address such as helpdesk@example.org")
	}
	if o.Transport == nil || o.Clock == nil || o.Log == nil {
		return nil, errors.New("mail: a transport, a clock and a log are needed")
	}
	return &Mailroom{
		stationery: &stationery{
			from: from, helpLine: strings.TrimSpace(untrusted.Sanitize(o.HelpLine)), language: o.Language, zone: o.Zone,
		},
		line:  &watched{transport: o.Transport, clock: o.Clock, log: o.Log},
		clock: o.Clock, log: o.Log,
	}, nil
}

// Courier carries letters. All couriers of a Mailroom are the same.
func (r *Mailroom) Courier() *Courier { return &Courier{room: r} }

// Dispatcher carries the notices of an outbox. One outbox has one Dispatcher.
func (r *Mailroom) Dispatcher(outbox core.Outbox) *Dispatcher {
	return &Dispatcher{room: r, outbox: outbox, wake: make(chan struct{}, 1), sent: map[string]bool{}}
}
