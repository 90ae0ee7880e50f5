package store

import (
	"context"
	"encoding/base32"
	"encoding/json"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
)

// person is somebody data are kept about, under a pseudonym. The zero pseudonym is nobody: what is sealed for nobody is not erased with
// anyone.
type person struct {
	pseudonym string
	account   core.AccountID
	sealer    sealer
	erased    bool // the row is gone; what was sealed for them cannot be opened
}

// people finds persons within one transaction, each once.
type people struct {
	s    *Store
	tx   *sqlitedb.Tx
	seen map[string]person
}

func (s *Store) people(tx *sqlitedb.Tx) people {
	return people{s: s, tx: tx, seen: map[string]person{}}
}

// of finds a person by account. The second result is false when nothing is kept about them.
func (p people) of(ctx context.Context, account core.AccountID) (person, bool, error) {
	if account.IsZero() {
		return person{sealer: p.s.keys.loose}, true, nil
	}
	var pseudonym string
	found, err := p.tx.One(ctx, "SELECT pseudonym FROM persons WHERE account = ?",
		sqlitedb.Args{mac(p.s.keys.lookup, account.Directory, account.Key)}, &pseudonym)
	if err != nil || !found {
		return person{}, false, err
	}
	who, err := p.named(ctx, pseudonym)
	return who, err == nil, err
}

// meet finds a person by account, or begins to keep data about them.
func (p people) meet(ctx context.Context, account core.AccountID) (person, error) {
	if who, found, err := p.of(ctx, account); found || err != nil {
		return who, err
	}
	key := randomBytes(KeySize)
	box, err := newSealer(key)
	if err != nil {
		return person{}, err
	}
	who := person{pseudonym: newPseudonym(), account: account, sealer: box}
	_, err = p.tx.Exec(ctx, "INSERT INTO persons (pseudonym, account, key, sealed) VALUES (?, ?, ?, ?)",
		who.pseudonym, mac(p.s.keys.lookup, account.Directory, account.Key),
		p.s.keys.people.seal(key, "person", who.pseudonym), box.seal([]byte(account.String()), "account", who.pseudonym))
	return who, err
}

// named finds a person by pseudonym.
func (p people) named(ctx context.Context, pseudonym string) (person, error) {
	if pseudonym == "" {
		return person{sealer: p.s.keys.loose}, nil
	}
	if who, ok := p.seen[pseudonym]; ok {
		return who, nil
	}
	who := person{pseudonym: pseudonym}
	var key, sealed []byte
	found, err := p.tx.One(ctx, "SELECT key, sealed FROM persons WHERE pseudonym = ?", sqlitedb.Args{pseudonym}, &key, &sealed)
	switch {
	case err != nil:
		return person{}, err
	case !found:
		who.erased = true
	default:
		if err := who.unlock(p.s.keys.people, key, sealed); err != nil {
			return person{}, err
		}
	}
	p.seen[pseudonym] = who
	return who, nil
}

func (w *person) unlock(people sealer, key, sealed []byte) error {
	plain, err := people.open(key, "person", w.pseudonym)
	if err != nil {
		return err
	}
	if w.sealer, err = newSealer(plain); err != nil {
		return err
	}
	account, err := w.sealer.open(sealed, "account", w.pseudonym)
	w.account = accountOf(string(account))
	return err
}

// seal seals a value for the person, bound to what it belongs to.
func (w person) seal(value any, bound ...string) ([]byte, error) {
	if w.erased {
		return []byte{}, nil
	}
	plain, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return w.sealer.seal(plain, bound...), nil
}

// open reads what seal sealed. The value stays as it is when the person was erased.
func (w person) open(sealed []byte, value any, bound ...string) error {
	if w.erased || len(sealed) == 0 {
		return nil
	}
	plain, err := w.sealer.open(sealed, bound...)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, value)
}

func newPseudonym() string {
	return "p_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(randomBytes(10)))
}
