// Package phrase names the things of the domain on the screens: states, roles, methods, outcome codes, records of the trail. What it names is
// called and drawn the same on every screen.
//
// It reads values and returns ready words, cells and sentences for one reader. It asks nobody, starts nothing and decides nothing: what is
// allowed comes from internal/rbac, what is wrong from the diagnosis.
package phrase
