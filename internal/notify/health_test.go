package notify_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/notify"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/text"
)

// words is a health report as a person reads it.
func words(h core.Health) string {
	p := text.Printer{Lang: text.English, Now: h.At}
	out := []string{string(h.Level), p.Say(h.Said)}
	for _, d := range h.Details {
		out = append(out, p.Say(d))
	}
	return strings.Join(out, "\n")
}

func TestHealthSaysWhatWaitsWhatWasGivenUpAndWhy(t *testing.T) {
	t.Parallel()
	waiting := func(age time.Duration) core.Notice {
		return resetNotice("w", jane, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(-age))
	}
	dead := waiting(0)
	dead.Dead = true
	down := failing(notify.Failure{Step: notify.StepConnect, Place: "mx:25"})
	for name, tc := range map[string]struct {
		notices []core.Notice
		open    func(context.Context, notify.Envelope) error
		read    error
		want    string
	}{
		"well":            {nil, nil, nil, "green\nMail leaves."},
		"one just put in": {[]core.Notice{waiting(time.Second)}, nil, nil, "green\nMail leaves.\n1 notice waits, the oldest since 08:59. They are tried again by themselves for a day."},
		"delayed": {
			[]core.Notice{waiting(time.Hour), waiting(0)},
			nil, nil,
			"amber\n2 notices wait, the oldest since 08:00. They are tried again by themselves for a day.\n2 notices wait, the oldest since 08:00. They are tried again by themselves for a day.",
		},
		"dead": {
			[]core.Notice{dead, dead},
			nil, nil,
			"amber\n2 notices were given up. The log names the cases: tell these people in another way.\n2 notices were given up. The log names the cases: tell these people in another way.",
		},
		"down": {
			nil, down, nil,
			"red\nThe mail server mx:25 does not answer. Nothing was sent. Use another way, and tell your administrator.\n" +
				"Last trouble, at 09:00: The mail server mx:25 does not answer. Nothing was sent. Use another way, and tell your administrator.",
		},
		"refused": {
			nil, failing(notify.Failure{Step: notify.StepLogin, Place: "mx:25", Code: 535, Enhanced: "5.7.8"}), nil,
			"red\nThe mail server mx:25 does not accept the desk's login. Nothing was sent. Use another way, and tell your administrator.\n" +
				"Last trouble, at 09:00: The mail server mx:25 does not accept the desk's login. Nothing was sent. Use another way, and tell your administrator.\n" +
				"The server's last refusal was 535 5.7.8.",
		},
		"the queue is unread": {nil, nil, errors.New("locked"), "red\nThe queue of notices cannot be read. Look at the desk's store."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, box := &tray{}, &outbox{}
			f.set(tc.open, nil)
			box.put(tc.notices...)
			box.fail(tc.read, nil)
			h := newRoom(t, f).Dispatcher(box).Health(t.Context())
			if got := words(h); got != tc.want {
				t.Errorf("it says\n%s\nwant\n%s", got, tc.want)
			}
			if h.Name != "mail" || h.Kind != "mail" || h.At.IsZero() {
				t.Errorf("it is %+v", h)
			}
		})
	}
}

func TestHealthRemembersTheLastTroubleAfterItIsOver(t *testing.T) {
	t.Parallel()
	f, box := &tray{}, &outbox{}
	r := newRoom(t, f)
	f.set(failing(notify.Failure{Step: notify.StepRecipient, Code: 450}), nil)
	if _, err := r.Courier().Prepare(t.Context(), alternate(jane)); err == nil {
		t.Fatal("no trouble")
	}
	f.set(nil, nil)
	r.clock.Add(time.Hour)
	if got := words(r.Dispatcher(box).Health(t.Context())); !strings.HasPrefix(got, "green\nMail leaves.\nLast trouble, at 09:00: The mail server does not take") {
		t.Error(got)
	}
}

func TestManyWhoAskForHealthMakeOneProbe(t *testing.T) {
	t.Parallel()
	f, box := &tray{}, &outbox{}
	r := newRoom(t, f)
	d := r.Dispatcher(box)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { d.Health(t.Context()) })
	}
	all.Wait()
	if _, probes, _ := f.counts(); probes != 1 {
		t.Errorf("%d probes", probes)
	}
	r.clock.Add(16 * time.Second)
	d.Health(t.Context())
	r.clock.Add(-time.Hour) // a clock that is set back makes no old answer young
	d.Health(t.Context())
	if _, probes, _ := f.counts(); probes != 3 {
		t.Errorf("%d probes", probes)
	}
}

func TestOneWhoAsksAndGoesAwaySpoilsTheAnswerForNobody(t *testing.T) {
	t.Parallel()
	s, tr := sink(t, nil)
	gone, leave := context.WithCancel(t.Context())
	leave()
	d := newRoom(t, tr).Dispatcher(&outbox{})
	if h := d.Health(gone); h.Level != core.Green {
		t.Errorf("it says\n%s", words(h))
	}
	if len(s.Messages()) != 0 {
		t.Error("a probe sent a message")
	}
}

func TestAProbeLogsInAndNamesTheSender(t *testing.T) {
	t.Parallel()
	for stage, want := range map[testlab.SMTPStage]string{testlab.SMTPMail: "mail.sender_refused", testlab.SMTPConnect: "mail.unreachable"} {
		_, tr := sink(t, map[testlab.SMTPStage]testlab.SMTPFault{stage: {Reply: "550 5.7.1 no"}})
		err := newRoom(t, tr).Courier().Probe(t.Context())
		if core.AsError(err).Said.ID != want {
			t.Errorf("%s: %v", stage, err)
		}
	}
	_, tr := sink(t, map[testlab.SMTPStage]testlab.SMTPFault{testlab.SMTPRcpt: {Reply: "550 5.7.1 no"}})
	if err := newRoom(t, tr).Courier().Probe(t.Context()); err != nil {
		t.Errorf("a probe named a recipient: %v", err)
	}
}
