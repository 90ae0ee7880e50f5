package storetest

import (
	"sync/atomic"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

func registrationTests() []func(*desk) {
	return []func(*desk){
		aRegistrationComesBackWithoutItsSecret, theSecretIsGivenOutByItsIDAlone, aRegistrationReplacesTheOneLikeIt, aStepIsAcceptedOnce,
		oneOfManyUsesAStep, replacingASecretForgivesNoStep, anUnregisteredMethodIsGone,
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
	d.must(d.Register(d.Context(), reg, d.record(d.alice, p)))
	return reg
}

// aRegistrationComesBackWithoutItsSecret, of its account alone.
func aRegistrationComesBackWithoutItsSecret(d *desk) {
	totp := d.registered(d.jane, core.MethodTOTP, "", "twenty bytes of seed")
	d.later(time.Second)
	mail := d.registered(d.jane, core.MethodAlternate, "jane \xff@example.net", "")
	d.registered(d.omar, core.MethodTOTP, "", "another seed")
	got, err := d.RegistrationsOf(d.Context(), d.jane.ID)
	d.must(err)
	totp.Secret = nil
	d.same(got, []core.Registration{totp, mail})
	got, err = d.RegistrationsOf(d.Context(), core.AccountID{Directory: "corp", Key: "nobody"})
	d.must(err)
	d.same(got, []core.Registration{})
	if d.last().Subject != d.omar.ID {
		d.Fatal("the registration was not recorded")
	}
}

// theSecretIsGivenOutByItsIDAlone.
func theSecretIsGivenOutByItsIDAlone(d *desk) {
	totp := d.registered(d.jane, core.MethodTOTP, "", "seed \x00 of jane")
	mail := d.registered(d.jane, core.MethodAlternate, "jane@example.net", "")
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

// aRegistrationReplacesTheOneLikeIt: same account, kind and destination.
func aRegistrationReplacesTheOneLikeIt(d *desk) {
	old := d.registered(d.jane, core.MethodTOTP, "", "old")
	d.registered(d.jane, core.MethodAlternate, "a@example.net", "")
	fresh := d.registered(d.jane, core.MethodTOTP, "", "new")
	d.registered(d.jane, core.MethodAlternate, "b@example.net", "")
	d.registered(d.omar, core.MethodAlternate, "a@example.net", "")
	got, err := d.RegistrationsOf(d.Context(), d.jane.ID)
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

// aStepIsAcceptedOnce and no earlier one after it.
func aStepIsAcceptedOnce(d *desk) {
	reg := d.registered(d.jane, core.MethodTOTP, "", "seed")
	var got []bool
	for _, step := range []int64{100, 100, 99, 101, 100, 101} {
		got = append(got, d.accepts(reg.ID, step))
	}
	d.same(got, []bool{true, false, false, true, false, false})
	_, err := d.AcceptStep(d.Context(), "reg_0", 1)
	d.wants(err, core.CodeNotFound, "registration.not_found")
	all, err := d.RegistrationsOf(d.Context(), d.jane.ID)
	d.must(err)
	if all[0].LastUsed.IsZero() {
		d.Fatal("it is not known when the method was last used")
	}
}

// oneOfManyUsesAStep.
func oneOfManyUsesAStep(d *desk) {
	reg := d.registered(d.jane, core.MethodTOTP, "", "seed")
	var accepted atomic.Int32
	d.race(32, func(int) error {
		ok, err := d.AcceptStep(d.Context(), reg.ID, 100)
		if ok {
			accepted.Add(1)
		}
		return err
	})
	if accepted.Load() != 1 {
		d.Fatalf("one code was accepted %d times", accepted.Load())
	}
}

// replacingASecretForgivesNoStep: an import that is repeated must not make a used code usable.
func replacingASecretForgivesNoStep(d *desk) {
	reg := d.registered(d.jane, core.MethodTOTP, "", "seed")
	d.accepts(reg.ID, 100)
	again := d.registered(d.jane, core.MethodTOTP, "", "seed")
	if d.accepts(again.ID, 100) {
		d.Fatal("a used code was accepted again")
	}
	d.must(d.Register(d.Context(), again, d.record(d.alice, d.jane)))
	if d.accepts(again.ID, 100) || !d.accepts(again.ID, 101) {
		d.Fatal("registering under the same id changed what is accepted")
	}
}

// anUnregisteredMethodIsGone with its secret, and recorded.
func anUnregisteredMethodIsGone(d *desk) {
	reg := d.registered(d.jane, core.MethodTOTP, "", "seed")
	r := d.record(d.alice, d.jane)
	r.Reason = "lost phone"
	d.must(d.Unregister(d.Context(), reg.ID, r))
	if d.last().Reason != "lost phone" {
		d.Fatal("it was not recorded")
	}
	_, err := d.TOTPSecret(d.Context(), reg.ID)
	d.wants(err, core.CodeNotFound, "registration.not_found")
	d.wants(d.Unregister(d.Context(), reg.ID, r), core.CodeNotFound, "registration.not_found")
}
