package ldapconn_test

import (
	"bytes"
	"errors"
	"net"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sspr-tui/sspr-tui/internal/directory/ldapconn"
	"github.com/sspr-tui/sspr-tui/internal/secret"
	"github.com/sspr-tui/sspr-tui/internal/testlab"
)

// Answers of a directory that somebody has taken over.

func message(id int64, op []byte, more ...[]byte) []byte {
	return testlab.BER(0x30, append([][]byte{testlab.BERInt(id), op}, more...)...)
}

func entry(id int64, dn string, attributes ...[]byte) []byte {
	return message(id, testlab.BER(0x64, testlab.BERString(dn), testlab.BER(0x30, attributes...)))
}

func attribute(name string, values ...[]byte) []byte {
	return testlab.BER(0x30, testlab.BERString(name), testlab.BER(0x31, values...))
}

func done(id int64) []byte { return testlab.Answer(id, 0x65, 0, "") }

// pageDone ends a page with a cookie.
func pageDone(id int64, cookie string) []byte {
	value := testlab.BER(0x30, testlab.BERInt(0), testlab.BERString(cookie))
	control := testlab.BER(0x30, testlab.BERString("1.2.840.113556.1.4.319"), testlab.BER(0x04, value))
	result := testlab.BER(0x65, testlab.BER(0x0a, []byte{0}), testlab.BERString(""), testlab.BERString(""))
	return message(id, result, testlab.BER(0xa0, control))
}

// nest wraps constructed elements into each other.
func nest(depth int) []byte {
	inner := []byte{}
	for range depth {
		inner = testlab.BER(0x30, inner)
	}
	return inner
}

func scripted(t *testing.T, answer func(*testlab.LDAPPeer, testlab.Request), change ...func(*ldapconn.Config)) *ldapconn.Pool {
	t.Helper()
	s := testlab.ScriptedLDAP(t, answer)
	c := ldapconn.Config{URLs: []string{s.URL}, CA: s.CA.PEM(), BindDN: "cn=x", Password: secret.FromString("pw")}
	for _, f := range change {
		f(&c)
	}
	return open(t, c)
}

func anybody(limit int) ldapconn.Request {
	return ldapconn.Request{Base: "dc=x", Filter: ldapconn.Present("uid"), Attributes: []string{"cn"}, Limit: limit}
}

