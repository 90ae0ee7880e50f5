package canonical

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// Version is the version of the format, the field v of every record.
const Version = 1

// MaxRecord is the largest record, in bytes.
const MaxRecord = 8 << 10

// Genesis is the field prev of the first record.
const Genesis = "0000000000000000000000000000000000000000000000000000000000000000"

// ErrForm is returned for bytes that are not a record in canonical form, and for records that have none.
var ErrForm = errors.New("not a record in canonical form")

// Record is one record of the trail as it is written. Fields are described in docs/audit-format.md.
type Record struct {
	V         int               `json:"v"`
	Seq       int64             `json:"seq"`
	Prev      string            `json:"prev"`
	Boot      string            `json:"boot"`
	At        time.Time         `json:"at"`
	Kind      string            `json:"kind"`
	Verb      string            `json:"verb"`
	Operation string            `json:"operation"`
	Actor     Actor             `json:"actor"`
	Roles     []string          `json:"roles"`
	Desk      string            `json:"desk"`
	Policy    string            `json:"policy"`
	Case      int64             `json:"case"`
	Ticket    string            `json:"ticket"`
	Subject   string            `json:"subject"`
	Class     string            `json:"class"`
	Reason    string            `json:"reason"`
	Outcome   string            `json:"outcome"`
	Code      string            `json:"code"`
	Evidence  []string          `json:"evidence"`
	Assurance string            `json:"assurance"`
	Approval  string            `json:"approval"`
	Intent    int64             `json:"intent"`
	Before    Before            `json:"before"`
	Detail    map[string]string `json:"detail"`
	Personal  string            `json:"personal"`
}

// Actor is who acted.
type Actor struct {
	Operator   string `json:"operator"`
	Credential string `json:"credential"`
	Session    string `json:"session"`
	Source     string `json:"source"`
}

// Before is what the account looked like before a change.
type Before struct {
	Version     string    `json:"version"`
	PasswordSet time.Time `json:"password_set"`
	Locked      bool      `json:"locked"`
	MustChange  bool      `json:"must_change"`
}

// Encode writes a record. ErrForm when it is too large or a time cannot be written.
func Encode(r Record) ([]byte, error) {
	w := newWriter()
	w.object("actor", func() {
		w.text("credential", r.Actor.Credential)
		w.text("operator", r.Actor.Operator)
		w.text("session", r.Actor.Session)
		w.text("source", r.Actor.Source)
	})
	w.text("approval", r.Approval)
	w.text("assurance", r.Assurance)
	w.time("at", r.At)
	w.object("before", func() {
		w.flag("locked", r.Before.Locked)
		w.flag("must_change", r.Before.MustChange)
		w.time("password_set", r.Before.PasswordSet)
		w.text("version", r.Before.Version)
	})
	w.text("boot", r.Boot)
	w.number("case", r.Case)
	w.text("class", r.Class)
	w.text("code", r.Code)
	w.text("desk", r.Desk)
	w.texts("detail", r.Detail)
	w.list("evidence", r.Evidence)
	w.number("intent", r.Intent)
	w.text("kind", r.Kind)
	w.text("operation", r.Operation)
	w.text("outcome", r.Outcome)
	w.text("personal", r.Personal)
	w.text("policy", r.Policy)
	w.text("prev", r.Prev)
	w.text("reason", r.Reason)
	w.list("roles", r.Roles)
	w.number("seq", r.Seq)
	w.text("subject", r.Subject)
	w.text("ticket", r.Ticket)
	w.number("v", int64(r.V))
	w.text("verb", r.Verb)
	out, err := w.end()
	if err == nil && len(out) > MaxRecord {
		err = fmt.Errorf("%w: it has %d bytes, the limit is %d", ErrForm, len(out), MaxRecord)
	}
	return out, err
}

// Decode reads a record. ErrForm for anything that Encode would not have written.
func Decode(data []byte) (Record, error) {
	var r Record
	if err := decode(data, &r, MaxRecord, func() ([]byte, error) { return Encode(r) }); err != nil {
		return Record{}, err
	}
	if r.V != Version {
		return Record{}, fmt.Errorf("%w: version %d", ErrForm, r.V)
	}
	return r, nil
}

// Digest is the field prev of the record after the one with these bytes.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
