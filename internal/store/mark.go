package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/sspr-tui/sspr-tui/internal/sqlitedb"
	"github.com/sspr-tui/sspr-tui/internal/store/canonical"
)

// ErrMissing is returned by Open when records that had been written are not there any more: the write-ahead log was removed after a
// crash, or an older copy of the file was put in its place.
var ErrMissing = errors.New("records are missing that had been written; the file or its write-ahead log was replaced or removed: use restore")

// waterMark remembers, outside the database, the last record that was written. It is written after the commit and never waited for, so it may
// lag behind after a power cut; it is never ahead. It notices what SQLite cannot: that a write-ahead log is gone.
type waterMark struct {
	mu     sync.Mutex
	file   *os.File
	seq    int64
	digest string
}

const markFormat = "%020d %s\n"

func openMark(path string) (*waterMark, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	m := &waterMark{file: f}
	if _, err := fmt.Fscanf(f, markFormat, &m.seq, &m.digest); err != nil {
		m.seq, m.digest = 0, "" // new, or torn by a power cut
	}
	return m, nil
}

// raise remembers a record that was committed.
func (m *waterMark) raise(seq int64, digest string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.file == nil || seq <= m.seq {
		return
	}
	// A mark that cannot be written stays behind, which is the same as a power cut; the next one is tried again.
	if _, err := m.file.WriteAt(fmt.Appendf(nil, markFormat, seq, digest), 0); err == nil {
		m.seq, m.digest = seq, digest
	}
}

func (m *waterMark) close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.file == nil {
		return nil
	}
	f := m.file
	m.file = nil
	return f.Close()
}

// checkMark refuses a trail that ends before the mark, or has another record there.
func (s *Store) checkMark(ctx context.Context) error {
	var last int64
	err := s.db.Read(ctx, func(ctx context.Context, tx *sqlitedb.Tx) error {
		if _, err := tx.One(ctx, "SELECT coalesce(max(seq), 0) FROM trail", nil, &last); err != nil {
			return err
		}
		var body []byte
		found, err := tx.One(ctx, "SELECT body FROM trail WHERE seq = ?", sqlitedb.Args{s.mark.seq}, &body)
		if err != nil {
			return err
		}
		if last < s.mark.seq || (found && canonical.Digest(body) != s.mark.digest) {
			return fmt.Errorf("%w: the last one was number %d, the file ends with %d", ErrMissing, s.mark.seq, last)
		}
		return nil
	})
	return err
}
