package ldapconn

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/go-ldap/ldap/v3"
)

// oidPagedResults names the control of RFC 2696.
const oidPagedResults = "1.2.840.113556.1.4.319"

// maxEmptyPages is how many pages in a row may bring nothing: some servers send them while they skip what one may not see.
const maxEmptyPages = 64

// Pages walks over everything that the request matches, page by page, and gives each entry to visit. An error of visit
// ends the walk and is returned as it is.
//
// It returns ErrEndlessPages when the walk makes no progress or exceeds Config.MaxPages, an error that wraps ErrTooMuch
// past Request.Limit, and the errors of Search. After an error the walk is incomplete, whatever was visited.
func (p *Pool) Pages(ctx context.Context, request Request, pageSize int, visit func(Entry) error) error {
	if pageSize <= 0 {
		return errors.New("pages without a size")
	}
	wire, err := request.wire(p.config.OpTimeout)
	if err != nil {
		return err
	}
	s, err := p.acquireProven(ctx) // a cookie belongs to its connection: a walk cannot move to another
	if err != nil {
		return err
	}
	w := &walk{pool: p, session: s, request: wire, size: pageSize, limit: request.Limit, visit: visit}
	err = w.run(ctx)
	switch {
	case w.lost:
	case err != nil:
		p.drop(s) // with it the server forgets the rest of the walk
	default:
		p.release(s)
	}
	return err
}

// walk is one paged search under way.
type walk struct {
	pool    *Pool
	session *session
	request *ldap.SearchRequest
	size    int
	limit   int
	visit   func(Entry) error
	lost    bool // the connection is gone

	cookie []byte
	first  string // name of the first entry of the page before
	pages  int
	empty  int // empty pages in a row
	total  int
}

func (w *walk) run(ctx context.Context) error {
	for {
		entries, cookie, err := w.page(ctx)
		if err != nil {
			return err
		}
		if err := w.progress(entries, cookie); err != nil {
			return err
		}
		for _, entry := range entries {
			if err := w.visit(entry); err != nil {
				return err
			}
		}
		if len(cookie) == 0 {
			return nil
		}
		w.cookie = cookie
	}
}

// page asks for the next page.
func (w *walk) page(ctx context.Context) ([]Entry, []byte, error) {
	request := *w.request
	request.Controls = append(append([]ldap.Control{}, request.Controls...), wireControl{pageControl(w.size, w.cookie)})
	r, kept, err := readOn(ctx, w.pool, w.session, func(c *ldap.Conn) (*ldap.SearchResult, error) { return c.Search(&request) })
	w.lost = !kept
	if err != nil {
		return nil, nil, err
	}
	if err := complete(r); err != nil {
		return nil, nil, err
	}
	if err := r.answer.err(); err != nil {
		return nil, nil, err
	}
	cookie, ok := pageCookie(r.answer.controls)
	if !ok {
		return nil, nil, fmt.Errorf("%w: a page without a cookie", errMalformed) // is it the last one, or not?
	}
	return newEntries(r.value), cookie, nil
}

// progress holds the walk against its bounds. A cookie that comes again is no proof of a loop (389 Directory Server
// sends the same one all the way); the same cookie with the same first entry, or with nothing, is.
func (w *walk) progress(entries []Entry, cookie []byte) error {
	repeated := len(cookie) > 0 && bytes.Equal(cookie, w.cookie)
	first := ""
	w.empty++
	if len(entries) > 0 {
		first, w.empty = entries[0].DN, 0
	}
	stuck := repeated && first == w.first
	w.first = first
	w.pages++
	w.total += len(entries)
	switch {
	case len(entries) > w.size:
		return fmt.Errorf("%w: %d entries in a page of %d", ErrTooMuch, len(entries), w.size)
	case w.limit > 0 && w.total > w.limit:
		return fmt.Errorf("%w: more than %d entries", ErrTooMuch, w.limit)
	case stuck, w.empty > maxEmptyPages, w.pages >= w.pool.config.MaxPages && len(cookie) > 0:
		return ErrEndlessPages
	}
	return nil
}

// pageControl asks for a page: SEQUENCE { size INTEGER, cookie OCTET STRING }. It is critical: a server that does not
// know it must not answer with a part as if it were the whole.
func pageControl(size int, cookie []byte) Control {
	value := encode(tagSequence, append(encodeInteger(size), encode(tagOctetString, cookie)...))
	return Control{OID: oidPagedResults, Critical: true, Value: value}
}

// pageCookie returns the cookie for the next page, an empty one on the last.
func pageCookie(controls []byte) (cookie []byte, ok bool) {
	for len(controls) > 0 {
		control, rest, err := expect(controls, tagSequence)
		if err != nil {
			return nil, false
		}
		controls = rest
		oid, control, err := expect(control, tagOctetString)
		if err == nil && string(oid) == oidPagedResults {
			return cookieOf(controlValue(control))
		}
	}
	return nil, false
}

func cookieOf(value []byte) (cookie []byte, ok bool) {
	sequence, _, err := expect(value, tagSequence)
	if err != nil {
		return nil, false
	}
	if _, sequence, err = expect(sequence, tagInteger); err != nil {
		return nil, false
	}
	cookie, _, err = expect(sequence, tagOctetString)
	return cookie, err == nil
}
