package embedded

import (
	"cmp"
	"context"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

const insertPerson = `INSERT INTO people (id, key, login, login_key, upn, upn_key, given_name, given_fold, surname, surname_fold,
	display_name, title, department, office, employee_number, employee_key, place,
	enabled, service, built_in, must_change, password_never_expires, account_expires,
	password_hash, password_set, wrong_passwords, locks, locked_since, unlocks_at, created, last_seen)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

func (im *importer) insert(ctx context.Context, id int64, key string, r *row) error {
	p, seed, now := &r.person, r.person.Seed, im.d.clock.Now()
	locks := 0
	if !seed.LockedSince.IsZero() {
		locks = 1
	}
	if _, err := im.tx.Exec(ctx, insertPerson, id, key, p.Login.Raw(), r.loginKey, p.UPN.Raw(), r.upnKey,
		p.GivenName.Raw(), r.givenFold, p.Surname.Raw(), r.surnameFold, p.DisplayName.Raw(), p.Title.Raw(), p.Department.Raw(), p.Office.Raw(),
		p.EmployeeNumber.Raw(), r.employeeKey, p.Place.Raw(),
		!p.Disabled, p.Service, p.BuiltIn, p.MustChange, p.PasswordNeverExpires, momentOf(p.AccountExpires),
		seed.PasswordHash, momentOf(seed.PasswordSet), seed.WrongPasswords, locks, momentOf(seed.LockedSince), momentOf(seed.UnlocksAt),
		momentOf(orNow(seed.Created, now)), momentOf(seed.LastSeen)); err != nil {
		return err
	}
	since := registration{momentOf(orNow(seed.RegisteredAt, now)), cmp.Or(seed.RegisteredBy, importedBy)}
	for _, a := range r.methods {
		if err := im.insertMethod(ctx, id, a, since); err != nil {
			return err
		}
	}
	return nil
}

// importedBy stands for who registered an address that came in a file.
const importedBy = "import"

func orNow(t, now time.Time) time.Time {
	if t.IsZero() {
		return now
	}
	return t
}

// registration is when and by whom an address was registered.
type registration struct {
	at moment
	by string
}

func (im *importer) insertMethod(ctx context.Context, id int64, a address, since registration) error {
	const query = `INSERT INTO methods (person, kind, position, destination, lookup, registered_at, registered_by) VALUES (?, ?, ?, ?, ?, ?, ?)`
	_, err := im.tx.Exec(ctx, query, id, string(a.kind), a.position, a.destination, a.lookup, since.at, since.by)
	return err
}

const updatePerson = `UPDATE people SET login = ?, upn = ?, upn_key = ?, given_name = ?, given_fold = ?, surname = ?, surname_fold = ?,
	display_name = ?, title = ?, department = ?, office = ?, employee_number = ?, employee_key = ?, place = ?, manager = NULL,
	enabled = ?, service = ?, built_in = ?, must_change = ?, password_never_expires = ?, account_expires = ?, version = version + 1 WHERE id = ?`

func (im *importer) update(ctx context.Context, id int64, r *row) error {
	p := &r.person
	if _, err := im.tx.Exec(ctx, updatePerson, p.Login.Raw(), p.UPN.Raw(), r.upnKey, p.GivenName.Raw(), r.givenFold, p.Surname.Raw(), r.surnameFold,
		p.DisplayName.Raw(), p.Title.Raw(), p.Department.Raw(), p.Office.Raw(), p.EmployeeNumber.Raw(), r.employeeKey, p.Place.Raw(),
		!p.Disabled, p.Service, p.BuiltIn, p.MustChange, p.PasswordNeverExpires, momentOf(p.AccountExpires), id); err != nil {
		return err
	}
	return im.updateMethods(ctx, id, r.methods)
}

// updateMethods writes the addresses anew. One that was there keeps when and by whom it was registered.
func (im *importer) updateMethods(ctx context.Context, id int64, now []address) error {
	type place struct {
		kind        core.MethodKind
		destination string
	}
	before := map[place]registration{}
	const query = `SELECT kind, destination, registered_at, registered_by FROM methods WHERE person = ?`
	err := im.tx.Each(ctx, query, sqlitedb.Args{id}, func(scan sqlitedb.Scan) error {
		var at place
		var since registration
		err := scan(&at.kind, &at.destination, &since.at, &since.by)
		before[at] = since
		return err
	})
	if err != nil {
		return err
	}
	if _, err := im.tx.Exec(ctx, `DELETE FROM methods WHERE person = ?`, id); err != nil {
		return err
	}
	for _, a := range now {
		since, known := before[place{a.kind, a.destination}]
		if !known {
			since = registration{momentOf(im.d.clock.Now()), importedBy}
		}
		if err := im.insertMethod(ctx, id, a, since); err != nil {
			return err
		}
	}
	return nil
}

// leave takes a person out of all groups and roles, to be put into the present ones.
func (im *importer) leave(ctx context.Context, id int64) error {
	if _, err := im.tx.Exec(ctx, `DELETE FROM memberships WHERE person = ?`, id); err != nil {
		return err
	}
	_, err := im.tx.Exec(ctx, `DELETE FROM person_roles WHERE person = ?`, id)
	return err
}

// find reads the person with a login as an import would bring them; id 0 when there is none.
func (im *importer) find(ctx context.Context, loginKey string) (id int64, p *Person, err error) {
	found, err := im.tx.One(ctx, `SELECT id FROM people WHERE login_key = ?`, sqlitedb.Args{loginKey}, &id)
	if err != nil || !found {
		return 0, nil, err
	}
	p, err = readRecord(ctx, im.tx, id)
	return id, p, err
}

const recordQuery = `SELECT p.login, p.upn, p.given_name, p.surname, p.display_name, p.title, p.department, p.office, p.employee_number, p.place,
	coalesce(m.login, ''), NOT p.enabled, p.service, p.built_in, p.must_change, p.password_never_expires, p.account_expires
	FROM people p LEFT JOIN people m ON m.id = p.manager WHERE p.id = ?`

// readRecord reads a person with addresses, groups and roles.
func readRecord(ctx context.Context, tx *sqlitedb.Tx, id int64) (*Person, error) {
	var s [11]string
	var p Person
	var expires moment
	if _, err := tx.One(ctx, recordQuery, sqlitedb.Args{id}, &s[0], &s[1], &s[2], &s[3], &s[4], &s[5], &s[6], &s[7], &s[8], &s[9], &s[10],
		&p.Disabled, &p.Service, &p.BuiltIn, &p.MustChange, &p.PasswordNeverExpires, &expires); err != nil {
		return nil, err
	}
	for i, to := range []*untrusted.Text{
		&p.Login, &p.UPN, &p.GivenName, &p.Surname, &p.DisplayName, &p.Title, &p.Department, &p.Office, &p.EmployeeNumber, &p.Place, &p.Manager,
	} {
		*to = untrusted.New(s[i])
	}
	p.AccountExpires = expires.time()
	var a core.Account
	if err := readMethods(ctx, tx, id, &a); err != nil {
		return nil, err
	}
	p.Mail, p.AlternateMails, p.Mobile, p.BusinessPhones = a.Contacts.Mail, a.Contacts.AlternateMails, a.Contacts.Mobile, a.Contacts.BusinessPhones
	var err error
	if p.Groups, err = readTexts(ctx, tx, `SELECT g.name FROM memberships m JOIN groups g ON g.id = m.grp WHERE m.person = ?`, id); err != nil {
		return nil, err
	}
	p.Groups = asSet(p.Groups, exactKey)
	p.Roles, err = readTexts(ctx, tx, `SELECT role FROM person_roles WHERE person = ? ORDER BY role`, id)
	return &p, err
}

func readTexts(ctx context.Context, tx *sqlitedb.Tx, query string, of int64) (out []untrusted.Text, err error) {
	err = tx.Each(ctx, query, sqlitedb.Args{of}, func(scan sqlitedb.Scan) error {
		var s string
		err := scan(&s)
		out = append(out, untrusted.New(s))
		return err
	})
	return out, err
}
