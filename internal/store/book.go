package store

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/store/canonical"
)

// book writes records at the end of the trail, within one transaction.
type book struct {
	*sqlitedb.Tx
	people
	s      *Store
	seq    int64 // of the last record; 0 until it was looked up
	digest string
}

// entry is a record that was written.
type entry struct {
	seq int64
	who person
}

func newBook(s *Store, tx *sqlitedb.Tx) *book {
	return &book{Tx: tx, people: s.people(tx), s: s}
}

// enter writes one record.
func (b *book) enter(ctx context.Context, r core.Record) (entry, error) {
	who, err := b.meet(ctx, r.Subject)
	if err != nil {
		return entry{}, err
	}
	return b.enterAbout(ctx, r, who, personalOf(r))
}

// personalOf is what is kept beside a record; the zero Personal when there is nothing.
func personalOf(r core.Record) canonical.Personal {
	return canonical.Personal{Account: r.Subject.String(), Data: r.Personal}
}

func (b *book) enterAbout(ctx context.Context, r core.Record, who person, p canonical.Personal) (entry, error) {
	if err := b.findEnd(ctx); err != nil {
		return entry{}, err
	}
	if r.At.IsZero() {
		r.At = b.s.clock.Now()
	}
	line := lineOf(r)
	line.Seq, line.Prev, line.Boot, line.Subject = b.seq+1, b.digest, b.s.boot, who.pseudonym
	var err error
	if line.Personal, err = b.setBeside(ctx, line.Seq, who, p); err != nil {
		return entry{}, err
	}
	body, err := canonical.Encode(line)
	if err != nil {
		return entry{}, err
	}
	const insert = `INSERT INTO trail (seq, body, prev, boot, at, kind, verb, operation, operator, case_no, subject)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	if _, err := b.Exec(ctx, insert, line.Seq, body, line.Prev, line.Boot, nanos(r.At), line.Kind, line.Verb, line.Operation,
		line.Actor.Operator, line.Case, line.Subject); err != nil {
		return entry{}, err
	}
	b.seq, b.digest = line.Seq, canonical.Digest(body)
	return entry{seq: line.Seq, who: who}, nil
}

// findEnd looks up the last record. Another process may have written since the last time.
func (b *book) findEnd(ctx context.Context) error {
	if b.digest != "" {
		return nil
	}
	var body []byte
	found, err := b.One(ctx, "SELECT seq, body FROM trail ORDER BY seq DESC LIMIT 1", nil, &b.seq, &body)
	if err != nil {
		return err
	}
	b.digest = canonical.Genesis
	if found {
		b.digest = canonical.Digest(body)
	}
	return nil
}

// setBeside keeps personal data beside a record and returns their digest for it.
func (b *book) setBeside(ctx context.Context, seq int64, who person, p canonical.Personal) (digest string, err error) {
	if who.erased || (p.Account == "" && len(p.Data) == 0) {
		return "", nil
	}
	data, err := canonical.EncodePersonal(p)
	if err != nil {
		return "", err
	}
	salt := randomBytes(canonical.SaltSize)
	sealed := who.sealer.seal(slices.Concat(salt, data), "trail", strconv.FormatInt(seq, 10), who.pseudonym)
	_, err = b.Exec(ctx, "INSERT INTO trail_personal (seq, person, sealed) VALUES (?, ?, ?)", seq, who.pseudonym, sealed)
	return canonical.PersonalDigest(salt, data), err
}

// lineOf is the form of a record that is written, without what the store adds.
func lineOf(r core.Record) canonical.Record {
	line := canonical.Record{
		V: canonical.Version, At: r.At, Kind: string(r.Kind), Verb: string(r.Verb), Operation: plain(r.Operation),
		Actor: canonical.Actor{
			Operator: plain(r.Actor.OperatorID), Credential: r.Actor.Credential, Session: r.Actor.Session, Source: r.Actor.Source,
		},
		Roles: strs(r.Roles), Desk: r.Desk, Policy: r.Policy, Case: r.Case, Ticket: r.Ticket, Class: string(r.Class), Reason: r.Reason,
		Outcome: string(r.Outcome), Code: string(r.Code), Evidence: r.Evidence, Assurance: r.Assurance, Approval: r.Approval, Intent: r.Intent,
		Before: canonical.Before{Version: r.Before.Version, Locked: r.Before.Locked, MustChange: r.Before.MustChange},
		Detail: r.Detail,
	}
	if r.Before.PasswordSet != 0 {
		line.Before.PasswordSet = time.Unix(0, r.Before.PasswordSet)
	}
	return line
}

// recordOf is a record as the domain knows it, without the personal data beside it.
func recordOf(line canonical.Record) core.Record {
	r := core.Record{
		Seq: line.Seq, At: line.At, Kind: core.RecordKind(line.Kind), Verb: core.Verb(line.Verb), Operation: line.Operation,
		Actor: core.Actor{
			OperatorID: line.Actor.Operator, Credential: line.Actor.Credential, Session: line.Actor.Session, Source: line.Actor.Source,
		},
		Roles: typed[rbac.Role](line.Roles), Desk: line.Desk, Policy: line.Policy, Case: line.Case, Ticket: line.Ticket, Class: rbac.Class(line.Class),
		Reason: line.Reason, Outcome: core.Outcome(line.Outcome), Code: core.Code(line.Code), Evidence: line.Evidence,
		Assurance: line.Assurance, Approval: line.Approval, Intent: line.Intent, Detail: maps.Clone(line.Detail),
		Before: core.Sighting{Version: line.Before.Version, Locked: line.Before.Locked, MustChange: line.Before.MustChange},
	}
	if !line.Before.PasswordSet.IsZero() {
		r.Before.PasswordSet = line.Before.PasswordSet.UnixNano()
	}
	return r
}
