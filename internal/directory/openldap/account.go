package openldap

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/dn"
	"github.com/sspr-tui/sspr-tui/internal/sentence"
)

// Account implements core.Directory.
func (d *Directory) Account(ctx context.Context, key string) (core.Account, error) {
	a, err := d.account(ctx, key)
	if err == nil && slices.Contains(decidingAttributes(), a.Marks.Unreadable) {
		// An attribute that came between two requests looks like one that may not be read. It does so once.
		a, err = d.account(ctx, key)
	}
	return a, err
}

// account reads the entry, and then side by side what belongs to it.
func (d *Directory) account(ctx context.Context, key string) (core.Account, error) {
	s, err := d.subject(ctx, key)
	if err != nil {
		return core.Account{}, err
	}
	var r related
	readers, inner := errgroup.WithContext(ctx)
	readers.Go(func() (err error) {
		r.hidden, err = d.hidden(inner, s.Entry, s.server.known(append(decidingAttributes(), attrFailures)...))
		return err
	})
	readers.Go(func() (err error) {
		r.groups, r.why, err = d.groups(inner, s.All(attrMemberOf))
		return err
	})
	readers.Go(func() (err error) {
		r.manager, r.managerHidden, err = d.manager(inner, s.Entry)
		return err
	})
	if err := readers.Wait(); err != nil {
		return core.Account{}, d.fault(ctx, err)
	}
	return d.assemble(s, r), nil
}

// related is what is read beside the entry.
type related struct {
	hidden        []string // deciding attributes that may not be read
	groups        []core.Group
	why           string // the groups are not all known
	manager       core.Person
	managerHidden bool
}

func (d *Directory) assemble(s *subject, r related) core.Account {
	m := d.plan.attributes
	a := core.Account{
		Person: d.personOf(s.Entry), Version: s.version,
		GivenName: m.givenName.value(s.Entry), Surname: m.surname.value(s.Entry), Title: m.title.value(s.Entry),
		Office: m.office.value(s.Entry), EmployeeNumber: m.employeeNumber.value(s.Entry), Manager: r.manager,
		Origin: core.OnPremises, State: d.stateOf(s), Policy: s.rules.of(s.Entry).forCore(),
		Groups: r.groups, Roles: d.plan.rolesOf(r.groups), LastSeen: lastSignIn(s.Entry), ReadAt: d.clock.Now(),
	}
	a.Created, _ = s.Time(attrCreated)
	a.Contacts, a.Methods = d.contacts(s.Entry)
	if slices.Contains(r.hidden, attrFailures) {
		a.State.WrongPasswords = -1
	}
	d.mark(&a, s, r)
	d.note(&a, s, r)
	return a
}

// mark sets what decides about the class. What is not known makes the account unreadable.
func (d *Directory) mark(a *core.Account, s *subject, r related) {
	name, err := dn.Parse(s.DN)
	a.Place, a.Marks.Service = name.Parent().String(), d.plan.isService(name)
	hidden := slices.DeleteFunc(slices.Clone(r.hidden), func(name string) bool { return name == attrFailures })
	switch {
	case err != nil:
		a.Marks.Unreadable = "the name of the entry"
	case !s.server.has(attrMemberOf) || !s.server.hasPolicy():
		a.Marks.Unreadable = "memberOf or ppolicy: the server has none"
	case len(hidden) > 0:
		a.Marks.Unreadable = hidden[0]
	case r.why != "":
		a.Marks.Unreadable = r.why
	}
}

// note says in words what could not be read.
func (d *Directory) note(a *core.Account, s *subject, r related) {
	say := func(hit bool, said sentence.Sentence) {
		if hit {
			a.Notes = append(a.Notes, said)
		}
	}
	say(!s.server.has(attrMemberOf), sentence.Of("openldap.note_no_memberof"))
	say(!s.server.hasPolicy(), sentence.Of("openldap.note_no_ppolicy"))
	for _, name := range r.hidden {
		say(true, sentence.Of("openldap.note_hidden", sentence.Word("attribute", name)))
	}
	say(r.why == groupsMany, sentence.Of("openldap.note_groups_many", sentence.Count("limit", maxGroups)))
	say(r.why == groupsCircle, sentence.Of("openldap.note_groups_circle"))
	say(r.why == groupsHidden, sentence.Of("openldap.note_groups_hidden"))
	say(r.managerHidden, sentence.Of("openldap.note_manager"))
	say(!s.rules.of(s.Entry).known, sentence.Of("openldap.note_policy_unknown"))
	say(isPermanent(s.Entry), sentence.Of("openldap.note_locked_for_good"))
}
