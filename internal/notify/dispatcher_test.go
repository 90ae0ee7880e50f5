package notify_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/notify"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

func drain(t *testing.T, d *notify.Dispatcher) {
	t.Helper()
	if err := d.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestANoticeSaysWhatWhenAndWhomToCallAndHasNoLink(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		kind          core.NoticeKind
		subject, what string
	}{
		{core.NoticeReset, "Your password was reset", "The helpdesk has reset the password of your account."},
		{core.NoticeUnlocked, "Your account was unlocked", "The helpdesk has unlocked your account."},
	} {
		t.Run(string(tc.kind), func(t *testing.T) {
			t.Parallel()
			f, box := &tray{}, &outbox{}
			r := newRoom(t, f)
			n := resetNotice("op-1#mail:0", jane, r.clock.Now())
			n.Kind = tc.kind
			box.put(n)
			drain(t, r.Dispatcher(box))
			m := only(t, f)
			want := "Hello Jane Doe,\n\n" + tc.what + `

When: 2 Mar 2026 10:00 CET
Account: jane.doe
Case: 1042
Ticket: INC-2210

Was it not you? Call 555-0100.

Notices of the helpdesk have no links, no passwords and no codes.
`
			if diff := cmp.Diff(want, m.Body); diff != "" || m.Subject != tc.subject {
				t.Errorf("subject %q\n%s", m.Subject, diff)
			}
			if len(box.all()) != 0 {
				t.Error("the notice is still in the outbox")
			}
		})
	}
}

// T96: every address on file is told, the old one too, each in a message of its own.
func TestEveryAddressIsToldInAMessageOfItsOwn(t *testing.T) {
	t.Parallel()
	s, tr := sink(t, nil)
	r, box := newRoom(t, tr), &outbox{}
	for i, to := range []string{"old@home.example", "new@home.example", "jane@corp.example"} {
		box.put(resetNotice("op-1#mail:"+string(rune('0'+i)), to, r.clock.Now()))
	}
	drain(t, r.Dispatcher(box))
	ids := map[string]bool{}
	for _, to := range []string{"old@home.example", "new@home.example", "jane@corp.example"} {
		m := s.WaitMessage(t, testlab.To(to))
		header := read(t, m.Data).Header
		if len(m.To) != 1 || header.Get("To") != "<"+to+">" {
			t.Errorf("sent to %q with To: %s", m.To, header.Get("To"))
		}
		ids[header.Get("Message-Id")] = true
	}
	if len(s.Messages()) != 3 || len(ids) != 3 {
		t.Errorf("%d messages with %d ids", len(s.Messages()), len(ids))
	}
}

// T95: each fault of a real server, until it is over.
func TestANoticeSurvivesEveryFaultOfAMailServer(t *testing.T) {
	t.Parallel()
	later := testlab.SMTPFault{Reply: "451 4.3.0 try later", Times: 1}
	for name, tc := range map[string]struct {
		stage  testlab.SMTPStage
		fault  testlab.SMTPFault
		copies int
		why    string
	}{
		"closed":             {testlab.SMTPConnect, testlab.SMTPFault{Reply: "554 5.3.2 closed", Times: 1}, 1, "connect: 554 5.3.2"},
		"no TLS now":         {testlab.SMTPStartTLS, testlab.SMTPFault{Reply: "454 4.7.0 later", Times: 1}, 1, "encrypt: 454 4.7.0"},
		"sender refused":     {testlab.SMTPMail, testlab.SMTPFault{Reply: "550 5.7.1 no", Times: 1}, 1, "sender: 550 5.7.1"},
		"recipient later":    {testlab.SMTPRcpt, later, 1, "recipient: 451 4.3.0"},
		"data later":         {testlab.SMTPData, later, 1, "content: 451 4.3.0"},
		"content later":      {testlab.SMTPContent, later, 1, "content: 451 4.3.0"},
		"hangs":              {testlab.SMTPRcpt, testlab.SMTPFault{Hang: true, Times: 1}, 1, "recipient: context deadline exceeded"},
		"takes it and drops": {testlab.SMTPContent, testlab.SMTPFault{Drop: true, Times: 1}, 2, "content: no answer after the content; EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ca := testlab.NewCA(t)
			s := testlab.SMTPSink(t, testlab.SMTPOptions{CA: ca, Faults: map[testlab.SMTPStage]testlab.SMTPFault{tc.stage: tc.fault}})
			r := newRoom(t, smtpTo(t, s.Addr, func(o *notify.SMTPOptions) {
				if o.CA = ca.PEM(); tc.fault.Hang {
					o.OpenLimit = 1500 * time.Millisecond
				}
			}))
			box := &outbox{}
			box.put(resetNotice("op-1#mail:0", jane, r.clock.Now()))
			d := r.Dispatcher(box)
			drain(t, d)
			left := box.all()
			if len(left) != 1 || left[0].Attempts != 1 || left[0].Dead || left[0].LastError != tc.why {
				t.Fatalf("after the fault the outbox holds %+v", left)
			}
			if wait := left[0].NextTry.Sub(r.clock.Now()); wait < time.Minute || wait > 80*time.Second {
				t.Errorf("the next try is in %v", wait)
			}
			drain(t, d)
			if box.all()[0].Attempts != 1 {
				t.Error("it was tried again before its time")
			}
			r.clock.Add(2 * time.Minute)
			drain(t, d)
			if len(box.all()) != 0 {
				t.Errorf("after the fault was over the outbox holds %+v", box.all())
			}
			ids := map[string]bool{}
			for _, m := range s.Messages() {
				ids[read(t, m.Data).Get("Message-Id")+m.Data] = true
			}
			if len(s.Messages()) != tc.copies || len(ids) != 1 {
				t.Errorf("%d copies, %d of them different", len(s.Messages()), len(ids))
			}
		})
	}
}