// T57: what the answer is, an error comes within 5 seconds.
func TestAHostileAnswerEndsInAnError(t *testing.T) {
	t.Parallel()
	megabyte := bytes.Repeat([]byte("x"), 1<<20)
	flood := func(part func(i int) []byte) func(*testlab.LDAPPeer, int64) {
		return func(p *testlab.LDAPPeer, _ int64) {
			for i := 0; p.Send(part(i)); i++ {
			}
		}
	}
	once := func(build func(id int64) []byte) func(*testlab.LDAPPeer, int64) {
		return func(p *testlab.LDAPPeer, id int64) { p.Send(build(id)) }
	}
	for name, answer := range map[string]func(*testlab.LDAPPeer, int64){
		"an attribute of a megabyte": once(func(id int64) []byte {
			return append(entry(id, "cn=a", attribute("cn", testlab.BER(0x04, megabyte))), done(id)...)
		}),
		"100,000 values": once(func(id int64) []byte {
			return append(entry(id, "cn=a", attribute("cn", bytes.Repeat(testlab.BERString("v"), 100_000))), done(id)...)
		}),
		"a negative length":                  once(func(int64) []byte { return []byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff} }),
		"a length of eight octets":           once(func(int64) []byte { return []byte{0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff} }),
		"a length of 2 GiB":                  once(func(int64) []byte { return []byte{0x30, 0x84, 0x7f, 0xff, 0xff, 0xff} }),
		"an indefinite length":               once(func(int64) []byte { return []byte{0x30, 0x80, 0x02, 0x01, 0x02} }),
		"an inner length beyond the message": once(func(int64) []byte { return []byte{0x30, 0x07, 0x02, 0x01, 0x02, 0x64, 0x82, 0x7f, 0xff} }),
		"an inner indefinite length":         once(func(id int64) []byte { return message(id, []byte{0x64, 0x80, 0x00, 0x00}) }),
		"a high tag":                         once(func(id int64) []byte { return message(id, []byte{0x7f, 0x81, 0x00, 0x00}) }),
		"a thousand levels":                  once(func(id int64) []byte { return message(id, testlab.BER(0x64, nest(1000))) }),
		"another protocol":                   once(func(int64) []byte { return []byte("SSH-2.0-OpenSSH_9.9\r\n") }),
		"a request":                          once(func(id int64) []byte { return message(id, testlab.BER(0x63)) }),
		"no message id":                      once(func(int64) []byte { return testlab.BER(0x30, testlab.BER(0x65)) }),
		"a message id of nine bytes":         once(func(int64) []byte { return testlab.BER(0x30, testlab.BER(0x02, make([]byte, 9)), testlab.BER(0x65)) }),
		"a notice of disconnection":          once(func(int64) []byte { return testlab.Answer(0, 0x78, 52, "going down") }),
		"an answer without fields":           once(func(id int64) []byte { return message(id, testlab.BER(0x65)) }),
		"a result code that is success mod 2^16": once(func(id int64) []byte {
			return message(id, testlab.BER(0x65, testlab.BER(0x0a, []byte{1, 0, 0}), testlab.BERString(""), testlab.BERString("")))
		}),
		"a negative result code": once(func(id int64) []byte {
			return message(id, testlab.BER(0x65, testlab.BER(0x0a, []byte{0xff}), testlab.BERString(""), testlab.BERString("")))
		}),
		"an entry without attributes list": once(func(id int64) []byte {
			return append(message(id, testlab.BER(0x64, testlab.BERString("cn=a"))), done(id)...)
		}),
		"an attribute without values set": once(func(id int64) []byte {
			return append(entry(id, "cn=a", testlab.BER(0x30, testlab.BERString("cn"))), done(id)...)
		}),
		"a value that is no string": once(func(id int64) []byte {
			return append(entry(id, "cn=a", attribute("cn", testlab.BERInt(1))), done(id)...)
		}),
		"an attribute that is no sequence": once(func(id int64) []byte { return append(entry(id, "cn=a", testlab.BERInt(1)), done(id)...) }),
		"the answer to a modification":     once(func(id int64) []byte { return testlab.Answer(id, 0x67, 0, "") }),
		"success as an extended response":  once(func(id int64) []byte { return testlab.Answer(id, 0x78, 0, "") }),
		"a diagnostic message of 100 KiB":  once(func(id int64) []byte { return testlab.Answer(id, 0x65, 80, strings.Repeat("x", 100<<10)) }),
		"controls of 100 KiB": once(func(id int64) []byte {
			return message(id, testlab.BER(0x64, testlab.BERString("cn=a"), testlab.BER(0x30)), testlab.BER(0xa0, testlab.BER(0x04, make([]byte, 100<<10))))
		}),
		"nothing but the end":                once(func(int64) []byte { return nil }),
		"answers to questions never asked":   flood(func(i int) []byte { return done(int64(1<<20 + i)) }),
		"intermediate responses without end": flood(func(int) []byte { return message(2, testlab.BER(0x79, testlab.BER(0x80, []byte("1.2.3")))) }),
		"references without end":             flood(func(int) []byte { return message(2, testlab.BER(0x73, testlab.BERString("ldap://127.0.0.1:1"))) }),
		"one byte at a time":                 flood(func(int) []byte { return []byte{0x30} }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := scripted(t, func(peer *testlab.LDAPPeer, r testlab.Request) {
				answer(peer, r.MessageID)
			}, func(c *ldapconn.Config) { c.OpTimeout = time.Second })
			start := time.Now()
			entries, _, err := p.Search(guarded(t), anybody(50))
			if err == nil || len(entries) > 0 {
				t.Errorf("accepted: %d entries", len(entries))
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestMoreEntriesThanAskedForAreCutOff(t *testing.T) {
	t.Parallel()
	p := scripted(t, func(peer *testlab.LDAPPeer, r testlab.Request) {
		for i := 0; peer.Send(entry(r.MessageID, "cn="+strconv.Itoa(i))); i++ {
		}
	})
	entries, more, err := p.Search(guarded(t), anybody(50))
	if err != nil || !more || len(entries) != 50 {
		t.Errorf("%d entries, more %v, %v", len(entries), more, err)
	}
}

func TestWalksThatDoNotEndAreEnded(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		page func(i int, id int64) []byte
		want error
	}{
		"the same page for ever":       {func(_ int, id int64) []byte { return append(entry(id, "cn=a"), pageDone(id, "again")...) }, ldapconn.ErrEndlessPages},
		"empty pages, the same cookie": {func(_ int, id int64) []byte { return pageDone(id, "again") }, ldapconn.ErrEndlessPages},
		"empty pages, other cookies":   {func(i int, id int64) []byte { return pageDone(id, strconv.Itoa(i)) }, ldapconn.ErrEndlessPages},
		"pages for ever, other cookies": {func(i int, id int64) []byte {
			return append(entry(id, "cn="+strconv.Itoa(i)), pageDone(id, strconv.Itoa(i))...)
		}, ldapconn.ErrEndlessPages},
		"more than a page": {func(_ int, id int64) []byte { return append(bytes.Repeat(entry(id, "cn=a"), 11), pageDone(id, "")...) }, ldapconn.ErrTooMuch},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var pages atomic.Int64
			p := scripted(t, func(peer *testlab.LDAPPeer, r testlab.Request) {
				peer.Send(tc.page(int(pages.Add(1)), r.MessageID))
			}, func(c *ldapconn.Config) { c.MaxPages = 100 })
			if err := p.Pages(guarded(t), anybody(0), 10, func(ldapconn.Entry) error { return nil }); !errors.Is(err, tc.want) {
				t.Errorf("got %v after %d pages", err, pages.Load())
			}
			if pages.Load() > 100 {
				t.Errorf("%d pages", pages.Load())
			}
		})
	}
}

