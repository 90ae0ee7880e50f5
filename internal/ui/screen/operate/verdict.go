package operate

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
	"github.com/sspr-tui/sspr-tui/internal/ui/theme"
)

// verdict is what came of it, and what to do next.
type verdict struct {
	mark    theme.State
	said    sentence.Sentence
	details []sentence.Sentence
	ref     string            // a code that can be searched for
	words   sentence.Sentence // for the caller; zero for none
	next    move              // what Enter does
	more    []move            // what else can be done

	res       core.Result
	unknown   bool        // what was sent may or may not have been done
	checking  bool        // which is being found out
	looks     int         // how often it was looked at
	ours      bool        // the account was changed by this operation
	notClosed *core.Error // why the case could not be closed
}

// conclude takes what came of the operation.
func (o *Operate) conclude(p performed) tea.Cmd {
	if o.phase != performing {
		return nil
	}
	v := o.judge(p.res, p.err)
	v.res = p.res
	if p.res.Password != nil {
		o.shown.take(p.res.Password)
	}
	return o.show(v)
}

func (o *Operate) judge(res core.Result, err *core.Error) verdict {
	if err != nil && err.Code == core.CodeAuditUnavailable {
		return o.unrecorded(res, err)
	}
	switch res.Outcome {
	case core.Done:
		return o.done(res)
	case core.Refused, core.Failed:
		return o.refused(err)
	case core.Unknown:
		return o.notKnown(err)
	default:
		return o.notKnown(err)
	}
}

// done is a change that was made; where the new password did not reach its owner, that comes first.
func (o *Operate) done(res core.Result) verdict {
	v := verdict{mark: theme.StateGood, said: res.Said, details: slices.Clone(res.More), next: moveClose, more: []move{moveCaller, moveOther}, ours: true}
	if res.Delivery == core.DeliveryFailed {
		slices.Reverse(v.details) // what could not be delivered was added last and matters most
	}
	if res.Notices > 0 {
		v.details = append(v.details, sentence.Of("operate.told", sentence.Text("name", res.Account.DisplayName), sentence.Count("count", res.Notices)))
	}
	switch {
	case res.Delivery == core.DeliveryFailed:
		v.mark, v.next, v.more = theme.StateWarn, moveAgain, []move{moveHand}
		if o.reaches.Len() > 1 {
			v.more = []move{moveChannel, moveHand}
		}
		v.words = sentence.Of("operate.words.moment")
	case res.Delivery == core.DeliveredOnDesk:
		v.said = sentence.Of("operate.done_screen")
	case res.Repeated && o.with.Goal == core.VerbReset:
		v.more = []move{moveAnew, moveOther}
	case o.with.Goal == core.VerbReset:
		v.words = sentence.Of("operate.words.sent")
	default:
		v.words = sentence.Of("operate.words.unlocked")
	}
	return v
}

// refused is a change the directory did not make; nothing was changed.
func (o *Operate) refused(err *core.Error) verdict {
	v := verdict{mark: theme.StateBad, said: err.Said, ref: err.Ref, next: moveAgain, more: []move{moveHand}}
	if err.Code == core.CodeConflict || err.Code == core.CodeNotFound {
		v.next = moveLook
	}
	return v
}

// notKnown is a change that was sent and not answered.
func (o *Operate) notKnown(err *core.Error) verdict {
	return verdict{
		mark: theme.StateUnknown, said: err.Said, ref: err.Ref, unknown: true, next: moveCheck,
		words: sentence.Of("operate.words.unknown"),
	}
}

// unrecorded is a change whose outcome could not be written down. A new password is not delivered then.
func (o *Operate) unrecorded(res core.Result, err *core.Error) verdict {
	v := verdict{mark: theme.StateBad, said: err.Said, ref: err.Ref, next: moveLook, ours: res.Outcome == core.Done}
	switch res.Outcome {
	case core.Done:
		if o.with.Goal == core.VerbReset {
			v.details = []sentence.Sentence{sentence.Of("operate.nobody_has_it")}
		}
	case core.Unknown:
		v.mark, v.unknown, v.next = theme.StateUnknown, true, moveCheck
	case core.Refused, core.Failed:
	}
	return v
}

// refusal is an operation that was refused before anything was tried.
func (o *Operate) refusal(err *core.Error) verdict {
	v := verdict{mark: theme.StateBad, said: err.Said, ref: err.Ref}
	switch err.Code {
	case core.CodeDenied, core.CodePending, core.CodePolicy:
		v.next = moveHand
	case core.CodeUnverified:
		v.mark, v.next, v.more = theme.StateWarn, moveProve, []move{moveHand}
	case core.CodeUnavailable, core.CodeAuditUnavailable:
		v.next = moveAgain
		if o.entry.Number() == 0 || !o.st.Enough {
			v.next = moveReread
		}
		v.more = []move{moveHand}
	case core.CodeConflict, core.CodeThrottled, core.CodeNotFound, core.CodeInvalid, core.CodeInternal, core.CodeUnknown:
		v.mark, v.next = theme.StateWarn, moveLook
	default:
		v.next = moveLook
	}
	if err.Changed != core.NothingChanged {
		v.mark = theme.StateUnknown
	}
	return v
}

// noWay is a reset whose password would reach nobody.
func (o *Operate) noWay() verdict {
	said := sentence.Of("delivery.none")
	if len(o.st.Counted) == 0 {
		said = sentence.Of("operate.no_way", sentence.Text("name", o.st.Account.DisplayName))
	}
	return verdict{mark: theme.StateBad, said: said, next: moveHand}
}

// reconciled takes what became of an operation whose outcome was not known.
func (o *Operate) reconciled(r rechecked) tea.Cmd {
	if !o.verdict.unknown {
		return nil
	}
	res := o.verdict.res
	v := verdict{res: res, ours: true}
	switch r.outcome {
	case core.Done:
		res.Outcome, res.Proposed = core.Done, core.Unlocked
		v.res = res
		v.mark, v.said, v.next, v.more = theme.StateGood, sentence.Of("operate.checked_unlocked"), moveClose, []move{moveCaller, moveOther}
		v.words = sentence.Of("operate.words.unlocked")
		if o.with.Goal == core.VerbReset {
			v.mark, v.said, v.next, v.more = theme.StateWarn, sentence.Of("operate.checked_reset"), moveAnew, []move{moveHand}
			v.words = sentence.Of("operate.words.moment")
		}
	case core.Refused, core.Failed:
		v.mark, v.said, v.next, v.more = theme.StateBad, sentence.Of("operate.checked_nothing"), moveAnew, []move{moveHand}
	case core.Unknown:
		return o.stillUnknown(nil)
	default:
		return o.stillUnknown(nil)
	}
	return o.show(v)
}

// stillUnknown says when it was looked at last; err is why that did not work.
func (o *Operate) stillUnknown(err *core.Error) tea.Cmd {
	v := o.verdict
	v.checking = false
	v.looks++
	v.details = []sentence.Sentence{sentence.Of("operate.still_unknown", sentence.Count("count", v.looks), sentence.Time("at", o.env.Now))}
	if err != nil {
		v.details = append(v.details, err.Said)
	}
	o.verdict = v
	return nil
}
