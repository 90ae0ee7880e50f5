package storetest

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func registrationTests() []func(*desk) {
	return []func(*desk){
		ARegistrationComesBackWithoutItsSecret, TheSecretIsGivenOutByItsIDAlone, ARegistrationReplacesTheOneLikeIt, AStepIsAcceptedOnce,
		OneOfManyUsesAStep, ReplacingASecretForgivesNoStep, AnUnregisteredMethodIsGone,
	}
}

// registered registers a method.
func (d *desk) registered(p core.Person, k core.MethodKind, destination, secret string) core.Registration {
	d.Helper()
	reg := core.Registration{
		ID: d.id("reg"), Account: p.ID, Kind: k, Destination: untrusted.New(destination), Purpose: core.ForReset,
		RegisteredAt: d.now, RegisteredBy: "import",
	}
	if secret != "" {
		reg.Secret = []byte(secret)
	}
	d.must(d.Register(d.Context(), reg, d.record(alice, p)))
	return reg
}

// ARegistrationComesBackWithoutItsSecret, of its account alone.
func ARegistrationComesBackWithoutItsSecret(d *desk) {
	totp := d.registered(jane, core.MethodTOTP, "", "twenty bytes of seed")
	d.later(time.Second)
	mail := d.registered(jane, core.MethodAlternate, "jane \xff@example.net", "")
	d.registered(omar, core.MethodTOTP, "", "another seed")
	got, err := d.RegistrationsOf(d.Context(), jane.ID)
	d.must(err)
	totp.Secret = nil
	d.same(got, []core.Registration{totp, mail})
	got, err = d.RegistrationsOf(d.Context(), core.AccountID{Directory: "corp", Key: "nobody"})
	d.must(err)
	d.same(got, []core.Registration{})
	if d.last().Subject != omar.ID {
		d.Fatal("the registration was not recorded")
	}
}

// TheSecretIsGivenOutByItsIDAlone.
func TheSecretIsGivenOutByItsIDAlone(d *desk) {
	totp := d.registered(jane, core.MethodTOTP, "", "seed \x00 of jane")
	mail := d.registered(jane, core.MethodAlternate, "jane@example.net", "")
	secret, err := d.TOTPSecret(d.Context(), totp.ID)
	d.must(err)
	if secret.Reveal() != "seed \x00 of jane" {
		d.Fatal("another secret came back")
	}
	_, err = d.TOTPSecret(d.Context(), mail.ID)
	d.wants(err, core.CodeNotFound, "registration.not_found")
	_, err = d.TOTPSecret(d.Context(), "reg_0")
	d.wants(err, core.CodeNotFound, "registration.not_found")
}

// ARegistrationReplacesTheOneLikeIt: same account, kind and destination.
func ARegistrationReplacesTheOneLikeIt(d *desk) {
	old := d.registered(jane, core.MethodTOTP, "", "old")
	d.registered(jane, core.MethodAlternate, "a@example.net", "")
	fresh := d.registered(jane, core.MethodTOTP, "", "new")
	d.registered(jane, core.MethodAlternate, "b@example.net", "")
	d.registered(omar, core.MethodAlternate, "a@example.net", "")
	got, err := d.RegistrationsOf(d.Context(), jane.ID)
	d.must(err)
	d.same(len(got), 3)
	_, err = d.TOTPSecret(d.Context(), old.ID)
	d.wants(err, core.CodeNotFound, "registration.not_found")
	secret, err := d.TOTPSecret(d.Context(), fresh.ID)
	d.must(err)
	d.same(secret.Reveal(), "new")
}

func (d *desk) accepts(id string, step int64) bool {
	d.Helper()
	ok, err := d.AcceptStep(d.Context(), id, step)
	d.must(err)
	return ok
}

// AStepIsAcceptedOnce and no earlier one after it.
func AStepIsAcceptedOnce(d *desk) {
	reg := d.registered(jane, core.MethodTOTP, "", "seed")
	var got []bool
	for _, step := range []int64{100, 100, 99, 101, 100, 101} {
		got = append(got, d.accepts(reg.ID, step))
	}
	d.same(got, []bool{true, false, false, true, false, false})
	_, err := d.AcceptStep(d.Context(), "reg_0", 1)
	d.wants(err, core.CodeNotFound, "registration.not_found")
	all, err := d.RegistrationsOf(d.Context(), jane.ID)
	d.must(err)
	if all[0].LastUsed.IsZero() {
		d.Fatal("it is not known when the method was last used")
	}
}

// OneOfManyUsesAStep.
func OneOfManyUsesAStep(d *desk) {
	reg := d.registered(jane, core.MethodTOTP, "", "seed")
	var won atomic.Int32
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			ok, err := d.AcceptStep(d.Context(), reg.ID, 100)
			if err != nil {
				d.Error(err)
			}
			if ok {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		d.Fatalf("one code was accepted %d times", won.Load())
	}
}

// ReplacingASecretForgivesNoStep: an import that is repeated must not make a used code usable.
func ReplacingASecretForgivesNoStep(d *desk) {
	reg := d.registered(jane, core.MethodTOTP, "", "seed")
	d.accepts(reg.ID, 100)
	again := d.registered(jane, core.MethodTOTP, "", "seed")
	if d.accepts(again.ID, 100) {
		d.Fatal("a used code was accepted again")
	}
	d.must(d.Register(d.Context(), again, d.record(alice, jane)))
	if d.accepts(again.ID, 100) || !d.accepts(again.ID, 101) {
		d.Fatal("registering under the same id changed what is accepted")
	}
}

// AnUnregisteredMethodIsGone with its secret, and recorded.
func AnUnregisteredMethodIsGone(d *desk) {
	reg := d.registered(jane, core.MethodTOTP, "", "seed")
	r := d.record(alice, jane)
	r.Reason = "lost phone"
	d.must(d.Unregister(d.Context(), reg.ID, r))
	if d.last().Reason != "lost phone" {
		d.Fatal("it was not recorded")
	}
	_, err := d.TOTPSecret(d.Context(), reg.ID)
	d.wants(err, core.CodeNotFound, "registration.not_found")
	d.wants(d.Unregister(d.Context(), reg.ID, r), core.CodeNotFound, "registration.not_found")
}