func TestARecipientThatIsRefusedForGoodIsGivenUpAtOnceWithAnAlarm(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		stage testlab.SMTPStage
		want  string
	}{"recipient": {testlab.SMTPRcpt, "recipient: 550 5.1.1"}, "content": {testlab.SMTPContent, "content: 550 5.1.1"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, tr := sink(t, map[testlab.SMTPStage]testlab.SMTPFault{tc.stage: {Reply: "550 5.1.1 <" + jane + "> unknown"}})
			r, box := newRoom(t, tr), &outbox{}
			box.put(resetNotice("op-1#mail:0", jane, r.clock.Now()))
			drain(t, r.Dispatcher(box))
			n := box.all()[0]
			if !n.Dead || n.Attempts != 1 || n.LastError != tc.want {
				t.Errorf("the outbox holds %+v", n)
			}
			log := r.log.String()
			if !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "notice=op-1#mail:0") || !strings.Contains(log, "case=1042") {
				t.Errorf("no alarm in\n%s", log)
			}
			for _, private := range []string{"jane", "Jane", "home.example", "INC-2210"} {
				if strings.Contains(log, private) {
					t.Errorf("%q stands in\n%s", private, log)
				}
			}
		})
	}
}

func TestWhatCanNeverBeSentIsGivenUpWithoutAConnection(t *testing.T) {
	t.Parallel()
	f, box := &tray{}, &outbox{}
	r := newRoom(t, f)
	for name, s := range hostile {
		box.put(resetNotice("hostile "+name, s, r.clock.Now()))
	}
	kind, channel := resetNotice("kind", jane, r.clock.Now()), resetNotice("channel", jane, r.clock.Now())
	kind.Kind, channel.Channel = "birthday", "pigeon"
	box.put(kind, channel)
	drain(t, r.Dispatcher(box))
	for _, n := range box.all() {
		if !n.Dead {
			t.Errorf("%s is tried again", n.Key)
		}
	}
	if opened, _, _ := f.counts(); opened != 0 {
		t.Errorf("%d connections", opened)
	}
}

func TestANoticeIsTriedForADayWithGrowingPauses(t *testing.T) {
	t.Parallel()
	f, box := &tray{}, &outbox{}
	f.set(failing(notify.Failure{Step: notify.StepRecipient, Code: 450}), nil)
	r := newRoom(t, f)
	start := r.clock.Now()
	box.put(resetNotice("op-1#mail:0", jane, start))
	d := r.Dispatcher(box)
	var pauses []time.Duration
	for n := box.all()[0]; !n.Dead; n = box.all()[0] {
		if wait := n.NextTry.Sub(r.clock.Now()); wait > 0 {
			pauses = append(pauses, wait)
			r.clock.Add(wait)
		}
		if r.clock.Now().Sub(start) > 48*time.Hour {
			t.Fatal("it is tried for ever")
		}
		drain(t, d)
	}
	if age := r.clock.Now().Sub(start); age < 24*time.Hour || age > 25*time.Hour {
		t.Errorf("given up after %v", age)
	}
	if !slices.IsSorted(pauses[:7]) || slices.Min(pauses) < time.Minute || slices.Max(pauses) > time.Hour || len(pauses) < 25 || len(pauses) > 45 {
		t.Errorf("%d pauses: %v", len(pauses), pauses)
	}
	if n := strings.Count(r.log.String(), "level=ERROR"); n != 1 {
		t.Errorf("%d alarms", n)
	}
}

