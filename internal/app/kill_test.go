package app

import (
	"bufio"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
)

// T110: kill -9 before every step of a reset and of an unlock, on the real store and the embedded directory. After the restart the trail is
// whole, it agrees with the directory, the repeated operation is answered with the truth, and no proof counts twice.
func TestKillAtEveryStepLeavesTrailAndDirectoryAgreed(t *testing.T) {
	t.Parallel()
	for _, verb := range []core.Verb{core.VerbReset, core.VerbUnlock} {
		for _, step := range core.Steps() {
			t.Run(string(verb)+"/"+string(step), func(t *testing.T) {
				t.Parallel()
				k := newKilled(t, verb)
				k.die(step)
				k.open()
				k.verify()
				k.check(step)
				k.verify()
			})
		}
	}
}

// killedDesk is a desk whose process is killed in the middle of one change.
type killedDesk struct {
	*bench
	job    job
	kase   core.Case
	before core.Account
}

func newKilled(t *testing.T, verb core.Verb) *killedDesk {
	t.Helper()
	k := &killedDesk{bench: newBench(t)}
	jane := k.locked("jane")[0]
	k.kase, k.before = k.prove(actor("l2"), jane), k.account(jane)
	k.job = job{Verb: verb, ID: "the-change", Case: k.kase.Number, Account: jane, Actor: actor("l2")}
	must(t, k.Close())
	return k
}

func (k *killedDesk) die(at core.Step) {
	k.t.Helper()
	if err := (child{Config: k.file, Jobs: []job{k.job}, DieAt: at}).command(k.t).Run(); !killed(err) {
		k.t.Fatalf("the process was not killed: %v", err)
	}
}

// changed reports whether the directory has the change.
func (k *killedDesk) changed() bool {
	k.t.Helper()
	now := k.account(k.job.Account)
	if k.job.Verb == core.VerbUnlock {
		return !now.State.Locked
	}
	return now.State.PasswordSet.After(k.before.State.PasswordSet)
}

func (k *killedDesk) perform(id string) (core.Result, error) {
	j := k.job
	j.ID = id
	return k.desk.Perform(k.t.Context(), j.Actor, j.operation())
}

// check is what must hold after the restart.
func (k *killedDesk) check(step core.Step) {
	k.t.Helper()
	wasChanged := step == core.StepConclude || step == core.StepFinish
	if k.changed() != wasChanged {
		k.t.Fatalf("the directory has the change: %v", k.changed())
	}
	switch {
	case step == core.StepWrite:
		k.neverWritten()
	case wasChanged:
		k.writtenBefore(step)
	default:
		k.neverBegun()
	}
	for kind, most := range map[core.RecordKind]int{core.KindIntent: 1, core.KindOutcome: 1, core.KindReconciled: 1} {
		n := 0
		for _, r := range k.records(k.job.ID) {
			if r.Kind == kind {
				n++
			}
		}
		if n > most {
			k.t.Errorf("%d records %s of one operation", n, kind)
		}
	}
}

// neverBegun: nothing was recorded and nothing done. The same operation can be performed, with the same proof.
func (k *killedDesk) neverBegun() {
	k.t.Helper()
	if r := k.records(k.job.ID); len(r) != 0 {
		k.t.Fatalf("there is a record of it: %+v", r)
	}
	res, err := k.perform(k.job.ID)
	if err != nil || res.Outcome != core.Done || res.Repeated || !k.changed() {
		k.t.Fatalf("performed again: %+v, %v", res.Outcome, err)
	}
	k.spent()
}

// neverWritten: the intent is there and the change is not. Nobody claims to know at first; the account waits; then it is known that nothing
// happened, and the proof is spent.
func (k *killedDesk) neverWritten() {
	k.t.Helper()
	res, err := k.perform(k.job.ID)
	if res.Outcome != core.Unknown || core.CodeOf(err) != core.CodeUnknown || core.AsError(err).Changed != core.ChangeUnknown {
		k.t.Errorf("at first: %s, %v", res.Outcome, err)
	}
	if _, err := k.perform("another-change"); core.CodeOf(err) != core.CodeUnverified {
		k.t.Errorf("the proof counts again: %v", err)
	}
	k.blocked()
	k.clock.add(time.Minute)
	must(k.t, k.desk.Mend(k.t.Context()))
	res, err = k.perform(k.job.ID)
	if res.Outcome != core.Failed || err == nil || core.AsError(err).Changed != core.NothingChanged || k.changed() {
		k.t.Errorf("when it has been checked: %s, %v", res.Outcome, err)
	}
	k.spent()
}

