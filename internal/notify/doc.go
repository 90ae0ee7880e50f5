// Package notify carries mail: letters with a secret to their owner (core.Courier), synchronously, and notices without one through the
// outbox (Dispatcher). Both write on the same stationery and leave through one Transport: a mail server (SMTP) or a folder (OutboxDir).
//
// A secret is put into a message at the last moment and only there: it never reaches the outbox, a log line, an error or a subject. What a
// server answers is kept as numbers alone, because servers repeat addresses and content in their words. Messages have no links and quote
// no text of an operator outside a labelled line, and no address goes out that ParseAddress did not accept.
package notify