func TestAServerMayRepeatItsCookieAndSkipPages(t *testing.T) {
	t.Parallel()
	var page atomic.Int64
	p := scripted(t, func(peer *testlab.LDAPPeer, r testlab.Request) {
		switch n := page.Add(1); {
		case n <= 3:
			peer.Send(entry(r.MessageID, "cn="+strconv.FormatInt(n, 10)), pageDone(r.MessageID, "always the same"))
		case n <= 20:
			peer.Send(pageDone(r.MessageID, "skipped "+strconv.FormatInt(n, 10)))
		default:
			peer.Send(entry(r.MessageID, "cn=last"), pageDone(r.MessageID, ""))
		}
	})
	n := 0
	err := p.Pages(guarded(t), anybody(0), 10, func(ldapconn.Entry) error {
		n++
		return nil
	})
	if err != nil || n != 4 {
		t.Errorf("%d entries, %v", n, err)
	}
}

func TestAWalkWithoutACookieIsNotTakenForTheWhole(t *testing.T) {
	t.Parallel()
	paged := testlab.BERString("1.2.840.113556.1.4.319")
	for name, controls := range map[string][]byte{
		"no control":       testlab.BER(0x30, testlab.BERString("1.2.3")),
		"not a control":    testlab.BERInt(1),
		"no value":         testlab.BER(0x30, paged),
		"no sequence":      testlab.BER(0x30, paged, testlab.BER(0x04, testlab.BERInt(1))),
		"no size":          testlab.BER(0x30, paged, testlab.BER(0x04, testlab.BER(0x30, testlab.BERString("cookie")))),
		"nothing but size": testlab.BER(0x30, paged, testlab.BER(0x04, testlab.BER(0x30, testlab.BERInt(1)))),
	} {
		result := testlab.BER(0x65, testlab.BER(0x0a, []byte{0}), testlab.BERString(""), testlab.BERString(""))
		p := scripted(t, func(peer *testlab.LDAPPeer, r testlab.Request) {
			peer.Send(entry(r.MessageID, "cn=a"), message(r.MessageID, result, testlab.BER(0xa0, controls)))
		})
		if err := p.Pages(guarded(t), anybody(0), 10, func(ldapconn.Entry) error { return nil }); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestReferralsAreNeverFollowed(t *testing.T) {
	t.Parallel()
	attacker, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer attacker.Close()
	url := "ldap://" + attacker.Addr().String() + "/dc=x"
	p := scripted(t, func(peer *testlab.LDAPPeer, r testlab.Request) {
		if r.Op == testlab.OpSearch {
			peer.Send(message(r.MessageID, testlab.BER(0x73, testlab.BERString(url))), entry(r.MessageID, "cn=a"), done(r.MessageID))
			return
		}
		peer.Send(testlab.Answer(r.MessageID, byte(r.Op)+1, 10, "", testlab.BER(0xa3, testlab.BERString(url))))
	})
	entries, more, err := p.Search(guarded(t), anybody(5))
	if err != nil || more || len(entries) != 1 {
		t.Errorf("%d entries, more %v, %v", len(entries), more, err)
	}
	_, err = p.Modify(guarded(t), title("cn=a", "x"))
	wantCode(t, err, ldapconn.CodeReferral)
	_, err = p.PasswordModify(guarded(t), ldapconn.PasswordChange{UserDN: "cn=a", New: secret.FromString("x")})
	wantCode(t, err, ldapconn.CodeReferral)
	_ = p.Close()
	tcp, _ := attacker.(*net.TCPListener)
	_ = tcp.SetDeadline(time.Now().Add(50 * time.Millisecond))
	if conn, err := attacker.Accept(); err == nil {
		t.Errorf("%v came to the attacker", conn.RemoteAddr())
	}
}

func TestARefusalByAnExtendedResponseIsARefusal(t *testing.T) {
	t.Parallel()
	p := scripted(t, func(peer *testlab.LDAPPeer, r testlab.Request) {
		peer.Send(testlab.Answer(r.MessageID, 0x78, 12, "unsupported control"))
	})
	_, err := p.Modify(guarded(t), title("cn=a", "x"))
	wantCode(t, err, ldapconn.CodeUnavailableCriticalExtension)
}

func TestACodeThatMeansSuccessElsewhereIsNoSuccess(t *testing.T) {
	t.Parallel()
	var code atomic.Int64
	p := scripted(t, func(peer *testlab.LDAPPeer, r testlab.Request) {
		peer.Send(testlab.Answer(r.MessageID, byte(r.Op)+1, byte(code.Load()), ""))
	})
	for _, c := range []ldapconn.Code{ldapconn.CodeCompareFalse, ldapconn.CodeCompareTrue} {
		code.Store(int64(c))
		_, err := p.Modify(guarded(t), title("cn=a", "x"))
		wantCode(t, err, c)
	}
	code.Store(int64(ldapconn.CodeSuccess))
	_, err := p.Compare(guarded(t), "cn=a", "cn", "a")
	wantCode(t, err, ldapconn.CodeSuccess)
}

func TestTheWordsOfAServerAreShownHarmlessly(t *testing.T) {
	t.Parallel()
	p := scripted(t, func(peer *testlab.LDAPPeer, r testlab.Request) {
		peer.Send(testlab.Answer(r.MessageID, 0x67, 53, "\x1b]0;owned\x07no"))
	})
	_, err := p.Modify(guarded(t), title("cn=a", "x"))
	refusal := wantCode(t, err, ldapconn.CodeUnwillingToPerform)
	if strings.Contains(refusal.Diagnostic.String(), "\x1b") || strings.Contains(err.Error(), "owned") {
		t.Errorf("diagnostic %q, error %q", refusal.Diagnostic.String(), err)
	}
}

// Not parallel: it measures the heap of the process.
func TestAHostileDirectoryDoesNotFillTheMemory(t *testing.T) {
	const bound = 64 << 20
	value := testlab.BERString("v")
	values := attribute("cn", bytes.Repeat(value, 20_000)) // the most that one message may hold of the smallest values
	for name, part := range map[string]func(id int64, i int) []byte{
		"many values":   func(id int64, _ int) []byte { return entry(id, "cn=a", values) },
		"small entries": func(id int64, i int) []byte { return entry(id, strconv.Itoa(i)) },
		"large entries": func(id int64, _ int) []byte {
			return entry(id, "cn=a", attribute("cn", testlab.BERString(strings.Repeat("x", 1_000_000))))
		},
		"empty attributes": func(id int64, _ int) []byte { return entry(id, "", bytes.Repeat(attribute(""), 10_000)) },
	} {
		var peak atomic.Uint64
		runtime.GC()
		base := heap()
		p := scripted(t, func(peer *testlab.LDAPPeer, r testlab.Request) {
			for i := 0; peer.Send(part(r.MessageID, i)); i++ {
				if i%256 == 0 {
					peak.Store(max(peak.Load(), heap()))
				}
			}
			peak.Store(max(peak.Load(), heap()))
		})
		err := p.Pages(guarded(t), anybody(0), 1000, func(ldapconn.Entry) error { return nil })
		if !errors.Is(err, ldapconn.ErrTooMuch) {
			t.Errorf("%s: %v", name, err)
		}
		_ = p.Close()
		if grown := max(peak.Load(), heap()) - base; int64(grown) > bound {
			t.Errorf("%s: the heap grew by %d MiB", name, grown>>20)
		} else {
			t.Logf("%s: the heap grew by %d MiB", name, int64(grown)>>20)
		}
	}
}

func heap() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