func TestWhenNothingLeavesOneConnectionIsTriedForAllNotices(t *testing.T) {
	t.Parallel()
	f, box := &tray{}, &outbox{}
	r := newRoom(t, f)
	d := r.Dispatcher(box)
	for i := range 120 {
		box.put(resetNotice("op#"+string(rune('A'+i)), jane, r.clock.Now()))
	}
	f.set(failing(notify.Failure{Step: notify.StepConnect, Place: "mx:25"}), nil)
	drain(t, d)
	if opened, _, _ := f.counts(); opened != 1 {
		t.Errorf("%d connections", opened)
	}
	for _, n := range box.all() {
		if n.Attempts != 1 || !n.NextTry.After(r.clock.Now()) {
			t.Fatalf("the outbox holds %+v", n)
		}
	}
	if n := strings.Count(r.log.String(), "mail does not leave"); n != 1 {
		t.Errorf("logged %d times", n)
	}
	f.set(nil, nil)
	r.clock.Add(2 * time.Minute)
	drain(t, d)
	if _, _, taken := f.counts(); taken != 120 || len(box.all()) != 0 {
		t.Errorf("%d taken, %d left", taken, len(box.all()))
	}
	if !strings.Contains(r.log.String(), "mail leaves again") {
		t.Error(r.log)
	}
}

func TestOneRefusedRecipientDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	f, box := &tray{}, &outbox{}
	f.set(func(_ context.Context, e notify.Envelope) error {
		switch e.To.Spec() {
		case "never@home.example":
			return &notify.Failure{Step: notify.StepRecipient, Code: 550}
		case "later@home.example":
			return &notify.Failure{Step: notify.StepRecipient, Code: 450}
		}
		return nil
	}, nil)
	r := newRoom(t, f)
	for _, to := range []string{"never@home.example", "later@home.example", jane, "omar@home.example"} {
		box.put(resetNotice(to, to, r.clock.Now()))
	}
	drain(t, r.Dispatcher(box))
	if got := f.recipients(); !slices.Equal(got, []string{jane, "omar@home.example"}) {
		t.Errorf("sent to %q", got)
	}
	if strings.Contains(r.log.String(), "does not leave") {
		t.Error(r.log)
	}
}

func TestANoticeThatTheOutboxCouldNotForgetIsNotSentTwice(t *testing.T) {
	t.Parallel()
	f, box, broken := &tray{}, &outbox{}, errors.New("disk full")
	r := newRoom(t, f)
	box.put(resetNotice("op-1#mail:0", jane, r.clock.Now()), resetNotice("op-1#mail:1", "omar@home.example", r.clock.Now()))
	d := r.Dispatcher(box)
	box.fail(nil, broken)
	for range 3 {
		if err := d.Drain(t.Context()); !errors.Is(err, broken) {
			t.Fatalf("the error is %v", err)
		}
	}
	box.fail(nil, nil)
	drain(t, d)
	if got := f.recipients(); !slices.Equal(got, []string{jane, "omar@home.example"}) || len(box.all()) != 0 {
		t.Errorf("sent to %q, %d left", got, len(box.all()))
	}
}

// running is a Dispatcher in a synctest bubble.
func running(t *testing.T, f *tray, box *outbox) (*notify.Dispatcher, *logBuffer) {
	t.Helper()
	log := &logBuffer{}
	d := mailroom(t, f, realClock{}, log).Dispatcher(box)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { // ends with the test
		d.Run(ctx)
		close(done)
	}()
	t.Cleanup(func() { stop(); <-done })
	synctest.Wait()
	return d, log
}

func TestAWakeSendsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, box := &tray{}, &outbox{}
		d, _ := running(t, f, box)
		start := time.Now()
		box.put(resetNotice("op-1#mail:0", jane, start))
		for range 10 { // more wakes than anybody hears
			d.Wake()
		}
		synctest.Wait()
		if got := f.recipients(); !slices.Equal(got, []string{jane}) || !time.Now().Equal(start) {
			t.Errorf("after %v sent to %q", time.Since(start), got)
		}
	})
}

func TestAnEmptyOutboxIsLeftAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, box := &tray{}, &outbox{}
		running(t, f, box)
		before := box.readCount()
		time.Sleep(24 * time.Hour)
		if n := box.readCount() - before; n > 2*24*4+2 {
			t.Errorf("%d looks in a day", n)
		}
		if opened, probes, _ := f.counts(); opened+probes != 0 {
			t.Errorf("%d connections", opened+probes)
		}
		box.put(resetNotice("op-1#mail:0", jane, time.Now())) // and nobody wakes it
		time.Sleep(16 * time.Minute)
		if got := f.recipients(); !slices.Equal(got, []string{jane}) {
			t.Errorf("a notice that nobody spoke of: sent to %q", got)
		}
	})
}

func TestAFailedNoticeIsTriedAgainWhenItIsDueAndNotBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, box := &tray{}, &outbox{}
		f.set(failing(notify.Failure{Step: notify.StepConnect}), nil)
		box.put(resetNotice("op-1#mail:0", jane, time.Now()))
		running(t, f, box)
		due := time.Until(box.all()[0].NextTry)
		f.set(nil, nil)
		time.Sleep(due - time.Millisecond)
		synctest.Wait()
		if opened, _, _ := f.counts(); opened != 1 {
			t.Errorf("%d connections before it was due", opened)
		}
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if got := f.recipients(); !slices.Equal(got, []string{jane}) {
			t.Errorf("when it was due: sent to %q", got)
		}
	})
}

func TestManyWaitingNoticesAreAllTriedWithinAMinuteOfTheirTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, box := &tray{}, &outbox{}
		start := time.Now()
		for i := range 60 { // more than are read at once, the earliest due behind the others
			n := resetNotice("op#"+string(rune('A'+i)), jane, start)
			n.NextTry = start.Add(time.Hour - time.Duration(i)*50*time.Second)
			box.put(n)
		}
		running(t, f, box)
		time.Sleep(10*time.Minute + 50*time.Second + time.Minute)
		synctest.Wait()
		if _, _, taken := f.counts(); taken == 0 {
			t.Error("the earliest was overlooked")
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if _, _, taken := f.counts(); taken != 60 {
			t.Errorf("%d of 60 were sent", taken)
		}
	})
}

func TestAnOutboxThatCannotBeReadIsLookedAtAgainInAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, box := &tray{}, &outbox{}
		box.put(resetNotice("op-1#mail:0", jane, time.Now()))
		box.fail(errors.New("database is locked"), nil)
		_, log := running(t, f, box)
		time.Sleep(5*time.Minute + time.Second)
		synctest.Wait()
		if n := strings.Count(log.String(), "level=ERROR"); n != 6 {
			t.Errorf("%d looks in five minutes:\n%s", n, log)
		}
		box.fail(nil, nil)
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := f.recipients(); !slices.Equal(got, []string{jane}) {
			t.Errorf("sent to %q", got)
		}
	})
}

func TestTheEndOfTheProgramLosesNoNoticeAndCountsNoTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, box := &tray{}, &outbox{}
		ctx, stop := context.WithCancel(t.Context())
		f.set(nil, func(ctx context.Context, e notify.Envelope, _ notify.Message) error {
			if e.To.Spec() != jane {
				return nil
			}
			<-ctx.Done()
			return &notify.Failure{Step: notify.StepContent, Lost: true}
		})
		box.put(resetNotice("a", "omar@home.example", time.Now()), resetNotice("b", jane, time.Now()), resetNotice("c", jane, time.Now()))
		done := make(chan struct{})
		go func() { // ends with stop
			mailroom(t, f, realClock{}, &logBuffer{}).Dispatcher(box).Run(ctx)
			close(done)
		}()
		synctest.Wait()
		stop()
		<-done
		left := box.all()
		if len(left) != 2 || left[0].Attempts != 0 || left[1].Attempts != 0 {
			t.Errorf("the outbox holds %+v", left)
		}
	})
}

func TestANoticeThatWasTakenWhileTheProgramEndsIsNotSentAgain(t *testing.T) {
	t.Parallel()
	f, box := &tray{}, &outbox{}
	ctx, stop := context.WithCancel(t.Context())
	f.set(nil, func(context.Context, notify.Envelope, notify.Message) error {
		stop()
		return nil
	})
	r := newRoom(t, f)
	box.put(resetNotice("a", jane, r.clock.Now()), resetNotice("b", jane, r.clock.Now()))
	if err := r.Dispatcher(box).Drain(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	left := box.all()
	if len(left) == 0 || left[len(left)-1].Key != "b" || slices.ContainsFunc(left, func(n core.Notice) bool { return n.Key == "a" }) {
		t.Errorf("the outbox holds %+v", left)
	}
}
