package notify_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/notify"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// absent fails when where holds the secret in clear or as Go prints bytes.
func absent(t *testing.T, where, content, value string) {
	t.Helper()
	for _, spelling := range []string{value, fmt.Sprintf("%x", value), strings.Trim(fmt.Sprint([]byte(value)), "[]")} {
		if strings.Contains(content, spelling) {
			t.Errorf("%s has the secret: %s", where, content)
		}
	}
}

// T95, T103: a whole reset with its letter and its notice through a real mail server that repeats everything it hears.
func TestAResetIsDoneWhateverTheMailServerDoesAndItsSecretIsInTheLetterAlone(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault    testlab.SMTPFault
		stage    testlab.SMTPStage
		delivery core.DeliveryState
		letters  int
	}{
		"takes it":           {testlab.SMTPFault{}, testlab.SMTPContent, core.Delivered, 1},
		"refuses it":         {testlab.SMTPFault{Reply: "554 5.7.1 refused", Times: 1}, testlab.SMTPContent, core.DeliveryFailed, 0},
		"takes it and drops": {testlab.SMTPFault{Drop: true, Times: 1}, testlab.SMTPContent, core.DeliveryFailed, 1},
		"drops before it":    {testlab.SMTPFault{Drop: true, Times: 1}, testlab.SMTPData, core.DeliveryFailed, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, tr := sink(t, map[testlab.SMTPStage]testlab.SMTPFault{})
			s.Fail(tc.stage, tc.fault)
			r, b, log := newRoom(t, tr), coretest.NewBench(t), &logBuffer{}
			b.Parts.Couriers, b.Parts.Log = []core.Courier{r.Courier()}, log.logger()
			b.Desk = core.NewDesk(b.Parts)
			c := b.OpenCase(t, coretest.L1(), b.Jane.ID)
			b.Prove(t, coretest.L1(), c.Number)
			res, err := b.Desk.Perform(t.Context(), coretest.L1(), b.ResetJane(c))
			if err != nil || res.Outcome != core.Done || res.Delivery != tc.delivery {
				t.Fatalf("%+v, %v", res, err)
			}
			password := b.Dir.Password(b.Jane.ID)
			inLetters := 0
			for _, m := range s.Messages() {
				if strings.Contains(read(t, m.Data).Body, password) {
					inLetters++
				}
				absent(t, "the subject", read(t, m.Data).Subject, password)
			}
			if inLetters != tc.letters || len(password) < 12 {
				t.Errorf("%d letters carry the password, want %d", inLetters, tc.letters)
			}
			box := &outbox{}
			box.put(b.Store.Notices()...)
			drain(t, r.Dispatcher(box))
			m := s.WaitMessage(t, func(m testlab.SMTPMessage) bool { return strings.Contains(m.Data, "Your password was reset") })
			absent(t, "the notice", read(t, m.Data).Body, password)
			absent(t, "the log", log.String()+r.log.String(), password)
			stored, err := json.Marshal([]any{b.Store.Notices(), b.Store.All(), res})
			if err != nil {
				t.Fatal(err)
			}
			absent(t, "the store", string(stored), password)
			absent(t, "the result", fmt.Sprintf("%+v %#v %+v", res, res, r.Dispatcher(box).Health(t.Context())), password)
		})
	}
}

func TestAServerThatRepeatsTheContentPutsItIntoNoErrorAndNoLog(t *testing.T) {
	t.Parallel()
	const echo = "refused: " + canary + " to " + jane
	for _, stage := range []testlab.SMTPStage{testlab.SMTPRcpt, testlab.SMTPData, testlab.SMTPContent} {
		for _, code := range []string{"554 5.7.1 ", "451 4.3.0 ", "250", "999-"} {
			t.Run(string(stage)+" "+code, func(t *testing.T) {
				t.Parallel()
				ca := testlab.NewCA(t)
				s := testlab.SMTPSink(t, testlab.SMTPOptions{
					CA: ca, Faults: map[testlab.SMTPStage]testlab.SMTPFault{stage: {Reply: code + echo + "\r\n" + echo}},
				})
				tr := smtpTo(t, s.Addr, func(o *notify.SMTPOptions) {
					o.CA, o.OpenLimit, o.SendLimit = ca.PEM(), time.Second, time.Second // some replies never end
				})
				r, box := newRoom(t, tr), &outbox{}
				err := deliver(t, r.Courier(), jane, passwordLetter(canary))
				if err == nil {
					t.Fatal("no error")
				}
				box.put(resetNotice("op-1#mail:0", jane, r.clock.Now()))
				d := r.Dispatcher(box)
				drain(t, d)
				var out bytes.Buffer
				slog.New(slog.NewJSONHandler(&out, nil)).Error("x", "error", err, "health", d.Health(t.Context()))
				shown := fmt.Sprintf("%v %+v %#v %s", err, err, core.AsError(err), out.String()) + r.log.String()
				absent(t, "the error or the log", shown, canary)
				absent(t, "the error or the log", shown, jane)
				for _, n := range box.all() {
					absent(t, "the outbox", n.LastError, canary)
					absent(t, "the outbox", n.LastError, jane)
				}
			})
		}
	}
}
