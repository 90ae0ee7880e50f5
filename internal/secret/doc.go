// Package secret holds values that must not be seen: passwords, codes, keys.
//
// A [Text] yields "[redacted]" to every formatting verb, to JSON, XML, gob, text and slog. The value leaves it only
// through [Text.Use], [Text.Reveal] and [Text.Take], and [Text.Destroy] overwrites it.
//
// The package never writes a secret anywhere and never promises more than best effort in memory: the runtime may
// have copied bytes before they came here, and a string given out by Reveal or Take cannot be overwritten.
package secret
