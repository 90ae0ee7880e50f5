package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing/fstest"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/bench/figure"
	"github.com/sspr-tui/sspr-tui/internal/bench/replay"
	"github.com/sspr-tui/sspr-tui/internal/bench/stage"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/core/coretest"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
	"github.com/sspr-tui/sspr-tui/internal/untrusted"
)

const groupOperation = "Operation"

// resets measures the whole pipeline of a reset.
func (s *suite) resets(ctx context.Context, l *slapd) error {
	person := testlab.SyntheticPerson(s.Entries - 1)
	mail := testlab.Attributes{"labAlternateMail": {person.UID + "@home.example"}}
	if why := l.lab.attempt(func() { l.server.Modify(l.lab, l.server.PersonDN(person.UID), mail) }); why != "" {
		return errors.New(why)
	}
	requests, err := s.watchReset(ctx, l, person.UID)
	if err != nil {
		return err
	}
	ours, err := s.openBooth(ctx, l, l.server.LDAPSURL, person.UID)
	if err != nil {
		return err
	}
	floor, err := openLedger(ctx, s.scratch("ledger.db"))
	if err != nil {
		return errors.Join(err, ours.desk.Close())
	}
	return errors.Join(s.compareResets(ctx, l, ours, floor, requests), ours.desk.Close(), floor.db.Close())
}

func (s *suite) compareResets(ctx context.Context, l *slapd, ours *booth, floor *ledger, requests []replay.Request) error {
	f := figure.Figure{
		ID: "ldap.reset", Group: groupOperation, Title: "slapd: one reset through the pipeline", Unit: "ms", Aim: figure.Aim{On: figure.OnRatio, Most: 1.2},
		Floor: "go-ldap sending the requests that the desk was seen to send (" + replay.Words(requests) + "), and two durable commits of one row each",
		Note: "core.Desk.Perform on the real store. slapd does not wait for its disk (nosync), the store and the floor do. What proves the caller and " +
			"what delivers the password are in memory.",
	}
	var err error
	f.Rounds, err = s.rounds(
		func() error { return ours.reset(ctx) },
		func() error { return floor.reset(ctx, l.raw, requests) },
		func() error { return ours.prove(ctx) },
	)
	if err == nil {
		s.add(f)
	}
	return err
}

// watchReset returns the requests that a reset makes.
func (s *suite) watchReset(ctx context.Context, l *slapd, login string) (requests []replay.Request, err error) {
	b, err := s.openBooth(ctx, l, l.front.URL(), login)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.desk.Close()) }()
	for range 2 { // the first one fills what is kept between requests
		if err := b.prove(ctx); err != nil {
			return nil, err
		}
		before := len(l.front.Requests(testlab.OpAny))
		if err := b.reset(ctx); err != nil {
			return nil, err
		}
		if requests, err = replay.Seen(l.front.Requests(testlab.OpAny)[before:]); err != nil {
			return nil, err
		}
	}
	return requests, nil
}

// booth is a desk with one case about one person.
type booth struct {
	desk    *stage.Desk
	account core.AccountID
	number  int64 // of the case
}

func (s *suite) openBooth(ctx context.Context, l *slapd, url, login string) (*booth, error) {
	d, err := l.directory(ctx, url)
	if err != nil {
		return nil, err
	}
	desk, err := stage.OpenDesk(ctx, s.scratch("booth-"+rand.Text()+".db"), d)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	b := &booth{desk: desk}
	if err := b.begin(ctx, login); err != nil {
		return nil, errors.Join(err, desk.Close())
	}
	return b, nil
}

// begin registers an authenticator app for the person and opens a case.
func (b *booth) begin(ctx context.Context, login string) (err error) {
	if b.account, _, err = b.desk.Resolve(ctx, stage.Actor(), untrusted.New(login)); err != nil {
		return err
	}
	now := time.Now().UTC()
	err = b.desk.Store.Register(ctx, core.Registration{
		ID: rand.Text(), Account: b.account, Kind: core.MethodTOTP, Secret: make([]byte, 20), Purpose: core.ForReset, RegisteredAt: now, RegisteredBy: "self",
	}, core.Record{At: now, Kind: core.KindDesk, Verb: "registration.import", Operation: rand.Text(), Actor: stage.Actor(), Subject: b.account})
	if err != nil {
		return err
	}
	opened, err := b.desk.Perform(ctx, stage.Actor(), core.OpenCase{ID: rand.Text(), Account: b.account})
	b.number = opened.Case.Number
	return err
}

// prove makes evidence for one operation.
func (b *booth) prove(ctx context.Context) error {
	begun, err := b.desk.Perform(ctx, stage.Actor(), core.StartProof{ID: rand.Text(), Case: b.number, Kind: core.ProofTOTP})
	if err != nil {
		return fmt.Errorf("starting a proof: %w", err)
	}
	_, err = b.desk.Perform(ctx, stage.Actor(), core.ConfirmProof{
		ID: rand.Text(), Challenge: begun.Challenge.ID, Code: secret.FromString(coretest.RightCode),
	})
	return err
}

func (b *booth) reset(ctx context.Context) error {
	res, err := b.desk.Perform(ctx, stage.Actor(), core.Reset{ID: rand.Text(), Case: b.number, Account: b.account})
	if err != nil {
		return fmt.Errorf("resetting: %w", err)
	}
	if res.Outcome != core.Done {
		return fmt.Errorf("the reset ended as %s", res.Outcome)
	}
	return nil
}

// ledger is the floor's database: one table, and every commit as durable as the desk's.
type ledger struct{ db *sqlitedb.DB }

func openLedger(ctx context.Context, file string) (*ledger, error) {
	schema, err := sqlitedb.LoadMigrations(fstest.MapFS{
		"m/0001_rows.sql": {Data: []byte("CREATE TABLE rows (seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;\n")},
	}, "m")
	if err != nil {
		return nil, err
	}
	db, err := sqlitedb.Open(ctx, sqlitedb.Options{Path: file, Migrations: schema})
	if err != nil {
		return nil, err
	}
	return &ledger{db: db}, nil
}

// reset does what a reset does at least: read, note it, change the password, note that.
func (l *ledger) reset(ctx context.Context, raw *replay.Client, requests []replay.Request) error {
	reads := len(requests)
	for i, r := range requests {
		if r.IsWrite() {
			reads = i
			break
		}
	}
	if _, err := raw.Send(requests[:reads], ""); err != nil {
		return err
	}
	if err := l.note(ctx); err != nil {
		return err
	}
	if _, err := raw.Send(requests[reads:], rand.Text()); err != nil {
		return err
	}
	return l.note(ctx)
}

// rowBytes is about what a record of the trail has.
const rowBytes = 700

func (l *ledger) note(ctx context.Context) error {
	return l.db.Write(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO rows (body) VALUES (?)", strings.Repeat("x", rowBytes))
		return err
	})
}