// blocked: a colleague with a proof of their own cannot change the account while it is not known.
func (k *killedDesk) blocked() {
	k.t.Helper()
	k.clock.add(31 * time.Second) // the next code of the app
	c := k.prove(actor("l1"), k.job.Account)
	_, err := k.desk.Perform(k.t.Context(), actor("l1"), core.Reset{ID: newID(), Case: c.Number, Account: k.job.Account})
	if core.CodeOf(err) != core.CodeConflict || core.AsError(err).Changed != core.NothingChanged {
		k.t.Errorf("a colleague with a proof: %v", err)
	}
}

// writtenBefore: the change is there. It is Done, once; the proof is spent, and the owner is told.
func (k *killedDesk) writtenBefore(step core.Step) {
	k.t.Helper()
	res, err := k.perform(k.job.ID)
	if err != nil || res.Outcome != core.Done || !res.Repeated {
		k.t.Errorf("performed again: %s repeated %v, %v", res.Outcome, res.Repeated, err)
	}
	if k.job.Verb == core.VerbReset && (res.Said.ID != "outcome.repeated_reset" || k.letters("new password") != 0) {
		k.t.Errorf("a password that nobody got: %s, %d letters", res.Said.ID, k.letters("new password"))
	}
	waiting, _, _, err := k.store.OutboxDepth(k.t.Context())
	if err != nil || waiting != 2 {
		k.t.Errorf("%s: the owner is told at %d addresses, %v", step, waiting, err)
	}
	k.spent()
}

// spent: the proof does not count once more.
func (k *killedDesk) spent() {
	k.t.Helper()
	if _, err := k.perform("once-more"); core.CodeOf(err) != core.CodeUnverified {
		k.t.Errorf("the proof counts twice: %v", err)
	}
	evidence, err := k.store.EvidenceOf(k.t.Context(), k.kase.Number)
	must(k.t, err)
	if slices.ContainsFunc(evidence, func(e core.Evidence) bool { return e.SpentAt.IsZero() }) {
		k.t.Error("the evidence is not spent")
	}
}

// T110: the process is killed at times nobody chose, while it changes one account after the other.
func TestKillAtAnyTimeLeavesNoChangeWithoutItsIntent(t *testing.T) {
	t.Parallel()
	const rounds, people = 8, 3
	b := newBench(t)
	for round := range rounds {
		ids := b.locked(logins(round, people)...)
		before := map[core.AccountID]core.Account{}
		var jobs []job
		for _, id := range ids {
			before[id] = b.account(id)
			c := b.prove(actor("l1"), id)
			jobs = append(jobs, job{Verb: core.VerbReset, ID: newID(), Case: c.Number, Account: id, Actor: actor("l1")})
		}
		must(t, b.Close())
		killSoon(t, child{Config: b.file, Jobs: jobs}, time.Duration(rand.IntN(250))*time.Millisecond)
		b.open()
		b.verify()
		for _, j := range jobs {
			agree(t, b, j, before[j.Account])
		}
	}
}

func logins(round, n int) []string {
	out := make([]string, 0, n)
	for i := range n {
		out = append(out, "person"+string(rune('a'+round))+string(rune('a'+i)))
	}
	return out
}

// killSoon kills the child some time after it is ready.
func killSoon(t *testing.T, c child, after time.Duration) {
	t.Helper()
	cmd := c.command(t)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	in := bufio.NewScanner(out)
	if !in.Scan() {
		t.Fatal("the process did not start")
	}
	time.Sleep(after) // the moment is the point of the test
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // killed, or done before that
}

// agree: what the trail says about a change is what the directory has.
func agree(t *testing.T, b *bench, j job, before core.Account) {
	t.Helper()
	changed := b.account(j.Account).State.PasswordSet.After(before.State.PasswordSet)
	was, err := b.store.Performed(t.Context(), j.ID)
	if core.CodeOf(err) == core.CodeNotFound {
		if changed {
			t.Errorf("%s was changed without an intent", j.Account)
		}
		return
	}
	must(t, err)
	switch was.Record.Outcome {
	case core.Done:
		if !changed {
			t.Errorf("%s: Done, and the directory has nothing", j.Account)
		}
	case core.Refused, core.Failed:
		if changed {
			t.Errorf("%s: %s, and the directory was changed", j.Account, was.Record.Outcome)
		}
	case core.Unknown:
		if open, err := b.store.OpenIntents(t.Context(), j.Account); err != nil || len(open) != 1 {
			t.Errorf("%s: Unknown, and nothing blocks it: %v, %v", j.Account, open, err)
		}
	default:
		t.Errorf("%s: outcome %q", j.Account, was.Record.Outcome)
	}
}
